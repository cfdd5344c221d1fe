package io.fanfare.audience.segment.sql;

import io.fanfare.audience.segment.filter.DateValue.Span;
import io.fanfare.audience.segment.filter.Filter.Custom;
import io.fanfare.audience.segment.filter.Filter.CustomAny;
import io.fanfare.audience.segment.filter.Filter.CustomContains;
import io.fanfare.audience.segment.filter.Filter.CustomDate;
import io.fanfare.audience.segment.filter.Filter.CustomElement;
import io.fanfare.audience.segment.filter.Filter.CustomExists;
import io.fanfare.audience.segment.filter.Filter.CustomIn;
import io.fanfare.audience.segment.filter.Filter.CustomNe;
import io.fanfare.audience.segment.filter.Filter.CustomNumber;
import io.fanfare.audience.segment.filter.Filter.CustomStartsWith;
import io.fanfare.audience.segment.filter.FilterEvaluator;
import io.fanfare.audience.segment.filter.Scalar;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Conditions on the custom fields of a row {@code c} of {@code contact}, which are one JSON object.
 * The name of a field is a value like any other, and bound.
 */
final class CustomFieldSql {

  /** Up to so many values each is a condition of its own, which an index can answer. */
  private static final int MAX_CONTAINMENTS = 16;

  private static final String IS_NUMBER = "jsonb_typeof(c.custom -> ?::text) = 'number'";

  /** The character that follows the digits. */
  private static final String AFTER_DIGITS = ":";

  /** Above every number. */
  private static final String BELOW_TRUTH = "false";

  /** More than a contact's number can have: doubles have 340, numbers of a file 18. */
  private static final int MAX_DECIMALS = 400;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final SqlWriter sql;

  private CustomFieldSql(SqlWriter sql) {
    this.sql = sql;
  }

  /**
   * Writes the condition, which may be null where it is false.
   *
   * @param now what relative dates are counted from
   */
  static void write(Custom leaf, Instant now, SqlWriter sql) {
    CustomFieldSql writer = new CustomFieldSql(sql);
    switch (leaf) {
      case CustomExists exists -> sql.add("c.custom -> ?::text <> 'null'::jsonb", exists.name());
      case CustomIn in -> writer.in(in);
      case CustomNe ne ->
          sql.add(
              "(jsonb_typeof(c.custom -> ?::text) = ? and c.custom -> ?::text <> ?::jsonb)",
              ne.name(),
              typeOf(ne.value()),
              ne.name(),
              ne.value().json().toString());
      case CustomNumber number -> writer.number(number);
      case CustomDate date -> writer.date(date, now);
      case CustomContains contains -> writer.contains(contains);
      case CustomStartsWith starts ->
          sql.add(
              "(jsonb_typeof(c.custom -> ?::text) = 'string'"
                  + " and starts_with(lower(c.custom ->> ?::text), lower(?)))",
              starts.name(),
              starts.name(),
              starts.value());
      case CustomAny any -> writer.any(any);
      case CustomElement element -> {
        ObjectNode members = JSON.objectNode();
        element.members().forEach((name, value) -> members.set(name, value.json()));
        sql.add("c.custom @> ?::jsonb", object(element.name(), array(members)));
      }
    }
  }

  /**
   * Days and instants, both of them texts, have ends of their own. What is outside of both is told
   * by one comparison; the form is looked at of what is left.
   */
  private void date(CustomDate date, Instant now) {
    Span span = date.date().resolve(now, date.zone());
    Span last = date.last() == null ? span : date.last().resolve(now, date.zone());
    String dayFrom = span.day().toString();
    String dayTo = dayAfter(span.day());
    String dayLast = dayAfter(last.day());
    String from = FilterEvaluator.comparable(span.from());
    String to = FilterEvaluator.comparable(span.to());
    String end = FilterEvaluator.comparable(last.to());
    String name = date.name();
    String text = "(c.custom ->> ?::text) collate \"C\"";
    sql.append("(");
    switch (date.comparison()) {
      case LT -> sql.add(text + " < ?", name, later(dayFrom, from));
      case LTE -> sql.add(text + " < ?", name, later(dayTo, to));
      case GT -> sql.add(text + " >= ?", name, earlier(dayTo, to));
      case GTE, ON, BETWEEN -> sql.add(text + " >= ?", name, earlier(dayFrom, from));
    }
    sql.add(
        " and case when translate(c.custom ->> ?::text, '0123456789', '9999999999')"
            + " = '9999-99-99' then ",
        name);
    sql.compared(text, date.comparison(), dayFrom, dayTo, dayLast, name);
    sql.add(" when c.custom ->> ?::text ~ ? then ", name, FilterEvaluator.INSTANT_FORM);
    sql.compared(text, date.comparison(), from, to, end, name);
    sql.append(" end)");
  }

