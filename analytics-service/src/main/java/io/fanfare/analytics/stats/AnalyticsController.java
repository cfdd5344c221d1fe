package io.fanfare.analytics.stats;

import io.fanfare.analytics.csv.TableExamples;
import io.fanfare.analytics.stats.RangePolicy.Range;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Answers for the broadcasts of a tenant beside each other and together. */
@RestController
@RequestMapping(
    path = "/api/v1/analytics",
    produces = {"application/json", "text/csv"})
@Tag(name = "Analytics", description = "Exact counts of what became of a broadcast")
class AnalyticsController {

  private static final int MAX_TOP = 200;
  private static final int MAX_COMPARED = 20;
  private static final int MAX_COHORT_DAYS = 90;

  private final EngagementRepository engagement;
  private final Clock clock;

  AnalyticsController(EngagementRepository engagement, Clock clock) {
    this.engagement = engagement;
    this.clock = clock;
  }

  @GetMapping("/top")
  @Operation(
      summary = "Broadcasts with the most of something",
      description =
          "Of the broadcasts that started within at most 400 days, the last 90 if nothing else is"
              + " said. A broadcast counts with everything that was ever done with it.")
  @ApiResponse(responseCode = "200", description = "The broadcasts, the first one first")
  @TableExamples(json = Examples.BROADCASTS_EXAMPLE, csv = Examples.BROADCASTS_CSV)
  @ApiResponse(responseCode = "422", description = "invalid_request")
  Broadcasts top(
      Identity identity,
      @RequestParam(defaultValue = "clicked")
          @Parameter(
              description = "sent, a kind such as clicked, or a rate such as click_rate",
              example = "click_rate")
          String by,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(defaultValue = "10") @Parameter(description = "1 to 200", example = "10")
          int limit) {
    RangePolicy.oneOf("by", by, TopMetric.ids());
    RangePolicy.within("limit", limit, MAX_TOP);
    Range range = RangePolicy.started(from, to, clock.instant());
    return new Broadcasts(engagement.top(identity.tenant(), range, TopMetric.of(by), limit));
  }

  @GetMapping("/compare")
  @Operation(
      summary = "Broadcasts beside each other",
      description = "Up to 20 broadcasts, in the order in which they are named.")
  @ApiResponse(responseCode = "200", description = "The broadcasts")
  @TableExamples(json = Examples.BROADCASTS_EXAMPLE, csv = Examples.BROADCASTS_CSV)
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  @ApiResponse(responseCode = "422", description = "invalid_request")
  Broadcasts compare(
      Identity identity,
      @RequestParam
          @Parameter(
              description = "ids, separated by commas",
              example = "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10")
          List<UUID> broadcasts) {
    Set<UUID> ids = new LinkedHashSet<>(broadcasts);
    if (ids.isEmpty() || ids.size() > MAX_COMPARED) {
      throw ProblemException.invalid("broadcasts", "are 1 to " + MAX_COMPARED);
    }
    List<BroadcastFigures> found = engagement.figures(identity.tenant(), List.copyOf(ids));
    found.forEach(figures -> ids.remove(figures.broadcastId()));
    ids.stream()
        .findFirst()
        .ifPresent(id -> {
          throw ProblemException.notFound("broadcast", id);
        });
    return new Broadcasts(found);
  }

  @GetMapping("/cohorts")
  @Operation(
      summary = "How soon recipients do something",
      description =
          "The broadcasts of a week (from Monday, UTC, by their first result) are a cohort. A"
              + " recipient counts once, on the day on which he first did it, in whole days since"
              + " his own message was made. The share of a day is of all who had done it by its"
              + " end; whose message nobody knows the time of is left out.")
  @ApiResponse(responseCode = "200", description = "The cohorts")
  @TableExamples(json = Examples.COHORTS_EXAMPLE, csv = Examples.COHORTS_CSV)
  @ApiResponse(responseCode = "422", description = "invalid_request")
  Cohorts cohorts(
      Identity identity,
      @RequestParam(defaultValue = "clicked")
          @Parameter(description = Doings.ANY_KIND, example = "clicked")
          String kind,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(defaultValue = "28") @Parameter(description = "1 to 90", example = "28")
          int days) {
    RangePolicy.oneOf("kind", kind, Doings.ALL_KINDS);
    RangePolicy.within("days", days, MAX_COHORT_DAYS);
    Range range = RangePolicy.started(from, to, clock.instant());
    return new Cohorts(kind, engagement.cohorts(identity.tenant(), range, kind, days));
  }

  @GetMapping("/heatmap")
  @Operation(
      summary = "Hours of the week",
      description =
          "At which weekday and hour something is done, where the contacts are: of one broadcast,"
              + " or of those that started within at most 400 days, the last 90 if nothing else is"
              + " said.")
  @ApiResponse(responseCode = "200", description = "The hours")
  @TableExamples(json = Examples.HEAT_MAP_EXAMPLE, csv = Examples.HEAT_MAP_CSV)
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  @ApiResponse(responseCode = "422", description = "invalid_request")
  HeatMap heatMap(
      Identity identity,
      @RequestParam(required = false) @Parameter(example = "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10")
          @Nullable UUID broadcast,
      @RequestParam(defaultValue = "opened")
          @Parameter(description = Doings.ANY_KIND, example = "opened")
          String kind,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to) {
    RangePolicy.oneOf("kind", kind, Doings.ALL_KINDS);
    if (broadcast != null) {
      if (from != null || to != null) {
        throw ProblemException.invalid("broadcast", "is given, so that from and to are not");
      }
      engagement.startOf(identity.tenant(), broadcast);
      return engagement.heatMap(identity.tenant(), broadcast, kind);
    }
    Range range = RangePolicy.started(from, to, clock.instant());
    return engagement.heatMap(identity.tenant(), range, kind);
  }
}
