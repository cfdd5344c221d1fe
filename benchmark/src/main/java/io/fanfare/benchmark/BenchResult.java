package io.fanfare.benchmark;

import io.fanfare.benchmark.process.Usage;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run came to.
 *
 * @param options what was measured
 * @param sent by the ledger
 * @param distinct recipients by the sinks' own log
 * @param duplicates messages the sinks took twice
 * @param seconds from the start of the broadcast to its completion
 * @param freezeSeconds from the start of the broadcast until its audience was frozen
 * @param latencyP50 from release to result, seconds; the upper bound of a histogram bucket
 * @param latencyP99 the same
 * @param usage of each process, from the start of the broadcast to its completion
 */
record BenchResult(
    BenchOptions options,
    long sent,
    long distinct,
    long duplicates,
    double seconds,
    double freezeSeconds,
    double latencyP50,
    double latencyP99,
    Map<String, Usage> usage) {

  /** Everybody was reached once, by the sinks' own word. */
  boolean exact() {
    return sent == options.recipients() && distinct == sent && duplicates == 0;
  }

  private double perSecond() {
    return sent / seconds;
  }

  private double microsPerMessage(Usage used) {
    return sent == 0 ? 0 : (double) used.cpuMicros() / sent;
  }

  private double ownMicrosPerMessage() {
    return usage.entrySet().stream()
        .filter(process -> !process.getKey().equals("sinks"))
        .mapToDouble(process -> microsPerMessage(process.getValue()))
        .sum();
  }

  /** A table for people. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d %s messages in %.1f s: %,.0f/s; frozen after %.2f s; release to result p50 %.3f s,"
                + " p99 %.3f s%nby the sinks' own log %,d recipients, %,d duplicates%n%n%-20s %14s"
                + " %12s%n",
            sent,
            options.channel(),
            seconds,
            perSecond(),
            freezeSeconds,
            latencyP50,
            latencyP99,
            distinct,
            duplicates,
            "process",
            "CPU µs/message",
            "peak MiB"));
    usage.forEach((name, used) ->
        text.append(
            String.format(
                Locale.ROOT,
                "%-20s %14.1f %12d%n",
                name,
                microsPerMessage(used),
                used.peakBytes() >> 20)));
    text.append(
        String.format(Locale.ROOT, "%-20s %14.1f%n", "all but the sinks", ownMicrosPerMessage()));
    return text.toString();
  }

  /** One JSON object on one line. */
  String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("channel", options.channel());
    json.put("recipients", options.recipients());
    json.put("sent", sent);
    json.put("distinct", distinct);
    json.put("duplicates", duplicates);
    json.put("seconds", rounded(seconds));
    json.put("messages_per_second", Math.round(perSecond()));
    json.put("freeze_seconds", rounded(freezeSeconds));
    json.put("latency_p50_seconds", rounded(latencyP50));
    json.put("latency_p99_seconds", rounded(latencyP99));
    json.put("cpu_micros_per_message", rounded(ownMicrosPerMessage()));
    Map<String, Object> processes = new LinkedHashMap<>();
    usage.forEach((name, used) ->
        processes.put(
            name,
            Map.of(
                "cpu_micros_per_message",
                rounded(microsPerMessage(used)),
                "peak_mib",
                used.peakBytes() >> 20)));
    json.put("processes", processes);
    return JsonMapper.builder().build().writeValueAsString(json);
  }

  private static double rounded(double value) {
    return Double.isFinite(value) ? Math.round(value * 1000) / 1000.0 : -1;
  }
}
