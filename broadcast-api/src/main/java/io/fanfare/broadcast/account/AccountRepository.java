package io.fanfare.broadcast.account;

import io.fanfare.contract.Channel;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Channel accounts in the database. */
@Repository
class AccountRepository {

  private static final TypeReference<Map<String, String>> SETTINGS = new TypeReference<>() {};
  private static final String SELECT =
      """
      select id, tenant_id, channel, name, version, shards, rate_per_second, settings,
             sealed_secret, created_at, updated_at
      from channel_account
      where tenant_id = :tenant
      """;

  private final JdbcClient jdbc;
  private final JsonMapper json;

  AccountRepository(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  void insert(StoredAccount account) {
    jdbc.sql(
            """
            insert into channel_account
              (id, tenant_id, channel, name, version, shards, rate_per_second, settings,
               sealed_secret, created_at, updated_at)
            values (:id, :tenant, :channel, :name, :version, :shards, :rate, :settings::jsonb,
                    :secret, :createdAt, :updatedAt)
            """)
        .param("id", account.id())
        .param("tenant", account.tenantId())
        .param("channel", account.channel().name())
        .param("name", account.name())
        .param("version", account.version())
        .param("shards", account.shards())
        .param("rate", account.ratePerSecond())
        .param("settings", json.writeValueAsString(account.settings()))
        .param("secret", account.sealedSecret())
        .param("createdAt", Timestamp.from(account.createdAt()))
        .param("updatedAt", Timestamp.from(account.updatedAt()))
        .update();
  }

  Optional<StoredAccount> byId(UUID tenant, UUID id) {
    return find(SELECT + " and id = :id", tenant, id);
  }

  /** The account, which nobody else can change or start to use until the transaction ends. */
  Optional<StoredAccount> lock(UUID tenant, UUID id) {
    return find(SELECT + " and id = :id for update", tenant, id);
  }

  /** Accounts of a tenant, newest first, after the given one. */
  List<StoredAccount> page(UUID tenant, @Nullable String channel, @Nullable UUID after, int limit) {
    return jdbc.sql(
            SELECT
                + """
                and (cast(:channel as text) is null or channel = :channel)
                and (cast(:after as uuid) is null or id < :after)
                order by id desc
                limit :limit
                """)
        .param("tenant", tenant)
        .param("channel", channel)
        .param("after", after)
        .param("limit", limit)
        .query(this::row)
        .list();
  }

  void update(StoredAccount account) {
    jdbc.sql(
            """
            update channel_account
            set name = :name, version = :version, rate_per_second = :rate,
                settings = :settings::jsonb, sealed_secret = :secret, updated_at = :updatedAt
            where tenant_id = :tenant and id = :id
            """)
        .param("name", account.name())
        .param("version", account.version())
        .param("rate", account.ratePerSecond())
        .param("settings", json.writeValueAsString(account.settings()))
        .param("secret", account.sealedSecret())
        .param("updatedAt", Timestamp.from(account.updatedAt()))
        .param("tenant", account.tenantId())
        .param("id", account.id())
        .update();
  }

  /** A version of the account passed its test call. */
  void passed(UUID tenant, UUID id, long version) {
    jdbc.sql(
            """
            update channel_account set passed_version = greatest(passed_version, :version)
            where tenant_id = :tenant and id = :id
            """)
        .param("version", version)
        .param("tenant", tenant)
        .param("id", id)
        .update();
  }

  void delete(UUID tenant, UUID id) {
    jdbc.sql("delete from channel_account where tenant_id = :tenant and id = :id")
        .param("tenant", tenant)
        .param("id", id)
        .update();
  }

  /** Whether a broadcast that has not come to its end sends, or will send, with the account. */
  boolean isInUse(UUID tenant, UUID id) {
    return jdbc.sql(
            """
            select exists (
              select from broadcast_channel used
              join broadcast on broadcast.id = used.broadcast_id
              where used.account_id = :id and broadcast.tenant_id = :tenant
                and broadcast.state not in ('completed', 'failed', 'cancelled'))
            or exists (
              select from recurring_broadcast
              where tenant_id = :tenant and state <> 'ended'
                and jsonb_path_exists(broadcast, '$.channels[*].account_id ? (@ == $id)',
                      jsonb_build_object('id', cast(:id as text))))
            """)
        .param("id", id)
        .param("tenant", tenant)
        .query(Boolean.class)
        .single();
  }

  private Optional<StoredAccount> find(String sql, UUID tenant, UUID id) {
    return jdbc.sql(sql).param("tenant", tenant).param("id", id).query(this::row).optional();
  }

  private StoredAccount row(ResultSet row, int number) throws SQLException {
    return new StoredAccount(
        row.getObject("id", UUID.class),
        row.getObject("tenant_id", UUID.class),
        Channel.of(row.getString("channel")),
        row.getString("name"),
        row.getLong("version"),
        row.getInt("shards"),
        row.getInt("rate_per_second"),
        json.readValue(row.getString("settings"), SETTINGS),
        row.getString("sealed_secret"),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("updated_at").toInstant());
  }
}
