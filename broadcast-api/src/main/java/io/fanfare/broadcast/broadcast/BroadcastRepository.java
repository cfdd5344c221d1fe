package io.fanfare.broadcast.broadcast;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Broadcasts in the database. Whoever changes one has locked its row before. */
@Repository
class BroadcastRepository {

  private static final String SELECT =
      """
      select b.*,
        (select jsonb_agg(jsonb_build_object('channel', c.channel, 'account_id', c.account_id,
                            'shards', c.shards, 'variables', c.variables) order by c.position)
         from broadcast_channel c where c.broadcast_id = b.id) as channels
      from broadcast b
      """;

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final BroadcastRow row;

  BroadcastRepository(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
    this.row = new BroadcastRow(json);
  }

  void insert(Broadcast broadcast) {
    jdbc.sql(
            """
            insert into broadcast
              (id, tenant_id, name, template_id, list_id, audience, policy, variables, rate_per_minute,
               state, channel_mode, ab_test, test_templates, category, version, epoch, resumed_epoch,
               created_at, created_by, send_time, recurring_id, fire_at)
            values
              (:id, :tenant, :name, :template, :list, cast(:audience as jsonb), :policy,
               cast(:variables as jsonb), :rate, :state, :mode, cast(:test as jsonb), :testTemplates, :category, :version, 0, 0, :created,
               :createdBy, cast(:sendTime as jsonb), :recurring, :fireAt)
            """)
        .params(settings(broadcast))
        .param("list", broadcast.settings().audience().onlyList())
        .param("audience", json.writeValueAsString(broadcast.settings().audience()))
        .param("test", test(broadcast))
        .param("testTemplates", testTemplates(broadcast))
        .param("category", broadcast.settings().category())
        .param("tenant", broadcast.tenantId())
        .param("state", broadcast.state().id())
        .param("created", Timestamp.from(broadcast.createdAt()))
        .param("createdBy", broadcast.createdBy())
        .param("sendTime", sendTime(broadcast))
        .param("recurring", broadcast.fire() == null ? null : broadcast.fire().recurringId())
        .param("fireAt", broadcast.fire() == null ? null : timestamp(broadcast.fire().at()))
        .update();
    insertChannels(broadcast);
  }

  /** Writes the settings of a draft. */
  void updateSettings(Broadcast broadcast) {
    jdbc.sql(
            """
            update broadcast
            set name = :name, template_id = :template, list_id = :list,
                audience = cast(:audience as jsonb), policy = :policy,
                variables = cast(:variables as jsonb), rate_per_minute = :rate, channel_mode = :mode,
                ab_test = cast(:test as jsonb), test_templates = :testTemplates, category = :category,
                send_time = cast(:sendTime as jsonb), version = :version
            where id = :id
            """)
        .params(settings(broadcast))
        .param("sendTime", sendTime(broadcast))
        .param("list", broadcast.settings().audience().onlyList())
        .param("audience", json.writeValueAsString(broadcast.settings().audience()))
        .param("test", test(broadcast))
        .param("testTemplates", testTemplates(broadcast))
        .param("category", broadcast.settings().category())
        .update();
    jdbc.sql("delete from broadcast_channel where broadcast_id = :id")
        .param("id", broadcast.id())
        .update();
    insertChannels(broadcast);
  }

  /** Writes where a broadcast stands. */
  void updateState(Broadcast broadcast) {
    BroadcastRun run = broadcast.run();
    jdbc.sql(
            """
            update broadcast
            set state = :state, reason_code = :code, reason_detail = :detail, version = :version,
                epoch = :epoch, resumed_epoch = :resumed, template_version = :templateVersion,
                ledger_day = :ledgerDay, retry_delays_ms = :retryDelays, planned = :planned,
                rate_per_minute = :rate, scheduled_at = :scheduled, started_at = :started, completed_at = :completed,
                winner = :winner
            where id = :id
            """)
        .param("id", broadcast.id())
        .param("state", broadcast.state().id())
        .param("code", broadcast.reason() == null ? null : broadcast.reason().code())
        .param("detail", broadcast.reason() == null ? null : broadcast.reason().detail())
        .param("version", broadcast.version())
        .param("epoch", run == null ? 0 : run.epoch())
        .param("resumed", run == null ? 0 : run.resumedEpoch())
        .param("templateVersion", run == null ? null : run.templateVersion())
        .param("ledgerDay", run == null ? null : run.ledgerDay())
        .param("retryDelays", run == null ? null : millis(run.retryDelays()))
        .param("rate", broadcast.settings().ratePerMinute())
        .param("planned", broadcast.planned())
        .param("scheduled", timestamp(broadcast.scheduledAt()))
        .param("started", run == null ? null : timestamp(run.startedAt()))
        .param("completed", timestamp(broadcast.completedAt()))
        .param("winner", run == null ? null : run.winner())
        .update();
  }

  /** Writes what was frozen for each channel. */
  void updatePlans(UUID broadcastId, BroadcastRun run) {
    run.plans()
        .forEach(plan ->
            jdbc.sql(
                    """
                    update broadcast_channel set shards = :shards, variables = :variables
                    where broadcast_id = :id and channel = :channel
                    """)
                .param("id", broadcastId)
                .param("channel", plan.channel().name())
                .param("shards", plan.shards())
                .param("variables", plan.variables().toArray(String[]::new))
                .update());
  }

  void delete(UUID id) {
    jdbc.sql("delete from broadcast where id = :id").param("id", id).update();
  }

  Optional<Broadcast> byId(UUID tenantId, UUID id) {
    return jdbc.sql(SELECT + " where b.id = :id and b.tenant_id = :tenant")
        .param("id", id)
        .param("tenant", tenantId)
        .query(row)
        .optional();
  }

