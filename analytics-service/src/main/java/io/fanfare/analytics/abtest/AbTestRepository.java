package io.fanfare.analytics.abtest;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.BroadcastSignal.VariantSize;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tests as they stand. Whoever changes one has locked its row. */
@Repository
class AbTestRepository {

  private static final String INSERT =
      """
      insert into ab_test (broadcast_id, tenant_id, epoch, plan, channel, metric, kind, event_name,
        started_at, paused_ms, state, looks_done, next_look_at)
      values (:broadcast, :tenant, :epoch, cast(:plan as jsonb), :channel, :metric, :kind,
        :eventName, :startedAt, 0, :state, 0, :nextLookAt)
      on conflict (broadcast_id) do nothing
      """;

  private static final String UPDATE =
      """
      update ab_test set epoch = :epoch, paused_at = :pausedAt, paused_ms = :pausedMs,
        state = :state, looks_done = :looksDone, next_look_at = :nextLookAt,
        recommended = :recommended, winner = :winner, decided_by = :decidedBy,
        decided_at = :decidedAt, decided_actor = :decidedActor
      where broadcast_id = :broadcast
      """;

  // The one that waits longest, unless another instance is at it.
  private static final String LOCK_DUE =
      """
      select * from ab_test
      where state = 'running' and paused_at is null and next_look_at <= :now
        and broadcast_id <> all (cast(:except as uuid[]))
      order by next_look_at limit 1
      for update skip locked
      """;

  private final JdbcClient jdbc;

  AbTestRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Takes up a test unless it is known. */
  void add(StoredTest test) {
    AbTest plan = test.plan();
    MetricCount count = MetricCount.of(plan);
    jdbc.sql(INSERT)
        .param("broadcast", test.broadcastId())
        .param("tenant", test.tenantId())
        .param("epoch", test.epoch())
        .param("plan", new String(EventCodec.encode(plan), StandardCharsets.UTF_8))
        .param("channel", plan.channel().name())
        .param("metric", plan.metric().id())
        .param("kind", count.kind())
        .param("eventName", count.name())
        .param("startedAt", utc(test.startedAt()))
        .param("state", test.state().id())
        .param("nextLookAt", utc(test.nextLookAt()))
        .update();
  }

  /** Keeps how large the variants of a test were frozen. */
  void addAudience(UUID tenantId, UUID broadcastId, VariantSize size) {
    jdbc.sql(
            """
            insert into ab_audience (broadcast_id, channel, variant, tenant_id, recipients)
            values (:broadcast, :channel, :variant, :tenant, :recipients)
            on conflict (broadcast_id, channel, variant) do nothing
            """)
        .param("broadcast", broadcastId)
        .param("channel", size.channel().name())
        .param("variant", size.variant())
        .param("tenant", tenantId)
        .param("recipients", size.recipients())
        .update();
  }

  void update(StoredTest test) {
    jdbc.sql(UPDATE)
        .param("broadcast", test.broadcastId())
        .param("epoch", test.epoch())
        .param("pausedAt", utc(test.pausedAt()))
        .param("pausedMs", test.paused().toMillis())
        .param("state", test.state().id())
        .param("looksDone", test.looksDone())
        .param("nextLookAt", utc(test.nextLookAt()))
        .param("recommended", test.recommended())
        .param("winner", test.winner())
        .param("decidedBy", test.decidedBy() == null ? null : test.decidedBy().id())
        .param("decidedAt", utc(test.decidedAt()))
        .param("decidedActor", test.decidedActor())
        .update();
  }

  /** A test whose look is due and that nobody else is at, locked. */
  Optional<StoredTest> lockDue(Instant now, Collection<UUID> except) {
    return jdbc.sql(LOCK_DUE)
        .param("now", utc(now))
        .param("except", except.stream().map(UUID::toString).toArray(String[]::new))
        .query((row, number) -> read(row))
        .optional();
  }

  /** A test, locked. */
  Optional<StoredTest> lock(UUID broadcastId) {
    return jdbc.sql("select * from ab_test where broadcast_id = :broadcast for update")
        .param("broadcast", broadcastId)
        .query((row, number) -> read(row))
        .optional();
  }

  /** A test of the tenant. */
  Optional<StoredTest> find(UUID tenantId, UUID broadcastId) {
    return jdbc.sql("select * from ab_test where broadcast_id = :broadcast and tenant_id = :tenant")
        .param("broadcast", broadcastId)
        .param("tenant", tenantId)
        .query((row, number) -> read(row))
        .optional();
  }

  private static StoredTest read(ResultSet row) throws SQLException {
    String by = row.getString("decided_by");
    return new StoredTest(
        row.getObject("broadcast_id", UUID.class),
        row.getObject("tenant_id", UUID.class),
        row.getLong("epoch"),
        EventCodec.decode(AbTest.class, row.getString("plan").getBytes(StandardCharsets.UTF_8)),
        instant(row.getObject("started_at", OffsetDateTime.class)),
        nullable(row.getObject("paused_at", OffsetDateTime.class)),
        Duration.ofMillis(row.getLong("paused_ms")),
        AbTestState.of(row.getString("state")),
        row.getInt("looks_done"),
        row.getString("recommended"),
        row.getString("winner"),
        by == null ? null : DecidedBy.of(by),
        nullable(row.getObject("decided_at", OffsetDateTime.class)),
        row.getString("decided_actor"));
  }

  static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  static Instant instant(OffsetDateTime time) {
    return time.toInstant();
  }

  private static @Nullable Instant nullable(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
