package io.fanfare.audience.release;

import io.fanfare.audience.run.BroadcastRun;
import io.fanfare.audience.run.RunRepository;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Ends what is still pending of cancelled and failed broadcasts, recipients put back or frozen
 * after the cancellation included.
 */
@Component
class PendingCanceller {

  private static final Logger log = LoggerFactory.getLogger(PendingCanceller.class);

  private final JdbcTemplate jdbc;
  private final RunRepository runs;
  private final TransactionOperations transaction;

  PendingCanceller(JdbcTemplate jdbc, RunRepository runs, TransactionOperations transaction) {
    this.jdbc = jdbc;
    this.runs = runs;
    this.transaction = transaction;
  }

  void cancelPending() {
    List<UUID> broadcasts =
        jdbc.query(
            """
            select r.broadcast_id from broadcast_run r
            where r.open and r.state in ('cancelled', 'failed')
              and exists (select from run_lane rl
                          where rl.broadcast_id = r.broadcast_id and rl.pending > 0)
            """,
            (row, index) -> row.getObject(1, UUID.class));
    for (UUID broadcast : broadcasts) {
      try {
        transaction.executeWithoutResult(status -> cancel(broadcast));
      } catch (RuntimeException e) {
        // Looked at again in the next cycle; the others must not wait for it.
        log.error("what is pending of {} cannot be cancelled: {}", broadcast, e.getMessage(), e);
      }
    }
  }

  private void cancel(UUID broadcastId) {
    // Waits for a release under way; none begins after it.
    List<BroadcastRun> locked = runs.lockShared(List.of(broadcastId));
    if (locked.isEmpty() || !locked.getFirst().state().endsSending()) {
      return;
    }
    List<Cancelled> cancelled =
        jdbc.query(
            """
            with gone as (
              delete from chunk where broadcast_id = ?
              returning channel, account_id, shard, variant, segment, size - next_index as remaining,
                        contact_ids[next_index + 1 :] as contact_ids
            ), kept as (
              insert into cancelled_pending
                (broadcast_id, channel, variant, segment, reason, contact_ids, size)
              select ?, channel, variant, segment, ?, contact_ids, remaining
              from gone where remaining > 0
            )
            select channel, account_id, shard, sum(remaining) as remaining
            from gone group by channel, account_id, shard order by channel, account_id, shard
            """,
            (row, index) ->
                new Cancelled(
                    Channel.of(row.getString("channel")),
                    new Lane(row.getObject("account_id", UUID.class), row.getInt("shard")),
                    row.getLong("remaining")),
            broadcastId,
            broadcastId,
            "broadcast_" + locked.getFirst().state().id());
    for (Cancelled lane : cancelled) {
      jdbc.update(
          """
          update run_lane set pending = pending - ?, cancelled = cancelled + ?
          where broadcast_id = ? and channel = ? and account_id = ? and shard = ?
          """,
          lane.recipients(),
          lane.recipients(),
          broadcastId,
          lane.channel().name(),
          lane.lane().accountId(),
          lane.lane().shard());
    }
  }

  private record Cancelled(Channel channel, Lane lane, long recipients) {}
}
