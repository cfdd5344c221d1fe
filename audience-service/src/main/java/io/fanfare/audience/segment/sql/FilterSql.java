package io.fanfare.audience.segment.sql;

import io.fanfare.audience.segment.filter.ContactField;
import io.fanfare.audience.segment.filter.DateValue.Span;
import io.fanfare.audience.segment.filter.Filter;
import io.fanfare.audience.segment.filter.Filter.All;
import io.fanfare.audience.segment.filter.Filter.Any;
import io.fanfare.audience.segment.filter.Filter.Behaved;
import io.fanfare.audience.segment.filter.Filter.BehavedSince;
import io.fanfare.audience.segment.filter.Filter.Behaviour;
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
import io.fanfare.audience.segment.filter.Filter.HasAddress;
import io.fanfare.audience.segment.filter.Filter.InList;
import io.fanfare.audience.segment.filter.Filter.InSegment;
import io.fanfare.audience.segment.filter.Filter.Inactive;
import io.fanfare.audience.segment.filter.Filter.Leaf;
import io.fanfare.audience.segment.filter.Filter.Not;
import io.fanfare.audience.segment.filter.Filter.OptedOut;
import io.fanfare.audience.segment.filter.Filter.Text;
import io.fanfare.audience.segment.filter.Filter.Time;
import io.fanfare.audience.segment.filter.Filter.Whole;
import io.fanfare.audience.segment.filter.Filter.Words;
import io.fanfare.audience.segment.filter.FilterEvaluator;
import io.fanfare.audience.segment.filter.Scalar;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a filter into a condition on a row {@code c} of {@code contact}. The text is put together
 * from constants of this class alone; every value, names of custom fields included, is bound.
 *
 * <p>Inside, a condition may be null where the filter is false, which AND, OR and WHERE do not tell
 * apart; so only NOT has to care, and comparisons stay as plain as indexes want them.
 */
public final class FilterSql {

  /** Up to so many values each is a condition of its own, which an index can answer. */
  private static final int MAX_CONTAINMENTS = 16;

  private static final String IS_NUMBER = "jsonb_typeof(c.custom -> ?::text) = 'number'";

  /** What an ASCII letter has where its capital has not. */
  private static final int LOWER_CASE = 32;

  /** Up to so many words are looked for one by one. */
  private static final int FEW_WORDS = 3;

  /** The character that follows the digits. */
  private static final String AFTER_DIGITS = ":";

  /** Above every number. */
  private static final String BELOW_TRUTH = "false";

  /** More than a contact's number can have: doubles have 340, numbers of a file 18. */
  private static final int MAX_DECIMALS = 400;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final UUID tenantId;
  private final Instant now;
  private final StringBuilder sql = new StringBuilder();
  private final List<Object> parameters = new ArrayList<>();

  /** No index answers what is written now: it stands below a {@code not}. */
  private boolean belowNot;

  /** No index alone answers what is written now: it stands below an {@code any}. */
  private boolean belowAny;

  private FilterSql(UUID tenantId, Instant now) {
    this.tenantId = tenantId;
    this.now = now;
  }

  /**
   * The condition.
   *
   * @param now what relative dates are counted from
   * @throws IllegalStateException when a segment in it was not looked up
   */
  public static Sql condition(UUID tenantId, Filter filter, Instant now) {
    FilterSql writer = new FilterSql(tenantId, now);
    writer.node(filter);
    return new Sql(writer.sql.toString(), writer.parameters);
  }

  private void node(Filter filter) {
    switch (filter) {
      case All all -> branch(all.parts(), " and ", "true");
      case Any any -> {
        boolean before = belowAny;
        belowAny = true;
        branch(any.parts(), " or ", "false");
        belowAny = before;
      }
      case Not not -> {
        boolean before = belowNot;
        belowNot = true;
        boolean neverNull = neverNull(not.part());
        sql.append(neverNull ? "not (" : "(");
        node(not.part());
        sql.append(neverNull ? ")" : ") is not true");
        belowNot = before;
      }
      case InSegment segment -> {
        if (segment.filter() == null) {
          throw new IllegalStateException("not looked up: segment " + segment.segmentId());
        }
        node(segment.filter());
      }
      case Leaf leaf -> leaf(leaf);
    }
  }

  private void branch(List<Filter> parts, String operator, String ofNone) {
    if (parts.isEmpty()) {
      sql.append(ofNone);
      return;
    }
    // What is cheap comes first: where it decides, the rest is not looked at.
    List<Filter> cheapestFirst =
        parts.stream().sorted(Comparator.comparingInt(FilterSql::cost)).toList();
    sql.append('(');
    for (int i = 0; i < parts.size(); i++) {
      sql.append(i == 0 ? "" : operator);
      node(cheapestFirst.get(i));
    }
    sql.append(')');
  }

