package io.fanfare.localstack.runner;

import io.fanfare.analytics.AnalyticsApplication;
import io.fanfare.audience.AudienceApplication;
import io.fanfare.broadcast.BroadcastApplication;
import io.fanfare.dispatch.DispatchApplication;
import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.embedded.EmbeddedDatabase;
import io.fanfare.localstack.embedded.EmbeddedKafka;
import io.fanfare.localstack.simulator.Simulators;
import io.fanfare.localstack.simulator.smtp.SmtpSettings;
import io.fanfare.localstack.simulator.telegram.TelegramSettings;
import io.fanfare.retry.RetryApplication;
import io.fanfare.support.ServiceLauncher;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * Everything in one JVM: the broker, the database, the simulated providers and the five services,
 * each in a context of its own and talking to the others as it would from another machine. What was
 * kept in the data directory is found again by the next start.
 */
final class LocalStack implements AutoCloseable {

  private static final int SMTP_PORT = 2525;
  private static final int TELEGRAM_PORT = 8091;
  private static final int MAILBOX_PORT = 8090;
  private static final int KAFKA_PORT = 19092;
  private static final int DATABASE_PORT = 15432;
  private static final String DATABASE = "fanfare";

  private final StackSettings settings;
  private final Consumer<String> progress;
  private final Simulators simulators;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final LocalKeys keys;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private String databaseUrl = "";

  private LocalStack(StackSettings settings, Simulators simulators, Consumer<String> progress) {
    this.settings = settings;
    this.simulators = simulators;
    this.progress = progress;
    this.keys = LocalKeys.in(settings.dataDirectory());
    ports.put("mailbox", simulators.server().port());
  }

  /**
   * Starts everything and returns once it serves.
   *
   * @param progress told of each step
   */
  static LocalStack start(StackSettings settings, Consumer<String> progress) {
    Simulators simulators = simulators(settings);
    LocalStack stack = start(settings, simulators, progress);
    stack.running.addLast(simulators);
    return stack;
  }

