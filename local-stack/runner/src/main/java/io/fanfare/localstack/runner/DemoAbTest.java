package io.fanfare.localstack.runner;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * The A/B test of the demo: two subjects, a quarter of the audience each, and half of it waits for
 * the one that is clicked more. What people do is known beforehand: the simulated recipients open
 * and click at given rates, and count themselves.
 */
final class DemoAbTest {

  private static final String CHANNEL = "email";

  /** The shortest a test may take; an early look finds so large a difference. */
  private static final String DURATION = "PT1M";

  private static final List<Double> LOOKS = List.of(0.25, 0.35, 0.5, 0.75, 1.0);
  private static final int SHARE = 25;
  private static final int HOLD_BACK = 50;
  private static final int MINIMUM_SAMPLE = 100;
  private static final Duration LOOK = Duration.ofMillis(200);

  /**
   * A subject, and how those who get it behave.
   *
   * @param found what only this subject has
   */
  private record Subject(String id, String name, String subject, String found, Rates rates) {}

  private record Rates(double open, double click) {}

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject(
              "a",
              "It is here",
              "{{ contact.name }}, {{ broadcast.name }} is here",
              "is here",
              new Rates(0.3, 0.05)),
          new Subject(
              "b",
              "Made for you",
              "{{ contact.name }}, we made {{ broadcast.name }} for you",
              "for you",
              new Rates(0.5, 0.25)));

  private final Walkthrough walkthrough;
  private final RestClient api;
  private final RestClient simulators;

  DemoAbTest(Walkthrough walkthrough, RestClient api, RestClient simulators) {
    this.walkthrough = walkthrough;
    this.api = api;
    this.simulators = simulators;
  }

  /** Tells the simulated recipients what to do; some messages are looked at by a scanner first. */
  void setBehaviour() {
    List<Map<String, Object>> rules = new ArrayList<>();
    for (Subject subject : SUBJECTS) {
      rules.add(
          Map.of(
              "text",
              subject.found(),
              "rates",
              Map.of("open", subject.rates().open(), "click", subject.rates().click())));
    }
    simulators.put(
        "/simulator/behaviour",
        Map.of(
            "rules",
            rules,
            "others",
            Map.of("press", DemoPresses.RATE),
            "machine_share",
            0.02,
            "think_millis",
            3_000));
  }

  /** The plan as the API takes it, with a template for each subject. */
  Map<String, Object> plan() {
    List<Map<String, Object>> variants = new ArrayList<>();
    for (Subject subject : SUBJECTS) {
      Map<String, String> content =
          Map.of("template_id", walkthrough.template(subject.name(), subject.subject()));
      variants.add(
          Map.of(
              "name",
              subject.name(),
              "percent",
              SHARE,
              "channels",
              Map.of(CHANNEL, content, "telegram", content)));
    }
    Map<String, Object> plan = new LinkedHashMap<>();
    plan.put("variants", variants);
    plan.put("hold_back_percent", HOLD_BACK);
    plan.put("channel", CHANNEL);
    plan.put("metric", "click");
    plan.put("looks", LOOKS);
    plan.put("duration", DURATION);
    plan.put("minimum_sample", MINIMUM_SAMPLE);
    return plan;
  }

  /**
   * The result, once analytics have counted what the recipients did.
   *
   * @param patience how long that may take
   */
  AbTestResult result(String broadcast, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      AbTestResult result = read(broadcast);
      if (result.agrees() || System.nanoTime() > deadline) {
        return result;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private AbTestResult read(String broadcast) {
    JsonNode done = simulators.get("/simulator/engagement");
    JsonNode test = api.get("/api/v1/broadcasts/" + broadcast + "/ab-test");
    JsonNode counted =
        api.get("/api/v1/broadcasts/" + broadcast + "/stats")
            .at("/engagement/channels/" + CHANNEL + "/variants");
    String winner = test.path("winner").asString("");
    List<AbTestResult.Variant> variants = new ArrayList<>();
    for (JsonNode variant : test.get("variants")) {
      Subject subject =
          SUBJECTS.stream()
              .filter(any -> any.id().equals(variant.get("variant").asString()))
              .findFirst()
              .orElseThrow();
      // The hold-back got the winner's subject as well, and is no part of the test.
      long heldBack =
          subject.id().equals(winner)
              ? counted.at("/winner/kinds/clicked/recipients").asLong(0)
              : 0;
      variants.add(
          new AbTestResult.Variant(
              subject.id(),
              subject.name(),
              variant.get("sent").asLong(),
              variant.get("converted").asLong(),
              heldBack,
              clicked(done, broadcast, subject)));
    }
    JsonNode comparison = test.get("looks").isEmpty() ? test : test.get("looks").get(last(test));
    JsonNode found = comparison.path("comparisons").path(0);
    return new AbTestResult(
        test.at("/plan/metric").asString(),
        variants,
        found.path("adjusted_p_value").asDouble(1),
        found.path("low").asDouble(0),
        found.path("high").asDouble(0),
        winner,
        test.path("decided_by").asString(""),
        done.get("pending").asLong());
  }

  private static int last(JsonNode test) {
    return test.get("looks").size() - 1;
  }

  private static long clicked(JsonNode done, String broadcast, Subject subject) {
    return done.get("markers")
        .valueStream()
        .filter(figures -> figures.get("marker").asString().equals(broadcast))
        .filter(figures -> figures.get("rule").asString().equals(subject.found()))
        .mapToLong(figures -> figures.get("clicked").asLong())
        .sum();
  }
}
