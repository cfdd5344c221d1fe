package io.fanfare.benchmark.process;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.embedded.EmbeddedDatabase;
import io.fanfare.localstack.embedded.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Broker, database, simulated providers and the five services as separate processes on loopback;
 * the services run from their jars, unpacked, and know nothing but their environment. Nothing
 * outlives this JVM, unless that is killed hard.
 */
public final class Deployment implements AutoCloseable {

  private static final Duration START_PATIENCE = Duration.ofSeconds(240);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final String OPERATOR_KEY = "operator-key-of-a-test-deployment";
  private static final List<String> SERVICES =
      List.of(
          "audience-service",
          "dispatch-worker",
          "analytics-service",
          "retry-service",
          "broadcast-api");

  private static final String USUAL_HEAP = "512m";

  private final String heap;
  private final Path folder;
  private final Path project;
  private final Map<String, String> settings;
  private final Surroundings surroundings;
  private final Map<String, ChildProcess> services = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Thread stop = new Thread(this::kill, "deployment-stop");
  private boolean closed;

  /**
   * Starts everything and returns once all services are ready.
   *
   * @param folder for data and logs
   * @param project the checkout with the built jars
   * @param settings further variables for every service
   */
  public static Deployment start(Path folder, Path project, Map<String, String> settings) {
    return start(folder, project, settings, SERVICES, USUAL_HEAP);
  }

  /**
   * The same with more than one worker, and providers that keep the newest messages whole.
   *
   * @param further names of further workers, or of further instances of audience-service
   */
  public static Deployment start(
      Path folder, Path project, Map<String, String> settings, List<String> further) {
    List<String> all = new ArrayList<>(SERVICES);
    all.addAll(further);
    return start(folder, project, settings, all, USUAL_HEAP, true);
  }

  /**
   * The same with some services only and another heap.
   *
   * @param names of services, and of further workers
   * @param heap of each service, as {@code -Xmx} takes it
   */
  public static Deployment start(
      Path folder, Path project, Map<String, String> settings, List<String> names, String heap) {
    return start(folder, project, settings, names, heap, false);
  }

  private static Deployment start(
      Path folder,
      Path project,
      Map<String, String> settings,
      List<String> names,
      String heap,
      boolean mailbox) {
    Deployment deployment = new Deployment(folder, project, settings, heap, mailbox);
    try {
      names.stream().map(Deployment::kind).distinct().forEach(deployment::runnable);
      deployment.surroundings.awaitReady();
      deployment.startAll(names);
      deployment.serviceNames().forEach(deployment::awaitReady);
      return deployment;
    } catch (RuntimeException e) {
      deployment.close();
      throw e;
    }
  }

  private Deployment(
      Path folder, Path project, Map<String, String> settings, String heap, boolean mailbox) {
    this.heap = heap;
    this.folder = folder;
    this.project = project;
    this.settings = settings;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> ofJvms = new LinkedHashMap<>(settings);
    ofJvms.keySet().retainAll(Set.of("JAVA_TOOL_OPTIONS"));
    surroundings = new Surroundings(folder, ofJvms, mailbox);
    Runtime.getRuntime().addShutdownHook(stop);
  }

  private void startAll(List<String> names) {
    for (String name : names) {
      ports.put(name, FreePort.choose());
    }
    names.forEach(name -> startService(kind(name), name));
  }

  /**
   * The jar of a service, unpacked, beside its libraries: it starts with two thirds of the CPU time
   * that it takes as a jar of jars.
   */
  private Path runnable(String service) {
    Path jar = jar(project, service);
    Path unpacked = folder.resolve("unpacked").resolve(service);
    if (!Files.exists(unpacked)) {
      List<String> arguments =
          List.of(
              "-Djarmode=tools",
              "-jar",
              jar.toString(),
              "extract",
              "--destination",
              unpacked.toString());
      try (ChildProcess unpacking =
          ChildProcess.java("unpack-" + service, folder, arguments, Map.of())) {
        unpacking.awaitSuccess();
      }
    }
    return unpacked.resolve(jar.getFileName());
  }