  /** A broadcast of whatever tenant, for the service itself. */
  Optional<Broadcast> anyById(UUID id) {
    return jdbc.sql(SELECT + " where b.id = :id").param("id", id).query(row).optional();
  }

  /** The broadcast, which nobody else changes before this transaction ends. */
  Optional<Broadcast> lock(UUID tenantId, UUID id) {
    return jdbc.sql(SELECT + " where b.id = :id and b.tenant_id = :tenant for update of b")
        .param("id", id)
        .param("tenant", tenantId)
        .query(row)
        .optional();
  }

  /** The same for a broadcast still due; empty when another instance has it or had it. */
  Optional<Broadcast> lockDue(UUID id, Instant now) {
    return jdbc.sql(
            SELECT
                + """
                 where b.id = :id and b.state = 'scheduled' and b.scheduled_at <= :now
                for update of b skip locked
                """)
        .param("id", id)
        .param("now", Timestamp.from(now))
        .query(row)
        .optional();
  }

  /** Scheduled broadcasts whose time has come, the longest due first. */
  List<UUID> due(Instant now, int limit) {
    return jdbc.sql(
            """
            select id from broadcast
            where state = 'scheduled' and scheduled_at <= :now
            order by scheduled_at
            limit :limit
            """)
        .param("now", Timestamp.from(now))
        .param("limit", limit)
        .query((due, number) -> due.getObject("id", UUID.class))
        .list();
  }

  /** Broadcasts that had started, ended before an instant and still lie on the topics. */
  List<UUID> lockEndedBefore(Instant limit, int portion) {
    return jdbc.sql(
            """
            select id from broadcast
            where completed_at < :limit and forgotten_at is null and epoch > 0
            order by completed_at
            limit :portion
            for update skip locked
            """)
        .param("limit", Timestamp.from(limit))
        .param("portion", portion)
        .query((ended, number) -> ended.getObject("id", UUID.class))
        .list();
  }

  /** They lie on the topics no more. */
  void forgotten(List<UUID> broadcasts, Instant now) {
    jdbc.sql("update broadcast set forgotten_at = :now where id = any(:ids)")
        .param("now", Timestamp.from(now))
        .param("ids", broadcasts.toArray(UUID[]::new))
        .update();
  }

  /** Broadcasts, newest first, after the given one. */
  List<Broadcast> page(UUID tenantId, BroadcastFilter filter, @Nullable UUID after, int limit) {
    return jdbc.sql(
            SELECT
                + """
                 where b.tenant_id = :tenant
                  and (cast(:after as uuid) is null or b.id < :after)
                  and (cast(:state as text) is null or b.state = :state)
                  and (cast(:from as timestamptz) is null or b.created_at >= :from)
                  and (cast(:to as timestamptz) is null or b.created_at < :to)
                  and (cast(:text as text) is null
                       or strpos(lower(b.name), lower(cast(:text as text))) > 0)
                order by b.id desc
                limit :limit
                """)
        .param("tenant", tenantId)
        .param("after", after)
        .param("state", filter.state() == null ? null : filter.state().id())
        .param("from", timestamp(filter.from()))
        .param("to", timestamp(filter.to()))
        .param("text", filter.text())
        .param("limit", limit)
        .query(row)
        .list();
  }

  /** Broadcasts that a recurring one made, newest first, after the given one. */
  List<Broadcast> madeBy(UUID tenantId, UUID recurringId, @Nullable UUID after, int limit) {
    return jdbc.sql(
            SELECT
                + """
                 where b.tenant_id = :tenant and b.recurring_id = :recurring
                  and (cast(:after as uuid) is null or b.id < :after)
                order by b.id desc
                limit :limit
                """)
        .param("tenant", tenantId)
        .param("recurring", recurringId)
        .param("after", after)
        .param("limit", limit)
        .query(row)
        .list();
  }

  private @Nullable String sendTime(Broadcast broadcast) {
    SendTimeChoice time = broadcast.settings().sendTime();
    return time == null ? null : json.writeValueAsString(time);
  }

  private Map<String, Object> settings(Broadcast broadcast) {
    BroadcastSettings settings = broadcast.settings();
    return Map.of(
        "id", broadcast.id(),
        "name", settings.name(),
        "template", settings.templateId(),
        "policy", BroadcastRow.policyId(settings.policy()),
        "variables", json.writeValueAsString(settings.variables()),
        "rate", settings.ratePerMinute(),
        "mode", BroadcastRow.modeId(settings.channelMode()),
        "version", broadcast.version());
  }

  private @Nullable String test(Broadcast broadcast) {
    AbTestPlan plan = broadcast.settings().abTest();
    return plan == null ? null : json.writeValueAsString(plan);
  }

  private static UUID[] testTemplates(Broadcast broadcast) {
    AbTestPlan plan = broadcast.settings().abTest();
    return plan == null ? new UUID[0] : plan.templates().toArray(UUID[]::new);
  }

  private void insertChannels(Broadcast broadcast) {
    List<ChannelChoice> channels = broadcast.settings().channels();
    for (int i = 0; i < channels.size(); i++) {
      jdbc.sql(
              """
              insert into broadcast_channel (broadcast_id, position, channel, account_id)
              values (:id, :position, :channel, :account)
              """)
          .param("id", broadcast.id())
          .param("position", i)
          .param("channel", channels.get(i).channel().name())
          .param("account", channels.get(i).accountId())
          .update();
    }
  }

  private static Long[] millis(List<Duration> delays) {
    return delays.stream().map(Duration::toMillis).toArray(Long[]::new);
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }
}
