package io.fanfare.benchmark.process;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.embedded.BrokerMain;
import io.fanfare.localstack.embedded.EmbeddedDatabase;
import io.fanfare.localstack.simulator.SimulatorMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Broker, database, simulated providers and the five services as separate processes on loopback; the
 * services run from their jars and know nothing but their environment.
 */
public final class Deployment implements AutoCloseable {

  private static final Duration START_PATIENCE = Duration.ofSeconds(120);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final String OPERATOR_KEY = "operator-key-of-a-test-deployment";
  private static final List<String> SERVICES =
      List.of(
          "audience-service",
          "dispatch-worker",
          "analytics-service",
          "retry-service",
          "broadcast-api");

  private final Path folder;
  private final Path project;
  private final Map<String, String> settings;
  private final EmbeddedDatabase database;
  private final ChildProcess broker;
  private final ChildProcess simulators;
  private final String bootstrapServers;
  private final int smtpPort;
  private final int telegramPort;
  private final URI simulatorsUrl;
  private final Map<String, ChildProcess> services = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new LinkedHashMap<>();

  /**
   * Starts everything and returns once all services are ready.
   *
   * @param folder for data and logs
   * @param project the checkout with the built jars
   * @param settings further variables for every service
   */
  public static Deployment start(Path folder, Path project, Map<String, String> settings) {
    Deployment deployment = new Deployment(folder, project, settings);
    try {
      for (String service : SERVICES) {
        deployment.ports.put(service, freePort());
      }
      SERVICES.forEach(service -> deployment.startService(service, service));
      SERVICES.forEach(deployment::awaitReady);
      return deployment;
    } catch (RuntimeException e) {
      deployment.close();
      throw e;
    }
  }

  private Deployment(Path folder, Path project, Map<String, String> settings) {
    this.folder = folder;
    this.project = project;
    this.settings = settings;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    database =
        EmbeddedDatabase.start(EmbeddedDatabase.Settings.in(folder.resolve("postgresql")));
    database.createDatabase("fanfare");
    broker =
        harness("broker", BrokerMain.class, "--data-dir=" + folder.resolve("kafka"));
    simulators = harness("simulators", SimulatorMain.class, "--count-only");
    bootstrapServers =
        broker.awaitOutput(Pattern.compile("broker ready (\\S+)"), START_PATIENCE).group(1);
    Matcher ready =
        simulators.awaitOutput(
            Pattern.compile("simulators ready smtp=(\\d+) telegram=(\\d+) http=(\\d+)"),
            START_PATIENCE);
    smtpPort = Integer.parseInt(ready.group(1));
    telegramPort = Integer.parseInt(ready.group(2));
    simulatorsUrl = URI.create("http://localhost:" + ready.group(3));
  }

  private ChildProcess harness(String name, Class<?> main, String argument) {
    return ChildProcess.java(
        name,
        folder,
        List.of(
            "-Xmx768m", "-cp", System.getProperty("java.class.path"), main.getName(), argument),
        Map.of());
  }

  /** A further worker, ready to send. Its name is that of its process. */
  public ChildProcess startWorker(String name) {
    ports.put(name, freePort());
    ChildProcess worker = startService("dispatch-worker", name);
    awaitReady(name);
    return worker;
  }

  private ChildProcess startService(String service, String name) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("FANFARE_PORT", Integer.toString(port(name)));
    environment.put("FANFARE_DATABASE_URL", database.jdbcUrl("fanfare"));
    environment.put("FANFARE_DATABASE_USERNAME", database.username());
    environment.put("FANFARE_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
    environment.put("FANFARE_SECRET_KEYS", "test:" + key(1));
    environment.put("FANFARE_IDENTITY_KEY", key(2));
    environment.put("FANFARE_OPERATOR_KEY", OPERATOR_KEY);
    environment.put("FANFARE_AUDIENCE_URL", "http://localhost:" + port("audience-service"));
    environment.put("FANFARE_DISPATCH_URL", "http://localhost:" + port("dispatch-worker"));
    environment.put("FANFARE_ANALYTICS_URL", "http://localhost:" + port("analytics-service"));
    environment.put("FANFARE_RETRY_URL", "http://localhost:" + port("retry-service"));
    environment.put("FANFARE_ALLOW_PRIVATE_TARGETS", "true");
    environment.putAll(settings);
    ChildProcess process =
        ChildProcess.java(
            name,
            folder,
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-jar", jar(service).toString()),
            environment);
    services.put(name, process);
    return process;
  }

  private Path jar(String service) {
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

  private void awaitReady(String name) {
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

  /** The API with the key of a new tenant's admin. */
  public RestClient newTenant(String name) {
    RestClient operator =
        new RestClient(URI.create("http://localhost:" + port("broadcast-api")), OPERATOR_KEY);
    String tenant =
        operator.post("/api/v1/tenants", Map.of("name", name)).get("id").asString();
    JsonNode key =
        operator.post(
            "/api/v1/tenants/" + tenant + "/api-keys", Map.of("name", "admin", "role", "admin"));
    return operator.withKey(key.get("key").asString());
  }

  /** The control interface of the simulated providers. */
  public RestClient simulators() {
    return new RestClient(simulatorsUrl, "none");
  }

  public int smtpPort() {
    return smtpPort;
  }

  public int telegramPort() {
    return telegramPort;
  }

  public EmbeddedDatabase database() {
    return database;
  }

  /** A running service by its name. */
  public ChildProcess service(String name) {
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
  public Map<String, Usage> usage() {
    Map<String, Usage> usage = new LinkedHashMap<>();
    services.forEach((name, process) -> usage.put(name, Usage.of(process.pid())));
    usage.put("kafka", Usage.of(broker.pid()));
    usage.put("postgresql", Usage.ofTree(database.postmasterPid()));
    usage.put("sinks", Usage.of(simulators.pid()));
    return usage;
  }

  private int port(String name) {
    Integer port = ports.get(name);
    if (port == null) {
      throw new IllegalArgumentException("no service " + name);
    }
    return port;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return Base64.getEncoder().encodeToString(key);
  }

  /** Services first, then what they stand on. */
  @Override
  public void close() {
    List<ChildProcess> processes = new ArrayList<>(services.values());
    processes.removeIf(process -> !process.isAlive());
    processes.add(broker);
    processes.add(simulators);
    RuntimeException failure = null;
    for (ChildProcess process : processes) {
      try {
        process.close();
      } catch (IllegalStateException e) {
        failure = e;
      }
    }
    database.close();
    if (failure != null) {
      throw failure;
    }
  }
}
