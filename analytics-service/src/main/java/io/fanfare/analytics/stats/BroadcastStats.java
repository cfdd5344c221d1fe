package io.fanfare.analytics.stats;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.fanfare.analytics.csv.Tabular;
import io.fanfare.analytics.stats.Doings.Done;
import io.fanfare.analytics.stats.Engagement.ChannelEngagement;
import io.fanfare.analytics.stats.Engagement.EngagementPart;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one broadcast. They follow the workers' results: recipients skipped or cancelled
 * before they were handed over are in the broadcast's progress, not here.
 *
 * @param broadcastId the broadcast
 * @param counts recipients by where they stand now
 * @param attempts commands that ended, by outcome: a recipient that was retried twice ended three
 * @param channels the same by channel
 * @param minutes commands that ended within each minute that had any, oldest first; the newest
 *     1,440 of them
 * @param engagement what recipients did with it
 * @param firstAt when the first command ended
 * @param lastAt when the last command ended
 */
record BroadcastStats(
    UUID broadcastId,
    RecipientCounts counts,
    AttemptCounts attempts,
    SortedMap<String, ChannelStats> channels,
    List<MinuteStats> minutes,
    Engagement engagement,
    Instant firstAt,
    Instant lastAt)
    implements Tabular {

  /** What a line of a table has of some recipients. */
  static final List<String> FIGURE_COLUMNS = figureColumns();

  private static List<String> figureColumns() {
    List<String> columns =
        new ArrayList<>(
            List.of(
                "sent",
                "failed",
                "dead",
                "in_doubt",
                "skipped",
                "cancelled",
                "retrying",
                "fell_back"));
    for (String kind : Doings.KINDS) {
      columns.add(kind);
      columns.add(kind + "_events");
      columns.add(kind + "_machine");
      columns.add(kind + "_machine_events");
    }
    columns.addAll(BroadcastFigures.RATE_COLUMNS);
    return List.copyOf(columns);
  }

  @Override
  public List<String> csvHeader() {
    List<String> columns = new ArrayList<>(List.of("channel", "variant"));
    columns.addAll(FIGURE_COLUMNS);
    return columns;
  }

  @Override
  public List<List<@Nullable Object>> csvRows() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    channels.forEach((channel, stats) ->
        stats
            .variants()
            .forEach((variant, counts) -> {
              ChannelEngagement its = engagement.channels().get(channel);
              EngagementPart part = its == null ? null : its.variants().get(variant);
              rows.add(csvRow(channel, variant, counts, part));
            }));
    return rows;
  }

  private static List<@Nullable Object> csvRow(
      String channel, String variant, RecipientCounts counts, @Nullable EngagementPart part) {
    List<@Nullable Object> row = new ArrayList<>(List.of(channel, variant));
    row.addAll(figureCells(counts, part));
    return row;
  }

  static List<@Nullable Object> figureCells(RecipientCounts counts, @Nullable EngagementPart part) {
    List<@Nullable Object> row =
        new ArrayList<>(
            List.of(
                counts.sent,
                counts.failed,
                counts.dead,
                counts.inDoubt,
                counts.skipped,
                counts.cancelled,
                counts.retrying,
                counts.fellBack));
    for (String kind : Doings.KINDS) {
      Done done = part == null ? Done.NOTHING : part.kinds().getOrDefault(kind, Done.NOTHING);
      row.add(done.recipients());
      row.add(done.events());
      row.add(done.machineRecipients());
      row.add(done.machineEvents());
    }
    if (part != null) {
      row.addAll(BroadcastFigures.csvCells(part.rates()));
    }
    return row;
  }

  /**
   * Recipients by where they stand now; those that fell back stand on the next channel of the
   * broadcast's order as well, so that they are contacts counted once more.
   */
  record RecipientCounts(
      long sent,
      long failed,
      long dead,
      long inDoubt,
      long skipped,
      long cancelled,
      long retrying,
      long fellBack) {

    static final RecipientCounts ZERO = new RecipientCounts(0, 0, 0, 0, 0, 0, 0, 0);

    /** A row that has a column for each. */
    static RecipientCounts of(ResultSet row) throws SQLException {
      return new RecipientCounts(
          row.getLong("sent"),
          row.getLong("failed"),
          row.getLong("dead"),
          row.getLong("in_doubt"),
          row.getLong("skipped"),
          row.getLong("cancelled"),
          row.getLong("retrying"),
          row.getLong("fell_back"));
    }

    RecipientCounts plus(RecipientCounts other) {
      return new RecipientCounts(
          sent + other.sent,
          failed + other.failed,
          dead + other.dead,
          inDoubt + other.inDoubt,
          skipped + other.skipped,
          cancelled + other.cancelled,
          retrying + other.retrying,
          fellBack + other.fellBack);
    }
  }

  /** Commands that ended, by outcome. */
  record AttemptCounts(
      long sent,
      long failed,
      long dead,
      long retrying,
      long rateLimited,
      long inDoubt,
      long returned,
      long skipped,
      long cancelled,
      long fellBack) {

    static final AttemptCounts ZERO = new AttemptCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    AttemptCounts plus(AttemptCounts other) {
      return new AttemptCounts(
          sent + other.sent,
          failed + other.failed,
          dead + other.dead,
          retrying + other.retrying,
          rateLimited + other.rateLimited,
          inDoubt + other.inDoubt,
          returned + other.returned,
          skipped + other.skipped,
          cancelled + other.cancelled,
          fellBack + other.fellBack);
    }
  }

  /**
   * One channel of the broadcast.
   *
   * @param counts recipients by where they stand now
   * @param attempts commands that ended, by outcome
   * @param causes commands that were not sent, by the code of the cause
   * @param variants recipients by variant of the content
   */
  record ChannelStats(
      @JsonUnwrapped RecipientCounts counts,
      AttemptCounts attempts,
      SortedMap<String, Long> causes,
      SortedMap<String, RecipientCounts> variants) {}

  /**
   * One point of the time series.
   *
   * @param at the beginning of the minute
   * @param attempts commands that ended within it, by outcome
   */
  record MinuteStats(Instant at, @JsonUnwrapped AttemptCounts attempts) {}
}
