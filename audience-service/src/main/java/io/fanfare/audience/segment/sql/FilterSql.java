package io.fanfare.audience.segment.sql;

import io.fanfare.audience.segment.filter.ContactField;
import io.fanfare.audience.segment.filter.DateValue.Span;
import io.fanfare.audience.segment.filter.Filter;
import io.fanfare.audience.segment.filter.Filter.All;
import io.fanfare.audience.segment.filter.Filter.Any;
import io.fanfare.audience.segment.filter.Filter.Behaved;
import io.fanfare.audience.segment.filter.Filter.BehavedSince;
import io.fanfare.audience.segment.filter.Filter.Behaviour;
import io.fanfare.audience.segment.filter.Filter.Custom;
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
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Turns a filter into a condition on a row {@code c} of {@code contact}. The text is put together
 * from constants of this package alone; every value, names of custom fields included, is bound.
 *
 * <p>Inside, a condition may be null where the filter is false, which AND, OR and WHERE do not tell
 * apart; so only NOT has to care, and comparisons stay as plain as indexes want them.
 */
public final class FilterSql {

  /** Up to so many values each is a condition of its own, which an index can answer. */
  private static final int MAX_CONTAINMENTS = 16;

  /** What an ASCII letter has where its capital has not. */
  private static final int LOWER_CASE = 32;

  /** Up to so many words are looked for one by one. */
  private static final int FEW_WORDS = 3;

  private final UUID tenantId;
  private final Instant now;
  private final SqlWriter sql = new SqlWriter();

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
    return writer.sql.written();
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
    sql.append("(");
    for (int i = 0; i < parts.size(); i++) {
      sql.append(i == 0 ? "" : operator);
      node(cheapestFirst.get(i));
    }
    sql.append(")");
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
      case Custom custom -> 4;
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
          sql.add(column(whole.field()) + " = any(?::bigint[])", (Object) longs(whole.values()));
      case Text text -> text(text);
      case Words words -> words(words);
      case Time time -> time(time);
      case Custom custom -> CustomFieldSql.write(custom, now, sql);
      case InList list ->
          sql.add(
              "exists (select from list_member m where m.list_id = ? and m.contact_id = c.id)",
              list.listId());
      case OptedOut out ->
          sql.add(
              "exists (select from opt_out o where o.tenant_id = ? and o.contact_id = c.id"
                  + " and o.channel in ('*', ?) and o.category = '*')",
              tenantId,
              out.channel().name());
      case HasAddress has -> exists(FilterEvaluator.addressOf(has.channel()));
      case Behaved behaved -> behaved(behaved);
      case BehavedSince behaved ->
          sql.add(
              "exists (select from contact_activity a where a.tenant_id = ?"
                  + " and a.contact_id = c.id and a."
                  + columnOf(behaved.behaviour())
                  + " >= ?)",
              tenantId,
              at(behaved.since().resolve(now, behaved.zone()).from()));
      case Inactive inactive -> {
        OffsetDateTime since = at(now.minus(Duration.ofDays(inactive.days())));
        sql.add(
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
          sql.add(compared + " = " + one, value);
        } else if (!anyCase && (belowNot || belowAny) && text.values().size() <= FEW_WORDS) {
          // One by one is quicker than to walk an array for each row.
          sql.append("(");
          for (int i = 0; i < text.values().size(); i++) {
            sql.add((i == 0 ? "" : " or ") + compared + " = ?", text.values().get(i));
          }
          sql.append(")");
        } else {
          sql.add(compared + " = any(?::text[])", (Object) texts(text.values(), anyCase));
        }
      }
      case NE -> sql.add(compared + " <> " + one, value);
      case CONTAINS -> sql.add("strpos(" + compared + ", " + one + ") > 0", value);
      // LIKE and not starts_with: an index in the order of characters knows it.
      case STARTS_WITH -> sql.add(compared + " like " + one, escaped(value) + "%");
      case PRIMARY -> primary(text.values());
    }
  }

  /** Looking for each of a few words is quicker than the overlap, which an index knows. */
  private void words(Words words) {
    String column = column(words.field());
    if (!belowNot || words.all() || words.values().size() > FEW_WORDS) {
      sql.add(
          column + (words.all() ? " @> ?::text[]" : " && ?::text[]"),
          (Object) words.values().toArray(String[]::new));
      return;
    }
    sql.append("(");
    for (int i = 0; i < words.values().size(); i++) {
      sql.append(i == 0 ? "" : " or ");
      sql.add("?::text = any(" + column + ")", words.values().get(i));
    }
    sql.append(")");
  }

  private void primary(List<String> languages) {
    if (languages.size() > MAX_CONTAINMENTS) {
      sql.add(
          "lower(split_part(c.language, '-', 1)) = any(?::text[])",
          (Object) texts(languages, true));
      return;
    }
    sql.append("(");
    for (int i = 0; i < languages.size(); i++) {
      sql.append(i == 0 ? "" : " or ");
      String language = languages.get(i).toLowerCase(Locale.ROOT);
      // Most are others: they are told by one comparison, which an index knows too; or, where none
      // is of use, by their first letter.
      if (belowNot || belowAny) {
        Integer[] letters = firstLetters(language);
        boolean inTwoCases = letters.length == 2 && (letters[0] | LOWER_CASE) == letters[1];
        sql.add(
            (inTwoCases
                    ? "case when ascii(c.language) | 32 = ?"
                    : "case when ascii(c.language) = any(?::int[])")
                + " then lower(c.language) = ? or lower(c.language) like ? end",
            inTwoCases ? letters[1] : letters,
            language,
            language + "-%");
      } else {
        sql.add(
            "(lower(c.language) like ? and (lower(c.language) = ? or lower(c.language) like ?))",
            language + "%",
            language,
            language + "-%");
      }
    }
    sql.append(")");
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
    sql.compared(column, time.comparison(), at(span.from()), at(span.to()), at(last.to()));
  }

  private void behaved(Behaved behaved) {
    sql.add(
        "exists (select from contact_behaviour b where b.broadcast_id = ?"
            + " and b.contact_id = c.id and b.tenant_id = ? and b."
            + columnOf(behaved.behaviour())
            + " is not null",
        behaved.broadcastId(),
        tenantId);
    if (behaved.channel() != null) {
      sql.add(" and b.channel = ?", behaved.channel().name());
    }
    if (behaved.link() != null) {
      sql.add(" and b.links @> array[?]::int[]", behaved.link());
    }
    sql.append(")");
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
}
