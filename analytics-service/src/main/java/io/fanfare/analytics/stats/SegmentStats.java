package io.fanfare.analytics.stats;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.fanfare.analytics.csv.Tabular;
import io.fanfare.analytics.stats.BroadcastStats.RecipientCounts;
import io.fanfare.analytics.stats.Engagement.EngagementPart;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast by the parts of its audience.
 *
 * @param segments by number
 */
record SegmentStats(UUID broadcastId, List<Segment> segments) implements Tabular {

  /**
   * The recipients that were chosen through one list or segment, on all channels.
   *
   * @param segment its number in the audience of the broadcast, from 1; 0 for recipients of whom
   *     nobody knows it, and for single messages
   * @param part {@code list} or {@code segment}; null where nobody knows
   * @param partId the id of the list or segment; null where nobody knows
   * @param counts recipients by where they stand now
   * @param engagement what they did
   */
  @Schema(name = "SegmentFigures")
  record Segment(
      int segment,
      @Nullable String part,
      @Nullable UUID partId,
      @JsonUnwrapped RecipientCounts counts,
      EngagementPart engagement) {}

  @Override
  public List<String> csvHeader() {
    List<String> columns = new ArrayList<>(List.of("segment", "part", "part_id"));
    columns.addAll(BroadcastStats.FIGURE_COLUMNS);
    return columns;
  }

  @Override
  public List<List<@Nullable Object>> csvRows() {
    return segments.stream().map(SegmentStats::csvRow).toList();
  }

  private static List<@Nullable Object> csvRow(Segment segment) {
    List<@Nullable Object> row =
        new ArrayList<>(
            Arrays.<@Nullable Object>asList(segment.segment, segment.part, segment.partId));
    row.addAll(BroadcastStats.figureCells(segment.counts, segment.engagement));
    return row;
  }
}
