package io.fanfare.analytics.stats;

import io.fanfare.analytics.csv.TableExamples;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
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
  @ApiResponse(responseCode = "200", description = "The counts as of one moment")
  @TableExamples(json = Examples.STATS_EXAMPLE, csv = Examples.STATS_CSV)
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  BroadcastStats get(
      @Parameter(hidden = true) Identity identity, @PathVariable("id") UUID broadcastId) {
    return stats
        .find(identity.tenant(), broadcastId)
        .orElseThrow(() -> ProblemException.notFound("broadcast", broadcastId));
  }
}
