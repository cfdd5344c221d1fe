package io.fanfare.audience.segment.sql;

import io.fanfare.audience.segment.filter.Filter.Comparison;
import java.util.ArrayList;
import java.util.List;

/** SQL while it is put together: constants of this package, and the values bound to them. */
final class SqlWriter {

  private final StringBuilder text = new StringBuilder();
  private final List<Object> parameters = new ArrayList<>();

  /** Adds text without values. */
  SqlWriter append(String constant) {
    text.append(constant);
    return this;
  }

  /**
   * Adds text with as many question marks as there are values.
   *
   * @param constant never made of anything a user wrote
   */
  void add(String constant, Object... values) {
    text.append(constant);
    parameters.addAll(List.of(values));
  }

  /**
   * Compares with a span of time that begins at {@code from} and ends before {@code to}.
   *
   * @param left what is compared
   * @param end before which the last span of {@link Comparison#BETWEEN} and {@link Comparison#ON}
   *     ends
   * @param bound the values of {@code left}
   */
  void compared(
      String left, Comparison comparison, Object from, Object to, Object end, Object... bound) {
    switch (comparison) {
      case LT -> add(left + " < ?", followed(bound, from));
      case LTE -> add(left + " < ?", followed(bound, to));
      case GT -> add(left + " >= ?", followed(bound, to));
      case GTE -> add(left + " >= ?", followed(bound, from));
      case ON, BETWEEN -> {
        append("(");
        add(left + " >= ?", followed(bound, from));
        append(" and ");
        add(left + " < ?", followed(bound, end));
        append(")");
      }
    }
  }

  private static Object[] followed(Object[] bound, Object value) {
    List<Object> values = new ArrayList<>(List.of(bound));
    values.add(value);
    return values.toArray();
  }

  Sql written() {
    return new Sql(text.toString(), parameters);
  }
}
