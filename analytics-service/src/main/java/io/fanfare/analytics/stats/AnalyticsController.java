package io.fanfare.analytics.stats;

import io.fanfare.analytics.stats.RangePolicy.Range;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Answers what recipients did, when, with which link and after which broadcast. */
@RestController
@RequestMapping(
    path = "/api/v1",
    produces = {"application/json", "text/csv"})
@Tag(name = "Analytics", description = "Exact counts of what became of a broadcast")
class AnalyticsController {

  private static final int MAX_TOP = 200;
  private static final int MAX_COMPARED = 20;
  private static final int MAX_COHORT_DAYS = 90;

  private static final String KIND =
      "opened, clicked, replied, button, bounced, complained, unsubscribed or custom";

  private static final String SERIES_EXAMPLE =
      """
      {"broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10", "kind": "clicked", "step": "minute",
       "from": "2026-11-23T07:00:00Z", "to": "2026-11-23T08:00:00Z",
       "points": [{"at": "2026-11-23T07:03:00Z", "events": 41, "recipients": 38,
         "machine_events": 12, "machine_recipients": 4}]}
      """;
  private static final String SERIES_CSV =
      "at,events,recipients,machine_events,machine_recipients\r\n2026-11-23T07:03:00Z,41,38,12,4\r\n";

  private static final String LINKS_EXAMPLE =
      """
      {"broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10",
       "links": [{"channel": "email", "variant": "a", "link": 1,
         "target": "https://example.org/spring", "events": 611, "recipients": 570,
         "machine_events": 92, "machine_recipients": 31, "click_rate": 0.0593}]}
      """;
  private static final String LINKS_CSV =
      "channel,variant,link,target,events,recipients,machine_events,machine_recipients,click_rate\r\n"
          + "email,a,1,https://example.org/spring,611,570,92,31,0.0593\r\n";

  private static final String BROADCASTS_EXAMPLE =
      """
      {"broadcasts": [{"broadcast_id": "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10",
        "started_at": "2026-11-23T07:00:01.204Z", "sent": 9612,
        "recipients": {"opened": 3941, "clicked": 596, "replied": 0, "button": 0, "bounced": 29,
          "complained": 0, "unsubscribed": 10},
        "rates": {"open": 0.41, "click": 0.062, "click_to_open": 0.151, "reply": 0.0,
          "bounce": 0.003, "complaint": 0.0, "unsubscribe": 0.001}}]}
      """;
  private static final String BROADCASTS_CSV =
      "broadcast_id,started_at,sent,opened,clicked\r\n"
          + "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10,2026-11-23T07:00:01.204Z,9612,3941,596\r\n";

  private static final String COHORTS_EXAMPLE =
      """
      {"kind": "clicked", "cohorts": [{"week": "2026-11-23", "broadcasts": 3, "sent": 20000,
        "days": [{"day": 0, "recipients": 900, "share": 0.045},
          {"day": 1, "recipients": 200, "share": 0.055}]}]}
      """;
  private static final String COHORTS_CSV =
      "week,broadcasts,sent,day,recipients,share\r\n2026-11-23,3,20000,0,900,0.045\r\n";

  private static final String HEAT_MAP_EXAMPLE =
      """
      {"kind": "opened", "without_zone": 12,
       "hours": [{"weekday": 1, "hour": 9, "events": 412, "machine_events": 80}]}
      """;
  private static final String HEAT_MAP_CSV = "weekday,hour,events,machine_events\r\n1,9,412,80\r\n";

  private final EngagementRepository engagement;
  private final Clock clock;

  AnalyticsController(EngagementRepository engagement, Clock clock) {
    this.engagement = engagement;
    this.clock = clock;
  }

