package io.fanfare.benchmark;

import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Prometheus histogram as scraped: cumulative counts by upper bound, all label sets together. */
public final class Histogram {

  private final TreeMap<Double, Double> cumulative = new TreeMap<>();

  /**
   * Reads a histogram off a Prometheus page.
   *
   * @param metric its name without {@code _bucket}
   */
  public static Histogram read(String page, String metric) {
    Histogram histogram = new Histogram();
    Pattern line =
        Pattern.compile(
            "^" + metric + "_bucket\\{[^}]*le=\"([^\"]+)\"[^}]*\\} (\\S+)", Pattern.MULTILINE);
    Matcher matcher = line.matcher(page);
    while (matcher.find()) {
      double bound =
          matcher.group(1).equals("+Inf")
              ? Double.POSITIVE_INFINITY
              : Double.parseDouble(matcher.group(1));
      histogram.cumulative.merge(bound, Double.parseDouble(matcher.group(2)), Double::sum);
    }
    return histogram;
  }

  /**
   * The upper bound of the bucket a quantile falls into, in the metric's unit.
   *
   * @param q from 0 to 1
   * @return NaN when nothing was observed
   */
  public double quantile(double q) {
    if (cumulative.isEmpty()) {
      return Double.NaN;
    }
    double total = cumulative.lastEntry().getValue();
    return cumulative.entrySet().stream()
        .filter(bucket -> total > 0 && bucket.getValue() >= q * total)
        .mapToDouble(java.util.Map.Entry::getKey)
        .findFirst()
        .orElse(Double.NaN);
  }
}
