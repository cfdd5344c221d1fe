package io.fanfare.analytics.stats;

import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers for the counts of broadcasts. */
@RestController
@RequestMapping("/api/v1/broadcasts/{id}/stats")
@Tag(name = "Analytics", description = "Exact counts of what became of a broadcast")
class StatsController {

  private static final String EXAMPLE =
      """
      {
        "broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10",
        "counts": {"sent": 9612, "failed": 203, "dead": 4, "in_doubt": 0, "skipped": 1,
          "cancelled": 0, "retrying": 180, "fell_back": 0},
        "attempts": {"sent": 9612, "failed": 203, "dead": 4, "retrying": 391, "rate_limited": 57,
          "in_doubt": 0, "returned": 0, "skipped": 1, "cancelled": 0, "fell_back": 0},
        "channels": {
          "email": {"sent": 9612, "failed": 203, "dead": 4, "in_doubt": 0, "skipped": 1,
            "cancelled": 0, "retrying": 180, "fell_back": 0,
            "attempts": {"sent": 9612, "failed": 203, "dead": 4, "retrying": 391,
              "rate_limited": 57, "in_doubt": 0, "returned": 0, "skipped": 1, "cancelled": 0, "fell_back": 0},
            "causes": {"mailbox_unknown": 203, "server_busy": 452, "no_address": 1},
            "variants": {"a": {"sent": 9612, "failed": 203, "dead": 4, "in_doubt": 0,
              "skipped": 1, "cancelled": 0, "retrying": 180, "fell_back": 0}}}
        },
        "minutes": [{"at": "2026-11-23T07:00:00Z", "sent": 9612, "failed": 203, "dead": 4,
          "retrying": 391, "rate_limited": 57, "in_doubt": 0, "returned": 0, "skipped": 1,
          "cancelled": 0, "fell_back": 0}],
        "engagement": {
          "rates": {"open": 0.41, "click": 0.062, "click_to_open": 0.151, "reply": null,
            "bounce": 0.003, "complaint": 0.0, "unsubscribe": 0.001},
          "kinds": {"opened": {"events": 5210, "recipients": 3941, "machine_events": 1207,
            "machine_recipients": 1190}},
          "custom": {"purchase": {"events": 41, "recipients": 38, "value_sum": 1612.5}},
          "channels": {}
        },
        "first_at": "2026-11-23T07:00:01.204Z",
        "last_at": "2026-11-23T07:00:31.871Z"
      }
      """;

  private static final String CSV_EXAMPLE =
      "channel,variant,sent,failed,dead\r\nemail,a,9612,203,4\r\n";

  private final StatsRepository stats;

  StatsController(StatsRepository stats) {
    this.stats = stats;
  }

  @GetMapping(produces = {MediaType.APPLICATION_JSON_VALUE, "text/csv"})
  @Operation(
      summary = "Counts of a broadcast",
      description =
          "Recipients by where they stand, attempts by outcome, causes by code, a time series by"
              + " minute, and what recipients did, humans and machines apart, with rates of those"
              + " a message was sent to. As CSV a line for each channel and variant. Replaying the event log or killing a consumer changes no figure. The"
              + " counts appear with the first result: before it the answer is 404, as it is for an"
              + " unknown broadcast and for another tenant's.")
  @ApiResponse(
      responseCode = "200",
      description = "The counts as of one moment",
      content = {
        @Content(mediaType = "application/json", examples = @ExampleObject(EXAMPLE)),
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = "string"),
            examples = @ExampleObject(CSV_EXAMPLE))
      })
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  BroadcastStats get(
      @Parameter(hidden = true) Identity identity, @PathVariable("id") UUID broadcastId) {
    return stats
        .find(identity.tenant(), broadcastId)
        .orElseThrow(() -> ProblemException.notFound("broadcast", broadcastId));
  }
}
