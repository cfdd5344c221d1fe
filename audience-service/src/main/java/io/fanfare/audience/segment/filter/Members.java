package io.fanfare.audience.segment.filter;

import io.fanfare.contract.Channel;
import io.fanfare.support.problem.JsonPointers;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The members of one leaf, each read as what it must be; null where it is something else. */
final class Members {

  private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();
  private static final Set<String> CHANNELS = Set.of("email", "telegram");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final JsonNode node;
  private final String pointer;
  private final Problems problems;

  Members(JsonNode node, String pointer, Problems problems) {
    this.node = node;
    this.pointer = pointer;
    this.problems = problems;
  }

  <T> @Nullable T problem(String member, String detail) {
    return problems.add(pointer + "/" + member, detail);
  }

  /** Complains of all the others. */
  void only(String... names) {
    Set<String> allowed = Set.of(names);
    for (String name : node.propertyNames()) {
      if (!allowed.contains(name)) {
        problem(JsonPointers.escaped(name), "does not belong here");
      }
    }
  }

  boolean has(String name) {
    return node.has(name);
  }

  @Nullable String text(String name) {
    return text(node.get(name), name);
  }

  @Nullable UUID uuid(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    return UUID_FORM.matcher(text).matches()
        ? UUID.fromString(text)
        : problem(name, "is not an id such as 0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d");
  }

  @Nullable Channel channel(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    return CHANNELS.contains(text)
        ? Channel.of(text)
        : problem(name, "is not one of the channels email, telegram");
  }

  /** A whole number from 1 on. */
  @Nullable Integer whole(String name, int max) {
    JsonNode value = node.get(name);
    if (value == null
        || !value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 1
        || value.intValue() > max) {
      return problem(name, "is not a whole number from 1 to " + max);
    }
    return value.intValue();
  }

  /** The time zone, UTC where none is named. */
  @Nullable ZoneId zone() {
    if (!has("zone")) {
      return ZoneOffset.UTC;
    }
    String text = text("zone");
    if (text == null) {
      return null;
    }
    return ZONES.contains(text) ? ZoneId.of(text) : problem("zone", "is not an IANA time zone");
  }

  @Nullable DateValue date(String name) {
    return date(node.get(name), name);
  }

  /** The two ends of a range of dates. */
  @Nullable List<DateValue> dates(String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isArray() || value.size() != 2) {
      return problem(name, "is not an array of two: the first and the last");
    }
    DateValue first = date(value.get(0), name + "/0");
    DateValue last = date(value.get(1), name + "/1");
    return first == null || last == null ? null : List.of(first, last);
  }

  @Nullable BigDecimal number(String name) {
    return number(node.get(name), name);
  }

  @Nullable List<BigDecimal> numbers(String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isArray() || value.size() != 2) {
      return problem(name, "is not an array of two: the first and the last");
    }
    BigDecimal first = number(value.get(0), name + "/0");
    BigDecimal last = number(value.get(1), name + "/1");
    return first == null || last == null ? null : List.of(first, last);
  }

  /** Whether a member, or the first of it when it is an array, is a number. */
  boolean isNumeric(String name) {
    JsonNode value = node.path(name);
    return value.isArray() ? value.path(0).isNumber() : value.isNumber();
  }

  /** One text, or an array of some. */
  @Nullable List<String> texts(String name) {
    List<String> read = new ArrayList<>();
    boolean right =
        forEach(
            name,
            (value, at) -> {
              String text = text(value, at);
              if (text != null) {
                read.add(text);
              }
              return text != null;
            });
    return right ? read : null;
  }

  /** One whole number, or an array of some. */
  @Nullable List<Long> longs(String name) {
    List<Long> read = new ArrayList<>();
    boolean right =
        forEach(
            name,
            (value, at) -> {
              if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                problem(at, "is not a whole number");
                return false;
              }
              read.add(value.longValue());
              return true;
            });
    return right ? read : null;
  }

  /** One text, number or truth value, or an array of some. */
  @Nullable List<Scalar> scalars(String name) {
    List<Scalar> read = new ArrayList<>();
    boolean right =
        forEach(
            name,
            (value, at) -> {
              Scalar scalar = scalar(value, at);
              if (scalar != null) {
                read.add(scalar);
              }
              return scalar != null;
            });
    return right ? read : null;
  }

  /** One text, number or truth value. */
  @Nullable Scalar scalar(String name) {
    return scalar(node.get(name), name);
  }

  @Nullable JsonNode get(String name) {
    return node.get(name);
  }

  @Nullable Scalar scalar(@Nullable JsonNode value, String at) {
    if (value != null && value.isString()) {
      String text = text(value, at);
      return text == null ? null : new Scalar.Text(text);
    }
    if (value != null && value.isNumber()) {
      BigDecimal number = number(value, at);
      return number == null ? null : new Scalar.Number(number);
    }
    Scalar truth = Scalar.of(value);
    return truth != null ? truth : problem(at, "is not a text, a number, true or false");
  }

  private interface Element {
    boolean read(JsonNode value, String at);
  }

  private boolean forEach(String name, Element element) {
    JsonNode value = node.get(name);
    if (value == null) {
      problem(name, "is missing");
      return false;
    }
    if (!value.isArray()) {
      return element.read(value, name);
    }
    if (value.isEmpty() || value.size() > FilterLimits.MAX_VALUES) {
      problem(name, "has 1 to " + FilterLimits.MAX_VALUES + " values");
      return false;
    }
    boolean right = true;
    for (int i = 0; i < value.size(); i++) {
      right &= element.read(value.get(i), name + "/" + i);
    }
    return right;
  }

  private @Nullable String text(@Nullable JsonNode value, String at) {
    if (value == null) {
      return problem(at, "is missing");
    }
    if (!value.isString()) {
      return problem(at, "is not a text");
    }
    String text = value.stringValue();
    if (text.isEmpty() || text.length() > FilterLimits.MAX_TEXT) {
      return problem(at, "has 1 to " + FilterLimits.MAX_TEXT + " characters");
    }
    return CONTROL.matcher(text).find() ? problem(at, "has a control character") : text;
  }

  private @Nullable DateValue date(@Nullable JsonNode value, String at) {
    String text = text(value, at);
    if (text == null) {
      return null;
    }
    try {
      return DateValue.parse(text);
    } catch (IllegalArgumentException e) {
      return problem(at, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable BigDecimal number(@Nullable JsonNode value, String at) {
    if (value == null || !value.isNumber()) {
      return problem(at, "is not a number");
    }
    try {
      BigDecimal number = value.decimalValue();
      if (number.precision() <= 30 && Math.abs(number.scale()) <= 30) {
        return number;
      }
    } catch (JacksonException e) {
      // What was too large for a double is infinite by now; answered below.
    }
    return problem(at, "is not a number of at most 30 digits");
  }
}