  /** The same with simulated providers of the caller's, which outlive the stack. */
  static LocalStack start(
      StackSettings settings, Simulators simulators, Consumer<String> progress) {
    LocalStack stack = new LocalStack(settings, simulators, progress);
    try {
      stack.startAll();
      return stack;
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  private void startAll() {
    EmbeddedDatabase database = database();
    EmbeddedKafka kafka = kafka();
    services(database, kafka);
    StackFile.write(
        settings.dataDirectory(),
        new StackFile.Content(
            ProcessHandle.current().pid(),
            baseUrl(),
            mailboxUrl(),
            simulators.smtp().port(),
            simulators.telegram().port()));
    if (keys.adminKey().isEmpty()) {
      makeFirstTenant();
    }
  }

  private static Simulators simulators(StackSettings settings) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return Simulators.start(
        new Simulators.Settings(
            new SmtpSettings(loopback, settings.port(SMTP_PORT), null, true, null, 0),
            new TelegramSettings(loopback, settings.port(TELEGRAM_PORT), Set.of()),
            loopback,
            settings.port(MAILBOX_PORT),
            false));
  }

  private EmbeddedDatabase database() {
    progress.accept("PostgreSQL");
    EmbeddedDatabase database =
        running(
            EmbeddedDatabase.start(
                new EmbeddedDatabase.Settings(
                    settings.dataDirectory().resolve("postgresql"), settings.port(DATABASE_PORT))));
    database.createDatabase(DATABASE);
    databaseUrl = database.jdbcUrl(DATABASE) + "?user=" + database.username();
    return database;
  }

  private EmbeddedKafka kafka() {
    progress.accept("Kafka");
    return running(
        EmbeddedKafka.start(
            new EmbeddedKafka.Settings(
                settings.dataDirectory().resolve("kafka"), settings.port(KAFKA_PORT))));
  }

  private void services(EmbeddedDatabase database, EmbeddedKafka kafka) {
    int usual = 8080;
    for (Service service : Service.values()) {
      ports.put(service.serviceName(), settings.port(usual + service.ordinal()));
    }
    // The front door last: once it answers, everything behind it does.
    for (Service service : Service.values()) {
      if (service != Service.BROADCAST_API) {
        service(service, database, kafka);
      }
    }
    service(Service.BROADCAST_API, database, kafka);
  }

  private void service(Service service, EmbeddedDatabase database, EmbeddedKafka kafka) {
    progress.accept(service.serviceName());
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("FANFARE_DATABASE_URL", database.jdbcUrl(DATABASE));
    properties.put("FANFARE_DATABASE_USERNAME", database.username());
    properties.put("FANFARE_DATABASE_PASSWORD", "");
    properties.put("FANFARE_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
    for (String key :
        new String[] {"FANFARE_SECRET_KEYS", "FANFARE_IDENTITY_KEY", "FANFARE_OPERATOR_KEY"}) {
      properties.put(key, keys.get(key));
    }
    properties.put("FANFARE_AUDIENCE_URL", url("audience-service"));
    properties.put("FANFARE_DISPATCH_URL", url("dispatch-worker"));
    properties.put("FANFARE_ANALYTICS_URL", url("analytics-service"));
    properties.put("FANFARE_RETRY_URL", url("retry-service"));
    // The simulated providers live on this machine.
    properties.put("FANFARE_ALLOW_PRIVATE_TARGETS", "true");
    properties.putAll(settings.extra());
    ConfigurableApplicationContext context =
        ServiceLauncher.builder(service.application(), service.serviceName())
            // The stack closes the contexts in its own order.
            .registerShutdownHook(false)
            .properties(properties)
            // As an argument, for a FANFARE_PORT in the environment would be all five's.
            .run("--server.port=" + ports.get(service.serviceName()));
    running.push(context);
  }

  private void makeFirstTenant() {
    RestClient operator = new RestClient(baseUrl(), keys.get("FANFARE_OPERATOR_KEY"));
    JsonNode tenant = operator.post("/api/v1/tenants", Map.of("name", "My organisation"));
    JsonNode key =
        operator.post(
            "/api/v1/tenants/" + tenant.get("id").asString() + "/api-keys",
            Map.of("name", "First admin key", "role", "admin"));
    keys.keepAdminKey(key.get("key").asString());
  }

  /** Where product teams, scripts and browsers find Fanfare. */
  URI baseUrl() {
    return URI.create(url("broadcast-api"));
  }

  /** Where people see what arrived. */
  URI mailboxUrl() {
    return URI.create("http://localhost:" + ports.get("mailbox") + "/");
  }

  LocalKeys keys() {
    return keys;
  }

  /** The database of all five services, for who wants to look behind them. */
  String databaseUrl() {
    return databaseUrl;
  }

  /** Where a service listens; only the front door is meant for others. */
  String url(String name) {
    return "http://localhost:" + ports.get(name);
  }

  private <T extends AutoCloseable> T running(T part) {
    running.push(part);
    return part;
  }

  /** Stops in the reverse order of the start: services finish what they hold, then their tools. */
  @Override
  public void close() {
    StackFile.delete(settings.dataDirectory());
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a part of the stack did not stop", e);
      }
    }
  }

  /** The five services, in the order of their usual ports. */
  enum Service {
    BROADCAST_API("broadcast-api", BroadcastApplication.class),
    AUDIENCE_SERVICE("audience-service", AudienceApplication.class),
    DISPATCH_WORKER("dispatch-worker", DispatchApplication.class),
    ANALYTICS_SERVICE("analytics-service", AnalyticsApplication.class),
    RETRY_SERVICE("retry-service", RetryApplication.class);

    private final String serviceName;
    private final Class<?> application;

    Service(String serviceName, Class<?> application) {
      this.serviceName = serviceName;
      this.application = application;
    }

    String serviceName() {
      return serviceName;
    }

    Class<?> application() {
      return application;
    }
  }
}
