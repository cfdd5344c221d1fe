package io.fanfare.audience.release;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** What broadcasts with a rate of their own have handed over lately. */
@Repository
class PaceRepository {

  private final JdbcTemplate jdbc;
  private final double windowSeconds;
  private final double sampleSeconds;

  PaceRepository(JdbcTemplate jdbc, PacePolicy policy) {
    this.jdbc = jdbc;
    this.windowSeconds = policy.window().toMillis() / 1000.0;
    this.sampleSeconds = policy.sampleEvery().toMillis() / 1000.0;
  }

  /**
   * Where a broadcast stands.
   *
   * @param issued commands ever handed over, on all lanes
   * @param resultsBefore results that were known a window ago
   * @param now when the transaction began, which is before everything else in here was read
   */
  record Pace(
      UUID broadcastId, long issued, long resultsBefore, @Nullable Instant nextAt, Instant now) {}

  /**
   * Holds the paces of broadcasts until the transaction ends: nobody else hands over for them, on
   * whatever lane. Locked in the order of their ids.
   */
  List<Pace> lock(List<UUID> broadcastIds) {
    String[] ids = broadcastIds.stream().sorted().map(UUID::toString).toArray(String[]::new);
    jdbc.update(
        """
        insert into pace (broadcast_id) select i from unnest(?::uuid[]) i order by i
        on conflict do nothing
        """,
        (Object) ids);
    Map<UUID, @Nullable Instant> nextAt = new TreeMap<>();
    jdbc.query(
        """
        select broadcast_id, next_at from pace where broadcast_id = any(?::uuid[])
        order by broadcast_id for update
        """,
        row -> {
          Timestamp next = row.getTimestamp("next_at");
          nextAt.put(
              row.getObject("broadcast_id", UUID.class), next == null ? null : next.toInstant());
        },
        (Object) ids);
    // After the locks are held: whoever had them before has committed what it handed over.
    List<Pace> paces = new ArrayList<>();
    nextAt.forEach((broadcastId, next) -> paces.add(read(broadcastId, next)));
    return paces;
  }

  private Pace read(UUID broadcastId, @Nullable Instant nextAt) {
    // Seen after they were read: everything these results stand for had arrived by then.
    jdbc.update(
        """
        insert into pace_sample (broadcast_id, seen_at, results)
        select ?, clock_timestamp(), coalesce(sum(results), 0)
        from ledger_progress where broadcast_id = ?
        having not exists (
          select from pace_sample
          where broadcast_id = ? and seen_at > clock_timestamp() - make_interval(secs => ?))
        """,
        broadcastId,
        broadcastId,
        broadcastId,
        sampleSeconds);
    jdbc.update(
        """
        delete from pace_sample
        where broadcast_id = ? and seen_at < (
          select max(seen_at) from pace_sample
          where broadcast_id = ? and seen_at <= now() - make_interval(secs => ?))
        """,
        broadcastId,
        broadcastId,
        windowSeconds);
    return jdbc.query(
            """
            select now() as now,
              (select coalesce(sum(issued), 0) from run_lane where broadcast_id = ?) as issued,
              (select coalesce(max(results), 0) from pace_sample
               where broadcast_id = ? and seen_at <= now() - make_interval(secs => ?))
                as results_before
            """,
            (row, index) ->
                new Pace(
                    broadcastId,
                    row.getLong("issued"),
                    row.getLong("results_before"),
                    nextAt,
                    row.getTimestamp("now").toInstant()),
            broadcastId,
            broadcastId,
            windowSeconds)
        .getFirst();
  }

  void handedOver(UUID broadcastId, Instant nextAt) {
    jdbc.update(
        "update pace set next_at = ? where broadcast_id = ?", Timestamp.from(nextAt), broadcastId);
  }
}
