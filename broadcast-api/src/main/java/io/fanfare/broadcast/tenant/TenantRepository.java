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
    jdbc.sql("insert into tenant (id, name, created_at) values (:id, :name, :createdAt)")
        .param("id", tenant.id())
        .param("name", tenant.name())
        .param("createdAt", Timestamp.from(tenant.createdAt()))
        .update();
  }

  Optional<Tenant> byId(UUID id) {
    return jdbc.sql("select id, name, created_at from tenant where id = :id")
        .param("id", id)
        .query(TenantRepository::row)
        .optional();
  }

  /** Tenants, newest first, after the given one. */
  List<Tenant> page(@Nullable UUID after, int limit) {
    return jdbc.sql(
            """
            select id, name, created_at from tenant
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
        row.getTimestamp("created_at").toInstant());
  }
}