  private static String earlier(String one, String other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String later(String one, String other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static String dayAfter(LocalDate day) {
    return day.plusDays(1).toString();
  }

  /**
   * JSON values of any type can be compared, so that no row can fail. Numbers stand together
   * between texts and truth values, so that two ends tell the type as well; texts below a number do
   * not. A range is asked for as a bucket, from its lower end on and below its upper: so the field
   * is taken out of the object once.
   */
  private void number(CustomNumber number) {
    String name = number.name();
    BigDecimal value = number.value();
    switch (number.comparison()) {
      case LT -> below(" < ?::jsonb", name, value);
      case LTE -> below(" <= ?::jsonb", name, value);
      case GT -> within(name, json(next(value)), BELOW_TRUTH);
      case GTE -> within(name, json(value), BELOW_TRUTH);
      case ON -> sql.add("(c.custom -> ?::text = ?::jsonb)", name, json(value));
      case BETWEEN -> {
        BigDecimal last = number.last() == null ? value : number.last();
        sql.append("(");
        if (value.signum() >= 0 && wholeDigits(value) == wholeDigits(last)) {
          // Then the texts have the order of the numbers, and are compared more quickly.
          sql.add(
              "width_bucket((c.custom ->> ?::text) collate \"C\", array[?::text, ?::text]) = 1 and ",
              name,
              plain(value),
              plain(last) + AFTER_DIGITS);
        }
        within(name, json(value), json(next(last)));
        sql.append(")");
      }
    }
  }

  private void below(String comparison, String name, BigDecimal value) {
    sql.add(
        "(c.custom -> ?::text" + comparison + " and " + IS_NUMBER + ")", name, json(value), name);
  }

  private void within(String name, String from, String below) {
    sql.add(
        "(width_bucket(c.custom -> ?::text, array[?::jsonb, ?::jsonb]) = 1)", name, from, below);
  }

  /** Before the point; one for what is below one. */
  private static int wholeDigits(BigDecimal number) {
    return Math.max(1, number.precision() - number.scale());
  }

  /** No text of an equal number comes before it. */
  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  /** Larger, and smaller than every larger number of a contact. */
  private static BigDecimal next(BigDecimal number) {
    return number.add(BigDecimal.ONE.movePointLeft(MAX_DECIMALS));
  }

  private static String json(BigDecimal number) {
    return new Scalar.Number(number).json().toString();
  }

  private void in(CustomIn in) {
    if (in.values().size() <= MAX_CONTAINMENTS) {
      containments(in.name(), in.values(), false);
    } else {
      sql.add("c.custom -> ?::text = any(?::text[]::jsonb[])", in.name(), jsons(in.values()));
    }
  }

  private void any(CustomAny any) {
    if (any.values().size() <= MAX_CONTAINMENTS) {
      containments(any.name(), any.values(), true);
    } else {
      sql.add(
          "exists (select from jsonb_path_query(c.custom -> ?::text, 'lax $[*]') v"
              + " where v = any(?::text[]::jsonb[]))",
          any.name(),
          jsons(any.values()));
    }
  }

  private void containments(String name, List<Scalar> values, boolean inArraysToo) {
    sql.append("(");
    for (int i = 0; i < values.size(); i++) {
      sql.append(i == 0 ? "" : " or ");
      JsonNode value = values.get(i).json();
      sql.add("c.custom @> ?::jsonb", object(name, value));
      if (inArraysToo) {
        sql.append(" or ");
        sql.add("c.custom @> ?::jsonb", object(name, array(value)));
      }
    }
    sql.append(")");
  }

  private void contains(CustomContains contains) {
    sql.append("(");
    sql.add("c.custom @> ?::jsonb", object(contains.name(), array(contains.value().json())));
    if (contains.value() instanceof Scalar.Text text) {
      sql.append(" or ");
      sql.add(
          "(jsonb_typeof(c.custom -> ?::text) = 'string'"
              + " and strpos(lower(c.custom ->> ?::text), lower(?)) > 0)",
          contains.name(),
          contains.name(),
          text.value());
    }
    sql.append(")");
  }

  private static String typeOf(Scalar value) {
    return switch (value) {
      case Scalar.Text text -> "string";
      case Scalar.Number number -> "number";
      case Scalar.Truth truth -> "boolean";
    };
  }

  private static String object(String name, JsonNode value) {
    ObjectNode object = JSON.objectNode();
    object.set(name, value);
    return object.toString();
  }

  private static ArrayNode array(JsonNode value) {
    return JSON.arrayNode().add(value);
  }

  private static Object jsons(List<Scalar> values) {
    return values.stream().map(value -> value.json().toString()).toArray(String[]::new);
  }
}
