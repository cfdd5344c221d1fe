package io.fanfare.audience.release;

import io.fanfare.audience.Loop;
import io.fanfare.contract.abtest.AbTest;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Figures of all instances together, read from the database every ten seconds. */
@Component
class ReleaseMetrics extends Loop {

  private static final Duration PAUSE = Duration.ofSeconds(10);

  // Every recipient is counted once, and what the counters call pending is what stands in chunks.
  private static final String CONSERVATION_GAP =
      """
      select coalesce(sum(
        abs(rl.planned - rl.pending - rl.handed_over + rl.put_back + rl.fell_back - rl.skipped - rl.cancelled)
        + abs(rl.pending - coalesce(c.remaining, 0))
        + greatest(0, coalesce(l.counted, 0) - rl.handed_over + rl.put_back)), 0)
      from broadcast_run r
      join run_lane rl on rl.broadcast_id = r.broadcast_id
      left join lateral (
        select sum(size - next_index) as remaining from chunk
        where broadcast_id = rl.broadcast_id and account_id = rl.account_id
          and shard = rl.shard and channel = rl.channel) c on true
      left join lateral (
        select sum(sent + failed + dead + in_doubt + retrying + skipped + cancelled + fell_back) as counted
        from ledger_progress
        where broadcast_id = rl.broadcast_id and channel = rl.channel
          and account_id = rl.account_id and shard = rl.shard) l on true
      where r.open
      """;

  ReleaseMetrics(JdbcTemplate jdbc, MeterRegistry metrics) {
    super("release-metrics", PAUSE, new Reading(jdbc, metrics)::read);
  }

  private static final class Reading {

    private final JdbcTemplate jdbc;
    private final AtomicLong conservationGap = new AtomicLong();
    private final AtomicLong oldestChunkMillis = new AtomicLong();
    private final MultiGauge outstanding;

    Reading(JdbcTemplate jdbc, MeterRegistry metrics) {
      this.jdbc = jdbc;
      Gauge.builder("fanfare.conservation.gap", conservationGap, AtomicLong::get)
          .description("Recipients of open broadcasts that are counted nowhere or twice; always 0")
          .register(metrics);
      Gauge.builder(
              "fanfare.oldest.releasable.chunk.seconds",
              oldestChunkMillis,
              millis -> millis.get() / 1000.0)
          .description("How long the oldest chunk of a running broadcast has been due")
          .register(metrics);
      this.outstanding =
          MultiGauge.builder("fanfare.lane.outstanding")
              .description("Commands released and without a result, over all lanes of a channel")
              .register(metrics);
    }

    boolean read() {
      conservationGap.set(longOf(CONSERVATION_GAP));
      oldestChunkMillis.set(
          longOf(
              """
              select coalesce(max(extract(epoch from now()
                       - case when c.variant = ? then greatest(c.due_at, r.updated_at)
                              else c.due_at end) * 1000), 0)::bigint
              from chunk c join broadcast_run r on r.broadcast_id = c.broadcast_id
              where r.open and r.state = 'running' and c.due_at <= now()
                and (c.variant <> ? or r.control ->> 'winner' is not null)
              """,
              AbTest.HOLD_BACK,
              AbTest.HOLD_BACK));
      List<MultiGauge.Row<?>> rows =
          jdbc.query(
              """
              select l.channel, sum(greatest(0, l.issued - coalesce(r.results, 0))) as outstanding
              from lane l
              left join lane_result r on r.account_id = l.account_id and r.shard = l.shard
              group by l.channel
              """,
              (row, index) ->
                  MultiGauge.Row.of(
                      Tags.of("channel", row.getString("channel")), row.getLong("outstanding")));
      outstanding.register(rows, true);
      return false;
    }

    private long longOf(String sql, Object... arguments) {
      Long value = jdbc.queryForObject(sql, Long.class, arguments);
      return value == null ? 0 : value;
    }
  }
}
