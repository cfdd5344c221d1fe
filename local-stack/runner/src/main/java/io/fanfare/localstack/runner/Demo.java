package io.fanfare.localstack.runner;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * The main job once, over REST as a product team does it: 10,000 sample contacts, a list, a
 * segment, two templates and a broadcast on two channels that tests which of them is clicked more,
 * with providers that refuse some recipients and put others off, recipients who open and click, and
 * some who have opted out, have had enough for today, or sleep.
 */
final class Demo {

  static final int CONTACTS = 10_000;

  private static final int BOT_RATE = 1_000;
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final double MUST_PASS_WITHIN_SECONDS = 15;
  private static final Duration COUNTED = Duration.ofSeconds(20);

  private final StackFile.Content stack;
  private final Console console;
  private final PrintStream out;
  private final int contacts;
  private final RestClient api;
  private final RestClient simulators;
  private final Walkthrough walkthrough;

  /**
   * @param console for people
   * @param out for the JSON object
   * @param contacts how many of the sample contacts, usually {@link #CONTACTS}
   */
  Demo(StackFile.Content stack, LocalKeys keys, Console console, PrintStream out, int contacts) {
    this.stack = stack;
    this.console = console;
    this.out = out;
    this.contacts = contacts;
    this.api =
        new RestClient(
            stack.baseUrl(),
            keys.adminKey()
                .orElseThrow(
                    () -> new IllegalStateException("the stack has not made its admin key yet")));
    this.simulators = new RestClient(stack.mailboxUrl(), "");
    this.walkthrough = new Walkthrough(api);
  }

  /**
   * Runs the demo.
   *
   * @param json whether the last line is one JSON object
   * @return 0 when the providers agree with the ledger, 1 otherwise
   */
  int run(boolean json) {
    // The stack may be somebody's who goes on with it afterwards.
    JsonNode faults = simulators.get("/simulator/faults");
    JsonNode behaviour = simulators.get("/simulator/behaviour");
    try {
      return broadcast(json);
    } finally {
      simulators.put("/simulator/faults", faults);
      simulators.put("/simulator/behaviour", behaviour);
    }
  }

  private int broadcast(boolean json) {
    long begun = System.nanoTime();
    setFaults();
    DemoAbTest abTest = new DemoAbTest(walkthrough, api, simulators);
    abTest.setBehaviour();
    console.line("  importing %,d sample contacts".formatted(contacts));
    walkthrough.importContacts(0, contacts, count -> {});
    String list = walkthrough.list("Sample audience", 0, contacts);
    String segment = walkthrough.segment("Sample audience with points", withPoints(list));
    DemoPreferences preferences = new DemoPreferences(api, simulators);
    preferences.set(list);
    String template = walkthrough.template("Spring news");
    Map<String, String> accounts = new LinkedHashMap<>();
    accounts.put(
        "email", walkthrough.emailAccount("Demo mail server", "localhost", stack.smtpPort(), 0, 8));
    accounts.put(
        "telegram",
        walkthrough.telegramAccount(
            "Demo bot",
            "http://localhost:" + stack.telegramPort(),
            "123456:demo-bot-of-the-simulator",
            BOT_RATE));
    String name = "Spring news " + LocalTime.now().truncatedTo(ChronoUnit.SECONDS);
    String broadcast =
        walkthrough.broadcastToSegment(name, template, segment, accounts, abTest.plan());
    console.line(
        "  starting broadcast " + broadcast + " to a segment, on two channels, with an A/B test");
    walkthrough.start(broadcast);
    JsonNode progress = awaitCompletion(broadcast);
    JsonNode attempts = attempts(broadcast);
    AbTestResult tested = abTest.result(broadcast, COUNTED);
    DemoPresses.Presses presses = new DemoPresses(api, simulators).result(broadcast, COUNTED);
    double seconds = (System.nanoTime() - begun) / 1e9;
    DemoResult result =
        DemoResult.of(
            progress,
            attempts,
            report(broadcast),
            preferences.quiet(broadcast),
            tested,
            presses,
            seconds);
    console.line("");
    console.line(result.table());
    console.line("  where to look");
    console.line("    mailbox   " + stack.mailboxUrl());
    URI links = stack.baseUrl().resolve("/api/v1/broadcasts/" + broadcast);
    console.line("    progress  " + links + "/progress");
    console.line("    stats     " + links + "/stats");
    console.line("    A/B test  " + links + "/ab-test");
    console.line("    letters   " + stack.baseUrl().resolve("/api/v1/dead-letters"));
    console.line("    (with the admin key above: curl -H \"Authorization: Bearer $KEY\" …)");
    if (json) {
      out.println(result.json());
    }
    return result.proven() ? 0 : 1;
  }

  /** All of a list who have a number of points, which is everybody of the sample. */
  private static Map<String, Object> withPoints(String list) {
    return Map.of(
        "all",
        List.of(Map.of("list", list), Map.of("field", "custom.points", "op", "gte", "value", 0)));
  }

  /** Some recipients refused for good, some put off at first: about what a real list meets. */
  private void setFaults() {
    Map<String, Object> email = new LinkedHashMap<>();
    email.put("refuse_share", 0.01);
    email.put("defer_share", 0.02);
    email.put("first_tries", 1);
    Map<String, Object> telegram = new LinkedHashMap<>();
    telegram.put("refuse_share", 0.02);
    telegram.put("unknown_share", 0.01);
    telegram.put("defer_share", 0.002);
    telegram.put("first_tries", 1);
    telegram.put("retry_after_seconds", 1);
    simulators.put("/simulator/faults", Map.of("email", email, "telegram", telegram));
  }

  private JsonNode awaitCompletion(String broadcast) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      RestClient.Answer answer =
          api.exchange("GET", "/api/v1/broadcasts/" + broadcast + "/progress", null);
      if (answer.status() == 502 || answer.status() == 503) {
        // "Try again later", says a machine that is short of time.
        LockSupport.parkNanos(LOOK.toNanos());
        continue;
      }
      JsonNode progress = answer.expectSuccess();
      String state = progress.get("state").asString();
      long open =
          progress.get("pending").asLong()
              + progress.get("in_flight").asLong()
              + progress.get("retrying").asLong();
      long planned = progress.get("planned").asLong();
      if (planned > 0) {
        console.progress(planned - open, planned, progress.path("rate_per_second").asDouble(0));
      }
      if (state.equals("completed")) {
        return progress;
      }
      if (!state.equals("running")) {
        throw new IllegalStateException("the broadcast is " + state + ": " + progress);
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    throw new IllegalStateException("not completed within " + PATIENCE);
  }

  /** The counts of analytics, once they have caught up with the ledger. */
  private JsonNode attempts(String broadcast) {
    long sent = walkthrough.progress(broadcast).get("sent").asLong();
    long deadline = System.nanoTime() + (long) (MUST_PASS_WITHIN_SECONDS * 1e9);
    while (true) {
      RestClient.Answer answer =
          api.exchange("GET", "/api/v1/broadcasts/" + broadcast + "/stats", null);
      if (answer.status() == 200 && answer.body().get("counts").get("sent").asLong() == sent) {
        return answer.body().get("attempts");
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("analytics differ from the ledger: " + answer.text());
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private JsonNode report(String broadcast) {
    return simulators.get("/simulator/report?marker=" + broadcast);
  }
}
