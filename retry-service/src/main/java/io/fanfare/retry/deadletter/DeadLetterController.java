package io.fanfare.retry.deadletter;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Lists what was given up, and takes orders to try it again or to leave it. */
@RestController
@RequestMapping("/api/v1/dead-letters")
@Tag(name = "Dead letters", description = "Recipients that were given up")
class DeadLetterController {

  private static final String LETTER =
      """
      {"id": "018f6b2a-1c3d-7e4f-8a9b-0c1d2e3f4a5b",
       "broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10", "contact_id": 4711,
       "channel": "email", "variant": "a", "issue": 4, "outcome": "dead", "attempts": 4,
       "state": "open",
       "cause": {"code": "mailbox_full", "detail": "452 4.2.2 mailbox full",
         "provider_code": "4.2.2"},
       "at": "2026-11-23T07:06:12.331Z", "changed_at": "2026-11-23T07:06:12.331Z"}
      """;

  private static final String PAGE_EXAMPLE = "{\"items\": [" + LETTER + "]}";

  private static final String SELECTION =
      """
      {"broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10", "channel": "email",
       "code": "mailbox_full"}
      """;

  private final DeadLetters letters;
  private final DeadLetterRepository repository;

  DeadLetterController(DeadLetters letters, DeadLetterRepository repository) {
    this.letters = letters;
    this.repository = repository;
  }

  @GetMapping
  @Operation(
      summary = "List dead letters",
      description = "Newest first, in cursor pages. Every filter may be left out.")
  @Parameter(name = "limit", in = ParameterIn.QUERY, description = "1 to 200, default 50")
  @Parameter(name = "after", in = ParameterIn.QUERY, description = "next of the page before")
  @ApiResponse(
      responseCode = "200",
      description = "A page",
      content = @Content(examples = @ExampleObject(PAGE_EXAMPLE)))
  Page<DeadLetter> list(
      @Parameter(hidden = true) Identity identity,
      @Parameter(hidden = true) PageRequest page,
      @RequestParam(name = "broadcast_id", required = false) @Nullable UUID broadcastId,
      @RequestParam(required = false) @Parameter(example = "email") @Nullable String channel,
      @RequestParam(required = false)
          @Parameter(description = "open, requeued, resolved, discarded")
          @Nullable String state,
      @RequestParam(required = false) @Parameter(description = "failed, dead")
          @Nullable String outcome,
      @RequestParam(required = false) @Parameter(example = "mailbox_full") @Nullable String code) {
    DeadLetterFilter filter =
        new DeadLetterFilter(
            identity.tenant(), broadcastId, channel, checked(state), outcome, code, null);
    return Page.of(
        repository.list(filter, before(page), page.limitPlusOne()),
        page.limit(),
        letter -> Cursors.encode(letter.id()));
  }

  @GetMapping("/{id}")
  @Operation(
      summary = "One dead letter",
      description = "With every try of the recipient, oldest first, at most the newest 20.")
  @ApiResponse(
      responseCode = "200",
      description = "The dead letter",
      content = @Content(examples = @ExampleObject(LETTER)))
  @ApiResponse(responseCode = "404", description = "dead_letter_not_found")
  DeadLetter get(@Parameter(hidden = true) Identity identity, @PathVariable UUID id) {
    return letters.get(identity.tenant(), id);
  }

  @PostMapping("/{id}/requeue")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @RequireRole(Role.SENDER)
  @Operation(
      summary = "Requeue a dead letter",
      description =
          "Orders another try at once, with all its attempts anew; it is held while the broadcast"
              + " is paused. The dead letter becomes resolved when the try has ended; a try that is"
              + " given up again opens another one. Needs the role sender.")
  @ApiResponse(
      responseCode = "202",
      description = "Ordered",
      content = @Content(examples = @ExampleObject(LETTER)))
  @ApiResponse(responseCode = "404", description = "dead_letter_not_found")
  @ApiResponse(responseCode = "409", description = "dead_letter_not_open, broadcast_ended")
  DeadLetter requeue(@Parameter(hidden = true) Identity identity, @PathVariable UUID id) {
    return letters.requeue(identity, id);
  }

  @PostMapping("/{id}/discard")
  @RequireRole(Role.SENDER)
  @Operation(
      summary = "Discard a dead letter",
      description = "Leaves it for good; it stays in the list. Needs the role sender.")
  @ApiResponse(
      responseCode = "200",
      description = "Discarded",
      content = @Content(examples = @ExampleObject(LETTER)))
  @ApiResponse(responseCode = "404", description = "dead_letter_not_found")
  @ApiResponse(responseCode = "409", description = "dead_letter_not_open")
  DeadLetter discard(@Parameter(hidden = true) Identity identity, @PathVariable UUID id) {
    return letters.discard(identity, id);
  }

  @PostMapping("/requeue")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @RequireRole(Role.SENDER)
  @Operation(
      summary = "Requeue many dead letters",
      description =
          "Orders another try for every open dead letter of a broadcast that matches. Those that"
              + " are not open are passed over, so the request may be repeated. Needs the role"
              + " sender.")
  @ApiResponse(
      responseCode = "202",
      description = "Ordered",
      content = @Content(examples = @ExampleObject("{\"requeued\": 203}")))
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  @ApiResponse(responseCode = "409", description = "broadcast_ended")
  @ApiResponse(responseCode = "413", description = "too_many_ids")
  @ApiResponse(responseCode = "422", description = "invalid_request")
  Requeued requeueAll(
      @Parameter(hidden = true) Identity identity,
      @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(SELECTION)))
          @Valid
          @RequestBody
          DeadLetterSelection selection) {
    return new Requeued(
        letters.requeueAll(
            identity, selection.toFilter(identity.tenant()), selection.broadcastId()));
  }

  @PostMapping("/discard")
  @RequireRole(Role.SENDER)
  @Operation(
      summary = "Discard many dead letters",
      description =
          "Leaves every open dead letter of a broadcast that matches for good. Needs the role sender.")
  @ApiResponse(
      responseCode = "200",
      description = "Discarded",
      content = @Content(examples = @ExampleObject("{\"discarded\": 203}")))
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  @ApiResponse(responseCode = "413", description = "too_many_ids")
  @ApiResponse(responseCode = "422", description = "invalid_request")
  Discarded discardAll(
      @Parameter(hidden = true) Identity identity,
      @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(SELECTION)))
          @Valid
          @RequestBody
          DeadLetterSelection selection) {
    return new Discarded(
        letters.discardAll(
            identity, selection.toFilter(identity.tenant()), selection.broadcastId()));
  }

  /** How many tries were ordered. */
  record Requeued(long requeued) {}

  /** How many dead letters were discarded. */
  record Discarded(long discarded) {}

  private static @Nullable String checked(@Nullable String state) {
    boolean known =
        state == null
            || Arrays.stream(DeadLetter.State.values()).anyMatch(one -> one.id().equals(state));
    if (!known) {
      throw ProblemException.invalid("state", "is open, requeued, resolved or discarded");
    }
    return state;
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
