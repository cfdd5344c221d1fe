package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.process.Deployment;
import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * One broadcast that tests two variants and holds four fifths back, while audience-service is
 * killed with SIGKILL: as soon as its audience is frozen, while it waits for the winner, when the
 * winner comes, and in the middle of the release of the hold-back. By the providers' own log nobody
 * is missed, nobody has two messages, and nobody held back has one before the decision.
 */
public final class HoldBackRun {

  private static final String AUDIENCE = "audience-service";
  private static final int SHARDS = 4;
  private static final int RATE_PER_SECOND = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration WAITS = Duration.ofSeconds(2);

  private final Deployment deployment;
  private final int recipients;
  private final int kills;
  private final Consumer<String> console;
  private final RestClient api;
  private final Walkthrough walkthrough;
  private final Providers providers;
  private final String broadcast;
  private boolean patient = true;

  private HoldBackRun(Deployment deployment, CrashOptions options, Consumer<String> console) {
    this.deployment = deployment;
    this.recipients = options.recipients();
    this.kills = options.kills();
    this.console = console;
    this.api = deployment.newTenant("Hold-back");
    this.walkthrough = new Walkthrough(api);
    this.providers = new Providers(deployment.simulators(), RATE_PER_SECOND);
    this.broadcast = draft();
  }

  /**
   * Runs it.
   *
   * @param options how many recipients, how many kills during the release, further settings
   * @param console takes lines for people
   * @return whether every column is 0
   */
  public static boolean run(
      CrashOptions options, Path folder, Path project, Consumer<String> console) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");
    settings.put("FANFARE_RELEASE_PUBLISH_AGAIN_AFTER", "5s");
    settings.put("FANFARE_RELEASE_SWEEP_AFTER", "15s");
    settings.putAll(options.settings());
    try (Deployment deployment = Deployment.start(folder, project, settings)) {
      boolean passed = new HoldBackRun(deployment, options, console).run();
      deployment.kill();
      return passed;
    }
  }

  private String draft() {
    walkthrough.importReachableContacts(0, recipients, count -> {});
    String list = walkthrough.list("Everybody", 0, recipients);
    String account =
        walkthrough.emailAccount(
            "Server", "localhost", deployment.smtpPort(), RATE_PER_SECOND, SHARDS);
    List<Map<String, Object>> variants =
        List.of(variant("Short", "Hello"), variant("Long", "Hello {{ contact.name }}"));
    Map<String, Object> test =
        Map.of(
            "variants",
            variants,
            "hold_back_percent",
            80,
            "duration",
            "PT24H",
            "decision",
            "manual");
    return walkthrough.broadcast(
        "Hold-back", walkthrough.template("News"), list, Map.of("email", account), test);
  }

  private Map<String, Object> variant(String name, String subject) {
    String template = walkthrough.template(name, subject);
    return Map.of(
        "name", name, "percent", 10, "channels", Map.of("email", Map.of("template_id", template)));
  }

  private boolean run() {
    walkthrough.start(broadcast);
    await("not frozen", () -> progress().get("frozen").asBoolean());
    kill("as soon as the audience was frozen");
    await("how large the variants are is not told", () -> tested() > 0);
    await("the variants are not sent", () -> progress().get("sent").asLong() >= tested());
    long tested = tested();
    kill("while %,d of %,d wait".formatted(recipients - tested, recipients));
    deployment.awaitReady(AUDIENCE);
    Patience.pass(WAITS);
    long early = Math.max(0, distinct() - tested);
    deployment.service(AUDIENCE).kill();
    Patience.insist(
        "the decision",
        PATIENCE,
        () ->
            api.post(
                "/api/v1/broadcasts/" + broadcast + "/ab-test/decision", Map.of("variant", "b")));
    deployment.startAgain(AUDIENCE);
    console.accept("killed audience-service; b was chosen while it was dead");
    for (int kill = 1; kill <= kills && patient; kill++) {
      long until = tested + (recipients - tested) * kill / (kills + 1);
      await("the hold-back is not released", () -> distinct() >= until);
      kill("after %,d messages".formatted(distinct()));
    }
    await("not completed", () -> progress().get("state").asString().equals("completed"));
    return judge(tested, early);
  }

  private boolean judge(long tested, long early) {
    Map<Recipient, Figures.Taken> taken = providers.taken(broadcast);
    Map<String, Long> columns = new LinkedHashMap<>();
    columns.put("lost", (long) recipients - taken.size());
    columns.put("duplicates", taken.values().stream().mapToLong(each -> each.count() - 1L).sum());
    columns.put("early", early);
    columns.put("not_sent", recipients - progress().get("sent").asLong());
    await("not counted", () -> sentAs("winner") + sentAs("a") + sentAs("b") == recipients);
    columns.put("not_the_winners", recipients - tested - sentAs("winner"));
    columns.put("not_completed", patient ? 0L : 1L);
    columns.forEach((name, value) -> console.accept("%-16s %,d".formatted(name, value)));
    return columns.values().stream().allMatch(value -> value == 0);
  }

  private void kill(String when) {
    deployment.service(AUDIENCE).kill();
    deployment.startAgain(AUDIENCE);
    console.accept("killed audience-service " + when);
  }

  /** The frozen recipients of the two variants; 0 before that is known. */
  private long tested() {
    long tested = 0;
    for (JsonNode variant : test().get("variants")) {
      tested += variant.get("sent").asLong() + variant.get("unsent").asLong();
    }
    return tested;
  }

  private JsonNode test() {
    return api.get("/api/v1/broadcasts/" + broadcast + "/ab-test");
  }

  private JsonNode progress() {
    return Patience.insist("the progress", PATIENCE, () -> walkthrough.progress(broadcast));
  }

  private long sentAs(String variant) {
    return api.get("/api/v1/broadcasts/" + broadcast + "/stats")
        .at("/channels/email/variants/" + variant + "/sent")
        .asLong(0);
  }

  /** Recipients the providers have a message of. */
  private long distinct() {
    return providers.taken(broadcast).size();
  }

  private void await(String otherwise, Callable<Boolean> condition) {
    // Where one thing did not come true nothing later will: what there is then is judged.
    if (patient && !Patience.until(PATIENCE, condition)) {
      console.accept("! " + otherwise + " within " + PATIENCE);
      patient = false;
    }
  }
}
