package io.fanfare.template;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What may follow {@code is} and {@code is not}. */
final class ValueTests {

  private static final Map<String, Predicate<@Nullable Object>> TESTS =
      Map.of(
          "empty", Values::isEmpty,
          "null", value -> value == null,
          "defined", value -> value != null,
          "iterable", value -> value instanceof Collection<?>,
          "even", value -> isWhole(value) && remainder(value) == 0,
          "odd", value -> isWhole(value) && remainder(value) != 0);

  private ValueTests() {}

  static Set<String> names() {
    return TESTS.keySet();
  }

  static @Nullable Predicate<@Nullable Object> get(String name) {
    return TESTS.get(name);
  }

  private static boolean isWhole(@Nullable Object value) {
    return value instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue());
  }

  private static long remainder(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() % 2 : 0;
  }
}
