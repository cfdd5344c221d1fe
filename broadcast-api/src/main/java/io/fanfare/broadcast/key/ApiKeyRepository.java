package io.fanfare.broadcast.key;

import io.fanfare.support.identity.Role;
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

/** API keys in the database. */
@Repository
class ApiKeyRepository {

  private static final String COLUMNS =
      """
      id, tenant_id, name, role, prefix, secret_sha256,
      created_at, created_by, expires_at, revoked_at, last_used_at
      """;

  private final JdbcClient jdbc;

  ApiKeyRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(StoredKey key) {
    jdbc.sql(
            """
            insert into api_key (id, tenant_id, name, role, prefix, secret_sha256,
                                 created_at, created_by, expires_at)
            values (:id, :tenant, :name, :role, :prefix, :secret, :createdAt, :createdBy, :expiresAt)
            """)
        .param("id", key.id())
        .param("tenant", key.tenantId())
        .param("name", key.name())
        .param("role", key.role().id())
        .param("prefix", key.prefix())
        .param("secret", key.secretSha256())
        .param("createdAt", Timestamp.from(key.createdAt()))
        .param("createdBy", key.createdBy())
        .param("expiresAt", key.expiresAt() == null ? null : Timestamp.from(key.expiresAt()))
        .update();
  }

  Optional<StoredKey> byPrefix(String prefix) {
    return jdbc.sql("select " + COLUMNS + " from api_key where prefix = :prefix")
        .param("prefix", prefix)
        .query(ApiKeyRepository::row)
        .optional();
  }

  Optional<StoredKey> byId(UUID tenant, UUID id) {
    return jdbc.sql("select " + COLUMNS + " from api_key where tenant_id = :tenant and id = :id")
        .param("tenant", tenant)
        .param("id", id)
        .query(ApiKeyRepository::row)
        .optional();
  }

  /** Keys of a tenant, newest first, after the given one. */
  List<StoredKey> page(UUID tenant, @Nullable UUID after, int limit) {
    return jdbc.sql(
            "select "
                + COLUMNS
                + """
                from api_key
                where tenant_id = :tenant and (cast(:after as uuid) is null or id < :after)
                order by id desc
                limit :limit
                """)
        .param("tenant", tenant)
        .param("after", after)
        .param("limit", limit)
        .query(ApiKeyRepository::row)
        .list();
  }

  /** Revokes a key; false when it had been revoked already. */
  boolean revoke(UUID tenant, UUID id, Instant now) {
    return jdbc.sql(
                """
                update api_key set revoked_at = :now
                where tenant_id = :tenant and id = :id and revoked_at is null
                """)
            .param("tenant", tenant)
            .param("id", id)
            .param("now", Timestamp.from(now))
            .update()
        == 1;
  }

  /** Notes a use, unless one was noted after the given time. */
  void touch(UUID id, Instant now, Instant unlessAfter) {
    jdbc.sql(
            """
            update api_key set last_used_at = :now
            where id = :id and (last_used_at is null or last_used_at < :unlessAfter)
            """)
        .param("id", id)
        .param("now", Timestamp.from(now))
        .param("unlessAfter", Timestamp.from(unlessAfter))
        .update();
  }

  private static StoredKey row(ResultSet row, int number) throws SQLException {
    return new StoredKey(
        row.getObject("id", UUID.class),
        row.getObject("tenant_id", UUID.class),
        row.getString("name"),
        Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
        row.getString("prefix"),
        row.getBytes("secret_sha256"),
        row.getTimestamp("created_at").toInstant(),
        row.getString("created_by"),
        instant(row, "expires_at"),
        instant(row, "revoked_at"),
        instant(row, "last_used_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp timestamp = row.getTimestamp(column);
    return timestamp == null ? null : timestamp.toInstant();
  }
}
