package io.fanfare.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  static boolean areEqual(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Number a && right instanceof Number b) {
      return compareNumbers(a, b) == 0;
    }
    return Objects.equals(left, right);
  }

  /** Less, equal or greater; null for values of different kinds, which have no order. */
  static @Nullable Integer compare(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Number a && right instanceof Number b) {
      return compareNumbers(a, b);
    }
    if (left instanceof String a && right instanceof String b) {
      return a.compareTo(b);
    }
    return null;
  }

  private static int compareNumbers(Number left, Number right) {
    return isWhole(left) && isWhole(right)
        ? Long.compare(left.longValue(), right.longValue())
        : Double.compare(left.doubleValue(), right.doubleValue());
  }

  static boolean contains(@Nullable Object whole, @Nullable Object part, int maxLength) {
    return switch (whole) {
      case null -> false;
      case Collection<?> collection -> containsElement(collection, part);
      case Map<?, ?> map -> part instanceof String key && map.containsKey(key);
      default -> part != null && text(whole, maxLength).contains(text(part, maxLength));
    };
  }

  private static boolean containsElement(Collection<?> collection, @Nullable Object part) {
    for (Object element : collection) {
      if (areEqual(element, part)) {
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

  /**
   * A value as text: nothing for null, the elements of a list with commas between them.
   *
   * @throws EvaluationFailure for a map, and beyond the length
   */
  static String text(@Nullable Object value, int maxLength) {
    String text =
        switch (value) {
          case null -> "";
          case String string -> string;
          case Double number -> number(number);
          case BigDecimal number -> number(number.doubleValue());
          case BigInteger number -> number.bitLength() < 64 ? number.toString() : "∞";
          case List<?> list -> join(list, ", ", maxLength);
          case Collection<?> collection -> join(List.copyOf(collection), ", ", maxLength);
          case Map<?, ?> map ->
              throw new EvaluationFailure("a group of values cannot be printed; name one of them");
          default -> value.toString();
        };
    return bounded(text, maxLength);
  }

  static String join(List<?> list, String separator, int maxLength) {
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < list.size(); i++) {
      Object element = list.get(i);
      if (element instanceof Collection<?>) {
        throw new EvaluationFailure("a list of lists cannot be printed");
      }
      joined.append(i == 0 ? "" : separator).append(text(element, maxLength));
      if (joined.length() > maxLength) {
        throw tooLong(maxLength);
      }
    }
    return joined.toString();
  }

  private static String number(double number) {
    return Math.abs(number) < EXACT_LONG && number == Math.rint(number)
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  static String bounded(String text, int maxLength) {
    if (text.length() > maxLength) {
      throw tooLong(maxLength);
    }
    return text;
  }

  static EvaluationFailure tooLong(int maxLength) {
    return new EvaluationFailure("a text is longer than " + maxLength + " characters");
  }
}
