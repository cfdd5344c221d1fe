package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.crash.Fault.Misbehaviour;
import io.fanfare.localstack.client.RestClient;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The providers that record everything: their log, and how they behave. */
final class Providers {

  static final List<String> CHANNELS = List.of("email", "telegram");

  /** Every answer takes its time, so that there are claims to be hit by a kill. */
  private static final int ANSWER_MILLIS = 250;

  private static final int LATE_ANSWER_MILLIS = 3_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final RestClient simulators;
  private final int ratePerSecond;

  Providers(RestClient simulators, int ratePerSecond) {
    this.simulators = simulators;
    this.ratePerSecond = ratePerSecond;
  }

  /** A few addresses are refused for good, all others are taken, slowly. */
  void behave() {
    put(plan(ANSWER_MILLIS));
  }

  /** Answers come at once. */
  void hurry() {
    put(plan(0));
  }

  void misbehave(Misbehaviour how, long seed) {
    Map<String, Object> plan = plan(ANSWER_MILLIS);
    plan.put("seed", seed);
    switch (how) {
      case STALL -> plan.put("stall_millis", LATE_ANSWER_MILLIS);
      case STORM -> plan.put("limit_per_second", Math.max(1, ratePerSecond / 5));
      case REFUSE -> {
        plan.put("defer_share", 0.2);
        plan.put("error_share", 0.2);
      }
      case RESET -> plan.put("drop_before_share", 0.1);
      case DROP_ANSWERS -> plan.put("drop_after_share", 0.1);
    }
    put(plan);
  }

  private static Map<String, Object> plan(int answerMillis) {
    Map<String, Object> plan = new LinkedHashMap<>();
    plan.put("stall_share", answerMillis == 0 ? 0 : 1);
    plan.put("stall_millis", answerMillis);
    plan.put("refuse_share", 0.01);
    return plan;
  }

  private void put(Map<String, Object> plan) {
    simulators.put("/simulator/faults", Map.of("email", plan, "telegram", plan));
  }

  /** Everything the providers took of a broadcast. */
  Map<Recipient, Figures.Taken> taken(String broadcast) {
    Map<Recipient, Figures.Taken> taken = new HashMap<>();
    for (String channel : CHANNELS) {
      String path = "/simulator/recipients?channel=" + channel + "&marker=" + broadcast;
      simulators
          .exchange("GET", path, null)
          .text()
          .lines()
          .map(JSON::readTree)
          .forEach(line ->
              taken.put(
                  new Recipient(channel, line.get("address").asString()),
                  new Figures.Taken(
                      line.get("count").asInt(),
                      line.get("first_nanos").asLong(),
                      line.get("last_nanos").asLong())));
    }
    return taken;
  }

  /** How often a message got no answer because the connection was closed. */
  long answersDropped(String broadcast) {
    JsonNode report = simulators.get("/simulator/report?marker=" + broadcast);
    long dropped = 0;
    for (JsonNode marker : report.get("markers")) {
      dropped += marker.get("dropped_before").asLong() + marker.get("dropped_after").asLong();
    }
    return dropped;
  }
}
