package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.process.Deployment;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.localstack.client.SampleAudience;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads the rows behind a broadcast. As a checker it may look into every service's tables; nobody
 * else does.
 */
final class LedgerReader {

  private static final String ADDRESS =
      "case when x.channel = 'email' then k.email else k.telegram_chat_id::text end as address";

  private static final String OPEN_OF_ALL =
      """
      from dispatch_worker.incarnation i
      join dispatch_worker.lease l on l.incarnation = i.number
      join dispatch_worker.claim x on x.incarnation = i.number and x.batch >= l.open_from_batch
      join audience_service.contact k on k.id = x.contact_id
      where i.worker = ? and i.number = (
          select max(number) from dispatch_worker.incarnation where worker = i.worker)
        and not exists (
          select 1 from dispatch_worker.result r
          where r.ledger_day = x.ledger_day and r.broadcast_id = x.broadcast_id
            and r.contact_id = x.contact_id and r.channel = x.channel and r.issue = x.issue)
      """;

  private static final String OPEN = OPEN_OF_ALL + " and x.broadcast_id = ?";

  /** Handed over a moment ago, and claimed by nobody yet. */
  private static final String ON_THEIR_WAY =
      """
      select x.channel, k.external_id, %s
      from audience_service.handover x cross join lateral unnest(x.contact_ids) as m (id)
      join audience_service.contact k on k.id = m.id
      where x.broadcast_id = ? and x.handed_over_at > now() - interval '5 seconds'
        and not exists (
          select from dispatch_worker.claim c
          where c.broadcast_id = x.broadcast_id and c.contact_id = m.id
            and c.channel = x.channel and c.issue = x.issue)
      order by x.id desc, m.id desc limit ?
      """
          .formatted(ADDRESS);

  private static final String SKIPPED =
      """
      select x.channel, x.reason, %s
      from audience_service.skipped x cross join lateral unnest(x.contact_ids) as m (id)
      join audience_service.contact k on k.id = m.id
      where x.broadcast_id = ?
      """
          .formatted(ADDRESS);

  private static final String SKIPPED_AT_SEND =
      """
      select x.channel, x.cause_code as reason, %s
      from dispatch_worker.result x join audience_service.contact k on k.id = x.contact_id
      where x.broadcast_id = ? and x.outcome = 8
      """
          .formatted(ADDRESS);

  private static final String PENDING =
      """
      select x.channel, %s
      from audience_service.chunk x
      cross join lateral unnest(x.contact_ids[x.next_index + 1 :]) as m (id)
      join audience_service.contact k on k.id = m.id
      where x.broadcast_id = ?
      """
          .formatted(ADDRESS);

  private static final String ENDS =
      """
      select distinct on (x.channel, x.contact_id) x.channel, x.outcome, %s
      from dispatch_worker.result x join audience_service.contact k on k.id = x.contact_id
      where x.broadcast_id = ?
      order by x.channel, x.contact_id, x.issue desc
      """
          .formatted(ADDRESS);

  /** How long after each worker's death the first claim was made on each of its lanes. */
  private static final String RESUMED =
      """
      select extract(epoch from max(first_claim) - ?::timestamptz) from (
        select min(n.claimed_at) as first_claim
        from (select distinct account_id, shard from dispatch_worker.claim
              where broadcast_id = ? and incarnation = ?
                and claimed_at > ?::timestamptz - interval '5 seconds') lane
        join dispatch_worker.claim n on n.broadcast_id = ? and n.account_id = lane.account_id
          and n.shard = lane.shard and n.incarnation <> ?
          and n.claimed_at > ?::timestamptz
        group by lane.account_id, lane.shard) s
      """;

  private final Deployment deployment;
  private final UUID broadcast;

