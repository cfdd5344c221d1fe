package io.fanfare.audience.segment.filter;

import io.fanfare.audience.segment.filter.Filter.Comparison;
import io.fanfare.audience.segment.filter.Filter.CustomAny;
import io.fanfare.audience.segment.filter.Filter.CustomContains;
import io.fanfare.audience.segment.filter.Filter.CustomDate;
import io.fanfare.audience.segment.filter.Filter.CustomElement;
import io.fanfare.audience.segment.filter.Filter.CustomExists;
import io.fanfare.audience.segment.filter.Filter.CustomIn;
import io.fanfare.audience.segment.filter.Filter.CustomNe;
import io.fanfare.audience.segment.filter.Filter.CustomNumber;
import io.fanfare.audience.segment.filter.Filter.CustomStartsWith;
import io.fanfare.audience.segment.filter.Filter.Exists;
import io.fanfare.audience.segment.filter.Filter.Not;
import io.fanfare.audience.segment.filter.Filter.Text;
import io.fanfare.audience.segment.filter.Filter.TextTest;
import io.fanfare.audience.segment.filter.Filter.Time;
import io.fanfare.audience.segment.filter.Filter.Whole;
import io.fanfare.audience.segment.filter.Filter.Words;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.IllformedLocaleException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a leaf that compares a field: {@code {"field": …, "op": …, "value": …}}. */
final class FieldReader {

