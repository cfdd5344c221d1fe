package io.fanfare.broadcast.broadcast.progress;

import io.fanfare.support.identity.Identity;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** {@code /api/v1/broadcasts/{id}/progress}. */
@RestController
@RequestMapping("/api/v1/broadcasts/{id}/progress")
@Tag(name = "Progress", description = "How far a broadcast is.")
class ProgressController {

  private static final String EXAMPLE =
      """
      {"broadcast_id": "018f0000-0000-7000-8000-000000000051", "state": "running", \
      "frozen": true, "planned": 10000, "pending": 5000, "in_flight": 200, "retrying": 20, \
      "sent": 4600, "failed": 30, "dead": 0, "in_doubt": 0, "skipped": 150, "cancelled": 0, \
      "skipped_by_reason": {"no_address": 150}, "percent": 47.8, "rate_per_second": 940.5, \
      "estimated_completion_at": "2026-11-23T07:00:12Z", \
      "last_activity_at": "2026-11-23T07:00:06Z", "channels": {"email": {"planned": 10000, \
      "pending": 5000, "in_flight": 200, "retrying": 20, "sent": 4600, "failed": 30, "dead": 0, \
      "in_doubt": 0, "skipped": 150, "cancelled": 0, "fell_back": 0}}, "look_ahead": {"email": 1000}}\
      """;

  private final ProgressReader reader;
  private final ProgressStreams streams;

  ProgressController(ProgressReader reader, ProgressStreams streams) {
    this.reader = reader;
    this.streams = streams;
  }

  @GetMapping
  @Operation(
      summary = "Get the progress of a broadcast",
      description =
          "planned = pending + in_flight + retrying + sent + failed + dead + in_doubt + skipped +"
              + " cancelled, over all channels and for each. In fallback order planned counts contacts,"
              + " each on the channel it is at; a channel's fell_back counts those that went on to"
              + " the next one. 502 when it cannot be had right now.")
  @ApiResponse(responseCode = "200", content = @Content(examples = @ExampleObject(EXAMPLE)))
  BroadcastProgress progress(Identity who, @PathVariable UUID id) {
    return reader.progress(who, id);
  }

  @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @Operation(
      summary = "Watch the progress of a broadcast",
      description =
          "Server-sent events: progress up to twice a second, then end when it is over. The data of"
              + " both is the progress. 503 too_many_streams when too many watch.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string"),
              examples = @ExampleObject("event: progress\ndata: {\"percent\": 47.8}\n\n")))
  ResponseEntity<SseEmitter> stream(Identity who, @PathVariable UUID id) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .header("X-Accel-Buffering", "no")
        .body(streams.open(who, id));
  }
}
