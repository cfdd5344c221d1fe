package io.fanfare.analytics.abtest.statistics;

/**
 * What is known of a group's values without keeping them.
 *
 * @param count values, those that are 0 included
 * @param sum of the values
 * @param squares sum of their squares
 */
public record Moments(long count, double sum, double squares) {

  /** The mean; 0 of none. */
  public double mean() {
    return count == 0 ? 0 : sum / count;
  }

  /** The sample variance; 0 of fewer than two. */
  public double variance() {
    return count < 2 ? 0 : Math.max(0, (squares - sum * sum / count) / (count - 1));
  }
}
