package io.fanfare.broadcast.broadcast;

import io.fanfare.support.EntityTag;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
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
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/recurring-broadcasts}. */
@RestController
@RequestMapping("/api/v1/recurring-broadcasts")
@Tag(name = "Recurring broadcasts", description = "Broadcasts that come again and again")
class RecurringController {

  private final RecurringBroadcasts recurring;

  RecurringController(RecurringBroadcasts recurring) {
    this.recurring = recurring;
  }

  @PostMapping
  @RequireRole(Role.SENDER)
  @Operation(
      summary = "Make a recurring broadcast",
      description =
          "It is active at once: each time its schedule says, it makes a broadcast of its own, with"
              + " the audience as it is then, and starts it within a second or two. 422 points at"
              + " each setting that cannot be used, such as a cron expression that never comes."
              + " 409 too_many_recurring_broadcasts.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(BroadcastExamples.NEW_RECURRING))))
  @ApiResponse(
      responseCode = "201",
      content = @Content(examples = @ExampleObject(BroadcastExamples.RECURRING)))
  ResponseEntity<RecurringView> create(
      Identity who, @Valid @RequestBody NewRecurringBroadcast wanted) {
    RecurringView made = recurring.create(who, wanted);
    return ResponseEntity.created(URI.create(RecurringView.path(made.id())))
        .eTag(EntityTag.of(made.version()))
        .body(made);
  }

  @GetMapping
  @Operation(summary = "List recurring broadcasts", description = "Newest first.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(examples = @ExampleObject("{\"items\": [" + BroadcastExamples.RECURRING + "]}")))
  Page<RecurringView> list(Identity who, @ParameterObject PageRequest page) {
    return recurring.page(who.tenant(), page);
  }

  @GetMapping("/{id}")
  @Operation(
      summary = "Get a recurring broadcast",
      description = "With its next ten times. Its version is also its ETag.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(BroadcastExamples.RECURRING)))
  ResponseEntity<RecurringView> get(Identity who, @PathVariable UUID id) {
    return ok(recurring.get(who.tenant(), id));
  }

  @GetMapping("/{id}/broadcasts")
  @Operation(
      summary = "List the broadcasts a recurring one made",
      description = "Newest first; fire_at is the time each was made for.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(examples = @ExampleObject("{\"items\": [" + BroadcastExamples.VIEW + "]}")))
  Page<BroadcastView> broadcasts(
      Identity who, @PathVariable UUID id, @ParameterObject PageRequest page) {
    return recurring.made(who.tenant(), id, page);
  }

  @PatchMapping("/{id}")
  @RequireRole(Role.SENDER)
  @Operation(
      summary = "Change a recurring broadcast",
      description =
          "What is left out stays. Holds for the times that are yet to come; what was made before"
              + " goes on. With If-Match, 412 when somebody else changed it first.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(BroadcastExamples.RECURRING_PATCH))))
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(BroadcastExamples.RECURRING)))
  ResponseEntity<RecurringView> edit(
      Identity who,
      @PathVariable UUID id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @Valid @RequestBody RecurringPatch patch) {
    return ok(recurring.edit(who, id, ifMatch, patch));
  }

  @DeleteMapping("/{id}")
  @RequireRole(Role.SENDER)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Delete a recurring broadcast",
      description = "The broadcasts it made stay, and go on.")
  @ApiResponse(responseCode = "204", description = "It is gone.")
  void delete(
      Identity who,
      @PathVariable UUID id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
    recurring.delete(who, id, ifMatch);
  }

  @PostMapping("/{id}/pause")
  @RequireRole(Role.SENDER)
  @Operation(
      summary = "Pause a recurring broadcast",
      description = "It makes nothing more; what it made goes on. 409 illegal_state unless active.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(BroadcastExamples.RECURRING)))
  ResponseEntity<RecurringView> pause(Identity who, @PathVariable UUID id) {
    return ok(recurring.pause(who, id));
  }

  @PostMapping("/{id}/resume")
  @RequireRole(Role.SENDER)
  @Operation(
      summary = "Resume a recurring broadcast",
      description =
          "From its next time on: what passed in the pause is not made up for. 409 illegal_state"
              + " unless paused.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(BroadcastExamples.RECURRING)))
  ResponseEntity<RecurringView> resume(Identity who, @PathVariable UUID id) {
    return ok(recurring.resume(who, id));
  }

  private static ResponseEntity<RecurringView> ok(RecurringView recurring) {
    return ResponseEntity.ok().eTag(EntityTag.of(recurring.version())).body(recurring);
  }
}
