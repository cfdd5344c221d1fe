package io.fanfare.dispatch.ledger;

import io.fanfare.contract.send.SendMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;

/** The claim statement: inserts what nobody has claimed and what its predecessor lets in. */
final class ClaimSql {

  private static final String INSERT =
      """
      with lease as (
        select 1 from incarnation where number = ? and ended_at is null for share
      )
      insert into claim (ledger_day, broadcast_id, contact_id, channel, issue, attempt, incarnation, batch, position,
                         bucket, shard, tenant_id, account_id, variant)
      select ?, c.broadcast_id, c.contact_id, c.channel, c.issue, c.attempt, ?, ?, c.position,
             c.bucket, c.shard, c.tenant_id, c.account_id, c.variant
      from lease, unnest(?::uuid[], ?::bigint[], ?::text[], ?::int[], ?::int[], ?::smallint[], ?::smallint[],
                         ?::int[], ?::uuid[], ?::uuid[], ?::text[], ?::int[])
             as c(broadcast_id, contact_id, channel, issue, attempt, position, bucket,
                  shard, tenant_id, account_id, variant, follows)
      where c.follows = 0
         or (1 << coalesce((
               select r.outcome from result r
               where r.ledger_day = ? and r.broadcast_id = c.broadcast_id and r.contact_id = c.contact_id
                 and r.channel = c.channel and r.issue = c.issue - 1), 0)::int) & c.follows <> 0
      on conflict do nothing
      returning position
      """;

  private ClaimSql() {}

  /**
   * Claims the rows of one ledger day. Nothing is inserted when the incarnation has ended.
   *
   * @param chosen the positions in {@code rows} to claim, all of {@code day}
   * @return the positions that are claimed now
   */
  static BitSet insert(
      Connection connection,
      long incarnation,
      long batch,
      LocalDate day,
      List<LedgerRow> rows,
      BitSet chosen)
      throws SQLException {
    int n = chosen.cardinality();
    var broadcasts = new UUID[n];
    var contacts = new long[n];
    var channels = new String[n];
    var issues = new int[n];
    var attempts = new int[n];
    var positions = new short[n];
    var buckets = new short[n];
    var shards = new int[n];
    var tenants = new UUID[n];
    var accounts = new UUID[n];
    var variants = new String[n];
    var follows = new int[n];
    int i = 0;
    for (int at = chosen.nextSetBit(0); at >= 0; at = chosen.nextSetBit(at + 1)) {
      LedgerRow row = rows.get(at);
      SendMessage command = row.command();
      broadcasts[i] = command.broadcastId();
      contacts[i] = command.contactId();
      channels[i] = command.channel().name();
      issues[i] = command.issue();
      attempts[i] = command.attempt();
      positions[i] = (short) at;
      buckets[i] = LedgerCodes.of(command.bucket());
      shards[i] = command.lane().shard();
      tenants[i] = command.tenantId();
      accounts[i] = command.lane().accountId();
      variants[i] = command.variant();
      follows[i] = row.follows();
      i++;
    }
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      int p = 1;
      statement.setLong(p++, incarnation);
      statement.setObject(p++, day);
      statement.setLong(p++, incarnation);
      statement.setLong(p++, batch);
      statement.setArray(p++, connection.createArrayOf("uuid", broadcasts));
      statement.setObject(p++, contacts);
      statement.setArray(p++, connection.createArrayOf("text", channels));
      statement.setObject(p++, issues);
      statement.setObject(p++, attempts);
      statement.setObject(p++, positions);
      statement.setObject(p++, buckets);
      statement.setObject(p++, shards);
      statement.setArray(p++, connection.createArrayOf("uuid", tenants));
      statement.setArray(p++, connection.createArrayOf("uuid", accounts));
      statement.setArray(p++, connection.createArrayOf("text", variants));
      statement.setObject(p++, follows);
      statement.setObject(p, day);
      return positions(statement);
    }
  }

  static BitSet positions(PreparedStatement statement) throws SQLException {
    BitSet positions = new BitSet();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        positions.set(rows.getInt(1));
      }
    }
    return positions;
  }
}
