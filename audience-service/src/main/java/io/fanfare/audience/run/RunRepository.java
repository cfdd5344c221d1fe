package io.fanfare.audience.run;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.broadcast.BroadcastControl;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The newest control of every broadcast. */
@Repository
public class RunRepository {

  private static final List<String> OF_A_BROADCAST =
      List.of(
          "broadcast_run",
          "audience_freeze",
          "address_taken",
          "held_back",
          "pace_sample",
          "pace",
          "chunk",
          "run_lane",
          "message",
          "skipped",
          "cancelled_pending",
          "put_off_recipients",
          "handover",
          "due_retry",
          "returned_seen",
          "in_doubt_end",
          "ledger_progress");

  private final JdbcTemplate jdbc;

  RunRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Keeps a control unless a newer one is known; a broadcast seen first waits to be frozen. */
  void keep(BroadcastControl control) {
    jdbc.update(
        """
        insert into broadcast_run as r (broadcast_id, tenant_id, epoch, state, control)
        values (?, ?, ?, ?, ?::jsonb)
        on conflict (broadcast_id) do update
        set epoch = excluded.epoch, state = excluded.state, control = excluded.control,
            open = true, updated_at = now()
        where r.epoch < excluded.epoch
        """,
        control.broadcastId(),
        control.tenantId(),
        control.epoch(),
        control.state().id(),
        new String(EventCodec.encode(control), StandardCharsets.UTF_8));
    // Single messages come one by one: there is nothing to freeze.
    jdbc.update(
        """
        insert into audience_freeze (broadcast_id, frozen_at)
        values (?, case when ? then now() end) on conflict do nothing
        """,
        control.broadcastId(),
        control.carriesMessages());
  }

  /**
   * Forgets a broadcast that carried messages and all that is known of its recipients; for the
   * running transaction. Figures of the others are asked for as long as broadcast-api has them.
   */
  void forget(UUID broadcastId) {
    if (!jdbc.queryForList(
            "select 1 from broadcast_run where broadcast_id = ? and not messages",
            Integer.class,
            broadcastId)
        .isEmpty()) {
      return;
    }
    for (String table : OF_A_BROADCAST) {
      jdbc.update("delete from " + table + " where broadcast_id = ?", broadcastId);
    }
  }

  public Optional<BroadcastRun> find(UUID broadcastId) {
    return jdbc
        .query(
            "select control from broadcast_run where broadcast_id = ?",
            RunRepository::run,
            broadcastId)
        .stream()
        .findFirst();
  }

  /**
   * Some broadcasts, whose state cannot change before the transaction ends. Locked in the order of
   * their ids, as everybody does it.
   */
  public List<BroadcastRun> lockShared(Collection<UUID> broadcastIds) {
    return jdbc.query(
        """
        select control from broadcast_run where broadcast_id = any(?::uuid[])
        order by broadcast_id for share
        """,
        RunRepository::run,
        (Object) texts(broadcastIds));
  }

  /** Opens broadcasts again that had nothing more to do. */
  public void reopen(Collection<UUID> broadcastIds) {
    jdbc.query(
        """
        select broadcast_id from broadcast_run where broadcast_id = any(?::uuid[])
        order by broadcast_id for no key update
        """,
        (row, index) -> row.getObject(1, UUID.class),
        (Object) texts(broadcastIds));
    jdbc.update(
        "update broadcast_run set open = true where broadcast_id = any(?::uuid[]) and not open",
        (Object) texts(broadcastIds));
  }

  private static String[] texts(Collection<UUID> ids) {
    return ids.stream().map(UUID::toString).toArray(String[]::new);
  }

  private static BroadcastRun run(ResultSet row, int index) throws SQLException {
    byte[] control = row.getString("control").getBytes(StandardCharsets.UTF_8);
    return new BroadcastRun(EventCodec.decode(BroadcastControl.class, control));
  }
}
