package io.fanfare.benchmark.endpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one endpoint did.
 *
 * @param outcome of the measured requests
 * @param cpuMicros CPU time of each process for one of them
 * @param events on the topic
 * @param wrong accepted requests that are not on the topic exactly once
 * @param lost openings and clicks the worker answered and then gave up, as it counts them
 * @param late events that were not on the topic when all requests were answered: their answers came
 *     first
 */
record EndpointResult(
    String name,
    OpenLoop.Outcome outcome,
    Map<String, Double> cpuMicros,
    int events,
    long wrong,
    long lost,
    int late) {

  private double perSecond() {
    return outcome.answered().cardinality() / outcome.seconds();
  }

  boolean exact() {
    return wrong == 0 && outcome.refused().isEmpty();
  }

  static String table(EndpointOptions options, List<EndpointResult> results) {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "%,d requests a second for %d s to each, latency from the moment each was due%n%n"
                + "%-22s %10s %9s %9s %9s   %s%n",
            options.rate(),
            options.seconds(),
            "endpoint",
            "answered/s",
            "p50 ms",
            "p99 ms",
            "max ms",
            "CPU µs/request"));
    for (EndpointResult result : results) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-22s %10.0f %9.1f %9.1f %9.1f   %s%n",
              result.name,
              result.perSecond(),
              result.outcome.milliseconds(0.5),
              result.outcome.milliseconds(0.99),
              result.outcome.milliseconds(1),
              cpu(result.cpuMicros)));
    }
    table.append(System.lineSeparator());
    for (EndpointResult result : results) {
      table.append(
          result.exact()
              ? String.format(
                  Locale.ROOT,
                  "%s: all of %,d accepted are on the topic once, %,d of them not at the first look%n",
                  result.name,
                  result.events,
                  result.late)
              : String.format(
                  Locale.ROOT,
                  "%s: %,d NOT ON THE TOPIC ONCE; %,d lost; otherwise answered, by status: %s%n",
                  result.name,
                  result.wrong,
                  result.lost,
                  result.outcome.refused()));
    }
    return table.toString();
  }

  private static String cpu(Map<String, Double> cpuMicros) {
    StringBuilder text = new StringBuilder();
    cpuMicros.forEach(
        (name, micros) -> text.append(String.format(Locale.ROOT, "%s %.0f  ", name, micros)));
    return text.toString().strip();
  }

  static String json(EndpointOptions options, List<EndpointResult> results) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rate", options.rate());
    json.put("seconds", options.seconds());
    json.put("exact", results.stream().allMatch(EndpointResult::exact));
    for (EndpointResult result : results) {
      Map<String, Object> of = new LinkedHashMap<>();
      of.put("per_second", result.perSecond());
      of.put("p50_ms", result.outcome.milliseconds(0.5));
      of.put("p99_ms", result.outcome.milliseconds(0.99));
      of.put("max_ms", result.outcome.milliseconds(1));
      of.put("cpu_micros", result.cpuMicros);
      of.put("refused", result.outcome.refused());
      of.put("wrong", result.wrong);
      of.put("lost", result.lost);
      of.put("late", result.late);
      json.put(result.name, of);
    }
    return JsonMapper.shared().writeValueAsString(json);
  }
}
