package io.fanfare.audience.suppression;

import io.fanfare.audience.suppression.SuppressionPolicy.Entry;
import io.fanfare.audience.suppression.SuppressionRepository.Kept;
import io.fanfare.contract.Channel;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The suppression list over REST. */
@RestController
@RequestMapping("/api/v1/suppressions")
@Tag(name = "Suppressions", description = "Addresses that are never to be sent to")
class SuppressionController {

  static final int MOST_AT_ONCE = 1_000;

  private static final String EXAMPLE_ID = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d";
  private static final String ONE =
      """
      {"channel": "email", "address": "ada@example.org", "reason": "manual",
       "source": "support call"}
      """;

  private final SuppressionEditor editor;

  SuppressionController(SuppressionEditor editor) {
    this.editor = editor;
  }

  /**
   * Addresses to put on the list.
   *
   * @param suppressions 1 to 1,000
   */
  @Schema(name = "SuppressionBatch")
  record Batch(@Nullable List<@Nullable NewSuppression> suppressions) {}

  /** One thing wrong with one of them. */
  @Schema(name = "SuppressionRowError")
  record RowError(
      @Schema(example = "3") int row,
      @Schema(example = "/suppressions/3/address") String pointer,
      String detail) {}

  /**
   * What became of a batch.
   *
   * @param added new ones
   * @param existing addresses that stood there already
   * @param errors what is wrong with the others
   */
  @Schema(name = "SuppressionBatchResult")
  record BatchResult(
      @Schema(example = "2") int added,
      @Schema(example = "0") int existing,
      List<RowError> errors) {}

  @GetMapping
  @Operation(
      summary = "List or search the suppression list",
      description = "Oldest first; those that fit every parameter that is given.")
  Page<Suppression> list(
      @Parameter(hidden = true) Identity who,
      @Parameter(description = "Of one channel", example = "email") @RequestParam(required = false)
          @Nullable String channel,
      @Parameter(
              description = "For one reason: `hard_bounce`, `complaint` or `manual`",
              example = "hard_bounce")
          @RequestParam(required = false)
          @Nullable String reason,
      @Parameter(description = "The one of this address", example = "ada@example.org")
          @RequestParam(required = false)
          @Nullable String address,
      PageRequest page) {
    Channel only = channel == null ? null : SuppressionPolicy.channel(channel);
    if (channel != null && only == null) {
      throw ProblemException.invalid("channel", "is not one of the channels email, telegram");
    }
    SuppressionReason why =
        reason == null
            ? null
            : SuppressionReason.of(reason)
                .orElseThrow(() ->
                    ProblemException.invalid("reason", "is not hard_bounce, complaint or manual"));
    List<Suppression> rows =
        editor.page(
            who.tenant(),
            only,
            why,
            address == null ? null : normal(address),
            after(page),
            page.limitPlusOne());
    return Page.of(rows, page.limit(), row -> Cursors.encode(row.id()));
  }

  private static String normal(String address) {
    for (Channel channel : List.of(Channel.TELEGRAM, Channel.EMAIL)) {
      String normal = SuppressionPolicy.normal(channel, address);
      if (normal != null) {
        return normal;
      }
    }
    throw ProblemException.invalid("address", "is no address");
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

  @GetMapping("/{id}")
  @Operation(summary = "Get a suppression", description = "404 `suppression_not_found`.")
  Suppression get(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id) {
    return editor.get(who, id);
  }

  @PostMapping
  @Operation(
      summary = "Put an address on the suppression list",
      description =
          "Nothing is sent to it any more, whichever contact has it or gets it: recipients are"
              + " skipped as `suppressed`, of broadcasts under way too. An address that stands there"
              + " already stays as it is, and is answered with 200. Hard bounces and complaints come"
              + " on the list by themselves. 422 with a pointer to each field that is wrong.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      content = @Content(examples = @ExampleObject(ONE)))
  @ApiResponse(responseCode = "200", description = "It stood there already.")
  @ApiResponse(responseCode = "201", description = "It is on the list; the Location says where.")
  ResponseEntity<Suppression> add(
      @Parameter(hidden = true) Identity who, @RequestBody NewSuppression body) {
    List<FieldProblem> problems = new ArrayList<>();
    Entry entry = SuppressionPolicy.read(body, "", problems);
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    Kept kept = editor.add(who, List.of(entry)).values().iterator().next();
    return ResponseEntity.status(kept.added() ? HttpStatus.CREATED : HttpStatus.OK)
        .location(URI.create("/api/v1/suppressions/" + kept.suppression().id()))
        .body(kept.suppression());
  }

  @PostMapping("/batch")
  @Operation(
      summary = "Put up to 1,000 addresses on the suppression list",
      description =
          "As one by one, such as the list of another system. What is wrong is reported and the"
              + " others are kept. 413 `batch_too_large` above 1,000.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      content = @Content(examples = @ExampleObject("{\"suppressions\": [" + ONE + "]}")))
  BatchResult addAll(@Parameter(hidden = true) Identity who, @RequestBody Batch body) {
    List<@Nullable NewSuppression> given = body.suppressions();
    if (given == null || given.isEmpty()) {
      throw ProblemException.invalid("/suppressions", "has 1 to " + MOST_AT_ONCE + " suppressions");
    }
    if (given.size() > MOST_AT_ONCE) {
      throw ProblemException.tooLarge(
          "batch_too_large", "at most " + MOST_AT_ONCE + " suppressions at once");
    }
    List<Entry> good = new ArrayList<>();
    List<RowError> errors = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      NewSuppression each = given.get(i);
      List<FieldProblem> problems = new ArrayList<>();
      String pointer = "/suppressions/" + i;
      if (each == null) {
        problems.add(new FieldProblem(pointer, "is null"));
      } else {
        Entry entry = SuppressionPolicy.read(each, pointer, problems);
        if (problems.isEmpty()) {
          good.add(entry);
        }
      }
      int row = i;
      problems.forEach(p -> errors.add(new RowError(row, p.pointer(), p.detail())));
    }
    Map<SuppressedAddress, Kept> kept = good.isEmpty() ? Map.of() : editor.add(who, good);
    int added = (int) kept.values().stream().filter(Kept::added).count();
    return new BatchResult(added, good.size() - added, errors);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Lift a suppression",
      description =
          "The address may be sent to again; opt-outs of its contacts stand. Broadcasts that have"
              + " skipped a contact do not come back to it.")
  void lift(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id) {
    editor.lift(who, id);
  }
}
