package io.fanfare.audience.exports;

import io.fanfare.audience.contact.ContactQuery;
import io.fanfare.audience.contact.ContactRepository;
import io.fanfare.audience.csv.Download;
import io.fanfare.audience.list.ListFilling;
import io.fanfare.audience.segment.SegmentContacts;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Exports of contacts over REST. */
@RestController
@RequestMapping("/api/v1/contact-exports")
@Tag(name = "Contact exports", description = "Contacts as files")
class ExportController {

  private final ContactRepository contacts;
  private final ListFilling lists;
  private final SegmentContacts segments;

  ExportController(ContactRepository contacts, ListFilling lists, SegmentContacts segments) {
    this.contacts = contacts;
    this.lists = lists;
    this.segments = segments;
  }

  @GetMapping
  @Operation(
      summary = "Export contacts to a file",
      description =
          "All contacts, those of a list or of a segment, or those that fit the parameters, in the"
              + " order of their ids, as an import takes them. It"
              + " is streamed: a contact changed meanwhile is as before or after; who is in a"
              + " segment is found once, at the beginning. No cell of CSV"
              + " begins as a formula: an apostrophe stands before one that would, and an import"
              + " takes it away. 404 `list_not_found`, `segment_not_found`, 422 for an unknown"
              + " field, 429 and 503 as for a count of the segment.")
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = "string"),
            examples =
                @ExampleObject("external_id,name,custom.grade\r\nstudent-42,Ada Lovelace,7\r\n")),
        @Content(
            mediaType = "application/x-ndjson",
            schema = @Schema(type = "string"),
            examples = @ExampleObject("{\"external_id\": \"student-42\"}\n"))
      })
  @ApiResponse(responseCode = "404", description = "list_not_found, segment_not_found")
  @ApiResponse(responseCode = "503", description = "segment_too_slow")
  ResponseEntity<Download> export(
      @Parameter(hidden = true) Identity who,
      @Parameter(description = "csv or ndjson", example = "csv") @RequestParam(defaultValue = "csv")
          String format,
      @Parameter(description = "The contacts of this list only")
          @RequestParam(name = "list_id", required = false)
          @Nullable UUID listId,
      @Parameter(description = "The contacts of this segment only; not together with a list")
          @RequestParam(name = "segment_id", required = false)
          @Nullable UUID segmentId,
      @Parameter(
              description =
                  "Columns, divided by commas: fields of a contact, custom.x, id, version,"
                      + " created_at, updated_at; unless said the fields an import takes",
              example = "external_id,name,custom.grade")
          @RequestParam(required = false)
          @Nullable String fields,
      ContactQuery query) {
    query.check();
    List<FieldProblem> problems = new ArrayList<>();
    if (!format.equals("csv") && !format.equals("ndjson")) {
      problems.add(new FieldProblem("format", "is not one of csv, ndjson"));
    }
    if (listId != null && segmentId != null) {
      problems.add(new FieldProblem("segment_id", "cannot be given together with list_id"));
    }
    List<ExportColumn> columns =
        fields == null ? ExportColumn.usual() : ExportColumn.of(fields, problems);
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    ContactPages pages = pages(who, listId, segmentId, query);
    boolean csv = format.equals("csv");
    return Download.answer(
        csv ? "text/csv;charset=UTF-8" : "application/x-ndjson",
        "contacts." + format,
        out -> new ExportWriter(csv, columns).write(pages, out));
  }

  private ContactPages pages(
      Identity who, @Nullable UUID listId, @Nullable UUID segmentId, ContactQuery query) {
    if (segmentId != null) {
      return new ContactsById(who.tenant(), segments.ids(who.tenant(), segmentId), query, contacts);
    }
    if (listId == null) {
      return (after, limit) -> contacts.page(who.tenant(), query, after, limit);
    }
    if (!lists.exists(who.tenant(), listId)) {
      throw ProblemException.notFound("list", listId);
    }
    return (after, limit) -> contacts.members(who.tenant(), listId, query, after, limit);
  }
}
