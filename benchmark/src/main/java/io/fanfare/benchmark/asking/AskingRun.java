package io.fanfare.benchmark.asking;

import io.fanfare.benchmark.process.Deployment;
import io.fanfare.contract.EventCodec;
import io.fanfare.localstack.client.RestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Publishes what became of one large broadcast and {@value #OTHERS} small ones of the same tenant,
 * has analytics count it, and asks every question through the front door; afterwards once more, to
 * see by which plans they are answered.
 */
public final class AskingRun {

  private static final int OTHERS = 300;
  private static final int OTHER_RECIPIENTS = 400;
  private static final int OTHER_EVENTS = 800;
  private static final int DAYS_OF_OTHERS = 85;
  private static final int WARM_UP = 30;
  private static final int TIMES = 100;
  private static final int TIMES_FOR_PLANS = 12;
  private static final Duration PATIENCE = Duration.ofMinutes(60);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final List<String> IDLE =
      List.of("audience-service", "dispatch-worker", "retry-service");

  private final AskingOptions options;
  private final Path folder;
  private final Deployment deployment;
  private final Consumer<String> console;
  private final RestClient api;
  private final AskedHistory large;
  private final List<AskedHistory> others = new ArrayList<>();
  private long published;

  private AskingRun(
      AskingOptions options, Path folder, Deployment deployment, Consumer<String> console) {
    this.options = options;
    this.folder = folder;
    this.deployment = deployment;
    this.console = console;
    Deployment.TenantKey tenant = deployment.newTenantKey("Asking");
    this.api = tenant.api();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    this.large =
        new AskedHistory(
            tenant.id(),
            new UUID(1, 1),
            now.minus(AskedHistory.LONGEST).minusSeconds(37),
            options.recipients(),
            options.events(),
            1);
    for (int i = 0; i < OTHERS; i++) {
      Instant start =
          now.minus(AskedHistory.LONGEST)
              .minus(Duration.ofMinutes(i * DAYS_OF_OTHERS * 1_440L / OTHERS));
      others.add(
          new AskedHistory(
              tenant.id(), new UUID(2, i), start, OTHER_RECIPIENTS, OTHER_EVENTS, 2 + i));
    }
  }

  /** Runs it; everything it started has ended afterwards. */
  public static AskingResult run(
      AskingOptions options, Path folder, Path project, Consumer<String> console)
      throws IOException, SQLException {
    Map<String, String> settings = Map.of("FANFARE_API_REQUESTS_PER_SECOND", "100000");
    try (Deployment deployment = Deployment.start(folder, project, settings)) {
      IDLE.forEach(service -> deployment.service(service).kill());
      AskingResult result = new AskingRun(options, folder, deployment, console).run();
      deployment.kill();
      return result;
    }
  }

  private AskingResult run() throws IOException, SQLException {
    long begun = System.nanoTime();
    Thread publisher = Thread.ofPlatform().start(this::publish);
    join(publisher);
    console.accept("%,d events published; counting".formatted(published));
    awaitCounted();
    double seconds = (System.nanoTime() - begun) / 1e9;
    console.accept("counted %,.0f s after the first was published".formatted(seconds));
    execute("analyze");
    List<String> wrong = wrongFigures();
    List<Question> questions =
        Question.all(
            large.broadcast(),
            large.start(),
            others.stream().map(AskedHistory::broadcast).toList());
    List<AskingResult.Answered> answered = new ArrayList<>();
    for (Question question : questions) {
      answered.add(ask(question));
    }
    return new AskingResult(
        options, published, seconds, wrong, answered, tables(), plans(questions));
  }

  private AskingResult.Answered ask(Question question) {
    for (int i = 0; i < WARM_UP; i++) {
      answer(question);
    }
    double[] millis = new double[TIMES];
    int bytes = 0;
    for (int i = 0; i < TIMES; i++) {
      long begun = System.nanoTime();
      bytes = answer(question).text().length();
      millis[i] = (System.nanoTime() - begun) / 1e6;
    }
    AskingResult.Answered answered = AskingResult.Answered.of(question.name(), millis, bytes);
    console.accept(answered.line());
    return answered;
  }

  private RestClient.Answer answer(Question question) {
    RestClient.Answer answer =
        api.exchange("GET", question.path(), null, Map.of("Accept", question.accept()));
    if (answer.status() != 200) {
      throw new IllegalStateException(question.path() + " answered " + answer.text());
    }
    return answer;
  }

  /** Figures that are not what was published. */
  private List<String> wrongFigures() {
    String path = "/api/v1/broadcasts/" + large.broadcast();
    JsonNode stats = api.get(path + "/stats");
    List<String> wrong = new ArrayList<>();
    check(wrong, "sent", stats.at("/counts/sent").asLong(), large.sent());
    check(wrong, "clicked", both(stats.at("/engagement/kinds/clicked")), large.clicked());
    check(wrong, "opened", both(stats.at("/engagement/kinds/opened")), large.opened());
    for (String step : List.of("minute", "hour")) {
      JsonNode points = api.get(path + "/timeseries?kind=opened&step=" + step).get("points");
      check(wrong, "opened by " + step, sum(points), large.opened());
    }
    long ofSegments = 0;
    long ofParts = 0;
    for (JsonNode segment : api.get(path + "/segments").get("segments")) {
      ofSegments += both(segment.at("/engagement/kinds/clicked"));
      ofParts +=
          sum(
              api.get(path + "/timeseries?step=hour&segment=" + segment.get("segment").asInt())
                  .get("points"));
    }
    check(wrong, "clicked by segment", ofSegments, large.clicked());
    check(wrong, "clicked by segment and hour", ofParts, large.clicked());
    return wrong;
  }

  private static long sum(JsonNode points) {
    return points.valueStream().mapToLong(AskingRun::both).sum();
  }

  private static long both(JsonNode done) {
    return done.path("events").asLong(0) + done.path("machine_events").asLong(0);
  }

  private static void check(List<String> wrong, String figure, long found, long expected) {
    if (found != expected) {
      wrong.add("%s: %,d instead of %,d".formatted(figure, found, expected));
    }
  }

  /** The statements of every question with their plans. */
  private Map<String, List<String>> plans(List<Question> questions)
      throws IOException, SQLException {
    PlanLog log = new PlanLog(folder.resolve("postgresql.log"));
    try (Connection connection = connect()) {
      log.turnOn(connection);
    }
    // Sessions that were cut come back.
    for (int i = 0; i < WARM_UP; i++) {
      api.exchange("GET", questions.getFirst().path(), null);
    }
    Map<String, List<String>> plans = new LinkedHashMap<>();
    for (Question question : questions) {
      if (!question.name().endsWith("CSV")) {
        for (int i = 0; i < TIMES_FOR_PLANS; i++) {
          log.sinceLast();
          // The last one, when the driver's statement has been prepared long since.
          answer(question);
        }
        plans.put(question.name(), log.sinceLast());
      }
    }
    return plans;
  }

  private Map<String, String> tables() throws SQLException {
    Map<String, String> tables = new LinkedHashMap<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                select c.relname, c.reltuples::bigint, pg_total_relation_size(c.oid) >> 20
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'analytics_service' and c.relkind = 'r' and c.reltuples > 0
                  and not c.relispartition
                order by 3 desc, 1
                """)) {
      while (rows.next()) {
        tables.put(
            rows.getString(1), "%,d rows, %,d MiB".formatted(rows.getLong(2), rows.getLong(3)));
      }
    }
    return tables;
  }

  private void awaitCounted() throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      while (true) {
        try (ResultSet row =
            statement.executeQuery(
                "select coalesce(sum(next_offset), 0) from analytics_service.consumer_offset")) {
          row.next();
          if (row.getLong(1) >= published) {
            return;
          }
        }
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("not counted within " + PATIENCE);
        }
        LockSupport.parkNanos(LOOK.toNanos());
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        deployment.database().jdbcUrl("fanfare"), deployment.database().username(), "");
  }

  private void publish() {
    AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, deployment.bootstrapServers());
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      AskedHistory.Sink sink =
          (topic, contact, event) -> {
            var record =
                new ProducerRecord<>(topic, Long.toString(contact), EventCodec.encode(event));
            record
                .headers()
                .add(
                    EventCodec.TYPE_HEADER,
                    EventCodec.typeOf(event).getBytes(StandardCharsets.UTF_8));
            producer.send(record, (metadata, failure) -> failed.compareAndSet(null, failure));
            published++;
          };
      others.forEach(other -> other.tell(sink));
      large.tell(sink);
      producer.flush();
    }
    if (failed.get() != null) {
      throw new IllegalStateException("not published", failed.get());
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
