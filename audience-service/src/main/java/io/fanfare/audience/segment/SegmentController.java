package io.fanfare.audience.segment;

import io.fanfare.audience.segment.filter.Explanation;
import io.fanfare.support.EntityTag;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
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
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Segments over REST. */
@RestController
@RequestMapping("/api/v1/segments")
@Tag(name = "Segments", description = "Contacts chosen by a filter, worked out when it is needed")
class SegmentController {

  static final String SCHEMA = "/segment-filter.schema.json";

  private static final String PRINTABLE = "\\P{Cntrl}*";
  private static final String PRINTABLE_LINES = "[\\P{Cntrl}\\r\\n\\t]*";

  private final SegmentEditor editor;
  private final SegmentReader reader;
  private final SegmentRepository segments;
  private final JsonNode schema = schema();

  SegmentController(SegmentEditor editor, SegmentReader reader, SegmentRepository segments) {
    this.editor = editor;
    this.reader = reader;
    this.segments = segments;
  }

  @PostMapping
  @Operation(
      summary = "Create a segment",
      description =
          "The form of the filter is at `/api/v1/segments/schema`. 422 with a pointer to each thing"
              + " that is wrong with it, also when it is nested too deep, or made of segments that"
              + " are made of it; 409 `too_many_segments`.")
  @ApiResponse(responseCode = "201", description = "It is made; the Location says where.")
  @ApiResponse(responseCode = "409", description = "too_many_segments")
  ResponseEntity<Segment> create(
      @Parameter(hidden = true) Identity who, @Valid @RequestBody NewSegment body) {
    Segment segment = editor.create(who, body.name(), body.description(), body.filter());
    return ResponseEntity.created(URI.create("/api/v1/segments/" + segment.id()))
        .eTag(EntityTag.of(segment.version()))
        .body(segment);
  }

