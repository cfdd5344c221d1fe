package io.fanfare.retry.broadcast;

import io.fanfare.contract.broadcast.BroadcastState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The newest policy of each broadcast. */
@Repository
public class BroadcastPolicyRepository {

  private static final String SAVE =
      """
      insert into broadcast_policy as p
        (broadcast_id, tenant_id, epoch, state, resends_in_doubt, retry_delays_ms, ledger_day)
      values (:broadcast, :tenant, :epoch, :state, :resendsInDoubt,
        cast(:delays as bigint[]), :ledgerDay)
      on conflict (broadcast_id) do update set
        epoch = excluded.epoch,
        state = excluded.state,
        resends_in_doubt = excluded.resends_in_doubt,
        retry_delays_ms = excluded.retry_delays_ms
      where excluded.epoch > p.epoch
      """;

  // Planned while the policy was not known yet; only a person may order it under this one.
  private static final String KEEP_IN_DOUBT =
      """
      update retry set due_at = null, announce_at = null
      where broadcast_id = :broadcast and bucket = 'in_doubt' and not granted
        and due_at is not null
      """;

  private final JdbcClient jdbc;

  BroadcastPolicyRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Keeps a policy unless a newer one is known. */
  void save(BroadcastPolicy policy) {
    jdbc.sql(SAVE)
        .param("broadcast", policy.broadcastId())
        .param("tenant", policy.tenantId())
        .param("epoch", policy.epoch())
        .param("state", policy.state().id())
        .param("resendsInDoubt", policy.resendsInDoubt())
        .param("delays", policy.retryDelays().stream().map(Duration::toMillis).toArray(Long[]::new))
        .param("ledgerDay", policy.ledgerDay())
        .update();
    if (!policy.resendsInDoubt()) {
      jdbc.sql(KEEP_IN_DOUBT).param("broadcast", policy.broadcastId()).update();
    }
  }

  /**
   * Forgets a broadcast that was deleted: nothing of it can be sent any more, so nothing of it is
   * offered to be. What happened to its recipients is kept as long as that of all others.
   */
  void forget(UUID broadcastId) {
    jdbc.sql(
            """
            update dead_letter set state = 'discarded', changed_at = now()
            where broadcast_id = :broadcast and state = 'open'
            """)
        .param("broadcast", broadcastId)
        .update();
    jdbc.sql("delete from broadcast_policy where broadcast_id = :broadcast")
        .param("broadcast", broadcastId)
        .update();
  }

  /** Marks that a pause was asked for; false when it was before, or a newer control is known. */
  public boolean markPauseAsked(UUID broadcastId, long epoch) {
    return jdbc.sql(
                """
                update broadcast_policy set pause_asked_epoch = epoch
                where broadcast_id = :broadcast and epoch = :epoch and state = 'running'
                  and pause_asked_epoch < epoch
                """)
            .param("broadcast", broadcastId)
            .param("epoch", epoch)
            .update()
        == 1;
  }

  /** The policies of those of the broadcasts that are known. */
  public Map<UUID, BroadcastPolicy> find(Collection<UUID> broadcastIds) {
    Map<UUID, BroadcastPolicy> policies = new HashMap<>();
    List<BroadcastPolicy> found =
        jdbc.sql("select * from broadcast_policy where broadcast_id = any(cast(:ids as uuid[]))")
            .param("ids", broadcastIds.stream().map(UUID::toString).toArray(String[]::new))
            .query((row, number) -> read(row))
            .list();
    found.forEach(policy -> policies.put(policy.broadcastId(), policy));
    return policies;
  }

  /** The policy of a tenant's broadcast; empty when it is unknown or another tenant's. */
  public Optional<BroadcastPolicy> find(UUID tenantId, UUID broadcastId) {
    return Optional.ofNullable(find(List.of(broadcastId)).get(broadcastId))
        .filter(policy -> policy.tenantId().equals(tenantId));
  }

  private static BroadcastPolicy read(ResultSet row) throws SQLException {
    Long[] delays = (Long[]) row.getArray("retry_delays_ms").getArray();
    return new BroadcastPolicy(
        row.getObject("broadcast_id", UUID.class),
        row.getObject("tenant_id", UUID.class),
        row.getLong("epoch"),
        BroadcastState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getBoolean("resends_in_doubt"),
        Arrays.stream(delays).map(Duration::ofMillis).toList(),
        row.getObject("ledger_day", LocalDate.class));
  }
}
