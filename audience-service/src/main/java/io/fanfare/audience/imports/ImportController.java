package io.fanfare.audience.imports;

import io.fanfare.audience.csv.CsvText;
import io.fanfare.audience.csv.Download;
import io.fanfare.audience.imports.Batch.RowError;
import io.fanfare.audience.imports.ImportRepository.Numbered;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Imports of contacts over REST. */
@RestController
@RequestMapping("/api/v1/contact-imports")
@Tag(name = "Contact imports", description = "Contacts from files of any size")
class ImportController {

  private static final String CSV = "text/csv";
  private static final String NDJSON = "application/x-ndjson";
  private static final String EXAMPLE_ID = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d";
  private static final int ERRORS_AT_ONCE = 1_000;

  private final ImportIntake intake;
  private final ImportRepository imports;
  private final ImportStreams streams;

  ImportController(ImportIntake intake, ImportRepository imports, ImportStreams streams) {
    this.intake = intake;
    this.imports = imports;
    this.streams = streams;
  }

  @PostMapping(
      consumes = {
        CSV,
        NDJSON,
        MediaType.TEXT_PLAIN_VALUE,
        MediaType.APPLICATION_OCTET_STREAM_VALUE
      })
  @Operation(
      summary = "Import contacts from a file",
      description =
          "The body is the file, CSV with a header or NDJSON, of at most 2 GB. Each row is a merge"
              + " patch of the contact it names, whom it makes when nobody is: columns the file has"
              + " not stay, custom fields are written one by one. Columns are the fields of a"
              + " contact, `custom.x`, or `custom.x:type` with text, number, boolean, date, list or"
              + " json; roles, tags and lists are divided by `;` or are JSON arrays. Rows that are"
              + " wrong are left out and reported. Answers at once; the Location says how far it is."
              + " 404 `list_not_found`, 409 `too_many_imports`, 413 `file_too_large`, 415"
              + " `compressed_file`, 422 when header or mapping are wrong, 503 `too_many_uploads`.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = CSV,
            schema = @Schema(type = "string"),
            examples =
                @ExampleObject(
                    "external_id,name,email,custom.grade:number\r\n"
                        + "student-42,Ada Lovelace,ada@example.org,7\r\n")),
        @Content(
            mediaType = NDJSON,
            schema = @Schema(type = "string"),
            examples =
                @ExampleObject("{\"external_id\": \"student-42\", \"name\": \"Ada Lovelace\"}\n"))
      })
  @ApiResponse(responseCode = "202", description = "The file is here and is being worked on.")
  @ApiResponse(responseCode = "404", description = "list_not_found")
  ResponseEntity<ContactImport> create(
      @Parameter(hidden = true) Identity who,
      @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_TYPE) String contentType,
      @Parameter(
              description = "csv or ndjson; what the Content-Type says, else csv",
              example = "csv")
          @RequestParam(required = false)
          @Nullable String format,
      @Parameter(description = "Finds out what would happen, and writes nothing")
          @RequestParam(name = "dry_run", defaultValue = "false")
          boolean dryRun,
      @Parameter(description = "A list the contacts are put on")
          @RequestParam(name = "list_id", required = false)
          @Nullable UUID listId,
      @Parameter(description = "What names a contact: external_id or email")
          @RequestParam(name = "match_by", defaultValue = "external_id")
          String matchBy,
      @Parameter(
              description =
                  "A JSON object: a column's name to its field, or to null for a column that is"
                      + " left out; columns not named go by their own name",
              example = "{\"Grade\": \"custom.grade:number\", \"Remarks\": null}")
          @RequestParam(required = false)
          @Nullable String mapping,
      @Parameter(description = "clear: an empty cell clears its field; keep: it says nothing")
          @RequestParam(defaultValue = "clear")
          String empty,
      @Parameter(
              description =
                  "Of a file without a byte order mark: utf-8, utf-16le, windows-1252 …; utf-8"
                      + " unless said",
              example = "utf-8")
          @RequestParam(required = false)
          @Nullable String charset,
      @Parameter(
              description = "One character, or tab; unless said the one the header has most of",
              example = ";")
          @RequestParam(required = false)
          @Nullable String delimiter,
      @Parameter(description = "One character; unless said \"", example = "'")
          @RequestParam(required = false)
          @Nullable String quote,
      @Parameter(hidden = true) HttpServletRequest request)
      throws IOException {
    InputStream body = request.getInputStream();
    try {
      requirePlain(request.getHeader(HttpHeaders.CONTENT_ENCODING));
      String read = format != null ? format : contentType.contains("ndjson") ? "ndjson" : "csv";
      ImportRequest asked =
          ImportRequest.of(
              read, dryRun, listId, matchBy, empty, mapping, charset, delimiter, quote);
      ContactImport made = intake.receive(who, asked, body);
      return ResponseEntity.accepted()
          .location(URI.create("/api/v1/contact-imports/" + made.id()))
          .body(made);
    } catch (ProblemException refusal) {
      // Who is still writing reads the refusal only after the last byte.
      drain(body);
      throw refusal;
    }
  }

  private static void requirePlain(@Nullable String encoding) {
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "compressed_file",
          "a file is sent as it is, without Content-Encoding",
          List.of(),
          null);
    }
  }

  private static void drain(InputStream body) {
    try {
      body.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // Nobody is left who could read the answer.
    }
  }

  @GetMapping
  @Operation(summary = "List imports", description = "Newest first; kept for a week.")
  Page<ContactImport> list(@Parameter(hidden = true) Identity who, PageRequest page) {
    List<ContactImport> rows = imports.page(who.tenant(), before(page), page.limitPlusOne());
    return Page.of(rows, page.limit(), one -> Cursors.encode(one.id()));
  }

  @GetMapping("/{id}")
  @Operation(
      summary = "Get an import",
      description = "How far it is, and what became of the rows. 404 `contact_import_not_found`.")
  ContactImport get(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id) {
    return found(who, id);
  }

  @GetMapping(path = "/{id}/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @Operation(
      summary = "Watch an import",
      description =
          "Server-sent events: progress up to twice a second, then end when it is over. The data of"
              + " both is the import. 503 `too_many_streams` when too many watch.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string"),
              examples = @ExampleObject("event: progress\ndata: {\"percent\": 47.8}\n\n")))
  ResponseEntity<SseEmitter> stream(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .header("X-Accel-Buffering", "no")
        .body(streams.open(who, id));
  }

  @PostMapping("/{id}/cancel")
  @Operation(
      summary = "Cancel an import",
      description =
          "No further row is written; those that were stay. 409 `import_ended` when it is over.")
  ContactImport cancel(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id) {
    found(who, id);
    if (!intake.cancel(who, id)) {
      throw ProblemException.conflict("import_ended", "the import is over");
    }
    return found(who, id);
  }

  @GetMapping("/{id}/errors")
  @Operation(
      summary = "Download the errors of an import",
      description =
          "What is wrong with each row that failed, a line for each thing, and the row as it stands"
              + " in the file; up to the first 100,000. No cell begins as a formula: an apostrophe"
              + " stands before one that would.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = CSV,
              schema = @Schema(type = "string"),
              examples =
                  @ExampleObject(
                      "row,line,column,code,detail,original\r\n"
                          + "3,4,email,invalid_value,is not an e-mail address in ASCII,"
                          + "\"student-44,Bob,bob\"\r\n")))
  ResponseEntity<Download> errors(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id) {
    found(who, id);
    return Download.answer(
        CSV + ";charset=UTF-8", "errors-" + id + ".csv", out -> writeErrors(id, out));
  }

  private void writeErrors(UUID id, OutputStream out) throws IOException {
    StringBuilder text = new StringBuilder();
    CsvText.append(text, List.of("row", "line", "column", "code", "detail", "original"));
    long after = -1;
    while (true) {
      List<Numbered> page = imports.errors(id, after, ERRORS_AT_ONCE);
      page.forEach(one -> CsvText.append(text, cells(one.error())));
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      text.setLength(0);
      if (page.isEmpty()) {
        return;
      }
      after = page.getLast().number();
    }
  }

  private static List<@Nullable String> cells(RowError error) {
    return Arrays.asList(
        Long.toString(error.row()),
        Long.toString(error.line()),
        error.column(),
        error.code(),
        error.detail(),
        error.original());
  }

  private ContactImport found(Identity who, UUID id) {
    return imports
        .find(who.tenant(), id)
        .orElseThrow(() -> ProblemException.notFound(ImportIntake.RESOURCE, id));
  }

  private static @Nullable UUID before(PageRequest page) {
    if (page.after() == null) {
      return null;
    }
    try {
      return UUID.fromString(Cursors.decode(page.after(), 1).getFirst());
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }
}