  @GetMapping("/{id}")
  @Operation(
      summary = "Get a segment",
      description =
          "`contacts` is what was counted at `counted_at`; a refresh counts anew. 404"
              + " `segment_not_found`.")
  ResponseEntity<Segment> get(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = SegmentExamples.ID) @PathVariable UUID id) {
    Segment segment = reader.find(who, id);
    return ResponseEntity.ok().eTag(EntityTag.of(segment.version())).body(segment);
  }

  @GetMapping
  @Operation(summary = "List the segments", description = "Oldest first.")
  Page<Segment> list(@Parameter(hidden = true) Identity who, PageRequest page) {
    List<Segment> rows = segments.page(who.tenant(), after(page), page.limitPlusOne());
    return Page.of(rows, page.limit(), segment -> Cursors.encode(segment.id()));
  }

  @PatchMapping("/{id}")
  @Operation(
      summary = "Change a segment",
      description =
          "Absent fields stay; an empty description clears it; the filter is replaced whole, and"
              + " the count forgotten with it. Broadcasts that have frozen their audience stay as"
              + " they are. 412 `version_mismatch` when `If-Match` names another version.")
  ResponseEntity<Segment> update(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = SegmentExamples.ID) @PathVariable UUID id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @Valid @RequestBody SegmentPatch body) {
    Segment segment =
        editor.update(who, id, body.name(), body.description(), body.filter(), ifMatch);
    return ResponseEntity.ok().eTag(EntityTag.of(segment.version())).body(segment);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Delete a segment",
      description =
          "Contacts stay. 409 `segment_in_use` with their names when other segments are made of"
              + " it.")
  @ApiResponse(responseCode = "409", description = "segment_in_use")
  void delete(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = SegmentExamples.ID) @PathVariable UUID id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    editor.delete(who, id, ifMatch);
  }

  @PostMapping("/estimate")
  @RequireRole(Role.VIEWER)
  @Operation(
      summary = "Count whom a filter chooses",
      description =
          "Of a filter, or of a segment by its id: how many contacts there are now, exactly; how"
              + " many of them each channel reaches; up to ten of them. 503 `segment_too_slow` when"
              + " it takes longer than ten seconds.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = EstimateRequest.class),
              examples =
                  @ExampleObject(
                      "{\"filter\": {\"field\": \"country\", \"op\": \"in\", \"value\":"
                          + " [\"GB\", \"IE\"]}}")))
  SegmentReader.Estimate estimate(
      @Parameter(hidden = true) Identity who, @RequestBody EstimateRequest body) {
    return reader.estimate(who, body.filter(), body.segmentId());
  }

  @PostMapping("/{id}/refresh")
  @Operation(
      summary = "Count a segment anew",
      description =
          "Answers the segment with the new `contacts` and `counted_at`. 503 `segment_too_slow`"
              + " when it takes longer than ten seconds.")
  Segment refresh(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = SegmentExamples.ID) @PathVariable UUID id) {
    return reader.refresh(who, id);
  }

  @GetMapping("/{id}/explain")
  @Operation(
      summary = "Why a contact is in a segment or not",
      description =
          "The filter node by node, shortcuts as what they stand for and other segments with what"
              + " is in them: whether each matches the contact, and what the contact has there."
              + " Without a contact the nodes alone. 404 `segment_not_found`, `contact_not_found`.")
  Explanation explain(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = SegmentExamples.ID) @PathVariable UUID id,
      @Parameter(description = "The contact's id", example = "42") @RequestParam(required = false)
          @Nullable Long contact) {
    return reader.explain(who, id, contact);
  }

  @GetMapping("/schema")
  @Operation(
      summary = "The form of filters",
      description = "A JSON Schema (2020-12) of what `filter` may be, with examples.")
  @ApiResponse(
      responseCode = "200",
      description = "The schema",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = Object.class),
              examples =
                  @ExampleObject(
                      "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"}")))
  JsonNode filterSchema() {
    return schema;
  }

  private static JsonNode schema() {
    try (InputStream file =
        Objects.requireNonNull(SegmentController.class.getResourceAsStream(SCHEMA))) {
      return SegmentRepository.JSON.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable UUID after(PageRequest page) {
    if (page.after() == null) {
      return null;
    }
    try {
      return UUID.fromString(Cursors.decode(page.after(), 1).getFirst());
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }

  /** A segment to make. */
  @Schema(name = "NewSegment")
  record NewSegment(
      @Schema(example = "Students in London")
          @NotBlank(message = "has 1 to 200 characters")
          @Size(max = 200, message = "has 1 to 200 characters")
          @Pattern(regexp = PRINTABLE, message = "has a control character")
          String name,
      @Schema(example = "For the open day")
          @Size(max = 1000, message = "has at most 1000 characters")
          @Pattern(regexp = PRINTABLE_LINES, message = "has a control character")
          @Nullable String description,
      @Schema(
              implementation = Object.class,
              requiredMode = Schema.RequiredMode.REQUIRED,
              example = SegmentExamples.FILTER)
          @Nullable JsonNode filter) {}

  /** What to change of a segment. */
  @Schema(name = "SegmentPatch")
  record SegmentPatch(
      @Schema(example = "Students in and around London")
          @Size(min = 1, max = 200, message = "has 1 to 200 characters")
          @Pattern(regexp = "(?=.*\\S)\\P{Cntrl}+", message = "is printable text")
          @Nullable String name,
      @Schema(example = "")
          @Size(max = 1000, message = "has at most 1000 characters")
          @Pattern(regexp = PRINTABLE_LINES, message = "has a control character")
          @Nullable String description,
      @Schema(implementation = Object.class, example = SegmentExamples.FILTER)
          @Nullable JsonNode filter) {}

  /** What to count: a filter or a segment, one of both. */
  @Schema(name = "SegmentEstimateRequest")
  record EstimateRequest(
      @Schema(implementation = Object.class, example = SegmentExamples.FILTER)
          @Nullable JsonNode filter,
      @Schema(description = "Instead of a filter", example = SegmentExamples.ID)
          @Nullable UUID segmentId) {}
}