  @GetMapping("/broadcasts/{id}/timeseries")
  @Operation(
      summary = "When something was done",
      description =
          "Points of a minute or an hour in which anything was done, at most 10,000 steps; from the"
              + " first result on, if nothing else is said. Recipients are counted in the point in"
              + " which they first did it. An event that comes late goes where it belongs.")
  @ApiResponse(
      responseCode = "200",
      description = "The series",
      content = {
        @Content(mediaType = "application/json", examples = @ExampleObject(SERIES_EXAMPLE)),
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = "string"),
            examples = @ExampleObject(SERIES_CSV))
      })
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  @ApiResponse(responseCode = "422", description = "invalid_request: too many points")
  TimeSeries timeSeries(
      Identity identity,
      @PathVariable("id") UUID broadcastId,
      @RequestParam(defaultValue = "clicked")
          @Parameter(description = KIND + ", or sent", example = "clicked")
          String kind,
      @RequestParam(defaultValue = "minute")
          @Parameter(description = "minute or hour", example = "minute")
          String step,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to) {
    RangePolicy.oneOf("kind", kind, Stream.concat(kinds().stream(), Stream.of("sent")).toList());
    RangePolicy.oneOf("step", step, List.of("minute", "hour"));
    Instant firstAt = firstAt(identity, broadcastId);
    ChronoUnit unit = step.equals("hour") ? ChronoUnit.HOURS : ChronoUnit.MINUTES;
    Range range = RangePolicy.series(from, to, unit, firstAt);
    return new TimeSeries(
        broadcastId,
        kind,
        step,
        range.from(),
        range.to(),
        engagement.series(broadcastId, kind, step, range));
  }

  @GetMapping("/broadcasts/{id}/links")
  @Operation(
      summary = "Clicks by link",
      description =
          "Every link that was clicked with its target, by channel and variant, those with the most"
              + " recipients first.")
  @ApiResponse(
      responseCode = "200",
      description = "The links",
      content = {
        @Content(mediaType = "application/json", examples = @ExampleObject(LINKS_EXAMPLE)),
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = "string"),
            examples = @ExampleObject(LINKS_CSV))
      })
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  LinkClicks links(Identity identity, @PathVariable("id") UUID broadcastId) {
    firstAt(identity, broadcastId);
    return new LinkClicks(broadcastId, engagement.links(broadcastId));
  }

  @GetMapping("/analytics/top")
  @Operation(
      summary = "Broadcasts with the most of something",
      description =
          "Of the broadcasts that started within at most 400 days, the last 90 if nothing else is"
              + " said. A broadcast counts with everything that was ever done with it.")
  @ApiResponse(
      responseCode = "200",
      description = "The broadcasts, the first one first",
      content = {
        @Content(mediaType = "application/json", examples = @ExampleObject(BROADCASTS_EXAMPLE)),
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = "string"),
            examples = @ExampleObject(BROADCASTS_CSV))
      })
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

  @GetMapping("/analytics/compare")
  @Operation(
      summary = "Broadcasts beside each other",
      description = "Up to 20 broadcasts, in the order in which they are named.")
  @ApiResponse(
      responseCode = "200",
      description = "The broadcasts",
      content = {
        @Content(mediaType = "application/json", examples = @ExampleObject(BROADCASTS_EXAMPLE)),
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = "string"),
            examples = @ExampleObject(BROADCASTS_CSV))
      })
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

  @GetMapping("/analytics/cohorts")
  @Operation(
      summary = "How soon recipients do something",
      description =
          "The broadcasts of a week (from Monday, UTC, by their first result) are a cohort. A"
              + " recipient counts once, on the day on which he first did it, in whole days since"
              + " his own message was made. The share of a day is of all who had done it by its"
              + " end; whose message nobody knows the time of is left out.")
  @ApiResponse(
      responseCode = "200",
      description = "The cohorts",
      content = {
        @Content(mediaType = "application/json", examples = @ExampleObject(COHORTS_EXAMPLE)),
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = "string"),
            examples = @ExampleObject(COHORTS_CSV))
      })
  @ApiResponse(responseCode = "422", description = "invalid_request")
  Cohorts cohorts(
      Identity identity,
      @RequestParam(defaultValue = "clicked") @Parameter(description = KIND, example = "clicked")
          String kind,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(defaultValue = "28") @Parameter(description = "1 to 90", example = "28")
          int days) {
    RangePolicy.oneOf("kind", kind, kinds());
    RangePolicy.within("days", days, MAX_COHORT_DAYS);
    Range range = RangePolicy.started(from, to, clock.instant());
    return new Cohorts(kind, engagement.cohorts(identity.tenant(), range, kind, days));
  }

  @GetMapping("/analytics/heatmap")
  @Operation(
      summary = "Hours of the week",
      description =
          "At which weekday and hour something is done, where the contacts are: of one broadcast,"
              + " or of those that started within at most 400 days, the last 90 if nothing else is"
              + " said.")
  @ApiResponse(
      responseCode = "200",
      description = "The hours",
      content = {
        @Content(mediaType = "application/json", examples = @ExampleObject(HEAT_MAP_EXAMPLE)),
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = "string"),
            examples = @ExampleObject(HEAT_MAP_CSV))
      })
  @ApiResponse(responseCode = "404", description = "broadcast_not_found")
  @ApiResponse(responseCode = "422", description = "invalid_request")
  HeatMap heatMap(
      Identity identity,
      @RequestParam(required = false) @Parameter(example = "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10")
          @Nullable UUID broadcast,
      @RequestParam(defaultValue = "opened") @Parameter(description = KIND, example = "opened")
          String kind,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to) {
    RangePolicy.oneOf("kind", kind, kinds());
    if (broadcast != null) {
      if (from != null || to != null) {
        throw ProblemException.invalid("broadcast", "is given, so that from and to are not");
      }
      firstAt(identity, broadcast);
      return engagement.heatMap(identity.tenant(), broadcast, kind);
    }
    Range range = RangePolicy.started(from, to, clock.instant());
    return engagement.heatMap(identity.tenant(), range, kind);
  }

  private Instant firstAt(Identity identity, UUID broadcastId) {
    return engagement
        .firstAt(identity.tenant(), broadcastId)
        .orElseThrow(() -> ProblemException.notFound("broadcast", broadcastId));
  }

  private static List<String> kinds() {
    List<String> kinds = new ArrayList<>(Doings.KINDS);
    kinds.add(Doings.CUSTOM);
    return kinds;
  }
}
