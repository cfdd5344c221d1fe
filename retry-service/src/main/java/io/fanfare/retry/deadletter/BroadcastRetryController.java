package io.fanfare.retry.deadletter;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.RequireRole;
import io.fanfare.support.identity.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes the order to try the recipients of a broadcast again that were not reached. */
@RestController
@RequestMapping("/api/v1/broadcasts/{id}/retry")
@Tag(name = "Dead letters")
class BroadcastRetryController {

  private static final String ORDER =
      """
      {"what": ["failed", "dead", "in_doubt"], "channel": "email"}
      """;

  private final DeadLetters letters;

  BroadcastRetryController(DeadLetters letters) {
    this.letters = letters;
  }

  @PostMapping
  @ResponseStatus(HttpStatus.ACCEPTED)
  @RequireRole(Role.SENDER)
  @Operation(
      summary = "Retry a broadcast",
      description =
          "Orders another try, with all attempts anew, for every open dead letter of the kinds"
              + " named and for every recipient in doubt that is not sent again anyway. Whoever is"
              + " in doubt may get the message twice by this. Held while the broadcast is paused;"
              + " what was ordered already is passed over, so the request may be repeated. Needs"
              + " the role sender.")
  @ApiResponse(
      responseCode = "202",
      description = "Ordered",
      content = @Content(examples = @ExampleObject("{\"requeued\": 210}")))
  @ApiResponse(responseCode = "404", description = "broadcast_not_found, also until it starts")
  @ApiResponse(responseCode = "409", description = "broadcast_ended: it was cancelled or failed")
  @ApiResponse(responseCode = "422", description = "invalid_request")
  DeadLetterController.Requeued retry(
      @Parameter(hidden = true) Identity identity,
      @PathVariable("id") UUID broadcastId,
      @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(examples = @ExampleObject(ORDER)))
          @Valid
          @RequestBody
          RetryOrder order) {
    return new DeadLetterController.Requeued(letters.retry(identity, broadcastId, order));
  }
}
