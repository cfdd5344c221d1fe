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
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
  private final Deque<AutoCloseable> running = new ConcurrentLinkedDeque<>();
  // Starting a part takes the shared lock and closing the exclusive one: whoever closes, from a
  // shutdown hook for one, waits for what is just starting and leaves nothing behind.
  private final ReadWriteLock starting = new ReentrantReadWriteLock();
  private final LocalKeys keys;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private String databaseUrl = "";
  private boolean closed;

  private LocalStack(StackSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
    this.keys = LocalKeys.in(settings.dataDirectory());
  }

  /**
   * A stack to be started, which {@link #close} stops at any moment from then on.
   *
   * @param progress told of each step
   */
  static LocalStack of(StackSettings settings, Consumer<String> progress) {
    return new LocalStack(settings, progress);
  }

  /** A started one with simulated providers of the caller's, which outlive the stack. */
  static LocalStack start(
      StackSettings settings, Simulators simulators, Consumer<String> progress) {
    LocalStack stack = of(settings, progress);
    stack.startOrClose(simulators);
    return stack;
  }

  /** Starts everything and returns once it serves. */
  void start() {
    startOrClose(running(() -> simulators(settings)));
  }

  private void startOrClose(Simulators simulators) {
    try {
      startAll(simulators);
    } catch (RuntimeException | Error e) {
      try {
        close();
      } catch (IllegalStateException failed) {
        e.addSuppressed(failed);
      }
      throw e;
    }
  }

  private void startAll(Simulators simulators) {
    // What a crash left there tells of a stack that is gone.
    StackFile.delete(settings.dataDirectory());
    ports.put("mailbox", simulators.server().port());
    // A thread that inherits the class loader, by which the database's driver is found.
    CompletableFuture<EmbeddedDatabase> beside =
        CompletableFuture.supplyAsync(this::database, Thread.ofPlatform()::start);
    EmbeddedKafka kafka = kafka(beside);
    EmbeddedDatabase database = join(beside);
    services(database, kafka);
    StackFile.write(
        settings.dataDirectory(),
        new StackFile.Content(
            baseUrl(), mailboxUrl(), simulators.smtp().port(), simulators.telegram().port()));
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
        running(() ->
            EmbeddedDatabase.start(
                new EmbeddedDatabase.Settings(
                    settings.dataDirectory().resolve("postgresql"), settings.port(DATABASE_PORT))));
    database.createDatabase(DATABASE);
    databaseUrl = database.jdbcUrl(DATABASE) + "?user=" + database.username();
    return database;
  }

  private EmbeddedKafka kafka(CompletableFuture<EmbeddedDatabase> beside) {
    progress.accept("Kafka");
    try {
      return running(() ->
          EmbeddedKafka.start(
              new EmbeddedKafka.Settings(
                  settings.dataDirectory().resolve("kafka"), settings.port(KAFKA_PORT))));
    } catch (RuntimeException e) {
      // Else it would be started when nobody stops it any more.
      beside.handle((database, failure) -> database).join();
      throw e;
    }
  }

  private static <T> T join(CompletableFuture<T> beside) {
    try {
      return beside.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
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
    String[] arguments =
        properties(service, database, kafka).entrySet().stream()
            .map(property -> "--" + property.getKey() + "=" + property.getValue())
            .toArray(String[]::new);
    running(() ->
        ServiceLauncher.builder(service.application(), service.serviceName())
            // The stack closes the contexts in its own order.
            .registerShutdownHook(false)
            .run(arguments));
  }

  /**
   * What belongs to this stack alone. Given as arguments, which come before everything: variables
   * set for a deployment, in whose shell this is started, must not lead it to another database,
   * broker or service.
   */
  private Map<String, String> properties(
      Service service, EmbeddedDatabase database, EmbeddedKafka kafka) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("server.address", InetAddress.getLoopbackAddress().getHostAddress());
    properties.put("server.port", Integer.toString(port(service.serviceName())));
    properties.put("spring.datasource.url", database.jdbcUrl(DATABASE));
    properties.put("spring.datasource.username", database.username());
    properties.put("spring.datasource.password", "");
    properties.put("spring.kafka.bootstrap-servers", kafka.bootstrapServers());
    properties.put("FANFARE_DATABASE_URL", database.jdbcUrl(DATABASE));
    properties.put("FANFARE_DATABASE_USERNAME", database.username());
    properties.put("FANFARE_DATABASE_PASSWORD", "");
    properties.put("FANFARE_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
    for (String key :
        new String[] {"FANFARE_SECRET_KEYS", "FANFARE_IDENTITY_KEY", "FANFARE_OPERATOR_KEY"}) {
      properties.put(key, keys.get(key));
    }
    properties.put("FANFARE_BROADCAST_URL", baseUrl().toString());
    properties.put("FANFARE_AUDIENCE_URL", url("audience-service"));
    properties.put("FANFARE_DISPATCH_URL", url("dispatch-worker"));
    properties.put("FANFARE_ANALYTICS_URL", url("analytics-service"));
    properties.put("FANFARE_RETRY_URL", url("retry-service"));
    // The front door passes on what messages lead to.
    properties.put("FANFARE_PUBLIC_URL", baseUrl().toString());
    // The simulated providers live on this machine.
    properties.put("FANFARE_ALLOW_PRIVATE_TARGETS", "true");
    properties.putAll(settings.extra());
    return properties;
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
    return URI.create("http://localhost:" + port("mailbox") + "/");
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
    return "http://localhost:" + port(name);
  }

  private int port(String name) {
    return Objects.requireNonNull(ports.get(name), name);
  }

  /**
   * Starts a part, to be closed with the stack.
   *
   * @throws IllegalStateException when the stack was closed before
   */
  <T extends AutoCloseable> T running(Supplier<T> start) {
    starting.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the stack was stopped while it started");
      }
      T part = start.get();
      running.push(part);
      return part;
    } finally {
      starting.readLock().unlock();
    }
  }

  /**
   * Stops in the reverse order of the start: services finish what they hold, then their tools. A
   * part that does not stop keeps no other from being stopped.
   *
   * @throws IllegalStateException with the failures of all parts
   */
  @Override
  public void close() {
    starting.writeLock().lock();
    try {
      closed = true;
      StackFile.delete(settings.dataDirectory());
      IllegalStateException failure = new IllegalStateException("a part of the stack did not stop");
      while (!running.isEmpty()) {
        try {
          running.pop().close();
        } catch (Exception e) {
          failure.addSuppressed(e);
        }
      }
      if (failure.getSuppressed().length > 0) {
        throw failure;
      }
    } finally {
      starting.writeLock().unlock();
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
