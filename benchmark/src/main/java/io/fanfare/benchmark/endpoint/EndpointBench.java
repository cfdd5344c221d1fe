package io.fanfare.benchmark.endpoint;

import io.fanfare.benchmark.process.ChildProcess;
import io.fanfare.benchmark.process.Deployment;
import io.fanfare.benchmark.process.Usage;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementReported;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The command {@code bench --endpoints}: a worker, broker and database as separate processes, and
 * requests at a steady rate to each endpoint that takes engagement in; prints latency and CPU time,
 * and asks the topic whether every accepted request is there once.
 */
public final class EndpointBench {

  private static final String HEAP = "512m";
  private static final String WORKER = "dispatch-worker";
  private static final int RECIPIENTS = 200_000;
  private static final int TOKENS = 2_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration LOOK = Duration.ofMillis(500);

  /** Longer than the worker waits for the broker, shorter than it goes on trying. */
  private static final Duration STILL = Duration.ofSeconds(6);

  private static final String AGENT =
      "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n";

  private final EndpointOptions options;
  private final Deployment deployment;
  private final UUID tenant = UUID.randomUUID();
  private final UUID broadcast = UUID.randomUUID();
  private final InetSocketAddress server;

  private EndpointBench(EndpointOptions options, Deployment deployment) {
    this.options = options;
    this.deployment = deployment;
    this.server = new InetSocketAddress("127.0.0.1", deployment.url(WORKER).getPort());
  }