  /** About how many hundreds of nanoseconds a row takes. */
  private static int cost(Filter filter) {
    return switch (filter) {
      case All all -> all.parts().stream().mapToInt(FilterSql::cost).sum();
      case Any any -> any.parts().stream().mapToInt(FilterSql::cost).sum();
      case Not not -> cost(not.part());
      case InSegment segment -> segment.filter() == null ? 0 : cost(segment.filter());
      case Exists exists -> 1;
      case HasAddress has -> 1;
      case Whole whole -> 1;
      case Time time -> 1;
      case Text text -> 2;
      case Words words -> 2;
      case InList list -> 8;
      case OptedOut out -> 8;
      case Behaved behaved -> 8;
      case BehavedSince behaved -> 8;
      case Inactive inactive -> 8;
      case Leaf custom -> 4;
    };
  }

  /** {@code not exists} can become an anti-join, {@code (exists) is not true} cannot. */
  private static boolean neverNull(Filter filter) {
    return switch (filter) {
      case All all -> all.parts().stream().allMatch(FilterSql::neverNull);
      case Any any -> any.parts().stream().allMatch(FilterSql::neverNull);
      case Not not -> true;
      case InSegment segment -> segment.filter() != null && neverNull(segment.filter());
      case Exists exists -> true;
      case Words words -> true;
      case Time time -> true;
      case InList list -> true;
      case OptedOut out -> true;
      case HasAddress has -> true;
      case Behaved behaved -> true;
      case BehavedSince behaved -> true;
      case Inactive inactive -> true;
      case Leaf leaf -> false;
    };
  }

  private void leaf(Leaf leaf) {
    switch (leaf) {
      case Exists exists -> exists(exists.field());
      case Whole whole ->
          add(column(whole.field()) + " = any(?::bigint[])", (Object) longs(whole.values()));
      case Text text -> text(text);
      case Words words -> words(words);
      case Time time -> time(time);
      case CustomExists exists -> add("c.custom -> ?::text <> 'null'::jsonb", exists.name());
      case CustomIn in -> customIn(in);
      case CustomNe ne ->
          add(
              "(jsonb_typeof(c.custom -> ?::text) = ? and c.custom -> ?::text <> ?::jsonb)",
              ne.name(),
              typeOf(ne.value()),
              ne.name(),
              ne.value().json().toString());
      case CustomNumber number -> number(number);
      case CustomDate date -> date(date);
      case CustomContains contains -> contains(contains);
      case CustomStartsWith starts ->
          add(
              "(jsonb_typeof(c.custom -> ?::text) = 'string'"
                  + " and starts_with(lower(c.custom ->> ?::text), lower(?)))",
              starts.name(),
              starts.name(),
              starts.value());
      case CustomAny any -> customAny(any);
      case CustomElement element -> {
        ObjectNode members = JSON.objectNode();
        element.members().forEach((name, value) -> members.set(name, value.json()));
        add("c.custom @> ?::jsonb", object(element.name(), array(members)));
      }
      case InList list ->
          add(
              "exists (select from list_member m where m.list_id = ? and m.contact_id = c.id)",
              list.listId());
      case OptedOut out ->
          add(
              "exists (select from opt_out o where o.tenant_id = ? and o.contact_id = c.id"
                  + " and o.channel in ('*', ?) and o.category = '*')",
              tenantId,
              out.channel().name());
      case HasAddress has -> exists(FilterEvaluator.addressOf(has.channel()));
      case Behaved behaved -> behaved(behaved);
      case BehavedSince behaved ->
          add(
              "exists (select from contact_activity a where a.tenant_id = ?"
                  + " and a.contact_id = c.id and a."
                  + columnOf(behaved.behaviour())
                  + " >= ?)",
              tenantId,
              at(behaved.since().resolve(now, behaved.zone()).from()));
      case Inactive inactive -> {
        OffsetDateTime since = at(now.minus(Duration.ofDays(inactive.days())));
        add(
            "(c.created_at < ? and not exists (select from contact_activity a"
                + " where a.tenant_id = ? and a.contact_id = c.id and a.active_at >= ?))",
            since,
            tenantId,
            since);
      }
    }
  }

  private void exists(ContactField field) {
    switch (field.kind()) {
      case WORDS -> sql.append(column(field)).append(" <> '{}'");
      case TIME -> sql.append("true");
      case TEXT, WHOLE_NUMBER -> sql.append(column(field)).append(" is not null");
    }
  }

