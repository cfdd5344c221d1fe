package io.fanfare.analytics.stats;

import io.fanfare.analytics.csv.TableExamples;
import io.fanfare.analytics.stats.RangePolicy.Range;
import io.fanfare.support.identity.Identity;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Answers what the recipients of a broadcast did: when, with which link, in which segment. */
@RestController
@RequestMapping(
    path = "/api/v1/broadcasts/{id}",
    produces = {"application/json", "text/csv"})
@Tag(name = "Analytics", description = "Exact counts of what became of a broadcast")
class BroadcastAnalyticsController {

  private static final List<String> SERIES_KINDS =
      Stream.concat(Doings.ALL_KINDS.stream(), Stream.of("sent")).toList();

  private final EngagementRepository engagement;
  private final SegmentRepository segments;

  BroadcastAnalyticsController(EngagementRepository engagement, SegmentRepository segments) {
    this.engagement = engagement;
    this.segments = segments;
  }

  @GetMapping("/timeseries")
  @Operation(
      summary = "When something was done",
      description =
          "Points of a minute or an hour in which anything was done, at most 10,000 steps; from the"
              + " first result on, if nothing else is said. Recipients are counted in the point in"
              + " which they first did it. An event that comes late goes where it belongs."
              + " By the hour it can be of a part: of a segment, a channel and a variant, any of"
              + " them together, or of a link of a channel and variant; a recipient counts with"
              + " the link he clicked first.")
  @ApiResponse(responseCode = "200", description = "The series")
  @TableExamples(json = Examples.SERIES_EXAMPLE, csv = Examples.SERIES_CSV)
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  @ApiResponse(responseCode = "422", description = "invalid_request: too many points")
  TimeSeries timeSeries(
      Identity identity,
      @PathVariable("id") UUID broadcastId,
      @RequestParam(defaultValue = "clicked")
          @Parameter(description = Doings.ANY_KIND + ", or sent", example = "clicked")
          String kind,
      @RequestParam(defaultValue = "minute")
          @Parameter(description = "minute or hour", example = "minute")
          String step,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(required = false)
          @Parameter(description = "the number of a part of the audience", example = "1")
          @Nullable Integer segment,
      @RequestParam(required = false) @Parameter(example = "email") @Nullable String channel,
      @RequestParam(required = false) @Parameter(example = "a") @Nullable String variant,
      @RequestParam(required = false)
          @Parameter(description = "the number of a link, of clicked", example = "1")
          @Nullable Integer link) {
    RangePolicy.oneOf("kind", kind, SERIES_KINDS);
    RangePolicy.oneOf("step", step, List.of("minute", "hour"));
    SeriesFilter filter = new SeriesFilter(segment, channel, variant, link);
    RangePolicy.series(filter, kind, step);
    Instant firstAt = engagement.startOf(identity.tenant(), broadcastId);
    ChronoUnit unit = step.equals("hour") ? ChronoUnit.HOURS : ChronoUnit.MINUTES;
    Range range = RangePolicy.series(from, to, unit, firstAt);
    return new TimeSeries(
        broadcastId,
        kind,
        step,
        range.from(),
        range.to(),
        filter.isOfAll()
            ? engagement.series(broadcastId, kind, step, range)
            : engagement.series(broadcastId, kind, filter, range));
  }

  @GetMapping("/links")
  @Operation(
      summary = "Clicks by link",
      description =
          "Every link that was clicked with its target, by channel and variant, those with the most"
              + " recipients first.")
  @ApiResponse(responseCode = "200", description = "The links")
  @TableExamples(json = Examples.LINKS_EXAMPLE, csv = Examples.LINKS_CSV)
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  LinkClicks links(Identity identity, @PathVariable("id") UUID broadcastId) {
    engagement.startOf(identity.tenant(), broadcastId);
    return new LinkClicks(broadcastId, engagement.links(broadcastId));
  }

  @GetMapping("/segments")
  @Operation(
      summary = "How the parts of the audience did",
      description =
          "The figures by the list or segment through which recipients were chosen, over all"
              + " channels and variants: where they stand and what they did. Who is in several"
              + " parts is a recipient of the first of them.")
  @ApiResponse(responseCode = "200", description = "The parts by their numbers")
  @TableExamples(json = Examples.SEGMENTS_EXAMPLE, csv = Examples.SEGMENTS_CSV)
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  SegmentStats segments(Identity identity, @PathVariable("id") UUID broadcastId) {
    engagement.startOf(identity.tenant(), broadcastId);
    return new SegmentStats(broadcastId, segments.segments(identity.tenant(), broadcastId));
  }
}
