package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.Histogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a run measured beside its verdict.
 *
 * @param ratePerSecond the limit of each account until the faults were over
 * @param peaks by channel, the most a provider took in a sliding second until then
 * @param overshootMillis how long after a pause was answered the last message arrived, for each
 *     pause; 0 when none did
 * @param smallSeconds from the start of a broadcast to ten contacts beside the large one until it
 *     was complete; null when it was not
 * @param controlSeconds from the publication of a control record until a worker obeys it, half of
 *     them and 99 of 100 within; by the workers that live in the end
 * @param takeoverSeconds after each kill, until everything it left open had an end
 * @param recoverySeconds after each kill, until the last of the worker's lanes sent again: pauses,
 *     further kills and outages fall into it
 */
public record Measures(
    int ratePerSecond,
    Map<String, Integer> peaks,
    List<Long> overshootMillis,
    @Nullable Double smallSeconds,
    Map<String, Double> controlSeconds,
    List<Double> takeoverSeconds,
    List<Double> recoverySeconds) {

  static Measures of(
      Figures figures,
      @Nullable Duration small,
      Histogram controlLatency,
      List<Double> takeoverSeconds,
      List<Double> recoverySeconds) {
    Map<String, Integer> peaks = new LinkedHashMap<>();
    int rate = 0;
    for (Map.Entry<String, Figures.Limit> limit : figures.limits().entrySet()) {
      rate = limit.getValue().perSecond();
      peaks.put(limit.getKey(), peak(figures, limit.getKey(), limit.getValue().raisedAt()));
    }
    List<Long> overshoots = new ArrayList<>();
    for (Figures.Pause pause : figures.pauses()) {
      overshoots.add(overshoot(figures, pause) / 1_000_000);
    }
    return new Measures(
        rate,
        peaks,
        overshoots,
        small == null ? null : small.toMillis() / 1000.0,
        Map.of("p50", controlLatency.quantile(0.5), "p99", controlLatency.quantile(0.99)),
        takeoverSeconds,
        recoverySeconds);
  }

  private static int peak(Figures figures, String channel, long until) {
    long[] times =
        LongStream.concat(
                figures.taken().entrySet().stream()
                    .filter(entry -> entry.getKey().channel().equals(channel))
                    .mapToLong(entry -> entry.getValue().first()),
                figures.alongside().getOrDefault(channel, List.of()).stream()
                    .mapToLong(Figures.Taken::first))
            .filter(at -> at < until)
            .sorted()
            .toArray();
    int peak = 0;
    int oldest = 0;
    for (int newest = 0; newest < times.length; newest++) {
      while (times[newest] - times[oldest] >= 1_000_000_000L) {
        oldest++;
      }
      peak = Math.max(peak, newest - oldest + 1);
    }
    return peak;
  }

  private static long overshoot(Figures figures, Figures.Pause pause) {
    return figures.taken().values().stream()
        .mapToLong(Figures.Taken::last)
        .filter(at -> at > pause.answered() && at < pause.resumed())
        .map(at -> at - pause.answered())
        .max()
        .orElse(0);
  }

  Map<String, Object> columns() {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("limit_per_second", ratePerSecond);
    columns.put("peak_per_second", peaks);
    columns.put("pause_overshoot_millis", overshootMillis);
    columns.put("small_beside_large_seconds", smallSeconds);
    columns.put("control_seconds_at_most", controlSeconds);
    columns.put("takeover_seconds", takeoverSeconds);
    columns.put("recovery_seconds", recoverySeconds);
    return columns;
  }
}
