package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.Channel;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What a broadcast must know of the channel accounts it is sent with. */
@Repository
public class ChannelAccountReader {

  /** A channel account: what it speaks and into how many lanes it is split. */
  public record Account(UUID id, Channel channel, int shards) {}

  private final JdbcClient jdbc;

  ChannelAccountReader(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The account, which is not deleted before the running transaction ends. */
  public Optional<Account> hold(UUID tenantId, UUID accountId) {
    return jdbc.sql(
            """
            select id, channel, shards from channel_account
            where id = :id and tenant_id = :tenant
            for share
            """)
        .param("id", accountId)
        .param("tenant", tenantId)
        .query((row, number) ->
            new Account(
                row.getObject("id", UUID.class),
                Channel.of(row.getString("channel")),
                row.getInt("shards")))
        .optional();
  }

  /** Whether the account has passed its test call in the version it has now. */
  boolean hasPassed(UUID tenantId, UUID accountId) {
    return jdbc.sql(
            """
            select exists (select from channel_account
                           where id = :id and tenant_id = :tenant and passed_version = version)
            """)
        .param("id", accountId)
        .param("tenant", tenantId)
        .query(Boolean.class)
        .single();
  }
}
