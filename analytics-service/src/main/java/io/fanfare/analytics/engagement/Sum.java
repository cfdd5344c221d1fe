package io.fanfare.analytics.engagement;

import java.math.BigDecimal;

/**
 * What a figure comes to, or changes by.
 *
 * @param events how often it was done
 * @param recipients by how many at least once
 * @param value the sum of the events' values
 * @param squares the sum over recipients of the square of each one's value
 */
record Sum(long events, long recipients, BigDecimal value, BigDecimal squares) {

  static final Sum ZERO = new Sum(0, 0, BigDecimal.ZERO, BigDecimal.ZERO);
  static final Sum EVENT = new Sum(1, 0, BigDecimal.ZERO, BigDecimal.ZERO);
  static final Sum RECIPIENT = new Sum(0, 1, BigDecimal.ZERO, BigDecimal.ZERO);

  static Sum valued(BigDecimal value) {
    return new Sum(1, 0, value, BigDecimal.ZERO);
  }

  Sum plus(Sum other) {
    return new Sum(
        events + other.events,
        recipients + other.recipients,
        value.add(other.value),
        squares.add(other.squares));
  }

  Sum negated() {
    return new Sum(-events, -recipients, value.negate(), squares.negate());
  }

  /** The sum of one recipient, who is counted and whose value is squared. */
  Sum ofOneRecipient() {
    return new Sum(events, 1, value, value.multiply(value));
  }

  boolean isZero() {
    return events == 0 && recipients == 0 && value.signum() == 0 && squares.signum() == 0;
  }
}
