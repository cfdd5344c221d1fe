package io.fanfare.broadcast.broadcast;

import io.fanfare.support.EntityTag;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/broadcasts/{id}/…}: what moves a broadcast from state to state. */
@RestController
@RequestMapping("/api/v1/broadcasts/{id}")
@RequireRole(Role.SENDER)
@Tag(name = "Broadcasts", description = "Content + audience + time + policy.")
class BroadcastActionController {

  private final Broadcasts broadcasts;
  private final ControlEffect effect;
  private final BroadcastMedia media;

  BroadcastActionController(Broadcasts broadcasts, ControlEffect effect, BroadcastMedia media) {
    this.media = media;
    this.broadcasts = broadcasts;
    this.effect = effect;
  }

  @PostMapping("/start")
  @Operation(
      summary = "Start a broadcast",
      description =
          "Freezes its content and lets it run; the Location says where its progress is. 409"
              + " illegal_state unless it is a draft or scheduled, 422 when a setting cannot be"
              + " used any more or a file cannot be sent, with what was found: files at URLs are"
              + " fetched, checked and copied first, so that what is sent is what was checked.")
  @ApiResponse(
      responseCode = "202",
      content = @Content(examples = @ExampleObject(BroadcastExamples.VIEW)))
  ResponseEntity<BroadcastView> start(Identity who, @PathVariable UUID id) {
    BroadcastView broadcast = broadcasts.start(who, id, media.take(who, id));
    return ResponseEntity.accepted()
        .location(URI.create(BroadcastView.path(id) + "/progress"))
        .eTag(EntityTag.of(broadcast.version()))
        .body(broadcast);
  }

  @PostMapping("/schedule")
  @Operation(
      summary = "Schedule a broadcast",
      description =
          "A draft starts by itself at this instant, within a second. Its files are checked and"
              + " copied now, and 422 says which cannot be sent.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(BroadcastExamples.SCHEDULE))))
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(BroadcastExamples.VIEW)))
  ResponseEntity<BroadcastView> schedule(
      Identity who, @PathVariable UUID id, @Valid @RequestBody ScheduleRequest request) {
    return ok(broadcasts.schedule(who, id, request.at(), media.take(who, id)));
  }

  @PostMapping("/unschedule")
  @Operation(
      summary = "Unschedule a broadcast",
      description = "It is a draft again. 409 illegal_state unless it is scheduled.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(BroadcastExamples.VIEW)))
  ResponseEntity<BroadcastView> unschedule(Identity who, @PathVariable UUID id) {
    return ok(broadcasts.move(who, id, BroadcastAction.UNSCHEDULE));
  }

  @PostMapping("/pause")
  @Operation(
      summary = "Pause a broadcast",
      description =
          "No send starts later than a second after a 200. 202 with not_yet_effective when the"
              + " broker has not taken the order within five seconds: it is kept, holds as soon as"
              + " the broker takes it, and until then sends go on; GET tells.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(BroadcastExamples.VIEW)))
  @ApiResponse(
      responseCode = "202",
      content = @Content(examples = @ExampleObject(BroadcastExamples.NOT_YET)))
  ResponseEntity<BroadcastView> pause(Identity who, @PathVariable UUID id) {
    return whenItHolds(broadcasts.pause(who, id));
  }

  @PostMapping("/resume")
  @Operation(
      summary = "Resume a broadcast",
      description = "It goes on from where it stopped; nobody is sent to twice by this.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(BroadcastExamples.VIEW)))
  ResponseEntity<BroadcastView> resume(Identity who, @PathVariable UUID id) {
    return ok(broadcasts.move(who, id, BroadcastAction.RESUME));
  }

  @PostMapping("/cancel")
  @Operation(
      summary = "Cancel a broadcast",
      description =
          "For good: whoever was not sent to yet never is. No send starts later than a second after"
              + " a 200; 202 as with pause.")
  @ApiResponse(
      responseCode = "200",
      content = @Content(examples = @ExampleObject(BroadcastExamples.VIEW)))
  @ApiResponse(
      responseCode = "202",
      content = @Content(examples = @ExampleObject(BroadcastExamples.NOT_YET)))
  ResponseEntity<BroadcastView> cancel(Identity who, @PathVariable UUID id) {
    return whenItHolds(broadcasts.move(who, id, BroadcastAction.CANCEL));
  }

  private ResponseEntity<BroadcastView> whenItHolds(BroadcastView ordered) {
    BroadcastView broadcast = effect.await(ordered);
    return BroadcastController.answer(
        broadcast.notYetEffective() == null ? HttpStatus.OK : HttpStatus.ACCEPTED, broadcast);
  }

  private static ResponseEntity<BroadcastView> ok(BroadcastView broadcast) {
    return BroadcastController.answer(HttpStatus.OK, broadcast);
  }
}
