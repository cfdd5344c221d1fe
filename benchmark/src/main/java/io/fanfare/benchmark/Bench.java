package io.fanfare.benchmark;

import io.fanfare.benchmark.asking.AskingOptions;
import io.fanfare.benchmark.asking.AskingResult;
import io.fanfare.benchmark.asking.AskingRun;
import io.fanfare.benchmark.endpoint.EndpointBench;
import io.fanfare.benchmark.endpoint.EndpointOptions;
import io.fanfare.benchmark.process.Deployment;
import io.fanfare.benchmark.process.Usage;
import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The command {@code bench}: one broadcast through separate processes into counting sinks; prints
 * messages a second, CPU time a message by process, peak memory, latency and the time to freeze.
 */
public final class Bench {

  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final BenchOptions options;

  private Bench(BenchOptions options) {
    this.options = options;
  }

  /** One of the benchmarks, its options read. */
  private interface Task {
    /** True when it held what it is to hold. */
    boolean run(Path folder) throws IOException, SQLException;
  }

  /** Runs the benchmark that the arguments ask for. */
  public static void main(String[] arguments) throws IOException, SQLException {
    Task task;
    try {
      task = task(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(BenchOptions.USAGE);
      System.exit(2);
      return;
    }
    Path folder = Files.createTempDirectory("fanfare-bench");
    boolean passed;
    try {
      passed = task.run(folder);
    } finally {
      delete(folder);
    }
    System.exit(passed ? 0 : 1);
  }

  private static Task task(String[] arguments) {
    if (AskingOptions.isMeant(arguments)) {
      AskingOptions options = AskingOptions.parse(arguments);
      return folder -> asking(options, folder);
    }
    if (EndpointOptions.isMeantBy(arguments)) {
      EndpointOptions options = EndpointOptions.parse(arguments);
      return folder -> EndpointBench.run(options, folder, Path.of("").toAbsolutePath());
    }
    if (List.of(arguments).contains("--import")) {
      ImportOptions options = ImportOptions.parse(arguments);
      return folder -> ImportBench.run(options, folder);
    }
    if (List.of(arguments).contains("--segments")) {
      return folder -> SegmentBench.run(arguments) == 0;
    }
    BenchOptions options = BenchOptions.parse(arguments);
    return options.senderOnly()
        ? folder -> SenderBench.run(options, folder)
        : folder -> sending(options, folder);
  }

  private static boolean asking(AskingOptions options, Path folder)
      throws IOException, SQLException {
    AskingResult result = AskingRun.run(options, folder, Path.of("").toAbsolutePath(), Bench::say);
    System.out.print(result.table());
    if (options.json()) {
      System.out.println(result.json());
    }
    return result.passed();
  }

  private static boolean sending(BenchOptions options, Path folder) {
    BenchResult result = new Bench(options).run(folder);
    System.out.println(result.table());
    if (options.json()) {
      System.out.println(result.json());
    }
    return result.exact();
  }

  private BenchResult run(Path folder) {
    say("starting services, broker, database and sinks");
    Map<String, String> settings = Map.of("FANFARE_DISPATCH_MAX_IN_FLIGHT", "1024");
    try (Deployment deployment = Deployment.start(folder, Path.of("").toAbsolutePath(), settings)) {
      RestClient api = deployment.newTenant("Bench");
      Walkthrough walkthrough = new Walkthrough(api);
      String broadcast = prepare(deployment, walkthrough);
      Map<String, Usage> before = deployment.usage();
      say("sending");
      long begun = System.nanoTime();
      walkthrough.start(broadcast);
      double freezeSeconds = awaitFrozen(walkthrough, broadcast, begun);
      JsonNode progress = awaitCompleted(walkthrough, broadcast);
      double seconds = (System.nanoTime() - begun) / 1e9;
      Map<String, Usage> used = new LinkedHashMap<>();
      deployment
          .usage()
          .forEach(
              (name, usage) -> used.put(name, usage.since(before.getOrDefault(name, Usage.NONE))));
      Histogram latency =
          Histogram.read(deployment.metrics("dispatch-worker"), "fanfare_send_latency_seconds");
      JsonNode report = deployment.simulators().get("/simulator/report?marker=" + broadcast);
      return new BenchResult(
          options,
          progress.get("sent").asLong(),
          report.get("distinct").asLong(),
          report.get("duplicates").asLong(),
          seconds,
          freezeSeconds,
          latency.quantile(0.5),
          latency.quantile(0.99),
          used);
    }
  }

  private String prepare(Deployment deployment, Walkthrough walkthrough) {
    say("importing %,d contacts".formatted(options.recipients()));
    walkthrough.importReachableContacts(0, options.recipients(), count -> {});
    String list = walkthrough.list("Bench", 0, options.recipients());
    String template = walkthrough.template("Bench");
    String account =
        options.channel().equals("email")
            ? walkthrough.emailAccount("Sink", "localhost", deployment.smtpPort(), 0, 8)
            : walkthrough.telegramAccount(
                "Sink", "http://localhost:" + deployment.telegramPort(), "1:bench", 1_000);
    return walkthrough.broadcast("Bench", template, list, Map.of(options.channel(), account));
  }

  private static double awaitFrozen(Walkthrough walkthrough, String broadcast, long begun) {
    await(walkthrough, broadcast, LOOK, progress -> progress.get("planned").asLong() > 0);
    return (System.nanoTime() - begun) / 1e9;
  }

  private static JsonNode awaitCompleted(Walkthrough walkthrough, String broadcast) {
    return await(walkthrough, broadcast, LOOK.multipliedBy(5), Bench::isCompleted);
  }

  private static JsonNode await(
      Walkthrough walkthrough, String broadcast, Duration look, Predicate<JsonNode> enough) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      JsonNode progress = walkthrough.progress(broadcast);
      if (enough.test(progress)) {
        return progress;
      }
      boolean goesOn = progress.get("state").asString().equals("running") || isCompleted(progress);
      if (!goesOn || System.nanoTime() > deadline) {
        throw new IllegalStateException("the broadcast did not complete: " + progress);
      }
      LockSupport.parkNanos(look.toNanos());
    }
  }

  private static boolean isCompleted(JsonNode progress) {
    return progress.get("state").asString().equals("completed");
  }

  private static void say(String text) {
    System.err.println(text);
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
