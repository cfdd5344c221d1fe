package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.schedule.ScheduleChoice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Recurring broadcasts in the database. Whoever changes one has locked its row before. */
@Repository
class RecurringRepository {

  private final JdbcClient jdbc;
  private final JsonMapper json;

  RecurringRepository(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** How many a tenant has; nobody adds one before this transaction ends. */
  int lockCount(UUID tenantId) {
    jdbc.sql("select id from tenant where id = :tenant for no key update")
        .param("tenant", tenantId)
        .query((tenant, number) -> tenant.getObject("id", UUID.class))
        .optional();
    return jdbc.sql("select count(*) from recurring_broadcast where tenant_id = :tenant")
        .param("tenant", tenantId)
        .query(Integer.class)
        .single();
  }

  void insert(RecurringBroadcast recurring) {
    jdbc.sql(
            """
            insert into recurring_broadcast
              (id, tenant_id, broadcast, schedule, state, next_fire_at, fired, missed, version,
               created_at, created_by)
            values
              (:id, :tenant, cast(:broadcast as jsonb), cast(:schedule as jsonb), :state, :next, 0,
               0, :version, :created, :createdBy)
            """)
        .param("id", recurring.id())
        .param("tenant", recurring.tenantId())
        .param("broadcast", json.writeValueAsString(recurring.broadcast()))
        .param("schedule", json.writeValueAsString(recurring.schedule()))
        .param("state", recurring.state().id())
        .param("next", timestamp(recurring.nextFireAt()))
        .param("version", recurring.version())
        .param("created", Timestamp.from(recurring.createdAt()))
        .param("createdBy", recurring.createdBy())
        .update();
  }

  void update(RecurringBroadcast recurring) {
    jdbc.sql(
            """
            update recurring_broadcast
            set broadcast = cast(:broadcast as jsonb), schedule = cast(:schedule as jsonb),
                state = :state, next_fire_at = :next, last_fire_at = :last, fired = :fired,
                missed = :missed, version = :version
            where id = :id
            """)
        .param("id", recurring.id())
        .param("broadcast", json.writeValueAsString(recurring.broadcast()))
        .param("schedule", json.writeValueAsString(recurring.schedule()))
        .param("state", recurring.state().id())
        .param("next", timestamp(recurring.nextFireAt()))
        .param("last", timestamp(recurring.lastFireAt()))
        .param("fired", recurring.fired())
        .param("missed", recurring.missed())
        .param("version", recurring.version())
        .update();
  }

  void delete(UUID id) {
    jdbc.sql("delete from recurring_broadcast where id = :id").param("id", id).update();
  }

  Optional<RecurringBroadcast> byId(UUID tenantId, UUID id) {
    return find(tenantId, id, "");
  }

  /** The recurring broadcast, which nobody else changes before this transaction ends. */
  Optional<RecurringBroadcast> lock(UUID tenantId, UUID id) {
    return find(tenantId, id, " for update");
  }

  /** The same for one still due; empty when another instance has it or had it. */
  Optional<RecurringBroadcast> lockDue(UUID id, Instant now) {
    return jdbc.sql(
            """
            select * from recurring_broadcast
            where id = :id and state = 'active' and next_fire_at <= :now
            for update skip locked
            """)
        .param("id", id)
        .param("now", Timestamp.from(now))
        .query(this::row)
        .optional();
  }

  /** Those whose time has come, the longest due first. */
  List<UUID> due(Instant now, int limit) {
    return jdbc.sql(
            """
            select id from recurring_broadcast
            where state = 'active' and next_fire_at <= :now
            order by next_fire_at
            limit :limit
            """)
        .param("now", Timestamp.from(now))
        .param("limit", limit)
        .query((due, number) -> due.getObject("id", UUID.class))
        .list();
  }

  /** Recurring broadcasts, newest first, after the given one. */
  List<RecurringBroadcast> page(UUID tenantId, @Nullable UUID after, int limit) {
    return jdbc.sql(
            """
            select * from recurring_broadcast
            where tenant_id = :tenant and (cast(:after as uuid) is null or id < :after)
            order by id desc
            limit :limit
            """)
        .param("tenant", tenantId)
        .param("after", after)
        .param("limit", limit)
        .query(this::row)
        .list();
  }

  private Optional<RecurringBroadcast> find(UUID tenantId, UUID id, String lock) {
    return jdbc.sql(
            "select * from recurring_broadcast where id = :id and tenant_id = :tenant" + lock)
        .param("id", id)
        .param("tenant", tenantId)
        .query(this::row)
        .optional();
  }

  private RecurringBroadcast row(ResultSet row, int number) throws SQLException {
    return new RecurringBroadcast(
        row.getObject("id", UUID.class),
        row.getObject("tenant_id", UUID.class),
        json.readValue(row.getString("broadcast"), NewBroadcast.class),
        json.readValue(row.getString("schedule"), ScheduleChoice.class),
        RecurringState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        instant(row, "next_fire_at"),
        instant(row, "last_fire_at"),
        row.getInt("fired"),
        row.getLong("missed"),
        row.getLong("version"),
        row.getTimestamp("created_at").toInstant(),
        row.getString("created_by"));
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp timestamp = row.getTimestamp(column);
    return timestamp == null ? null : timestamp.toInstant();
  }
}
