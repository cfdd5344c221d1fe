package io.fanfare.audience.release;

import java.util.ArrayList;
import java.util.List;

/**
 * Mixes the variants of a test, so that whenever somebody looks, as many of each were sent to as
 * its share says but for chance, and none of them had the better hours of the day.
 */
final class VariantShares {

  private VariantShares() {}

  /**
   * Splits what is taken at once. What each gets is less than one away from its share, and over
   * many splits its share exactly, however small they are; together they get all of it.
   *
   * @param weights what the shares are in proportion to, each more than 0
   * @param begin 0 to less than 1, drawn anew for every split
   */
  static int[] split(int wanted, int[] weights, double begin) {
    long whole = 0;
    for (int weight : weights) {
      whole += weight;
    }
    int[] parts = new int[weights.length];
    long weighed = 0;
    long given = 0;
    for (int at = 0; at < weights.length; at++) {
      weighed += weights[at];
      long until = weighed == whole ? wanted : (long) ((double) wanted * weighed / whole + begin);
      parts[at] = (int) (until - given);
      given = until;
    }
    return parts;
  }

  /** All elements, each list's in their order and evenly spread over the whole. */
  static <T> List<T> mix(List<List<T>> lists) {
    int[] next = new int[lists.size()];
    int size = lists.stream().mapToInt(List::size).sum();
    List<T> mixed = new ArrayList<>(size);
    while (mixed.size() < size) {
      int behind = -1;
      double least = 1;
      for (int at = 0; at < next.length; at++) {
        double done = (next[at] + 0.5) / lists.get(at).size();
        if (done < least) {
          least = done;
          behind = at;
        }
      }
      mixed.add(lists.get(behind).get(next[behind]++));
    }
    return mixed;
  }
}
