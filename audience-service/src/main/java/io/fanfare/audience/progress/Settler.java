package io.fanfare.audience.progress;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.support.outbox.Outbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Sees that a broadcast has nothing pending, in flight or retrying any more: asks for its
 * completion once per epoch, and forgets what only mattered until then.
 */
@Component
class Settler {

  // What is in flight or retrying is what was handed over and has not ended. Counters that arrive
  // late only make it larger, so a broadcast never looks settled too early. Where a send in doubt
  // is sent again by itself, being in doubt is an end only for those that have no attempt left. Who
  // fell back has ended on that channel; all of them must be planned on the next one, whichever of
  // the counters and the event came first.
  private static final String SETTLED =
      """
      select r.broadcast_id, r.tenant_id, r.epoch, r.state, r.messages,
             coalesce(o.planned, 0) as planned
      from broadcast_run r
      join audience_freeze f on f.broadcast_id = r.broadcast_id and f.frozen_at is not null
      left join lateral (
        select sum(sent + failed + dead + in_doubt + skipped + cancelled + fell_back) as ended,
               sum(in_doubt) as in_doubt, sum(fell_back) as fell_back
        from ledger_progress where broadcast_id = r.broadcast_id
      ) l on true
      left join lateral (
        select sum(planned) as planned, sum(pending) as pending,
               sum(handed_over - put_back) as handed_over, sum(fell_back) as fell_back
        from run_lane where broadcast_id = r.broadcast_id
      ) o on true
      where r.open and (r.completed_epoch < r.epoch or r.state <> 'running' or r.messages)
        and coalesce(o.pending, 0) = 0
        and coalesce(o.handed_over, 0) = coalesce(l.ended, 0)
        and coalesce(o.fell_back, 0) = coalesce(l.fell_back, 0)
        and (r.state <> 'running' or r.control ->> 'policy' <> 'at-least-once'
          or coalesce(l.in_doubt, 0)
             <= (select count(*) from in_doubt_end e where e.broadcast_id = r.broadcast_id))
      """;

  private static final String NEWS =
      """
        and (r.updated_at > now() - interval '3 seconds'
          or f.frozen_at > now() - interval '3 seconds'
          or exists (select from ledger_progress p where p.broadcast_id = r.broadcast_id
                     and p.received_at > now() - interval '3 seconds'))
      """;

  private static final String NOTHING_WAITS =
      """
      select not exists (select from due_retry where broadcast_id = ? and released_at is null)
         and not exists (select from handover where broadcast_id = ? and published_at is null)
         and not exists (select from run_lane where broadcast_id = ? and pending > 0)
      """;

  private final JdbcTemplate jdbc;
  private final Outbox outbox;
  private final TransactionOperations transaction;
  private final Clock clock;

  Settler(JdbcTemplate jdbc, Outbox outbox, TransactionOperations transaction, Clock clock) {
    this.jdbc = jdbc;
    this.outbox = outbox;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Looks at broadcasts something was heard of in the last seconds. */
  void settleNews() {
    settle(SETTLED + NEWS);
  }

  /** Looks at every open broadcast. */
  void settleAll() {
    settle(SETTLED);
  }

  private void settle(String sql) {
    for (Settled run : jdbc.query(sql, Settler::settled)) {
      transaction.executeWithoutResult(status -> settle(run));
    }
    transaction.executeWithoutResult(status -> closeUnfrozen());
  }

  private static Settled settled(ResultSet row, int index) throws SQLException {
    return new Settled(
        row.getObject("broadcast_id", UUID.class),
        row.getObject("tenant_id", UUID.class),
        row.getLong("epoch"),
        row.getString("state"),
        row.getBoolean("messages") ? row.getLong("planned") : null);
  }

  private void settle(Settled run) {
    if (!lock(run) || !nothingWaits(run.broadcastId)) {
      return;
    }
    switch (run.state) {
      case "running" -> {
        if (run.planned == null) {
          complete(run);
        } else {
          rest(run.broadcastId);
        }
      }
      case "completed", "cancelled", "failed" -> close(run.broadcastId);
      // A paused one is asked to complete once it runs again.
      default -> {}
    }
  }

  private boolean lock(Settled run) {
    return !jdbc.queryForList(
            """
            select 1 from broadcast_run
            where broadcast_id = ? and epoch = ? and open for no key update
            """,
            Integer.class,
            run.broadcastId,
            run.epoch)
        .isEmpty();
  }

  private boolean nothingWaits(UUID broadcastId) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(NOTHING_WAITS, Boolean.class, broadcastId, broadcastId, broadcastId));
  }

  /**
   * What carries messages is settled most of its day and must cost nothing then: it is closed, and
   * the next message opens it. Looked at again under the lock, as a message may have come and gone.
   */
  private void rest(UUID broadcastId) {
    for (Settled run :
        jdbc.query(SETTLED + " and r.broadcast_id = ?", Settler::settled, broadcastId)) {
      complete(run);
      close(broadcastId);
    }
  }

  private void complete(Settled run) {
    int first =
        jdbc.update(
            """
            update broadcast_run set completed_epoch = epoch
            where broadcast_id = ? and completed_epoch < epoch
            """,
            run.broadcastId);
    if (first == 1) {
      outbox.publish(
          Topics.BROADCAST_SIGNAL,
          run.broadcastId.toString(),
          new BroadcastSignal(
              run.broadcastId,
              run.tenantId,
              Signal.COMPLETE,
              run.epoch,
              run.planned,
              null,
              clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    }
  }

  private void close(UUID broadcastId) {
    jdbc.update(
        "update broadcast_run set open = false, updated_at = now() where broadcast_id = ?",
        broadcastId);
    jdbc.update("delete from handover where broadcast_id = ?", broadcastId);
  }

  /** A broadcast that ended before its audience was frozen has nothing to wait for. */
  private void closeUnfrozen() {
    jdbc.update(
        """
        with ended as (
          select f.broadcast_id
          from audience_freeze f join broadcast_run r on r.broadcast_id = f.broadcast_id
          where r.open and f.frozen_at is null and r.state in ('completed', 'cancelled', 'failed')
          for update of f skip locked
        ), refused as (
          update audience_freeze f set refused = coalesce(f.refused, 'ended')
          from ended e where f.broadcast_id = e.broadcast_id
        )
        update broadcast_run r set open = false from ended e where r.broadcast_id = e.broadcast_id
        """);
  }

  /**
   * A broadcast to settle.
   *
   * @param planned of one that carries single messages, since more may be on their way; else null
   */
  private record Settled(
      UUID broadcastId, UUID tenantId, long epoch, String state, @Nullable Long planned) {}
}
