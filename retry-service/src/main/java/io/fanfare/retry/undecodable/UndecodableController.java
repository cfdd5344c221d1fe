package io.fanfare.retry.undecodable;

import io.fanfare.retry.undecodable.UndecodableEvent.State;
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

/** Lists what consumer groups have set aside, and takes orders to publish it again or leave it. */
@RestController
@RequestMapping("/api/v1/undecodable-events")
@RequireRole(Role.OPERATOR)
@Tag(
    name = "Undecodable events",
    description = "Records that a service could not read or handle; for the operator alone")
class UndecodableController {

  private static final String EVENT =
      """
      {"id": "018f6b2a-1c3d-7e4f-8a9b-0c1d2e3f4a5b", "topic": "delivery.events",
       "group": "retry-service.delivery", "reason": "undecodable: Unexpected character ('n')",
       "type": "broadcast.message_sent", "key": "4711", "origin": "3@1842",
       "at": "2026-11-23T07:06:12.331Z", "size": 9, "payload_preview": "{ no JSON",
       "requeues": 0, "state": "open", "changed_at": "2026-11-23T07:06:12.402Z"}
      """;

  private static final String PAGE_EXAMPLE = "{\"items\": [" + EVENT + "]}";

  private static final String SELECTION =
      """
      {"topic": "delivery.events", "group": "retry-service.delivery"}
      """;

  private final UndecodableEvents events;
  private final UndecodableRepository repository;

  UndecodableController(UndecodableEvents events, UndecodableRepository repository) {
    this.events = events;
    this.repository = repository;
  }

  @GetMapping
  @Operation(
      summary = "List undecodable events",
      description = "Newest first, in cursor pages. Every filter may be left out.")
  @ApiResponse(
      responseCode = "200",
      description = "A page",
      content = @Content(examples = @ExampleObject(PAGE_EXAMPLE)))
  @ApiResponse(responseCode = "403", description = "forbidden: only the operator may")
  Page<UndecodableEvent> list(
      @RequestParam(required = false)
          @Parameter(description = "open, requeued, discarded", example = "open")
          @Nullable String state,
      @RequestParam(required = false) @Parameter(example = "delivery.events")
          @Nullable String topic,
      @RequestParam(required = false) @Parameter(example = "retry-service.delivery")
          @Nullable String group,
      PageRequest page) {
    return Page.of(
        repository.list(state(state), topic, group, before(page), page.limitPlusOne()),
        page.limit(),
        event -> Cursors.encode(event.id()));
  }

  @GetMapping("/{id}")
  @Operation(
      summary = "One undecodable event",
      description = "With its producer's headers and its whole payload in Base64.")
  @ApiResponse(
      responseCode = "200",
      description = "The event",
      content = @Content(examples = @ExampleObject(EVENT)))
  @ApiResponse(responseCode = "404", description = "undecodable_event_not_found")
  UndecodableEvent get(@PathVariable UUID id) {
    return events.get(id);
  }

  @PostMapping("/{id}/requeue")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      summary = "Requeue an undecodable event",
      description =
          "Publishes the same bytes with the same key and headers to the same topic, where every"
              + " consumer group reads them; those that have handled them pass them over. Set aside"
              + " again, it comes here as another one. Topics that keep the newest record of each"
              + " key are refused.")
  @ApiResponse(
      responseCode = "202",
      description = "Published",
      content = @Content(examples = @ExampleObject(EVENT)))
  @ApiResponse(responseCode = "404", description = "undecodable_event_not_found")
  @ApiResponse(responseCode = "409", description = "undecodable_event_not_open, topic_keeps_newest")
  UndecodableEvent requeue(@Parameter(hidden = true) Identity identity, @PathVariable UUID id) {
    return events.requeue(identity, id);
  }

  @PostMapping("/{id}/discard")
  @Operation(
      summary = "Discard an undecodable event",
      description = "Leaves it for good; it stays in the list for a while.")
  @ApiResponse(
      responseCode = "200",
      description = "Discarded",
      content = @Content(examples = @ExampleObject(EVENT)))
  @ApiResponse(responseCode = "404", description = "undecodable_event_not_found")
  @ApiResponse(responseCode = "409", description = "undecodable_event_not_open")
  UndecodableEvent discard(@Parameter(hidden = true) Identity identity, @PathVariable UUID id) {
    return events.discard(identity, id);
  }

  @PostMapping("/requeue")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      summary = "Requeue many undecodable events",
      description = "All open ones of a topic, and of a group if named, set aside until now.")
  @ApiResponse(
      responseCode = "202",
      description = "Published",
      content = @Content(examples = @ExampleObject("{\"requeued\": 17}")))
  @ApiResponse(responseCode = "409", description = "topic_keeps_newest")
  @ApiResponse(responseCode = "422", description = "invalid_request")
  Requeued requeueAll(
      @Parameter(hidden = true) Identity identity,
      @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(SELECTION)))
          @Valid
          @RequestBody
          UndecodableSelection selection) {
    return new Requeued(events.requeueAll(identity, selection.knownTopic(), selection.group()));
  }

  @PostMapping("/discard")
  @Operation(
      summary = "Discard many undecodable events",
      description = "All open ones of a topic, and of a group if named, set aside until now.")
  @ApiResponse(
      responseCode = "200",
      description = "Discarded",
      content = @Content(examples = @ExampleObject("{\"discarded\": 17}")))
  @ApiResponse(responseCode = "422", description = "invalid_request")
  Discarded discardAll(
      @Parameter(hidden = true) Identity identity,
      @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(SELECTION)))
          @Valid
          @RequestBody
          UndecodableSelection selection) {
    return new Discarded(events.discardAll(identity, selection.knownTopic(), selection.group()));
  }

  /** How many were published again. */
  record Requeued(int requeued) {}

  /** How many were discarded. */
  record Discarded(int discarded) {}

  private static @Nullable State state(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return Arrays.stream(State.values())
        .filter(state -> state.id().equals(text))
        .findFirst()
        .orElseThrow(() -> ProblemException.invalid("state", "is open, requeued or discarded"));
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