  /** A further worker, ready to send. Its name is that of its process. */
  public ChildProcess startWorker(String name) {
    ports.put(name, FreePort.choose());
    ChildProcess worker = startService("dispatch-worker", name);
    awaitReady(name);
    return worker;
  }

  /**
   * Starts a service or worker that was killed, on its old port; {@link #awaitReady} waits for it.
   *
   * @throws IllegalStateException when it lives
   */
  public ChildProcess startAgain(String name) {
    if (service(name).isAlive()) {
      throw new IllegalStateException(name + " lives");
    }
    return startService(kind(name), name);
  }

  /** Whatever is not named after a service is a further worker. */
  private static String kind(String name) {
    return SERVICES.stream().filter(name::startsWith).findFirst().orElse("dispatch-worker");
  }

  /**
   * Ends the broker and starts it again on its data and port.
   *
   * @param hard killed, not asked to end
   */
  public void restartBroker(boolean hard) {
    surroundings.restartBroker(hard);
  }

  /** The broker, as it was started last. */
  public ChildProcess broker() {
    return surroundings.broker();
  }

  /** Stops PostgreSQL as a crash would: sessions are cut, no checkpoint is written (SIGQUIT). */
  public void stopDatabaseHard() {
    surroundings.stopDatabaseHard();
  }

  /** Starts PostgreSQL again on its data and port, with recovery; returns when it answers. */
  public void startDatabase() {
    surroundings.startDatabase();
  }

  private synchronized ChildProcess startService(String service, String name) {
    refuseWhenClosed();
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("FANFARE_PORT", Integer.toString(port(name)));
    environment.put("FANFARE_DATABASE_URL", database().jdbcUrl("fanfare"));
    environment.put("FANFARE_DATABASE_USERNAME", database().username());
    environment.put("FANFARE_KAFKA_BOOTSTRAP_SERVERS", surroundings.bootstrapServers());
    environment.put("FANFARE_SECRET_KEYS", secretKeys());
    environment.put("FANFARE_IDENTITY_KEY", identityKey());
    environment.put("FANFARE_OPERATOR_KEY", OPERATOR_KEY);
    environment.put("FANFARE_BROADCAST_URL", address("broadcast-api"));
    environment.put("FANFARE_AUDIENCE_URL", address("audience-service"));
    environment.put("FANFARE_DISPATCH_URL", address("dispatch-worker"));
    environment.put("FANFARE_ANALYTICS_URL", address("analytics-service"));
    environment.put("FANFARE_RETRY_URL", address("retry-service"));
    environment.put("FANFARE_WORKER_NAME", name);
    environment.put("FANFARE_ALLOW_PRIVATE_TARGETS", "true");
    environment.putAll(settings);
    ChildProcess process =
        ChildProcess.java(
            name,
            folder,
            List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-jar", runnable(service).toString()),
            environment);
    services.put(name, process);
    return process;
  }

  /** Where the others look for a service; nowhere when it is not started. */
  private String address(String service) {
    return "http://localhost:" + ports.getOrDefault(service, 1);
  }

