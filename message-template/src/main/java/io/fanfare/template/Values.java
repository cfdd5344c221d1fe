package io.fanfare.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The few things templates do with values: truth, comparison, arithmetic, text. */
final class Values {

  /** A text that is escaped already. */
  record SafeText(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  private static final double EXACT_LONG = 1e15;

  private Values() {}

  /** Null, false, 0, and everything empty count as false. */
  static boolean isTrue(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean truth -> truth;
      case Number number -> number.doubleValue() != 0.0;
      default -> !isEmpty(value);
    };
  }

  static boolean isEmpty(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case CharSequence text -> text.isEmpty();
      case Collection<?> collection -> collection.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      default -> false;
    };
  }

  static boolean areEqual(@Nullable Object left, @Nullable Object right, Budget budget) {
    if (left instanceof Number a && right instanceof Number b) {
      return compareNumbers(a, b) == 0;
    }
    if (left == right || left == null || right == null) {
      return left == right;
    }
    // Texts of different length are told apart at once, all else may be compared to its end.
    if (!(left instanceof String a && right instanceof String b && a.length() != b.length())) {
      spend(left, budget);
    }
    return left.equals(right);
  }

  /** Less, equal or greater; null for values of different kinds, which have no order. */
  static @Nullable Integer compare(@Nullable Object left, @Nullable Object right, Budget budget) {
    if (left instanceof Number a && right instanceof Number b) {
      return compareNumbers(a, b);
    }
    if (left instanceof String a && right instanceof String b) {
      budget.spend(Math.min(a.length(), b.length()));
      return a.compareTo(b);
    }
    return null;
  }

  private static int compareNumbers(Number left, Number right) {
    return isWhole(left) && isWhole(right)
        ? Long.compare(left.longValue(), right.longValue())
        : Double.compare(left.doubleValue(), right.doubleValue());
  }

  static boolean contains(@Nullable Object whole, @Nullable Object part, Budget budget) {
    return switch (whole) {
      case null -> false;
      case Collection<?> collection -> containsElement(collection, part, budget);
      case Map<?, ?> map -> {
        budget.spend(characters(part));
        yield part instanceof String key && map.containsKey(key);
      }
      default -> part != null && containsText(text(whole, budget), text(part, budget), budget);
    };
  }

  private static boolean containsText(String whole, String part, Budget budget) {
    budget.spendSearch(whole, part);
    return whole.contains(part);
  }

  private static boolean containsElement(
      Collection<?> collection, @Nullable Object part, Budget budget) {
    for (Object element : collection) {
      budget.spend(1);
      if (areEqual(element, part, budget)) {
        return true;
      }
    }
    return false;
  }

  /** The result of {@code + - * / %}; null when a side is null. */
  static @Nullable Object arithmetic(char operator, @Nullable Object left, @Nullable Object right) {
    if (left == null || right == null) {
      return null;
    }
    if (!(left instanceof Number a) || !(right instanceof Number b)) {
      throw new EvaluationFailure("only numbers can be calculated with " + operator);
    }
    if ((operator == '/' || operator == '%') && b.doubleValue() == 0.0) {
      throw new EvaluationFailure("division by zero");
    }
    if (isWhole(a) && isWhole(b)) {
      try {
        return whole(operator, a.longValue(), b.longValue());
      } catch (ArithmeticException overflow) {
        return fraction(operator, a.doubleValue(), b.doubleValue());
      }
    }
    return fraction(operator, a.doubleValue(), b.doubleValue());
  }

  private static Object whole(char operator, long a, long b) {
    return switch (operator) {
      case '+' -> Math.addExact(a, b);
      case '-' -> Math.subtractExact(a, b);
      case '*' -> Math.multiplyExact(a, b);
      case '/' -> a % b == 0 ? (Object) Math.divideExact(a, b) : (Object) ((double) a / b);
      default -> a % b;
    };
  }

  private static double fraction(char operator, double a, double b) {
    return switch (operator) {
      case '+' -> a + b;
      case '-' -> a - b;
      case '*' -> a * b;
      case '/' -> a / b;
      default -> a % b;
    };
  }

  private static boolean isWhole(Number number) {
    return number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte;
  }

  /** The characters of a text; nothing else is counted. */
  static int characters(@Nullable Object value) {
    return switch (value) {
      case String text -> text.length();
      case SafeText safe -> safe.text().length();
      case null, default -> 0;
    };
  }

  /** Pays for passing over a whole value. */
  private static void spend(@Nullable Object value, Budget budget) {
    switch (value) {
      case Collection<?> elements -> {
        budget.spend(elements.size());
        elements.forEach(element -> spend(element, budget));
      }
      case Map<?, ?> map -> {
        budget.spend(map.size());
        map.forEach((key, of) -> {
          spend(key, budget);
          spend(of, budget);
        });
      }
      case null, default -> budget.spend(1L + characters(value));
    }
  }

  /**
   * A value as text, paid for: nothing for null, the elements of a list with commas between them.
   *
   * @throws EvaluationFailure for a map, and beyond the length
   */
  static String text(@Nullable Object value, Budget budget) {
    String text =
        switch (value) {
          case null -> "";
          case String string -> string;
          case Double number -> number(number);
          case BigDecimal number -> number(number.doubleValue());
          case BigInteger number -> number.bitLength() < 64 ? number.toString() : "∞";
          case List<?> list -> join(list, ", ", budget);
          case Collection<?> collection -> join(List.copyOf(collection), ", ", budget);
          case Map<?, ?> map ->
              throw new EvaluationFailure("a group of values cannot be printed; name one of them");
          default -> value.toString();
        };
    budget.spend(text.length());
    return bounded(text, budget);
  }

  static String join(List<?> list, String separator, Budget budget) {
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < list.size(); i++) {
      Object element = list.get(i);
      if (element instanceof Collection<?>) {
        throw new EvaluationFailure("a list of lists cannot be printed");
      }
      budget.spend(separator.length());
      joined.append(i == 0 ? "" : separator).append(text(element, budget));
      if (joined.length() > budget.maxText()) {
        throw tooLong(budget);
      }
    }
    return joined.toString();
  }

  private static String number(double number) {
    return Math.abs(number) < EXACT_LONG && number == Math.rint(number)
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  static String bounded(String text, Budget budget) {
    if (text.length() > budget.maxText()) {
      throw tooLong(budget);
    }
    return text;
  }

  static EvaluationFailure tooLong(Budget budget) {
    return new EvaluationFailure("a text is longer than " + budget.maxText() + " characters");
  }
}
