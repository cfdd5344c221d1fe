package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.category.CategoryClient;
import io.fanfare.broadcast.media.FrozenMedia;
import io.fanfare.support.EntityTag;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.format.annotation.DateTimeFormat;
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

/** {@code /api/v1/broadcasts}: making, finding and changing them; see the actions for the rest. */
@RestController
@RequestMapping("/api/v1/broadcasts")
@Tag(name = "Broadcasts", description = "Content + audience + time + policy.")
class BroadcastController {

  private final Broadcasts broadcasts;
  private final ControlEffect effect;
  private final CategoryClient categories;
  private final BroadcastMedia media;

  BroadcastController(
      Broadcasts broadcasts,
      ControlEffect effect,
      CategoryClient categories,
      BroadcastMedia media) {
    this.media = media;
    this.broadcasts = broadcasts;
    this.effect = effect;
    this.categories = categories;
  }

  @PostMapping
  @Operation(
      summary = "Make a broadcast",
      description =
          "A draft; with scheduled_at (role sender) it is scheduled at once. 422 points at each"
              + " setting that cannot be used, such as an account that speaks another channel."
              + " A category is one of `/api/v1/categories`, by its name."
              + " With ab_test each variant has a share of the audience; hold_back_percent of it"
              + " waits for the winner. With send_time each contact gets it at a time of his own:"
              + " the broadcast runs from its start until the last of them has.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      examples = {
                        @ExampleObject(name = "plain", value = BroadcastExamples.NEW),
                        @ExampleObject(name = "tested", value = BroadcastExamples.TESTED),
                        @ExampleObject(name = "local time", value = BroadcastExamples.LOCAL)
                      })))
  @ApiResponse(
      responseCode = "201",
      content = @Content(examples = @ExampleObject(BroadcastExamples.VIEW)))
  ResponseEntity<BroadcastView> create(Identity who, @Valid @RequestBody NewBroadcast wanted) {
    categories.require(who.tenant(), wanted.category());
    boolean scheduled = wanted.scheduledAt() != null && who.role().includes(Role.SENDER);
    return created(
        broadcasts.create(
            who, wanted, scheduled ? media.take(who, wanted.settings()) : FrozenMedia.NONE));
  }

  @GetMapping
  @Operation(summary = "List broadcasts", description = "Newest first.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(examples = @ExampleObject("{\"items\": [" + BroadcastExamples.VIEW + "]}")))
  Page<BroadcastView> list(
      Identity who,
      @Parameter(description = "In this state only", example = "running")
          @RequestParam(required = false)
          @Nullable String state,
      @Parameter(description = "Made at or after", example = "2026-01-01T00:00:00Z")
          @RequestParam(required = false)
          @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME)
          @Nullable Instant from,
      @Parameter(description = "Made before", example = "2027-01-01T00:00:00Z")
          @RequestParam(required = false)
          @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME)
          @Nullable Instant to,
      @Parameter(description = "Whose name holds this text", example = "news")
          @RequestParam(required = false)
          @Nullable String q,
      @ParameterObject PageRequest page) {
    return broadcasts.page(who.tenant(), BroadcastFilter.of(state, from, to, q), page);
  }

  @GetMapping("/{id}")
  @Operation(summary = "Get a broadcast", description = "Its version is also its ETag.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(BroadcastExamples.VIEW)))
  ResponseEntity<BroadcastView> get(Identity who, @PathVariable UUID id) {
    return answer(HttpStatus.OK, effect.look(broadcasts.get(who.tenant(), id)));
  }

  @PatchMapping("/{id}")
  @Operation(
      summary = "Change a draft, or the rate of a broadcast under way",
      description =
          "What is left out stays. 409 illegal_state unless it is a draft; rate_per_minute alone"
              + " may also be changed while it runs or is paused (role sender), and holds within a"
              + " second; with If-Match, 412 when"
              + " somebody else changed it first.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(BroadcastExamples.PATCH))))
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(BroadcastExamples.VIEW)))
  ResponseEntity<BroadcastView> edit(
      Identity who,
      @PathVariable UUID id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @Valid @RequestBody BroadcastPatch patch) {
    if (patch.category() != null) {
      // To whom the broadcast is not there, no category is either.
      broadcasts.get(who.tenant(), id);
      categories.require(who.tenant(), patch.category());
    }
    return answer(HttpStatus.OK, broadcasts.edit(who, id, ifMatch, patch));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(summary = "Delete a draft", description = "409 illegal_state unless it is a draft.")
  @ApiResponse(responseCode = "204", description = "It is gone.")
  void delete(
      Identity who,
      @PathVariable UUID id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
    broadcasts.delete(who, id, ifMatch);
  }

  @PostMapping("/{id}/clone")
  @Operation(
      summary = "Copy a broadcast",
      description = "Makes a draft with the same settings, whatever state the original is in.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(BroadcastExamples.CLONE))))
  @ApiResponse(
      responseCode = "201",
      content = @Content(examples = @ExampleObject(BroadcastExamples.VIEW)))
  ResponseEntity<BroadcastView> copy(
      Identity who,
      @PathVariable UUID id,
      @Valid @RequestBody(required = false) @Nullable CloneRequest request) {
    return created(broadcasts.copy(who, id, request == null ? null : request.name()));
  }

  private static ResponseEntity<BroadcastView> created(BroadcastView broadcast) {
    return ResponseEntity.created(URI.create(BroadcastView.path(broadcast.id())))
        .eTag(EntityTag.of(broadcast.version()))
        .body(broadcast);
  }

  static ResponseEntity<BroadcastView> answer(HttpStatus status, BroadcastView broadcast) {
    return ResponseEntity.status(status).eTag(EntityTag.of(broadcast.version())).body(broadcast);
  }
}
