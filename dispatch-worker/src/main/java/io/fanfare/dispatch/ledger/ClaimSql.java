package io.fanfare.dispatch.ledger;

import io.fanfare.contract.Lane;
import io.fanfare.contract.send.SendMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The claim statement: inserts what nobody has claimed and what its predecessor lets in. */
final class ClaimSql {

  private static final String INSERT =
      """
      with lease as (
        select 1 from incarnation where number = ? and ended_at is null for share
      ), held as (
        select k.number from unnest(?::uuid[], ?::int[], ?::bigint[]) with ordinality
                               as k(account_id, shard, epoch, number)
        join lane l on l.account_id = k.account_id and l.shard = k.shard and l.epoch = k.epoch
        order by l.account_id, l.shard for share of l
      )
      insert into claim (ledger_day, broadcast_id, contact_id, channel, issue, attempt, incarnation, batch, position,
                         bucket, shard, tenant_id, account_id, variant, segment)
      select ?, c.broadcast_id, c.contact_id, c.channel, c.issue, c.attempt, ?, ?, c.position,
             c.bucket, c.shard, c.tenant_id, c.account_id, c.variant, c.segment
      from lease, unnest(?::uuid[], ?::bigint[], ?::text[], ?::int[], ?::int[], ?::smallint[], ?::smallint[],
                         ?::int[], ?::uuid[], ?::uuid[], ?::text[], ?::smallint[], ?::int[], ?::int[])
             as c(broadcast_id, contact_id, channel, issue, attempt, position, bucket,
                  shard, tenant_id, account_id, variant, segment, follows, lane)
      where (c.lane = 0 or c.lane = any(array(select h.number::int from held h)))
        and (c.follows = 0
         or (1 << coalesce((
               select r.outcome from result r
               where r.ledger_day = ? and r.broadcast_id = c.broadcast_id and r.contact_id = c.contact_id
                 and r.channel = c.channel and r.issue = c.issue - 1), 0)::int) & c.follows <> 0)
      on conflict do nothing
      returning position
      """;

  private static final int ANY_LANE = 0;
  private static final int UNKNOWN_LANE = -1;

  private static final String LOST =
      """
      select k.account_id, k.shard
      from unnest(?::uuid[], ?::int[], ?::bigint[]) as k(account_id, shard, epoch)
      where not exists (select from lane l where l.account_id = k.account_id
                        and l.shard = k.shard and l.epoch = k.epoch)
      """;

  private ClaimSql() {}

  /** Claims what has ended without being sent, whoever owns its lane; else as {@link #insert}. */
  static BitSet insertUnsent(
      Connection connection,
      long incarnation,
      long batch,
      LocalDate day,
      List<LedgerRow> rows,
      BitSet chosen)
      throws SQLException {
    return insert(connection, incarnation, batch, day, rows, null, chosen);
  }

  /**
   * Claims the rows of one ledger day. Nothing is inserted when the incarnation has ended, and
   * nothing on a lane whose epoch is another by now.
   *
   * @param epochs of every lane in {@code rows}; null to ask for none
   * @param chosen the positions in {@code rows} to claim, all of {@code day}
   * @return the positions that are claimed now
   */
  static BitSet insert(
      Connection connection,
      long incarnation,
      long batch,
      LocalDate day,
      List<LedgerRow> rows,
      @Nullable Map<Lane, Long> epochs,
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
    @Nullable Short[] segments = new @Nullable Short[n];
    var follows = new int[n];
    var lanes = new int[n];
    LaneKeys keys = LaneKeys.of(epochs == null ? Map.of() : epochs);
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
      segments[i] = command.segment() == null ? null : command.segment().shortValue();
      follows[i] = row.follows();
      lanes[i] = epochs == null ? ANY_LANE : keys.number(command.lane());
      i++;
    }
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      int p = 1;
      statement.setLong(p++, incarnation);
      statement.setArray(p++, connection.createArrayOf("uuid", keys.accounts()));
      statement.setObject(p++, keys.shards());
      statement.setObject(p++, keys.epochs());
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
      statement.setArray(p++, connection.createArrayOf("int2", segments));
      statement.setObject(p++, follows);
      statement.setObject(p++, lanes);
      statement.setObject(p, day);
      return positions(statement);
    }
  }

  /** Those of some lanes whose epoch is another by now. */
  static Set<Lane> lost(Connection connection, Map<Lane, Long> epochs) throws SQLException {
    LaneKeys keys = LaneKeys.of(epochs);
    try (PreparedStatement statement = connection.prepareStatement(LOST)) {
      statement.setArray(1, connection.createArrayOf("uuid", keys.accounts()));
      statement.setObject(2, keys.shards());
      statement.setObject(3, keys.epochs());
      Set<Lane> lost = new HashSet<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          lost.add(new Lane(row.getObject(1, UUID.class), row.getInt(2)));
        }
      }
      return lost;
    }
  }

  /** Lanes as arrays of their parts; a lane's number is its place in them, from 1. */
  private record LaneKeys(
      UUID[] accounts, int[] shards, long[] epochs, Map<Lane, Integer> numbers) {

    static LaneKeys of(Map<Lane, Long> epochsByLane) {
      List<Lane> lanes = List.copyOf(epochsByLane.keySet());
      var keys =
          new LaneKeys(
              lanes.stream().map(Lane::accountId).toArray(UUID[]::new),
              lanes.stream().mapToInt(Lane::shard).toArray(),
              lanes.stream().mapToLong(lane -> epochsByLane.getOrDefault(lane, 0L)).toArray(),
              new HashMap<>());
      for (int i = 0; i < lanes.size(); i++) {
        keys.numbers.put(lanes.get(i), i + 1);
      }
      return keys;
    }

    int number(Lane lane) {
      return numbers.getOrDefault(lane, UNKNOWN_LANE);
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
