package io.fanfare.dispatch.lease;

import io.fanfare.contract.Lane;
import io.fanfare.dispatch.database.DedicatedConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The rows of lanes: makes this worker the owner of some, and keeps what it learned of them for
 * whoever owns them next. For one thread.
 */
public final class LaneStore implements AutoCloseable {

  /**
   * A lane that is ours now.
   *
   * @param epoch what claims on it must carry
   * @param others somebody else may have sent on it until just now
   * @param learned messages a second the provider takes; 0 when nothing was learned
   * @param learnedOf the limit under which that was learned
   * @param restMillis how much longer the provider wants nothing
   */
  public record Owned(
      Lane lane, long epoch, boolean others, int learned, int learnedOf, long restMillis) {}

  /**
   * What is known of a lane of ours.
   *
   * @param learned as in {@link Owned}
   */
  public record Learned(Lane lane, long epoch, int learned, int learnedOf, long restMillis) {}

  private static final String OWN =
      """
      insert into lane as l (account_id, shard, epoch, incarnation)
      select k.account_id, k.shard, 1, ? from unnest(?::uuid[], ?::int[]) as k(account_id, shard)
      order by 1, 2
      on conflict (account_id, shard) do update
      set epoch = case when l.incarnation = excluded.incarnation then l.epoch else l.epoch + 1 end,
          incarnation = excluded.incarnation
      returning new.account_id, new.shard, new.epoch,
        old.incarnation <> new.incarnation
          and not exists (select from incarnation i where i.number = old.incarnation
                          and i.ended_at < now() - make_interval(secs => ?)) as others,
        new.learned_rate, new.learned_of,
        greatest(0, extract(epoch from new.rest_until - clock_timestamp()) * 1000)::bigint
      """;

  private static final String LEARNED =
      """
      update lane l
      set learned_rate = k.rate, learned_of = k.limited_to,
          rest_until = case when k.rest > 0
            then clock_timestamp() + make_interval(secs => k.rest / 1000.0) end
      from unnest(?::uuid[], ?::int[], ?::bigint[], ?::int[], ?::int[], ?::bigint[])
             as k(account_id, shard, epoch, rate, limited_to, rest)
      where l.account_id = k.account_id and l.shard = k.shard and l.epoch = k.epoch
      """;

  private final DedicatedConnection connection;
  private final double endedSeconds;
  private boolean answerLost;

  /**
   * @param handover after which nothing of an incarnation that has ended is written any more
   */
  public LaneStore(DataSource dataSource, Duration handover) {
    connection = new DedicatedConnection(dataSource);
    endedSeconds = handover.toMillis() / 1000.0;
  }

  /** Makes an incarnation the owner of lanes; each that was another's gets a higher epoch. */
  public List<Owned> own(Incarnation incarnation, List<Lane> lanes) throws SQLException {
    boolean repeated = answerLost;
    answerLost = true;
    List<Owned> owned = connection.call(open -> own(open, incarnation, lanes, repeated));
    answerLost = false;
    return owned;
  }

  /**
   * @param repeated the statement may have been done before, so that a lane that is ours may have
   *     been another's until just now
   */
  private List<Owned> own(
      Connection open, Incarnation incarnation, List<Lane> lanes, boolean repeated)
      throws SQLException {
    try (PreparedStatement statement = open.prepareStatement(OWN)) {
      statement.setLong(1, incarnation.number());
      statement.setArray(2, accounts(open, lanes));
      statement.setObject(3, shards(lanes));
      statement.setDouble(4, endedSeconds);
      List<Owned> owned = new ArrayList<>(lanes.size());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          owned.add(
              new Owned(
                  new Lane(row.getObject(1, UUID.class), row.getInt(2)),
                  row.getLong(3),
                  row.getBoolean(4) || repeated,
                  row.getInt(5),
                  row.getInt(6),
                  row.getLong(7)));
        }
      }
      return owned;
    }
  }

  /** Keeps what was learned of lanes that are still ours. */
  public void learned(List<Learned> learned) throws SQLException {
    List<Lane> lanes = learned.stream().map(Learned::lane).toList();
    connection.call(open -> {
      try (PreparedStatement statement = open.prepareStatement(LEARNED)) {
        statement.setArray(1, accounts(open, lanes));
        statement.setObject(2, shards(lanes));
        statement.setObject(3, learned.stream().mapToLong(Learned::epoch).toArray());
        statement.setArray(4, integers(open, learned.stream().map(Learned::learned).toList()));
        statement.setArray(5, integers(open, learned.stream().map(Learned::learnedOf).toList()));
        statement.setObject(6, learned.stream().mapToLong(Learned::restMillis).toArray());
        return statement.executeUpdate();
      }
    });
  }

  private static java.sql.Array accounts(Connection open, List<Lane> lanes) throws SQLException {
    return open.createArrayOf("uuid", lanes.stream().map(Lane::accountId).toArray());
  }

  private static int[] shards(List<Lane> lanes) {
    return lanes.stream().mapToInt(Lane::shard).toArray();
  }

  /** Null instead of 0. */
  private static java.sql.Array integers(Connection open, List<Integer> values)
      throws SQLException {
    return open.createArrayOf(
        "int4", values.stream().map(value -> value == 0 ? null : value).toArray());
  }

  @Override
  public void close() {
    connection.close();
  }
}