  private static final String CUSTOM = "custom.";
  private static final Pattern CUSTOM_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
  private static final Pattern PRIMARY = Pattern.compile("[A-Za-z]{2,8}");
  private static final Set<String> COUNTRIES =
      Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);
  private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();

  private final Members members;
  private final String op;

  private FieldReader(Members members, String op) {
    this.members = members;
    this.op = op;
  }

  static @Nullable Filter read(Members members) {
    String field = members.text("field");
    String op = members.text("op");
    if (field == null || op == null) {
      return null;
    }
    FieldReader reader = new FieldReader(members, op);
    if (field.startsWith(CUSTOM)) {
      String name = field.substring(CUSTOM.length());
      return CUSTOM_NAME.matcher(name).matches()
          ? reader.custom(name)
          : members.problem("field", "names no custom field: letters, digits and _");
    }
    Optional<ContactField> known = ContactField.of(field);
    return known.isPresent()
        ? reader.contactField(known.get())
        : members.problem("field", "is not a field of a contact");
  }

  private @Nullable Filter contactField(ContactField field) {
    if (op.equals("exists") && field != ContactField.ID) {
      members.only("field", "op");
      return new Exists(field);
    }
    return switch (field.kind()) {
      case WHOLE_NUMBER -> whole(field);
      case TEXT -> text(field);
      case WORDS -> words(field);
      case TIME -> time(field);
    };
  }

  private @Nullable Filter whole(ContactField field) {
    if (!op.equals("eq") && !op.equals("in")) {
      return noSuchOp("eq, in" + (field == ContactField.ID ? "" : ", exists"));
    }
    valueOnly();
    List<Long> values = one(members.longs("value"));
    return values == null ? null : new Whole(field, values);
  }

  private @Nullable Filter text(ContactField field) {
    TextTest test =
        switch (op) {
          case "eq", "in" -> TextTest.IN;
          case "ne" -> TextTest.NE;
          case "contains" -> TextTest.CONTAINS;
          case "starts_with" -> TextTest.STARTS_WITH;
          case "primary" -> field == ContactField.LANGUAGE ? TextTest.PRIMARY : null;
          default -> null;
        };
    if (test == null) {
      return noSuchOp(
          "eq, ne, in, contains, starts_with, exists"
              + (field == ContactField.LANGUAGE ? ", primary" : ""));
    }
    valueOnly();
    List<String> values = members.texts("value");
    if (test == TextTest.IN && op.equals("eq") || test != TextTest.IN && test != TextTest.PRIMARY) {
      values = single(values);
    }
    if (values == null || !meaningful(field, test, values)) {
      return null;
    }
    return new Text(field, test, values);
  }

  /** What no contact can have is a mistake of whoever wrote the filter. */
  private boolean meaningful(ContactField field, TextTest test, List<String> values) {
    if (test == TextTest.CONTAINS || test == TextTest.STARTS_WITH) {
      return true;
    }
    if (test == TextTest.PRIMARY) {
      return each(values, text -> PRIMARY.matcher(text).matches(), "is not a language such as en");
    }
    return switch (field) {
      case COUNTRY ->
          each(values, COUNTRIES::contains, "is not an ISO 3166-1 alpha-2 code in upper case");
      case TIME_ZONE -> each(values, ZONES::contains, "is not an IANA time zone");
      case LANGUAGE -> each(values, FieldReader::isLanguageTag, "is not a BCP 47 language tag");
      default -> true;
    };
  }

  private boolean each(List<String> values, Predicate<String> right, String detail) {
    boolean all = true;
    for (int i = 0; i < values.size(); i++) {
      if (!right.test(values.get(i))) {
        boolean array = isArray();
        members.problem(array ? "value/" + i : "value", detail);
        all = false;
      }
    }
    return all;
  }

  private static boolean isLanguageTag(String text) {
    try {
      new Locale.Builder().setLanguageTag(text);
      return true;
    } catch (IllformedLocaleException e) {
      return false;
    }
  }

  private @Nullable Filter words(ContactField field) {
    if (!op.equals("any") && !op.equals("all") && !op.equals("none")) {
      return noSuchOp("any, all, none, exists");
    }
    valueOnly();
    List<String> values = members.texts("value");
    if (values == null) {
      return null;
    }
    Filter words = new Words(field, op.equals("all"), values);
    return op.equals("none") ? new Not(words) : words;
  }

  private @Nullable Filter time(ContactField field) {
    Comparison comparison = comparison();
    if (comparison == null) {
      return noSuchOp("lt, lte, gt, gte, between, on, exists");
    }
    members.only("field", "op", "value", "zone");
    ZoneId zone = members.zone();
    List<DateValue> dates = dates(comparison);
    return dates == null || zone == null
        ? null
        : new Time(field, comparison, dates.getFirst(), last(dates), zone);
  }

  private @Nullable Filter custom(String name) {
    return switch (op) {
      case "exists" -> {
        members.only("field", "op");
        yield new CustomExists(name);
      }
      case "eq", "in" -> {
        valueOnly();
        List<Scalar> values = one(members.scalars("value"));
        yield values == null ? null : new CustomIn(name, values);
      }
      case "ne" -> {
        valueOnly();
        Scalar value = members.scalar("value");
        yield value == null ? null : new CustomNe(name, value);
      }
      case "lt", "lte", "gt", "gte", "between", "on" -> compared(name);
      case "contains" -> {
        valueOnly();
        Scalar value = members.scalar("value");
        yield value == null ? null : new CustomContains(name, value);
      }
      case "starts_with" -> {
        valueOnly();
        String value = members.text("value");
        yield value == null ? null : new CustomStartsWith(name, value);
      }
      case "any", "all", "none" -> customWords(name);
      case "element" -> element(name);
      default ->
          noSuchOp(
              "eq, ne, in, lt, lte, gt, gte, between, on, contains, starts_with, any, all, none,"
                  + " element, exists");
    };
  }

  private @Nullable Filter compared(String name) {
    Comparison comparison = comparison();
    if (comparison != Comparison.ON && members.isNumeric("value")) {
      valueOnly();
      if (comparison == Comparison.BETWEEN) {
        List<BigDecimal> ends = members.numbers("value");
        return ends == null
            ? null
            : new CustomNumber(name, comparison, ends.getFirst(), ends.getLast());
      }
      BigDecimal number = members.number("value");
      return number == null || comparison == null
          ? null
          : new CustomNumber(name, comparison, number, null);
    }
    members.only("field", "op", "value", "zone");
    ZoneId zone = members.zone();
    List<DateValue> dates = comparison == null ? null : dates(comparison);
    return dates == null || zone == null || comparison == null
        ? null
        : new CustomDate(name, comparison, dates.getFirst(), last(dates), zone);
  }

  private @Nullable Filter customWords(String name) {
    valueOnly();
    List<Scalar> values = members.scalars("value");
    if (values == null) {
      return null;
    }
    return switch (op) {
      case "any" -> new CustomAny(name, values);
      case "none" -> new Not(new CustomAny(name, values));
      default -> {
        List<Filter> each = new ArrayList<>();
        values.forEach(value -> each.add(new CustomAny(name, List.of(value))));
        yield new Filter.All(each);
      }
    };
  }

  private @Nullable Filter element(String name) {
    valueOnly();
    JsonNode value = members.get("value");
    if (value == null
        || !value.isObject()
        || value.isEmpty()
        || value.size() > FilterLimits.MAX_MEMBERS) {
      return members.problem(
          "value", "is not an object of 1 to " + FilterLimits.MAX_MEMBERS + " members");
    }
    Map<String, Scalar> wanted = new LinkedHashMap<>();
    for (String member : value.propertyNames()) {
      if (!CUSTOM_NAME.matcher(member).matches()) {
        return members.problem("value", "has a name that is not made of letters, digits and _");
      }
      Scalar scalar = members.scalar(value.get(member), "value/" + member);
      if (scalar != null) {
        wanted.put(member, scalar);
      }
    }
    return wanted.size() == value.size() ? new CustomElement(name, wanted) : null;
  }

  private @Nullable Comparison comparison() {
    for (Comparison comparison : Comparison.values()) {
      if (comparison.name().toLowerCase(Locale.ROOT).equals(op)) {
        return comparison;
      }
    }
    return null;
  }

  private @Nullable List<DateValue> dates(Comparison comparison) {
    if (comparison == Comparison.BETWEEN) {
      return members.dates("value");
    }
    DateValue date = members.date("value");
    return date == null ? null : List.of(date);
  }

  private static @Nullable DateValue last(List<DateValue> dates) {
    return dates.size() == 2 ? dates.getLast() : null;
  }

  /** With {@code eq} one value, else as many as there are. */
  private <T> @Nullable List<T> one(@Nullable List<T> values) {
    return op.equals("eq") ? single(values) : values;
  }

  private <T> @Nullable List<T> single(@Nullable List<T> values) {
    return values == null || !isArray()
        ? values
        : members.problem("value", "is one value, not an array");
  }

  private boolean isArray() {
    JsonNode value = members.get("value");
    return value != null && value.isArray();
  }

  private void valueOnly() {
    members.only("field", "op", "value");
  }

  private @Nullable Filter noSuchOp(String all) {
    return members.problem("op", "is none of " + all);
  }
}
