package io.fanfare.broadcast.audit;

import io.fanfare.contract.audit.AuditRecorded;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The audit log in the database. */
@Repository
class AuditRepository {

  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};
  private static final int INSERT_BATCH = 500;

  private final JdbcTemplate template;
  private final JdbcClient jdbc;
  private final JsonMapper json;

  AuditRepository(JdbcTemplate template, JdbcClient jdbc, JsonMapper json) {
    this.template = template;
    this.jdbc = jdbc;
    this.json = json;
  }

  /** Keeps entries; those it has already change nothing. */
  void store(List<AuditRecorded> entries) {
    template.batchUpdate(
        """
        insert into audit_entry
          (id, tenant_id, actor, action, resource, resource_id, before, after, at)
        values (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?)
        on conflict (id) do nothing
        """,
        entries,
        INSERT_BATCH,
        (statement, entry) -> {
          statement.setObject(1, entry.auditId());
          statement.setObject(2, entry.tenantId());
          statement.setString(3, entry.actor());
          statement.setString(4, entry.action());
          statement.setString(5, entry.resource());
          statement.setString(6, entry.resourceId());
          statement.setString(7, written(entry.before()));
          statement.setString(8, written(entry.after()));
          statement.setTimestamp(9, Timestamp.from(entry.at()));
        });
  }

  /** Entries of a tenant, newest first, after the entry at the given instant with the given id. */
  List<AuditEntry> page(
      UUID tenant, AuditFilter filter, @Nullable Instant afterAt, @Nullable UUID after, int limit) {
    Map<String, Object> values = new LinkedHashMap<>();
    StringBuilder sql =
        new StringBuilder(
            """
            select id, actor, action, resource, resource_id, before, after, at
            from audit_entry where tenant_id = :tenant
            """);
    values.put("tenant", tenant);
    values.put("limit", limit);
    restrict(sql, values, " and actor = :actor", "actor", filter.actor());
    restrict(sql, values, " and action = :action", "action", filter.action());
    restrict(sql, values, " and resource = :resource", "resource", filter.resource());
    restrict(sql, values, " and resource_id = :resourceId", "resourceId", filter.resourceId());
    restrict(sql, values, " and at >= :from", "from", timestamp(filter.from()));
    restrict(sql, values, " and at < :to", "to", timestamp(filter.to()));
    if (after != null && afterAt != null) {
      restrict(sql, values, " and (at, id) < (:afterAt, :after)", "after", after);
      values.put("afterAt", Timestamp.from(afterAt));
    }
    sql.append(" order by at desc, id desc limit :limit");
    return jdbc.sql(sql.toString()).params(values).query(this::row).list();
  }

  private static void restrict(
      StringBuilder sql,
      Map<String, Object> values,
      String condition,
      String name,
      @Nullable Object value) {
    if (value != null) {
      sql.append(condition);
      values.put(name, value);
    }
  }

  private AuditEntry row(ResultSet row, int number) throws SQLException {
    return new AuditEntry(
        row.getObject("id", UUID.class),
        row.getString("actor"),
        row.getString("action"),
        row.getString("resource"),
        row.getString("resource_id"),
        read(row.getString("before")),
        read(row.getString("after")),
        row.getTimestamp("at").toInstant());
  }

  private @Nullable String written(@Nullable Map<String, Object> fields) {
    return fields == null ? null : json.writeValueAsString(fields);
  }

  private @Nullable Map<String, Object> read(@Nullable String fields) {
    return fields == null ? null : json.readValue(fields, FIELDS);
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }
}
