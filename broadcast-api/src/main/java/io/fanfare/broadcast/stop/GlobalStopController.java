package io.fanfare.broadcast.stop;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/stop}: the operator's brake for every broadcast of every tenant. */
@RestController
@RequestMapping("/api/v1/stop")
@RequireRole(Role.OPERATOR)
@Tag(
    name = "Global stop",
    description = "Stops the sending of every broadcast of every tenant. Needs the operator's key.")
class GlobalStopController {

  private static final String ORDER =
      """
      {"reason": "the mail server is being moved"}\
      """;
  private static final String STOPPED =
      """
      {"stopped": true, "reason": "the mail server is being moved", \
      "changed_at": "2026-11-23T07:00:00Z", "changed_by": "operator"}\
      """;
  private static final String LIFTED =
      """
      {"stopped": false, "changed_at": "2026-11-23T07:05:00Z", "changed_by": "operator"}\
      """;

  private final GlobalStops stops;

  GlobalStopController(GlobalStops stops) {
    this.stops = stops;
  }

  @GetMapping
  @Operation(summary = "Is all sending stopped?", description = "And since when, by whom, why.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(STOPPED)))
  GlobalStopView get() {
    return stops.get();
  }

  @PutMapping
  @Operation(
      summary = "Stop all sending",
      description =
          "Within a second no send starts and nothing is released; retries are held. No broadcast"
              + " changes its state, running ones show the reason global_stop. Stopped again, the"
              + " reason is replaced.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(STOPPED)))
  GlobalStopView stop(
      Identity operator,
      @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(ORDER)))
          @Valid
          @RequestBody
          StopOrder order) {
    return stops.stop(operator, order.reason());
  }

  @DeleteMapping
  @Operation(
      summary = "Let sending go on",
      description = "Everything goes on where it stood. Does nothing when nothing is stopped.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(LIFTED)))
  GlobalStopView lift(Identity operator) {
    return stops.lift(operator);
  }
}
