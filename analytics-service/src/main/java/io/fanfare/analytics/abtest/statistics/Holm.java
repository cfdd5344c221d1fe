package io.fanfare.analytics.abtest.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several comparisons at one level: the smallest p-value must pass alpha/m, the next alpha/(m−1)
 * and so on, and after the first that does not none does (Holm 1979, Scand. J. Statist. 6:65; R:
 * {@code p.adjust(p, "holm")}).
 */
public final class Holm {

  private Holm() {}

  /** The p-values that may be held against alpha itself, in the order of those given. */
  public static double[] adjust(double... pValues) {
    double[] adjusted = new double[pValues.length];
    double largest = 0;
    List<Integer> order = ascending(pValues);
    for (int rank = 0; rank < order.size(); rank++) {
      int at = order.get(rank);
      largest = Math.max(largest, Math.min(1, pValues[at] * (pValues.length - rank)));
      adjusted[at] = largest;
    }
    return adjusted;
  }

  /** The places of the values from the smallest on. */
  public static List<Integer> ascending(double... values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(at -> values[at]))
        .toList();
  }
}