  LedgerReader(Deployment deployment, String broadcast) {
    this.deployment = deployment;
    this.broadcast = UUID.fromString(broadcast);
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        deployment.database().jdbcUrl("fanfare") + "?connectTimeout=5&socketTimeout=60",
        deployment.database().username(),
        "");
  }

  /** How many claims without a result a worker's newest incarnation has. */
  int openClaims(Connection connection, String worker) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("select count(*) " + OPEN)) {
      statement.setString(1, worker);
      statement.setObject(2, broadcast);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  /** Who they are for, of every broadcast. */
  Map<String, Set<Recipient>> openRecipients(Connection connection, String worker)
      throws SQLException {
    Map<String, Set<Recipient>> open = new HashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select x.broadcast_id::text as broadcast, x.channel, "
                + ADDRESS
                + " "
                + OPEN_OF_ALL)) {
      statement.setString(1, worker);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          open.computeIfAbsent(row.getString("broadcast"), any -> new HashSet<>())
              .add(recipient(row));
        }
      }
    }
    return open;
  }

  private static Recipient recipient(ResultSet row) throws SQLException {
    return new Recipient(row.getString("channel"), row.getString("address"));
  }

  /** A command that no worker has claimed. */
  record OnItsWay(int number, Recipient recipient) {}

  /** A few of them. */
  List<OnItsWay> onTheirWay(int most) throws SQLException {
    List<OnItsWay> found = new ArrayList<>();
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(ON_THEIR_WAY)) {
      statement.setObject(1, broadcast);
      statement.setInt(2, most);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.add(
              new OnItsWay(SampleAudience.number(row.getString("external_id")), recipient(row)));
        }
      }
    }
    return found;
  }

  /** Whom audience-service skipped, and why. */
  Map<Recipient, String> skipped() throws SQLException {
    return reasons(SKIPPED);
  }

  /** Whom a worker skipped at the last moment, and why. */
  Map<Recipient, String> skippedAtSend() throws SQLException {
    return reasons(SKIPPED_AT_SEND);
  }

  private Map<Recipient, String> reasons(String sql) throws SQLException {
    Map<Recipient, String> reasons = new HashMap<>();
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, broadcast);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          reasons.put(recipient(row), row.getString("reason"));
        }
      }
    }
    return reasons;
  }

  /** Who is not handed over yet. */
  Set<Recipient> pending() throws SQLException {
    Set<Recipient> pending = new HashSet<>();
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(PENDING)) {
      statement.setObject(1, broadcast);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          pending.add(recipient(row));
        }
      }
    }
    return pending;
  }

  /** The ids of the first sample contacts, by their numbers. */
  Map<Integer, Long> contactIds(UUID tenant, int count) throws SQLException {
    Map<Integer, Long> ids = new HashMap<>();
    String sql = "select external_id, id from audience_service.contact where tenant_id = ?";
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, tenant);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          ids.put(SampleAudience.number(row.getString(1)), row.getLong(2));
        }
      }
    }
    if (ids.size() != count) {
      throw new IllegalStateException(ids.size() + " contacts, not " + count);
    }
    return ids;
  }

  /** Whether the broker has every opt-out that is kept. */
  boolean suppressionsPublished() throws SQLException {
    String sql =
        "select not exists (select from audience_service.outbox where topic = 'contact.suppression')";
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** The number of a worker's newest incarnation; 0 when it has none. */
  long incarnation(Connection connection, String worker) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select coalesce(max(number), 0) from dispatch_worker.incarnation where worker = ?")) {
      statement.setString(1, worker);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** Whether an incarnation has ended. */
  boolean ended(Connection connection, long incarnation) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select ended_at is not null from dispatch_worker.incarnation where number = ?")) {
      statement.setLong(1, incarnation);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /** Makes the newest hand-overs look as if their publisher had died before it said "done". */
  int publishAgain(int handovers) throws SQLException {
    String sql =
        """
        update audience_service.handover set published_at = null where id in (
          select id from audience_service.handover
          where broadcast_id = ? and published_at is not null order by id desc limit ?)
        """;
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, broadcast);
      statement.setInt(2, handovers);
      return statement.executeUpdate();
    }
  }

  /** Where each recipient stands by its last row. */
  Map<Recipient, Bucket> ends() throws SQLException {
    Map<Recipient, Bucket> ends = new HashMap<>();
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(ENDS)) {
      statement.setObject(1, broadcast);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          ends.put(recipient(row), outcome(row.getInt("outcome")).bucketAfter(Bucket.IN_FLIGHT));
        }
      }
    }
    return ends;
  }

  /** Results by channel and outcome. */
  Map<String, Map<Outcome, Long>> attempts() throws SQLException {
    String sql =
        """
        select channel, outcome, count(*) from dispatch_worker.result
        where broadcast_id = ? group by channel, outcome
        """;
    Map<String, Map<Outcome, Long>> attempts = new HashMap<>();
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, broadcast);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          attempts
              .computeIfAbsent(row.getString(1), channel -> new EnumMap<>(Outcome.class))
              .put(outcome(row.getInt(2)), row.getLong(3));
        }
      }
    }
    return attempts;
  }

  /**
   * How long it took until what a worker had left open when it died was settled.
   *
   * @return empty when it is not
   */
  Optional<Duration> settledAfter(RunLog.Kill kill) throws SQLException {
    String sql =
        """
        select extract(epoch from settled_at - ?::timestamptz) from dispatch_worker.incarnation
        where number = ? and settled_at is not null
        """;
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, kill.at().toString());
      statement.setLong(2, kill.incarnation());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(Duration.ofMillis(Math.round(row.getDouble(1) * 1000)))
            : Optional.empty();
      }
    }
  }

  /**
   * How long the lanes of a worker that died stood still at most.
   *
   * @return zero when it had none, or none of them had more to send
   */
  Duration resumedAfter(RunLog.Kill kill) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(RESUMED)) {
      statement.setString(1, kill.at().toString());
      statement.setObject(2, broadcast);
      statement.setLong(3, kill.incarnation());
      statement.setString(4, kill.at().toString());
      statement.setObject(5, broadcast);
      statement.setLong(6, kill.incarnation());
      statement.setString(7, kill.at().toString());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return Duration.ofMillis(Math.round(row.getDouble(1) * 1000));
      }
    }
  }

  /** The ledger's codes, see the comment on its column. */
  private static Outcome outcome(int code) {
    return switch (code) {
      case 1 -> Outcome.SENT;
      case 2 -> Outcome.FAILED;
      case 3 -> Outcome.DEAD;
      case 4 -> Outcome.RETRYING;
      case 5 -> Outcome.RATE_LIMITED;
      case 6 -> Outcome.IN_DOUBT;
      case 7 -> Outcome.RETURNED;
      case 8 -> Outcome.SKIPPED;
      case 9 -> Outcome.CANCELLED;
      case 10 -> Outcome.FELL_BACK;
      default -> throw new IllegalStateException("no outcome has the code " + code);
    };
  }
}