  /** The runnable jar of a service. */
  public static Path jar(Path project, String service) {
    Path target = project.resolve(service).resolve("target");
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-exec.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no runnable jar in " + target));
    } catch (IOException e) {
      throw new IllegalStateException(service + " is not built; run mvn package", e);
    }
  }

  /**
   * Returns when a service answers that it is ready.
   *
   * @throws IllegalStateException with its last lines, when it died or is not ready in time
   */
  public void awaitReady(String name) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + port(name) + "/actuator/health/readiness"))
            .timeout(Duration.ofSeconds(5))
            .build();
    long deadline = System.nanoTime() + START_PATIENCE.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (true) {
        if (answersOk(http, request)) {
          return;
        }
        ChildProcess process = service(name);
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IllegalStateException(name + " is not ready:\n" + process.lastLines());
        }
        LockSupport.parkNanos(LOOK.toNanos());
      }
    }
  }

  /** Whether a service says it is ready, now. */
  public boolean isReady(String name) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + port(name) + "/actuator/health/readiness"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return answersOk(http, request);
    }
  }

  private static boolean answersOk(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What the services seal and sign with, as their environment has it. */
  public static String secretKeys() {
    return "test:" + key(1);
  }

  /** What the services sign identities with, base64. */
  public static String identityKey() {
    return key(2);
  }

  /** Where a service listens. */
  public URI url(String name) {
    return URI.create("http://localhost:" + port(name));
  }

  /** The API with the operator's key. */
  public RestClient operator() {
    return new RestClient(URI.create("http://localhost:" + port("broadcast-api")), OPERATOR_KEY);
  }

  /**
   * A tenant.
   *
   * @param api the API with the key of its admin
   */
  public record TenantKey(UUID id, RestClient api) {}

  /** A new tenant. */
  public TenantKey newTenantKey(String name) {
    RestClient operator = operator();
    String tenant = operator.post("/api/v1/tenants", Map.of("name", name)).get("id").asString();
    JsonNode key =
        operator.post(
            "/api/v1/tenants/" + tenant + "/api-keys", Map.of("name", "admin", "role", "admin"));
    return new TenantKey(UUID.fromString(tenant), operator.withKey(key.get("key").asString()));
  }

  /** The API with the key of a new tenant's admin. */
  public RestClient newTenant(String name) {
    return newTenantKey(name).api();
  }

  /** Where the broker is. */
  public String bootstrapServers() {
    return surroundings.bootstrapServers();
  }

  /** The control interface of the simulated providers. */
  public RestClient simulators() {
    return new RestClient(surroundings.simulatorsUrl(), "none");
  }

  public int smtpPort() {
    return surroundings.smtpPort();
  }

  public int telegramPort() {
    return surroundings.telegramPort();
  }

  public EmbeddedDatabase database() {
    return surroundings.database();
  }

  /** The names of all services and workers. */
  public synchronized List<String> serviceNames() {
    return List.copyOf(services.keySet());
  }

  /** A service by its name, as it was started last. */
  public synchronized ChildProcess service(String name) {
    ChildProcess process = services.get(name);
    if (process == null) {
      throw new IllegalArgumentException("no service " + name);
    }
    return process;
  }

  /** A service's Prometheus page. */
  public String metrics(String name) {
    return new RestClient(URI.create("http://localhost:" + port(name)), "none")
        .exchange("GET", "/actuator/prometheus", null, Map.of("Accept", "text/plain"))
        .text();
  }

  /** What each process has used so far. */
  public synchronized Map<String, Usage> usage() {
    Map<String, Usage> usage = new LinkedHashMap<>();
    services.forEach((name, process) -> usage.put(name, Usage.of(process.pid())));
    usage.put("kafka", Usage.of(surroundings.broker().pid()));
    usage.put("postgresql", Usage.ofTree(database().postmasterPid()));
    usage.put("sinks", Usage.of(surroundings.simulators().pid()));
    return usage;
  }

  private int port(String name) {
    Integer port = ports.get(name);
    if (port == null) {
      throw new IllegalArgumentException("no service " + name);
    }
    return port;
  }

  private void refuseWhenClosed() {
    if (closed) {
      throw new IllegalStateException("the deployment is closed");
    }
  }

  private static String key(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return Base64.getEncoder().encodeToString(key);
  }

  /** Services first, then what they stand on. Nothing can be started afterwards. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    RuntimeException failure = null;
    for (ChildProcess process : services.values()) {
      try {
        if (process.isAlive()) {
          process.close();
        }
      } catch (IllegalStateException e) {
        failure = e;
      }
    }
    surroundings.close();
    forgetStop();
    if (failure != null) {
      throw failure;
    }
  }

  private void forgetStop() {
    if (Thread.currentThread() != stop) {
      try {
        Runtime.getRuntime().removeShutdownHook(stop);
      } catch (IllegalStateException e) {
        // This JVM is being ended: the hook finds nothing left to do.
      }
    }
  }

  /** The same at once: nobody is given time for a goodbye. */
  public synchronized void kill() {
    if (closed) {
      return;
    }
    services.values().stream().filter(ChildProcess::isAlive).forEach(ChildProcess::kill);
    close();
  }
}
