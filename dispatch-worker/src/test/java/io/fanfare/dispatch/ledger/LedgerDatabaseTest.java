package io.fanfare.dispatch.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.engagement.telegram.AnswerTurns;
import io.fanfare.dispatch.engagement.telegram.PollerLeases;
import io.fanfare.dispatch.lease.Incarnation;
import io.fanfare.dispatch.lease.LeaseKeeper;
import io.fanfare.localstack.testing.TestDatabase;
import io.fanfare.localstack.testing.TestInfrastructure;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the ledger's statements do, without a broker. */
class LedgerDatabaseTest {

  private static final LocalDate DAY = LocalDate.of(2026, 3, 1);

  private static TestDatabase database;
  private static HikariDataSource pool;
  private static JdbcClient jdbc;

  @BeforeAll
  static void migrate() throws Exception {
    database = TestInfrastructure.freshDatabase();
    try (Connection connection = database.connect()) {
      connection.createStatement().execute("create schema dispatch_worker");
      connection.createStatement().execute("set search_path = dispatch_worker");
      var target =
          DatabaseFactory.getInstance()
              .findCorrectDatabaseImplementation(new JdbcConnection(connection));
      target.setDefaultSchemaName("dispatch_worker");
      new Liquibase("db/dispatch-worker/changelog.yaml", new ClassLoaderResourceAccessor(), target)
          .update("");
    }
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    config.setUsername(database.username());
    config.setPassword(database.password());
    config.addDataSourceProperty("currentSchema", "dispatch_worker");
    config.setMinimumIdle(0);
    pool = new HikariDataSource(config);
    jdbc = JdbcClient.create(pool);
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  @Test
  void aWorkerThatRenewsWhileItsTakeoverWaitsForTheLockIsLeftAlone() throws Exception {
    Incarnation living = incarnation();
    Incarnation other = incarnation();
    CompletableFuture<Integer> takeover = new CompletableFuture<>();
    try (Connection claims = pool.getConnection()) {
      claims.setAutoCommit(false);
      claims
          .createStatement()
          .execute("select 1 from incarnation where number = " + living.number() + " for share");
      Thread.startVirtualThread(() -> {
        try (Connection connection = pool.getConnection()) {
          connection.setAutoCommit(false);
          int open =
              Takeover.run(
                  connection, other, new TakeoverWatch.Observed(living.number(), 0), Instant.now());
          connection.commit();
          takeover.complete(open);
        } catch (Exception e) {
          takeover.completeExceptionally(e);
        }
      });
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() ->
              jdbc.sql("select count(*) from pg_locks where not granted").query(Long.class).single()
                  > 0);
      jdbc.sql("update lease set renewed = renewed + 1 where incarnation = :n")
          .param("n", living.number())
          .update();
      claims.commit();
    }
    assertThat(takeover.join()).isEqualTo(-1);
    assertThat(
            jdbc.sql("select ended_at is null from incarnation where number = :n")
                .param("n", living.number())
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void anAnswerThatIsDroppedIsSettledOnceHoweverOftenTheLeaseIsLost() {
    List<Boolean> settled = new ArrayList<>();
    Incarnation first = new Incarnation(1, UUID.randomUUID());
    List<LedgerEntry> batch =
        new ArrayList<>(
            List.of(entry(first, Outcome.RETURNED, settled), entry(first, Outcome.SENT, settled)));
    for (int lost = 2; lost <= 4; lost++) {
      assertThat(Ledger.ownOrLate(batch, new Incarnation(lost, UUID.randomUUID())))
          .singleElement()
          .satisfies(late -> assertThat(late.command().issue()).isEqualTo(2));
    }
    assertThat(settled).containsExactly(false);
  }

  @Test
  void aBotAnswersOnceAtATimeWhicheverWorkerHeardTheQuestion() {
    var turns = new AnswerTurns(new JdbcTemplate(pool));
    String bot = "answers-" + UUID.randomUUID();
    assertThat(turns.take(bot, Duration.ofHours(1))).isTrue();
    assertThat(turns.take(bot, Duration.ofHours(1))).isFalse();
    assertThat(turns.take("another-" + bot, Duration.ofHours(1))).isTrue();
    turns.giveBack(bot, Duration.ofMillis(300));
    long givenBack = System.nanoTime();
    await().until(() -> turns.take(bot, Duration.ZERO));
    assertThat(Duration.ofNanos(System.nanoTime() - givenBack))
        .isGreaterThan(Duration.ofMillis(250));
    turns.forgetUnused(Duration.ofDays(1));
    assertThat(turns.take(bot, Duration.ofHours(1))).as("a turn that was over").isTrue();
    turns.forgetUnused(Duration.ZERO);
    assertThat(turns.take(bot, Duration.ofHours(1))).as("one that goes on").isFalse();
  }

  @Test
  void aBotIsOneHoldersUntilItLeavesItOrIsGoneForAsLongAsItsLease() {
    var leases = new PollerLeases(new JdbcTemplate(pool));
    UUID one = UUID.randomUUID();
    UUID two = UUID.randomUUID();
    List<String> bots = List.of("a", "b");
    Duration lease = Duration.ofSeconds(30);
    assertThat(leases.hold(one, bots, lease)).containsExactlyInAnyOrder("a", "b");
    assertThat(leases.hold(two, bots, lease)).isEmpty();
    assertThat(leases.hold(one, bots, lease)).hasSize(2);
    leases.release(one, List.of("a"));
    leases.release(two, List.of("b"));
    assertThat(leases.hold(two, bots, lease)).containsExactly("a");
    // It dies: nothing is released, and time goes by.
    jdbc.sql("update poller_lease set until = until - interval '31 seconds' where bot = 'b'")
        .update();
    assertThat(leases.hold(two, bots, lease)).hasSize(2);
    assertThat(leases.hold(one, bots, lease)).isEmpty();
  }

  @Test
  void onlySentTelegramMessagesAreFoundByTheirChat() throws Exception {
    Incarnation writer = incarnation();
    try (ResultWriter results = new ResultWriter(pool, new LedgerDays(), false)) {
      List<LedgerEntry> ended =
          List.of(
              telegram("77", Outcome.SENT),
              telegram("78", Outcome.FAILED),
              telegram("@channel", Outcome.SENT));
      assertThat(results.write(writer, 1, 3, ended, false).recorded().cardinality()).isEqualTo(3);
    }
    assertThat(
            jdbc.sql("select chat from result where ledger_day = :day and channel = 'telegram'")
                .param("day", DAY.plusDays(1))
                .query((row, n) -> row.getObject(1, Long.class))
                .list())
        .containsExactlyInAnyOrder(77L, null, null);
  }

  @Test
  void aDroppedDayIsNeitherMadeAgainNorWrittenTo() throws Exception {
    Incarnation writer = incarnation();
    LedgerDays unaware = new LedgerDays();
    try (ClaimWriter claims = new ClaimWriter(pool, new LedgerDays());
        ResultWriter ofUnaware = new ResultWriter(pool, unaware, false);
        ResultWriter results = new ResultWriter(pool, new LedgerDays(), false)) {
      List<LedgerRow> rows =
          List.of(new LedgerRow(command(DAY), 0), new LedgerRow(command(DAY), 0));
      Map<Lane, Long> epochs = new HashMap<>();
      for (LedgerRow row : rows) {
        Lane lane = row.command().lane();
        jdbc.sql("insert into lane (account_id, shard, epoch, incarnation) values (?, ?, 1, ?)")
            .params(lane.accountId(), lane.shard(), writer.number())
            .update();
        epochs.put(lane, 1L);
      }
      assertThat(claims.claim(writer, 1, rows, epochs, false).ours().cardinality()).isEqualTo(2);

      try (Connection connection = pool.getConnection()) {
        assertThat(unaware.ensure(connection, DAY, 0)).isTrue();
      }

      assertThat(new LedgerRetention(pool).dropBefore(DAY.plusDays(1), List.of())).isEqualTo(1);
      assertThat(new LedgerRetention(pool).dropBefore(DAY, List.of())).isZero();

      try (ClaimWriter later = new ClaimWriter(pool, new LedgerDays())) {
        assertThat(later.claim(writer, 2, rows, epochs, false).ours().isEmpty()).isTrue();
      }
      // Those who knew the day before it was dropped.
      assertThat(claims.claim(writer, 2, rows, epochs, false).ours().isEmpty()).isTrue();
      List<LedgerEntry> ended = List.of(entry(null, Outcome.RETURNED, new ArrayList<>()));
      assertThat(ofUnaware.write(writer, 1, 3, ended, false).recorded().isEmpty()).isTrue();
      assertThat(results.write(writer, 1, 3, ended, false).recorded().isEmpty()).isTrue();
      assertThat(
              jdbc.sql("select to_regclass('claim_20260301') is null")
                  .query(Boolean.class)
                  .single())
          .isTrue();
    }
  }

  @Test
  void droppingADayForgetsItsIncarnationsButNothingOfBroadcastsUnderWay() throws Exception {
    UUID under = UUID.randomUUID();
    UUID ended = UUID.randomUUID();
    Incarnation old = settled("2026-01-01");
    Incarnation older = settled("2026-01-01");
    Incarnation living = incarnation();
    for (Incarnation each : List.of(old, living)) {
      counter(under, each);
    }
    for (Incarnation each : List.of(old, older, living)) {
      counter(ended, each);
    }
    jdbc.sql(
            "insert into custom_name values (:id, 'old', '2026-01-31'), (:id, 'new', '2026-02-01')")
        .param("id", ended)
        .update();
    new LedgerRetention(pool).dropBefore(LocalDate.of(2026, 2, 1), List.of(under));
    assertThat(jdbc.sql("select name from custom_name").query(String.class).list())
        .containsExactly("new");
    assertThat(
            jdbc.sql("select incarnation from counter where broadcast_id = :id order by 1")
                .param("id", ended)
                .query(Long.class)
                .list())
        .containsExactly(living.number());
    assertThat(
            jdbc.sql("select incarnation from counter where broadcast_id = :id order by 1")
                .param("id", under)
                .query(Long.class)
                .list())
        .containsExactly(old.number(), living.number());
    assertThat(jdbc.sql("select number from incarnation").query(Long.class).list())
        .contains(old.number(), living.number())
        .doesNotContain(older.number());
  }

  private static void counter(UUID broadcast, Incarnation incarnation) {
    jdbc.sql(
            """
            insert into counter values (:id, gen_random_uuid(), 0, :n, 'email', 1, 1, 0, 0, 0, 0, 0, 0, 1, '2026-01-01')
            """)
        .param("id", broadcast)
        .param("n", incarnation.number())
        .update();
  }

  private static Incarnation settled(String day) throws Exception {
    Incarnation incarnation = incarnation();
    jdbc.sql(
            "update incarnation set ended_at = cast(:day as timestamptz), settled_at ="
                + " cast(:day as timestamptz) where number = :n")
        .param("day", day)
        .param("n", incarnation.number())
        .update();
    return incarnation;
  }

  private static Incarnation incarnation() throws Exception {
    LeaseKeeper keeper = new LeaseKeeper(pool, "test", Duration.ofHours(1), Duration.ofHours(2));
    keeper.start((thread, failure) -> {});
    Incarnation incarnation = keeper.current().incarnation();
    keeper.abandon();
    jdbc.sql("update lease set renewed = 0 where incarnation = :n")
        .param("n", incarnation.number())
        .update();
    return incarnation;
  }

  private static LedgerEntry telegram(String address, Outcome outcome) {
    SendMessage command =
        new SendMessage(
            UUID.randomUUID(),
            UUID.randomUUID(),
            7,
            Channel.TELEGRAM,
            1,
            1,
            Bucket.IN_FLIGHT,
            false,
            DAY.plusDays(1),
            new Lane(UUID.randomUUID(), 0),
            "a",
            1,
            address,
            Instant.EPOCH,
            Map.of());
    return new LedgerEntry(
        command, outcome, Instant.now(), null, null, "1", null, 0, false, (ended, recorded) -> {});
  }

  private static LedgerEntry entry(Incarnation claimedBy, Outcome outcome, List<Boolean> settled) {
    return new LedgerEntry(
        command(DAY),
        outcome,
        Instant.EPOCH,
        null,
        null,
        null,
        claimedBy,
        0,
        false,
        (entry, recorded) -> settled.add(recorded));
  }

  private static SendMessage command(LocalDate day) {
    return new SendMessage(
        UUID.randomUUID(),
        UUID.randomUUID(),
        7,
        Channel.EMAIL,
        1,
        1,
        Bucket.IN_FLIGHT,
        false,
        day,
        new Lane(UUID.randomUUID(), 0),
        "a",
        1,
        "a@example.org",
        Instant.EPOCH,
        Map.of());
  }
}
