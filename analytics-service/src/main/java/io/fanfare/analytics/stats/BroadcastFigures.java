package io.fanfare.analytics.stats;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast in a line.
 *
 * @param startedAt when its first command ended
 * @param sent recipients a message was sent to
 * @param recipients how many did what at least once, humans alone; bounces whoever noticed
 * @param rates the same as shares
 */
record BroadcastFigures(
    UUID broadcastId,
    Instant startedAt,
    long sent,
    SortedMap<String, Long> recipients,
    Rates rates) {

  static List<String> csvColumns() {
    List<String> columns = new ArrayList<>(List.of("broadcast_id", "started_at", "sent"));
    columns.addAll(Doings.KINDS);
    columns.addAll(RATE_COLUMNS);
    return columns;
  }

  static final List<String> RATE_COLUMNS =
      List.of(
          "open_rate",
          "click_rate",
          "click_to_open_rate",
          "reply_rate",
          "bounce_rate",
          "complaint_rate",
          "unsubscribe_rate");

  static List<@Nullable Object> csvCells(Rates rates) {
    return Arrays.<@Nullable Object>asList(
        rates.open(),
        rates.click(),
        rates.clickToOpen(),
        rates.reply(),
        rates.bounce(),
        rates.complaint(),
        rates.unsubscribe());
  }

  List<@Nullable Object> csvRow() {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(broadcastId);
    row.add(startedAt);
    row.add(sent);
    Doings.KINDS.forEach(kind -> row.add(recipients.get(kind)));
    row.addAll(csvCells(rates));
    return row;
  }
}
