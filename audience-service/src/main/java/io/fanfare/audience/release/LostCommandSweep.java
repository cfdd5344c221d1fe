package io.fanfare.audience.release;

import io.fanfare.audience.Loop;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Finds lanes of a broadcast that have commands outstanding and count no result, and has their
 * newest hand-overs published again: at first four times what is outstanding, four times more each
 * time after that, with pauses that double. A command that was not lost is claimed already, so its
 * double does nothing.
 */
@Component
class LostCommandSweep extends Loop {

  private static final Logger log = LoggerFactory.getLogger(LostCommandSweep.class);

  private static final String SWEEP =
      """
      with candidate as (
        select rl.broadcast_id, rl.channel, rl.account_id, rl.shard,
               rl.issued - coalesce(l.results, 0) as outstanding,
               -- results since the last sweep: it worked, the next one begins small again
               case when l.moved_at > rl.swept_at then 0 else rl.sweeps end as sweeps,
               -- a broadcast just resumed has not been silent, nor has one after a global stop
               greatest(rl.handed_over_at, l.moved_at, r.updated_at,
                        (select changed_at from global_stop)) as moved_at,
               rl.swept_at
        from broadcast_run r
        join run_lane rl on rl.broadcast_id = r.broadcast_id
        left join lateral (
          select sum(p.results) as results, max(p.received_at) as moved_at
          from ledger_progress p
          where p.broadcast_id = rl.broadcast_id and p.channel = rl.channel
            and p.account_id = rl.account_id and p.shard = rl.shard
        ) l on true
        where r.open and r.state <> 'paused' and rl.issued > coalesce(l.results, 0)
          and not exists (select from global_stop where stopped)
      ), stuck as (
        update run_lane rl set swept_at = now(), sweeps = c.sweeps + 1
        from candidate c
        where rl.broadcast_id = c.broadcast_id and rl.channel = c.channel
          and rl.account_id = c.account_id and rl.shard = c.shard
          and c.moved_at < now() - make_interval(secs => ?)
          and coalesce(c.swept_at
                + make_interval(secs => ?) * power(2, least(c.sweeps, 6)) < now(), true)
        returning rl.broadcast_id, rl.channel, rl.account_id, rl.shard,
                  c.outstanding * power(4, least(rl.sweeps, 16)) as window
      ), ranked as (
        select h.id, s.window,
               sum(h.size) over (
                 partition by h.broadcast_id, h.channel, h.account_id, h.shard
                 order by h.id desc) - h.size as newer
        from stuck s
        join handover h on h.broadcast_id = s.broadcast_id and h.account_id = s.account_id
          and h.shard = s.shard and h.channel = s.channel
      )
      update handover h set published_at = null
      from ranked k
      where h.id = k.id and k.newer < k.window and h.published_at is not null
      """;

  LostCommandSweep(
      JdbcTemplate jdbc, TransactionOperations transaction, ReleaseProperties properties) {
    super(
        "sweep",
        properties.sweepAfter().dividedBy(4),
        () -> {
          sweep(jdbc, transaction, properties.sweepAfter());
          return false;
        });
  }

  private static void sweep(
      JdbcTemplate jdbc, TransactionOperations transaction, Duration sweepAfter) {
    double seconds = sweepAfter.toMillis() / 1000.0;
    transaction.executeWithoutResult(status -> {
      int handovers = jdbc.update(SWEEP, seconds, seconds);
      if (handovers > 0) {
        log.warn("no results for {}: publishing {} hand-overs again", sweepAfter, handovers);
      }
    });
  }
}
