package io.fanfare.benchmark.counting;

import io.fanfare.benchmark.counting.Generator.Figure;
import io.fanfare.benchmark.process.Deployment;
import io.fanfare.localstack.client.RestClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Publishes events, kills analytics-service with SIGKILL while it counts them, several times, and
 * compares what it answers in the end with the generator's own count; then has everything counted
 * again and compares once more.
 */
public final class CountingRun {

  private static final String ANALYTICS = "analytics-service";
  private static final int KILLS = 3;
  private static final long SEED = 11;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final String REBUILD = "/api/v1/operations/analytics/rebuild";

  private final Deployment deployment;
  private final Deployment.TenantKey tenant;
  private final UUID broadcast = UUID.randomUUID();
  private final Generator generator;
  private final Consumer<String> console;

  private CountingRun(Deployment deployment, int events, Consumer<String> console) {
    this.deployment = deployment;
    this.tenant = deployment.newTenantKey("Counting");
    this.generator = new Generator(tenant.id(), broadcast, events, SEED);
    this.console = console;
  }

  /**
   * Runs it.
   *
   * @param events 1,000 to 10,000,000
   * @param console takes lines for people
   * @return whether every figure was right both times
   */
  public static boolean run(int events, Path folder, Path project, Consumer<String> console) {
    Map<String, String> settings = Map.of("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");
    try (Deployment deployment = Deployment.start(folder, project, settings)) {
      boolean exact = new CountingRun(deployment, events, console).run();
      deployment.kill();
      return exact;
    }
  }

  private boolean run() {
    Map<Figure, Long> expected = generator.figures();
    console.accept(
        "%,d events, %,d of them repeated; %d figures"
            .formatted(
                generator.size(), generator.size() - generator.size() * 10 / 11, expected.size()));
    Thread publisher =
        Thread.ofPlatform().start(() -> generator.publish(deployment.bootstrapServers()));
    long begun = System.nanoTime();
    for (int kill = 1; kill <= KILLS; kill++) {
      long before = counted();
      await("counting does not go on", () -> counted() > before);
      long counted = counted();
      deployment.service(ANALYTICS).kill();
      console.accept("killed analytics-service with %,d deliveries counted".formatted(counted));
      deployment.startAgain(ANALYTICS);
      deployment.awaitReady(ANALYTICS);
    }
    join(publisher);
    await("not everything is counted", () -> figures().equals(expected));
    double seconds = (System.nanoTime() - begun) / 1e9;
    List<String> wrong = differences(expected, figures());
    console.accept(
        "counted after %.1f s with %d kills, %d of %d figures wrong"
            .formatted(seconds, KILLS, wrong.size(), expected.size()));
    wrong.stream().limit(10).forEach(console);
    return wrong.isEmpty() & rebuild(expected);
  }

  private boolean rebuild(Map<Figure, Long> expected) {
    RestClient operator = deployment.operator();
    long begun = System.nanoTime();
    operator.post(REBUILD, Map.of());
    await(
        "the rebuild does not end",
        () -> !operator.get(REBUILD).get("state").asString().equals("running"));
    double seconds = (System.nanoTime() - begun) / 1e9;
    JsonNode rebuild = operator.get(REBUILD);
    List<String> wrong = differences(expected, figures());
    console.accept(
        "counted again in %.1f s: %s; %d of %d figures wrong"
            .formatted(seconds, rebuild, wrong.size(), expected.size()));
    return wrong.isEmpty() && rebuild.get("state").asString().equals("swapped");
  }

  /** Deliveries counted; 0 when nobody answers. */
  private long counted() {
    RestClient.Answer answer = stats();
    return answer.status() == 200 ? answer.body().at("/counts/sent").asLong(0) : 0;
  }

  private RestClient.Answer stats() {
    return tenant.api().exchange("GET", "/api/v1/broadcasts/" + broadcast + "/stats", null);
  }

  /** Every figure as analytics answer it; those that are 0 are left out. */
  private Map<Figure, Long> figures() {
    Map<Figure, Long> figures = new TreeMap<>();
    RestClient.Answer answer = stats();
    if (answer.status() != 200) {
      return figures;
    }
    JsonNode stats = answer.body();
    stats
        .at("/channels/email/variants")
        .properties()
        .forEach(
            variant -> put(figures, "sent", variant.getKey(), "", variant.getValue().path("sent")));
    stats
        .at("/engagement/channels/email/variants")
        .properties()
        .forEach(variant ->
            variant
                .getValue()
                .get("kinds")
                .properties()
                .forEach(kind ->
                    kind.getValue()
                        .properties()
                        .forEach(count ->
                            put(
                                figures,
                                kind.getKey() + " " + count.getKey(),
                                variant.getKey(),
                                "",
                                count.getValue()))));
    JsonNode purchases = stats.at("/engagement/custom/purchase");
    if (!purchases.isMissingNode()) {
      put(figures, "custom events", "", "", purchases.get("events"));
      put(figures, "custom recipients", "", "", purchases.get("recipients"));
      figures.put(
          new Figure("custom value in cents", "", ""),
          purchases.get("value_sum").decimalValue().movePointRight(2).longValue());
    }
    RestClient.Answer links =
        tenant.api().exchange("GET", "/api/v1/broadcasts/" + broadcast + "/links", null);
    if (links.status() == 200) {
      for (JsonNode link : links.body().get("links")) {
        for (String count :
            List.of("events", "recipients", "machine_events", "machine_recipients")) {
          put(
              figures,
              "link " + count,
              link.get("variant").asString(),
              link.get("link").asString(),
              link.get(count));
        }
      }
    }
    return figures;
  }

  private static void put(
      Map<Figure, Long> figures, String what, String variant, String detail, JsonNode count) {
    if (count.asLong(0) != 0) {
      figures.put(new Figure(what, variant, detail), count.asLong());
    }
  }

  private static List<String> differences(Map<Figure, Long> expected, Map<Figure, Long> counted) {
    List<String> differences = new ArrayList<>();
    expected.forEach((figure, count) -> {
      long found = counted.getOrDefault(figure, 0L);
      if (found != count) {
        differences.add("%s: %d instead of %d".formatted(figure, found, count));
      }
    });
    counted.keySet().stream()
        .filter(figure -> !expected.containsKey(figure))
        .forEach(figure -> differences.add(figure + " is not expected"));
    return differences;
  }

  /** Returns when it holds, or after long: what is wrong then is told by the figures. */
  private void await(String otherwise, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        console.accept("! " + otherwise + " within " + PATIENCE);
        return;
      }
      LockSupport.parkNanos(LOOK.toNanos());
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
