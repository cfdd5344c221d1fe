package io.fanfare.analytics.rebuild;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Holds two generations against each other, row by row, and puts the new one in the place of the
 * live one. All of it in one transaction, in which the live counting waits.
 */
final class GenerationSwap {

  static final int SHOWN = 20;

  private static final String OFFSETS =
      "select topic, partition, next_offset from consumer_offset order by topic, partition";

  /**
   * The broadcasts both generations can know everything of: those of which nothing happened before
   * the horizon, and that are not sealed.
   */
  private static final String COVERED =
      """
      create temporary table rebuild_covered on commit drop as
      select broadcast_id, min(at) > coalesce(cast('%3$s' as timestamptz), '-infinity')
        and broadcast_id not in (select broadcast_id from %1$s.sealed_broadcast) as covered
      from (
        select broadcast_id, first_at as at from %1$s.recipient_count
        union all select broadcast_id, first_at from %2$s.recipient_count
        union all select broadcast_id, at from %1$s.engagement_series where step = 'minute'
        union all select broadcast_id, at from %2$s.engagement_series where step = 'minute') known
      group by broadcast_id
      """;

  private static final String ROWS =
      """
      select * from %1$s.%2$s
      where %3$s and broadcast_id in (select broadcast_id from rebuild_covered where covered)
      """;

  private final JdbcClient jdbc;
  private final String live;
  private final String rebuilt;

  /**
   * @param jdbc leads to one session, whose schema is the live one
   * @param live name of the live schema
   * @param rebuilt name of the one beside it
   */
  GenerationSwap(JdbcClient jdbc, String live, String rebuilt) {
    this.jdbc = jdbc;
    this.live = live;
    this.rebuilt = rebuilt;
  }

  /** Where the live counting stands; it goes on. */
  Map<TopicPartition, Long> liveOffsets() {
    return offsets(OFFSETS);
  }

  /** Where the live counting stands; it waits until the transaction ends. */
  Map<TopicPartition, Long> lockedLiveOffsets() {
    return offsets(OFFSETS + " for update");
  }

  private Map<TopicPartition, Long> offsets(String statement) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    jdbc.sql(statement)
        .query(row -> {
          offsets.put(
              new TopicPartition(row.getString("topic"), row.getInt("partition")),
              row.getLong("next_offset"));
        });
    return offsets;
  }

  /**
   * Compares every row.
   *
   * @param horizon before it the topics are not whole
   */
  Comparison compare(@Nullable Instant horizon) {
    // An instant has no characters that could end the literal; a definition takes no bound value.
    jdbc.sql(COVERED.formatted(live, rebuilt, horizon == null ? "-infinity" : horizon)).update();
    long rows = 0;
    long differing = 0;
    List<Difference> differences = new ArrayList<>();
    for (RollUp rollUp : RollUp.ALL) {
      rows += number("select count(*) from (" + rowsOf(live, rollUp) + ") r");
      differing += compare(rollUp, differences);
    }
    return new Comparison(
        rows,
        number("select count(*) from rebuild_covered where covered"),
        number("select count(*) from rebuild_covered where not covered"),
        differing,
        List.copyOf(differences));
  }

  private long compare(RollUp rollUp, List<Difference> differences) {
    String ours = rowsOf(live, rollUp);
    String theirs = rowsOf(rebuilt, rollUp);
    long[] total = {0};
    jdbc.sql(
            """
            select generation, line, count(*) over () as total from (
              select 'live' as generation, l::text as line from (%1$s except %2$s) l
              union all
              select 'rebuilt', r::text from (%2$s except %1$s) r) d
            order by line, generation limit :shown
            """
                .formatted(ours, theirs))
        .param("shown", SHOWN)
        .query(row -> {
          total[0] = row.getLong("total");
          if (differences.size() < SHOWN) {
            differences.add(
                new Difference(rollUp.name(), row.getString("generation"), row.getString("line")));
          }
        });
    return total[0];
  }

  /** Puts the new rows in the place of the live ones. */
  void swap() {
    for (RollUp rollUp : RollUp.ALL) {
      if (rollUp.swapped()) {
        jdbc.sql(
                "delete from %s.%s where broadcast_id in (select broadcast_id from rebuild_covered where covered)"
                    .formatted(live, rollUp.name()))
            .update();
        jdbc.sql("insert into %s.%s ".formatted(live, rollUp.name()) + rowsOf(rebuilt, rollUp))
            .update();
      }
    }
  }

  private static String rowsOf(String schema, RollUp rollUp) {
    return ROWS.formatted(schema, rollUp.name(), rollUp.something());
  }

  private long number(String statement) {
    return jdbc.sql(statement).query((row, number) -> row.getLong(1)).single();
  }
}