  private void text(Text text) {
    String column = column(text.field());
    boolean anyCase = text.field().anyCase();
    String compared = anyCase ? "lower(" + column + ")" : column;
    String one = anyCase ? "lower(?)" : "?";
    String value = text.values().getFirst();
    switch (text.test()) {
      case IN -> {
        if (text.values().size() == 1) {
          add(compared + " = " + one, value);
        } else if (!anyCase && (belowNot || belowAny) && text.values().size() <= FEW_WORDS) {
          // One by one is quicker than to walk an array for each row.
          sql.append('(');
          for (int i = 0; i < text.values().size(); i++) {
            add((i == 0 ? "" : " or ") + compared + " = ?", text.values().get(i));
          }
          sql.append(')');
        } else {
          add(compared + " = any(?::text[])", (Object) texts(text.values(), anyCase));
        }
      }
      case NE -> add(compared + " <> " + one, value);
      case CONTAINS -> add("strpos(" + compared + ", " + one + ") > 0", value);
      // LIKE and not starts_with: an index in the order of characters knows it.
      case STARTS_WITH -> add(compared + " like " + one, escaped(value) + "%");
      case PRIMARY -> primary(text.values());
    }
  }

  /** Looking for each of a few words is quicker than the overlap, which an index knows. */
  private void words(Words words) {
    String column = column(words.field());
    if (!belowNot || words.all() || words.values().size() > FEW_WORDS) {
      add(
          column + (words.all() ? " @> ?::text[]" : " && ?::text[]"),
          (Object) words.values().toArray(String[]::new));
      return;
    }
    sql.append('(');
    for (int i = 0; i < words.values().size(); i++) {
      sql.append(i == 0 ? "" : " or ");
      add("?::text = any(" + column + ")", words.values().get(i));
    }
    sql.append(')');
  }

  private void primary(List<String> languages) {
    if (languages.size() > MAX_CONTAINMENTS) {
      add(
          "lower(split_part(c.language, '-', 1)) = any(?::text[])",
          (Object) texts(languages, true));
      return;
    }
    sql.append('(');
    for (int i = 0; i < languages.size(); i++) {
      sql.append(i == 0 ? "" : " or ");
      String language = languages.get(i).toLowerCase(Locale.ROOT);
      // Most are others: they are told by one comparison, which an index knows too; or, where none
      // is of use, by their first letter.
      if (belowNot || belowAny) {
        Integer[] letters = firstLetters(language);
        boolean inTwoCases = letters.length == 2 && (letters[0] | LOWER_CASE) == letters[1];
        add(
            (inTwoCases
                    ? "case when ascii(c.language) | 32 = ?"
                    : "case when ascii(c.language) = any(?::int[])")
                + " then lower(c.language) = ? or lower(c.language) like ? end",
            inTwoCases ? letters[1] : letters,
            language,
            language + "-%");
      } else {
        add(
            "(lower(c.language) like ? and (lower(c.language) = ? or lower(c.language) like ?))",
            language + "%",
            language,
            language + "-%");
      }
    }
    sql.append(')');
  }

  /** All that become the first letter when they are made small. */
  private static Integer[] firstLetters(String language) {
    int small = language.codePointAt(0);
    return IntStream.rangeClosed(0, Character.MAX_VALUE)
        .filter(letter -> Character.toLowerCase(letter) == small)
        .boxed()
        .toArray(Integer[]::new);
  }

  private void time(Time time) {
    String column = column(time.field());
    Span span = time.date().resolve(now, time.zone());
    Span last = time.last() == null ? span : time.last().resolve(now, time.zone());
    compared(column, time.comparison(), at(span.from()), at(span.to()), at(last.to()), null);
  }

