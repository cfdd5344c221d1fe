package io.fanfare.broadcast.tenant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Tenants in the database. */
@Repository
class TenantRepository {

  private final JdbcClient jdbc;

  TenantRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(Tenant tenant) {
    jdbc.sql(
            """
            insert into tenant (id, name, rate_per_minute, created_at)
            values (:id, :name, :rate, :createdAt)
            """)
        .param("id", tenant.id())
        .param("name", tenant.name())
        .param("rate", tenant.ratePerMinute())
        .param("createdAt", Timestamp.from(tenant.createdAt()))
        .update();
  }

  Optional<Tenant> byId(UUID id) {
    return jdbc.sql("select id, name, rate_per_minute, created_at from tenant where id = :id")
        .param("id", id)
        .query(TenantRepository::row)
        .optional();
  }

  /** The tenant, which nobody else changes before the transaction ends. */
  Optional<Tenant> lock(UUID id) {
    return jdbc.sql(
            "select id, name, rate_per_minute, created_at from tenant where id = :id for update")
        .param("id", id)
        .query(TenantRepository::row)
        .optional();
  }

  /** Changes name and rate; answers the version of what it may send. */
  long update(Tenant tenant) {
    return jdbc.sql(
            """
            update tenant
            set name = :name, rate_per_minute = :rate, limits_version = limits_version + 1
            where id = :id returning limits_version
            """)
        .param("id", tenant.id())
        .param("name", tenant.name())
        .param("rate", tenant.ratePerMinute())
        .query(Long.class)
        .single();
  }

  /** Tenants, newest first, after the given one. */
  List<Tenant> page(@Nullable UUID after, int limit) {
    return jdbc.sql(
            """
            select id, name, rate_per_minute, created_at from tenant
            where cast(:after as uuid) is null or id < :after
            order by id desc
            limit :limit
            """)
        .param("after", after)
        .param("limit", limit)
        .query(TenantRepository::row)
        .list();
  }

  private static Tenant row(ResultSet row, int number) throws SQLException {
    return new Tenant(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getInt("rate_per_minute"),
        row.getTimestamp("created_at").toInstant());
  }
}
