package io.fanfare.analytics.stats;

import io.fanfare.analytics.stats.BroadcastStats.RecipientCounts;
import io.fanfare.analytics.stats.Engagement.EngagementPart;
import io.fanfare.analytics.stats.SegmentStats.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reads the figures of a broadcast by the parts of its audience. */
@Repository
@Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
class SegmentRepository {

  /** Every part that has results, and every one that is to have some. */
  private static final String RECIPIENTS =
      """
      with counts as (
        select segment, sum(sent) as sent, sum(failed) as failed, sum(dead) as dead,
          sum(in_doubt) as in_doubt, sum(skipped) as skipped, sum(cancelled) as cancelled,
          sum(retrying) as retrying, sum(fell_back) as fell_back
        from recipient_segment where broadcast_id = :broadcast and tenant_id = :tenant
        group by segment)
      select segment, p.kind, p.id, coalesce(sent, 0) as sent, coalesce(failed, 0) as failed,
        coalesce(dead, 0) as dead, coalesce(in_doubt, 0) as in_doubt,
        coalesce(skipped, 0) as skipped, coalesce(cancelled, 0) as cancelled,
        coalesce(retrying, 0) as retrying, coalesce(fell_back, 0) as fell_back
      from counts c
      full join (select * from audience_part where broadcast_id = :broadcast) p using (segment)
      order by segment
      """;

  private static final String DOINGS =
      """
      select segment, kind, name, machine, sum(events) as events, sum(recipients) as recipients,
        sum(value_sum) as value_sum
      from engagement_segment
      where broadcast_id = :broadcast and tenant_id = :tenant and events <> 0
      group by segment, kind, name, machine
      """;

  private final JdbcClient jdbc;

  SegmentRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The parts of a broadcast of the tenant, which has results. */
  List<Segment> segments(UUID tenantId, UUID broadcastId) {
    Map<Integer, List<Doings.Row>> doings = doings(tenantId, broadcastId);
    return jdbc.sql(RECIPIENTS)
        .param("broadcast", broadcastId)
        .param("tenant", tenantId)
        .query((row, number) -> {
          int segment = row.getInt("segment");
          RecipientCounts counts = RecipientCounts.of(row);
          return new Segment(
              segment,
              row.getString("kind"),
              row.getObject("id", UUID.class),
              counts,
              EngagementPart.of(doings.getOrDefault(segment, List.of()), counts.sent()));
        })
        .list();
  }

  private Map<Integer, List<Doings.Row>> doings(UUID tenantId, UUID broadcastId) {
    Map<Integer, List<Doings.Row>> doings = new TreeMap<>();
    jdbc.sql(DOINGS)
        .param("broadcast", broadcastId)
        .param("tenant", tenantId)
        .query(row -> {
          doings
              .computeIfAbsent(row.getInt("segment"), segment -> new ArrayList<>())
              .add(
                  new Doings.Row(
                      "",
                      "",
                      row.getString("kind"),
                      row.getString("name"),
                      row.getBoolean("machine"),
                      row.getLong("events"),
                      row.getLong("recipients"),
                      row.getBigDecimal("value_sum")));
        });
    return doings;
  }
}