  /**
   * Days and instants, both of them texts, have ends of their own. What is outside of both is told
   * by one comparison; the form is looked at of what is left.
   */
  private void date(CustomDate date) {
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
    sql.append('(');
    switch (date.comparison()) {
      case LT -> add(text + " < ?", name, later(dayFrom, from));
      case LTE -> add(text + " < ?", name, later(dayTo, to));
      case GT -> add(text + " >= ?", name, earlier(dayTo, to));
      case GTE, ON, BETWEEN -> add(text + " >= ?", name, earlier(dayFrom, from));
    }
    add(
        " and case when translate(c.custom ->> ?::text, '0123456789', '9999999999')"
            + " = '9999-99-99' then ",
        name);
    compared(text, date.comparison(), dayFrom, dayTo, dayLast, name);
    add(" when c.custom ->> ?::text ~ ? then ", name, FilterEvaluator.INSTANT_FORM);
    compared(text, date.comparison(), from, to, end, name);
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

  /** Compares with a span of time; {@code name} is bound before each value where it is not null. */
  private void compared(
      String left,
      Comparison comparison,
      Object from,
      Object to,
      Object end,
      @Nullable String name) {
    switch (comparison) {
      case LT -> bound(left + " < ?", name, from);
      case LTE -> bound(left + " < ?", name, to);
      case GT -> bound(left + " >= ?", name, to);
      case GTE -> bound(left + " >= ?", name, from);
      case ON, BETWEEN -> {
        sql.append('(');
        bound(left + " >= ?", name, from);
        sql.append(" and ");
        bound(left + " < ?", name, end);
        sql.append(')');
      }
    }
  }

  private void bound(String text, @Nullable String name, Object value) {
    if (name == null) {
      add(text, value);
    } else {
      add(text, name, value);
    }
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
      case ON -> add("(c.custom -> ?::text = ?::jsonb)", name, json(value));
      case BETWEEN -> {
        BigDecimal last = number.last() == null ? value : number.last();
        sql.append('(');
        if (value.signum() >= 0 && wholeDigits(value) == wholeDigits(last)) {
          // Then the texts have the order of the numbers, and are compared more quickly.
          add(
              "width_bucket((c.custom ->> ?::text) collate \"C\", array[?::text, ?::text]) = 1 and ",
              name,
              plain(value),
              plain(last) + AFTER_DIGITS);
        }
        within(name, json(value), json(next(last)));
        sql.append(')');
      }
    }
  }

  private void below(String comparison, String name, BigDecimal value) {
    add("(c.custom -> ?::text" + comparison + " and " + IS_NUMBER + ")", name, json(value), name);
  }

  private void within(String name, String from, String below) {
    add("(width_bucket(c.custom -> ?::text, array[?::jsonb, ?::jsonb]) = 1)", name, from, below);
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

  private void customIn(CustomIn in) {
    if (in.values().size() <= MAX_CONTAINMENTS) {
      containments(in.name(), in.values(), false);
    } else {
      add("c.custom -> ?::text = any(?::text[]::jsonb[])", in.name(), jsons(in.values()));
    }
  }

  private void customAny(CustomAny any) {
    if (any.values().size() <= MAX_CONTAINMENTS) {
      containments(any.name(), any.values(), true);
    } else {
      add(
          "exists (select from jsonb_path_query(c.custom -> ?::text, 'lax $[*]') v"
              + " where v = any(?::text[]::jsonb[]))",
          any.name(),
          jsons(any.values()));
    }
  }

  private void containments(String name, List<Scalar> values, boolean inArraysToo) {
    sql.append('(');
    for (int i = 0; i < values.size(); i++) {
      sql.append(i == 0 ? "" : " or ");
      JsonNode value = values.get(i).json();
      add("c.custom @> ?::jsonb", object(name, value));
      if (inArraysToo) {
        sql.append(" or ");
        add("c.custom @> ?::jsonb", object(name, array(value)));
      }
    }
    sql.append(')');
  }

  private void contains(CustomContains contains) {
    sql.append('(');
    add("c.custom @> ?::jsonb", object(contains.name(), array(contains.value().json())));
    if (contains.value() instanceof Scalar.Text text) {
      sql.append(" or ");
      add(
          "(jsonb_typeof(c.custom -> ?::text) = 'string'"
              + " and strpos(lower(c.custom ->> ?::text), lower(?)) > 0)",
          contains.name(),
          contains.name(),
          text.value());
    }
    sql.append(')');
  }

  private void behaved(Behaved behaved) {
    add(
        "exists (select from contact_behaviour b where b.broadcast_id = ?"
            + " and b.contact_id = c.id and b.tenant_id = ? and b."
            + columnOf(behaved.behaviour())
            + " is not null",
        behaved.broadcastId(),
        tenantId);
    if (behaved.channel() != null) {
      add(" and b.channel = ?", behaved.channel().name());
    }
    if (behaved.link() != null) {
      add(" and b.links @> array[?]::int[]", behaved.link());
    }
    sql.append(')');
  }

  private static String columnOf(Behaviour behaviour) {
    return switch (behaviour) {
      case SENT -> "sent_at";
      case OPENED -> "opened_at";
      case CLICKED -> "clicked_at";
      case REPLIED -> "replied_at";
    };
  }

  private static String column(ContactField field) {
    return "c." + field.id();
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

  private static String[] texts(List<String> values, boolean lower) {
    return values.stream()
        .map(value -> lower ? value.toLowerCase(Locale.ROOT) : value)
        .toArray(String[]::new);
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private static String escaped(String prefix) {
    return prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private void add(String text, Object... values) {
    sql.append(text);
    bind(values);
  }

  private void bind(Object... values) {
    parameters.addAll(List.of(values));
  }
}
