package io.fanfare.dispatch.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Lane;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.contract.contact.ContactSuppression;
import io.fanfare.contract.contact.ContactSuppression.Suppression;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.DeliveryProgress;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.DispatchSettings;
import io.fanfare.dispatch.PoolSettings;
import io.fanfare.dispatch.TestSwitches;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.control.ControlReader;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.localstack.testing.TestDatabase;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.kafka.EventProducer;
import io.fanfare.support.kafka.TopicsReady;
import io.fanfare.support.secret.SecretBox;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The world around workers: a broker with the product's topics, a database with the ledger, an
 * e-mail provider, and what broadcast-api and audience-service would say.
 */
final class DispatchStage implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final UUID TENANT = UUID.randomUUID();

  /** What workers read and write beside commands. Making a topic takes longer than most tests. */
  private static final Set<String> TOPICS =
      Stream.of(
              Topics.BROADCAST_CONTROL,
              Topics.BROADCAST_CONTENT,
              Topics.BROADCAST_SIGNAL,
              Topics.CHANNEL_ACCOUNT,
              Topics.CONTACT_SUPPRESSION,
              Topics.CONTACT_SIGNAL,
              Topics.DELIVERY_EVENTS,
              Topics.DELIVERY_PROGRESS)
          .map(Topic::name)
          .collect(Collectors.toSet());

  final FakeProvider provider = new FakeProvider(Channel.EMAIL);
  final LocalDate day = LocalDate.now(ZoneOffset.UTC);
  private final String broker = TestInfrastructure.bootstrapServers();
  private final SecretBox secrets =
      new SecretBox("k1:" + Base64.getEncoder().encodeToString(new byte[32]));
  private final KafkaProbe probe;
  private final EventProducer producer;
  private final TestDatabase database;
  private final List<HikariDataSource> pools = new ArrayList<>();
  private final List<DispatchWorker> workers = new ArrayList<>();
  private final List<ControlReader> readers = new ArrayList<>();
  private final List<Throwable> deaths = new CopyOnWriteArrayList<>();

  /** What the worker started last counts. */
  SimpleMeterRegistry meters = new SimpleMeterRegistry();

  DispatchStage() throws SQLException, LiquibaseException {
    TestInfrastructure.resetTopics();
    TopicsReady.ensure(
        broker, 4, (short) 1, name -> TOPICS.contains(name) || name.startsWith("send."));
    probe = KafkaProbe.ofTestBroker();
    producer = new EventProducer(broker, "stage");
    database = TestInfrastructure.freshDatabase();
    migrate();
  }

  private void migrate() throws SQLException, LiquibaseException {
    execute("create schema dispatch_worker");
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("set search_path = dispatch_worker");
      var target =
          DatabaseFactory.getInstance()
              .findCorrectDatabaseImplementation(new JdbcConnection(connection));
      target.setDefaultSchemaName("dispatch_worker");
      new Liquibase("db/dispatch-worker/changelog.yaml", new ClassLoaderResourceAccessor(), target)
          .update("");
    }
  }

  /** What the threads that died died of, from now on no failure of the test. */
  List<Throwable> forgiveDeaths() {
    List<Throwable> died = List.copyOf(deaths);
    deaths.clear();
    return died;
  }

  // --- workers

  /** Quick leases, so that a takeover takes a second. */
  static DispatchSettings settings() {
    return settings(256, 4_000);
  }

  static DispatchSettings settings(int maxInFlight, int window) {
    return settings(maxInFlight, window, PoolSettings.DEFAULTS);
  }

  static DispatchSettings settings(int maxInFlight, int window, PoolSettings pools) {
    return settings(maxInFlight, window, pools, 50_000);
  }

  static DispatchSettings settings(
      int maxInFlight, int window, PoolSettings pools, int maxUnpublished) {
    return new DispatchSettings(
        window,
        maxInFlight,
        500,
        Duration.ofMillis(5),
        500,
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofMillis(2_000),
        Duration.ofMillis(2_500),
        Duration.ofMillis(500),
        Duration.ofMillis(1_000),
        Duration.ofSeconds(1),
        Duration.ofMinutes(10),
        Duration.ofSeconds(10),
        maxUnpublished,
        pools);
  }

  DispatchWorker start(String name) throws SQLException {
    return start(name, settings(), TestSwitches.NONE, UnaryOperator.identity());
  }

  DispatchWorker start(
      String name, DispatchSettings settings, TestSwitches switches, UnaryOperator<DataSource> wire)
      throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    config.setUsername(database.username());
    config.setPassword(database.password());
    config.addDataSourceProperty("currentSchema", "dispatch_worker");
    config.setMaximumPoolSize(6);
    config.setMinimumIdle(0);
    HikariDataSource pool = new HikariDataSource(config);
    pools.add(pool);
    var control =
        new ControlReader(
            broker,
            name + "-control",
            secrets,
            settings.controlFresh(),
            switches.keepFirstControl());
    readers.add(control);
    meters = new SimpleMeterRegistry();
    DispatchWorker worker =
        new DispatchWorker(
            name,
            broker,
            wire.apply(pool),
            producer,
            control,
            List.<ChannelSender>of(provider),
            settings,
            switches,
            meters,
            Clock.systemUTC());
    worker.start((thread, failure) -> deaths.add(failure));
    workers.add(worker);
    return worker;
  }

  void stop(DispatchWorker worker) {
    workers.remove(worker);
    worker.stop();
  }

  void abandon(DispatchWorker worker) {
    workers.remove(worker);
    worker.abandon();
  }

  /** The broker takes no event of a topic from now on, and again when told so. */
  void refusesEvents(Topic topic, boolean refuses) throws Exception {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    String longest = refuses ? "10" : "1048588";
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      var setting =
          new AlterConfigOp(
              new ConfigEntry("max.message.bytes", longest), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(resource, List.of(setting))).all().get();
      // Answered by the controller: the broker goes by it a moment later.
      await()
          .atMost(PATIENCE)
          .until(() ->
              admin
                  .describeConfigs(List.of(resource))
                  .all()
                  .get()
                  .get(resource)
                  .get("max.message.bytes")
                  .value()
                  .equals(longest));
    }
  }

  // --- what the other services say

  /** An account that exists on the broker. */
  ChannelAccount account(int ratePerSecond, int shards, long version, UUID id) {
    var account =
        new ChannelAccount(
            id,
            TENANT,
            Channel.EMAIL,
            "test",
            version,
            shards,
            ratePerSecond,
            Map.of("host", "localhost"),
            secrets.seal("{\"password\":\"x\"}"));
    publish(Topics.CHANNEL_ACCOUNT, id.toString(), account);
    return account;
  }

  BroadcastControl broadcast(ChannelAccount account) {
    return broadcast(account, DeliveryPolicy.NEVER_TWICE);
  }

  /** A running broadcast whose content and control exist on the broker. */
  BroadcastControl broadcast(ChannelAccount account, DeliveryPolicy policy) {
    return broadcast(account, policy, null);
  }

  /** The same of a category. */
  BroadcastControl broadcast(ChannelAccount account, DeliveryPolicy policy, String category) {
    var control =
        new BroadcastControl(
            UUID.randomUUID(),
            TENANT,
            "Spring news",
            1,
            BroadcastState.RUNNING,
            UUID.randomUUID(),
            List.of(
                new ChannelPlan(Channel.EMAIL, account.accountId(), account.shards(), List.of())),
            policy,
            SendClass.BULK,
            day,
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(60)),
            Map.of(),
            Instant.now(),
            null,
            null,
            null,
            null,
            null,
            category,
            null);
    var content =
        new BroadcastContent(
            control.broadcastId(),
            "a",
            Channel.EMAIL,
            new MessageContent.Email("Hello", null, "Hello {{ contact.name }}"));
    publish(Topics.BROADCAST_CONTENT, content.key(), content);
    publish(Topics.BROADCAST_CONTROL, control.broadcastId().toString(), control);
    return control;
  }

  BroadcastControl moves(BroadcastControl control, BroadcastState state) {
    var next =
        new BroadcastControl(
            control.broadcastId(),
            control.tenantId(),
            control.name(),
            control.epoch() + 1,
            state,
            control.listId(),
            control.channels(),
            control.policy(),
            control.sendClass(),
            control.ledgerDay(),
            control.retryDelays(),
            control.variables(),
            control.startedAt());
    publish(Topics.BROADCAST_CONTROL, control.broadcastId().toString(), next);
    return next;
  }

  /** All that is suppressed of a contact from now on; nothing lifts what was. */
  ContactSuppression suppress(long contactId, long version, Suppression... suppressions) {
    var suppression =
        new ContactSuppression(TENANT, contactId, version, List.of(suppressions), Instant.now());
    publish(Topics.CONTACT_SUPPRESSION, suppression.key(), suppression);
    return suppression;
  }

  /** The same, as if it had been published then. */
  void suppressed(Instant then, long contactId) {
    var suppression =
        new ContactSuppression(
            TENANT,
            contactId,
            1,
            List.of(new Suppression(null, Suppression.OPTED_OUT, then)),
            then);
    try (var old =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker),
            new StringSerializer(),
            new ByteArraySerializer())) {
      old.send(
          new ProducerRecord<>(
              Topics.CONTACT_SUPPRESSION.name(),
              null,
              then.toEpochMilli(),
              suppression.key(),
              EventCodec.encode(suppression)));
    }
  }

  /** Every worker knows that a contact must not be sent to. */
  void awaitSuppressed(long contactId) {
    awaitSuppressed(contactId, null);
  }

  /** The same of messages of a category. */
  void awaitSuppressed(long contactId, String category) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            readers.stream()
                .allMatch(reader ->
                    reader.suppressions().find(contactId, Channel.EMAIL, category) != null));
  }

  /** The operator stops all sending or lets it go on. */
  void stopAll(boolean stopped, long epoch) {
    publish(
        Topics.BROADCAST_CONTROL,
        GlobalStop.KEY,
        new GlobalStop(epoch, stopped, stopped ? "a test" : null, Instant.now()));
  }

  /** The first command for a contact. */
  SendMessage command(BroadcastControl control, long contactId) {
    ChannelPlan plan = control.channels().getFirst();
    return new SendMessage(
        control.tenantId(),
        control.broadcastId(),
        contactId,
        Channel.EMAIL,
        1,
        1,
        Bucket.IN_FLIGHT,
        false,
        control.ledgerDay(),
        Lane.of(plan.accountId(), contactId, plan.shards()),
        "a",
        control.epoch(),
        "c" + contactId + "@example.org",
        Instant.now(),
        Map.of("contact", Map.of("name", "Ada")));
  }

  /** The same command to another address. */
  static SendMessage addressed(SendMessage command, String address) {
    return new SendMessage(
        command.tenantId(),
        command.broadcastId(),
        command.contactId(),
        command.channel(),
        command.issue(),
        command.attempt(),
        command.bucket(),
        command.granted(),
        command.ledgerDay(),
        command.lane(),
        command.variant(),
        command.controlEpoch(),
        address,
        command.releasedAt(),
        command.data());
  }

  /** The same command, whose contact can be reached on another channel as well. */
  static SendMessage fallingBack(SendMessage command, int attempt, @Nullable String address) {
    return new SendMessage(
        command.tenantId(),
        command.broadcastId(),
        command.contactId(),
        command.channel(),
        command.issue(),
        attempt,
        command.bucket(),
        command.granted(),
        command.ledgerDay(),
        command.lane(),
        command.variant(),
        command.controlEpoch(),
        address,
        command.releasedAt(),
        command.data(),
        null,
        true);
  }

  /** The same command with other data. */
  static SendMessage carrying(SendMessage command, Map<String, Object> data) {
    return new SendMessage(
        command.tenantId(),
        command.broadcastId(),
        command.contactId(),
        command.channel(),
        command.issue(),
        command.attempt(),
        command.bucket(),
        command.granted(),
        command.ledgerDay(),
        command.lane(),
        command.variant(),
        command.controlEpoch(),
        command.address(),
        command.releasedAt(),
        data);
  }

  /** The command that follows another one. */
  static SendMessage next(SendMessage command, Bucket bucket, boolean granted) {
    return new SendMessage(
        command.tenantId(),
        command.broadcastId(),
        command.contactId(),
        command.channel(),
        command.issue() + 1,
        command.attempt() + 1,
        bucket,
        granted,
        command.ledgerDay(),
        command.lane(),
        command.variant(),
        command.controlEpoch(),
        command.address(),
        Instant.now(),
        command.data());
  }

  void release(BroadcastControl control, long from, long to) {
    release(LongStream.range(from, to).mapToObj(id -> command(control, id)).toList());
  }

  void release(List<SendMessage> commands) {
    release(commands, SendClass.BULK);
  }

  void release(List<SendMessage> commands, SendClass sendClass) {
    Topic topic = Topics.send(Channel.EMAIL, sendClass);
    CompletableFuture.allOf(
            commands.stream()
                .map(command -> producer.send(topic, command.lane().key(), command))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  private void publish(Topic topic, String key, Record event) {
    producer.send(topic, key, event).join();
  }

  void publishBytes(Topic topic, String key, String bytes) {
    probe.produce(topic.name(), key, bytes.getBytes(UTF_8));
  }

  // --- what came of it

  <E extends Record> List<E> read(Topic topic, Class<E> type) {
    return probe.readAll(topic.name()).stream()
        .map(record -> EventCodec.decode(type, record.value()))
        .toList();
  }

  int records(String topic) {
    return probe.readAll(topic).size();
  }

  List<DeliveryEvent> events(BroadcastControl control) {
    return read(Topics.DELIVERY_EVENTS, DeliveryEvent.class).stream()
        .filter(event -> event.broadcastId().equals(control.broadcastId()))
        .toList();
  }

  /** The newest counters of every incarnation and lane, added up. */
  Counts progress(BroadcastControl control) {
    Map<String, DeliveryProgress> newest = new HashMap<>();
    for (DeliveryProgress progress : read(Topics.DELIVERY_PROGRESS, DeliveryProgress.class)) {
      if (progress.broadcastId().equals(control.broadcastId())) {
        newest.merge(progress.key(), progress, (a, b) -> a.sequence() > b.sequence() ? a : b);
      }
    }
    return newest.values().stream().map(DeliveryProgress::counts).reduce(Counts.ZERO, Counts::plus);
  }

  /** The counters' table, added up over incarnations. */
  Counts counters(BroadcastControl control) {
    String sums =
        """
        select coalesce(sum(sent), 0), coalesce(sum(failed), 0), coalesce(sum(dead), 0), coalesce(sum(in_doubt), 0),
               coalesce(sum(retrying), 0), coalesce(sum(skipped), 0), coalesce(sum(cancelled), 0), coalesce(sum(results), 0),
               coalesce(sum(fell_back), 0)
        from dispatch_worker.counter where broadcast_id = '%s'
        """;
    return query(
        sums.formatted(control.broadcastId()),
        row ->
            new Counts(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9)));
  }

  /** Result rows by outcome. */
  Map<Outcome, Long> results(BroadcastControl control) {
    Map<Outcome, Long> results = new EnumMap<>(Outcome.class);
    Outcome[] byCode = {
      Outcome.SENT,
      Outcome.FAILED,
      Outcome.DEAD,
      Outcome.RETRYING,
      Outcome.RATE_LIMITED,
      Outcome.IN_DOUBT,
      Outcome.RETURNED,
      Outcome.SKIPPED,
      Outcome.CANCELLED,
      Outcome.FELL_BACK
    };
    String sql =
        "select outcome, count(*) from dispatch_worker.result where broadcast_id = '%s' group by 1"
            .formatted(control.broadcastId());
    query(
        sql,
        row -> {
          do {
            results.put(byCode[row.getInt(1) - 1], row.getLong(2));
          } while (row.next());
          return results;
        },
        results);
    return results;
  }

  long count(String sql) {
    return query(sql, row -> row.getLong(1));
  }

  void awaitResults(BroadcastControl control, long count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> results(control).values().stream().mapToLong(n -> n).sum() == count);
  }

  /** Commands of the group whose offsets are not committed yet. */
  long lag() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      var committed =
          admin
              .listConsumerGroupOffsets(Topics.Groups.DISPATCH_SEND)
              .partitionsToOffsetAndMetadata()
              .get();
      long lag = 0;
      for (Topic topic : Topics.sendTopics()) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int i = 0; i < 4; i++) {
          ends.put(new TopicPartition(topic.name(), i), OffsetSpec.latest());
        }
        for (var end : admin.listOffsets(ends).all().get().entrySet()) {
          var offset = committed.get(end.getKey());
          lag += end.getValue().offset() - (offset == null ? 0 : offset.offset());
        }
      }
      return lag;
    }
  }

  interface Read<T> {
    T from(ResultSet row) throws SQLException;
  }

  <T> T query(String sql, Read<T> read) {
    return query(sql, read, null);
  }

  private <T> T query(String sql, Read<T> read, T whenEmpty) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? read.from(row) : whenEmpty;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The ledger as the workers see it, without a pool. */
  DataSource dataSource() {
    PGSimpleDataSource ledger = new PGSimpleDataSource();
    ledger.setUrl(database.jdbcUrl());
    ledger.setUser(database.username());
    ledger.setPassword(database.password());
    ledger.setCurrentSchema("dispatch_worker");
    return ledger;
  }

  Connection connect() throws SQLException {
    return database.connect();
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    provider.release();
    List.copyOf(workers).forEach(this::abandon);
    producer.close();
    probe.close();
    pools.forEach(HikariDataSource::close);
    if (!deaths.isEmpty()) {
      throw new AssertionError("a thread of a worker died", deaths.getFirst());
    }
  }
}