  /** Measures and prints; false when an accepted request is not on the topic exactly once. */
  public static boolean run(EndpointOptions options, Path folder, Path project) throws IOException {
    System.err.println("starting worker, broker and database");
    Map<String, String> settings = Map.of("FANFARE_PUBLIC_URL", "http://localhost");
    try (Deployment deployment =
        Deployment.start(folder, project, settings, List.of(WORKER), HEAP)) {
      List<EndpointResult> results =
          new EndpointBench(options, deployment).measureAll(folder, project);
      System.out.print(EndpointResult.table(options, results));
      if (options.json()) {
        System.out.println(EndpointResult.json(options, results));
      }
      return results.stream().allMatch(EndpointResult::exact);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<EndpointResult> measureAll(Path folder, Path project)
      throws IOException, SQLException {
    LedgerOfOneBroadcast.write(deployment.database(), tenant, broadcast, RECIPIENTS);
    List<String[]> tokens = tokens(folder, project);
    List<EndpointResult> results = new ArrayList<>();
    List<Endpoint> endpoints =
        List.of(
            ofTokens("open", 200, "GET /t/o/", tokens, 0),
            ofTokens("click", 302, "GET /t/c/", tokens, 1),
            ofTokens("unsubscribe", 200, "POST /t/u/", tokens, 2),
            intake());
    try (EngagementTopic topic = new EngagementTopic(deployment.bootstrapServers())) {
      // All of them first: what one compiles on the way serves the others.
      for (Endpoint endpoint : endpoints) {
        EndpointResult warm = load(endpoint, topic, 0, warmUpSeconds());
        if (!warm.exact()) {
          results.add(warm);
        }
      }
      for (Endpoint endpoint : endpoints) {
        results.add(load(endpoint, topic, options.rate() * warmUpSeconds(), options.seconds()));
      }
      results.add(loadWhileTheBrokerStandsStill(endpoints.getFirst(), topic));
    }
    return results;
  }

  private List<String[]> tokens(Path folder, Path project) throws IOException {
    Path file = folder.resolve("tokens");
    List<String> command =
        List.of(
            "-cp",
            Deployment.jar(project, WORKER).toString(),
            "-Dloader.main=io.fanfare.dispatch.engagement.token.BenchTokens",
            "org.springframework.boot.loader.launch.PropertiesLauncher",
            broadcast.toString(),
            Integer.toString(TOKENS),
            file.toString());
    Map<String, String> environment = Map.of("FANFARE_SECRET_KEYS", Deployment.secretKeys());
    try (ChildProcess writer = ChildProcess.java("tokens", folder, command, environment)) {
      writer.awaitOutput(Pattern.compile("tokens written"), PATIENCE);
    }
    return Files.readAllLines(file).stream().map(line -> line.split(" ")).toList();
  }

  private static Endpoint ofTokens(
      String name, int status, String start, List<String[]> tokens, int column) {
    String body = start.startsWith("POST") ? "Content-Length: 0\r\n" : "";
    return new Endpoint(
        name,
        status,
        number ->
            ascii(
                start
                    + tokens.get(number % TOKENS)[column]
                    + " HTTP/1.1\r\nHost: localhost\r\n"
                    + AGENT
                    + body
                    + "\r\n"),
        number -> number % TOKENS + 1,
        null);
  }

  private Endpoint intake() {
    String head =
        "POST /api/v1/broadcasts/"
            + broadcast
            + "/engagement HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Authorization: Fanfare-Identity "
            + identity()
            + "\r\nContent-Length: ";
    return new Endpoint(
        "report",
        202,
        number -> {
          String body =
              ("{\"events\":[{\"event_id\":\"e%d\",\"contact_id\":%d,\"channel\":\"email\","
                      + "\"kind\":\"custom\",\"name\":\"purchase\",\"value\":19.99}]}")
                  .formatted(number, contact(number));
          return ascii(head + body.length() + "\r\n\r\n" + body);
        },
        EndpointBench::contact,
        number -> EngagementReported.idOf(tenant, broadcast, "e" + number));
  }

  /** Spread over the whole ledger. */
  private static long contact(int number) {
    return number * 7_919L % RECIPIENTS + 1;
  }

  private int warmUpSeconds() {
    return Math.max(1, options.seconds() / 2);
  }

  /** So few that connections suffice for all that wait for the worker to give up waiting. */
  private EndpointResult loadWhileTheBrokerStandsStill(Endpoint endpoint, EngagementTopic topic) {
    ChildProcess broker = deployment.broker();
    Thread fault =
        Thread.ofPlatform()
            .start(() -> {
              pause(STILL.dividedBy(2));
              broker.stop();
              try {
                pause(STILL);
              } finally {
                broker.wake();
              }
            });
    EndpointResult result =
        load(
            endpoint.named(endpoint.name() + ", broker stopped"),
            topic,
            0,
            (int) STILL.toSeconds() * 2,
            Math.min(options.rate(), 25));
    try {
      fault.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return result;
  }

  private static void pause(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  private EndpointResult load(Endpoint endpoint, EngagementTopic topic, int first, int seconds) {
    return load(endpoint, topic, first, seconds, options.rate());
  }

  private EndpointResult load(
      Endpoint endpoint, EngagementTopic topic, int first, int seconds, int rate) {
    System.err.printf("%s for %d s%n", endpoint.name(), seconds);
    int count = rate * seconds;
    long lostBefore = lost();
    Map<String, Usage> before = usage();
    OpenLoop.Outcome outcome =
        new OpenLoop(server, endpoint.status(), endpoint.request()).run(first, count, rate);
    Map<String, Double> cpu = new LinkedHashMap<>();
    usage()
        .forEach((name, usage) ->
            cpu.put(
                name,
                (double) usage.since(before.getOrDefault(name, Usage.NONE)).cpuMicros() / count));
    List<EngagementEvent> events = topic.news();
    int late = Math.max(0, outcome.answered().cardinality() - events.size());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (events.size() < outcome.answered().cardinality() && System.nanoTime() < deadline) {
      pause(LOOK);
      events.addAll(topic.news());
    }
    return new EndpointResult(
        endpoint.name(),
        outcome,
        cpu,
        events.size(),
        endpoint.wrong(outcome.answered(), events),
        lost() - lostBefore,
        late);
  }

  /** Openings and clicks the worker answered and then gave up. */
  private long lost() {
    return deployment
        .metrics(WORKER)
        .lines()
        .filter(line -> line.startsWith("fanfare_engagement_lost_total"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private Map<String, Usage> usage() {
    Map<String, Usage> usage = new LinkedHashMap<>(deployment.usage());
    usage.remove("sinks");
    usage.put("generator", Usage.of(ProcessHandle.current().pid()));
    return usage;
  }

  /** A signed identity as the front door makes it, good for the whole run. */
  private String identity() {
    long expires = Instant.now().plus(Duration.ofHours(1)).getEpochSecond();
    String claims =
        "{\"iss\":\"fanfare-front-door\",\"sub\":\"key:bench\",\"role\":\"sender\",\"tenant\":\"%s\",\"exp\":%d}"
            .formatted(tenant, expires);
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    String signed =
        encoder.encodeToString(ascii("{\"alg\":\"HS256\"}"))
            + "."
            + encoder.encodeToString(ascii(claims));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(Base64.getDecoder().decode(Deployment.identityKey()), "HmacSHA256"));
      return signed + "." + encoder.encodeToString(mac.doFinal(ascii(signed)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
