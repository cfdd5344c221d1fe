package io.fanfare.audience.segment.filter;

import io.fanfare.audience.segment.filter.DateValue.Anchor;
import io.fanfare.audience.segment.filter.DateValue.Day;
import io.fanfare.audience.segment.filter.DateValue.Relative;
import io.fanfare.audience.segment.filter.DateValue.Second;
import io.fanfare.audience.segment.filter.DateValue.Unit;
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
import io.fanfare.audience.segment.filter.Filter.Not;
import io.fanfare.audience.segment.filter.Filter.OptedOut;
import io.fanfare.audience.segment.filter.Filter.Text;
import io.fanfare.audience.segment.filter.Filter.TextTest;
import io.fanfare.audience.segment.filter.Filter.Time;
import io.fanfare.audience.segment.filter.Filter.Whole;
import io.fanfare.audience.segment.filter.Filter.Words;
import io.fanfare.contract.Channel;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Filters at random over a small world of values, so that each matches some contacts of {@link
 * RandomContacts} and not others.
 */
public final class RandomFilters {

  static final List<String> NAMES =
      List.of(
          "Ada Lovelace", "ada", "ÉMILE", "Émile 100%", "a_b", "a\\b", "'; drop table contact;");
  static final List<String> CITIES = List.of("London", "london", "Zürich", "ZÜRICH", "Ulm", "50%");
  static final List<String> LANGUAGES = List.of("en", "en-GB", "EN-gb", "de", "de-CH", "fr");
  static final List<String> COUNTRIES = List.of("GB", "DE", "CH", "FR");
  static final List<String> ZONES = List.of("Europe/London", "Asia/Kolkata", "America/New_York");
  static final List<String> WORDS = List.of("student", "teacher", "Student", "beta", "x'y");
  static final List<String> FIELDS = List.of("grade", "since", "plan", "subject", "pipelines");
  static final List<Object> VALUES =
      List.of(
          7,
          7.5,
          7.500000000000001,
          1E-20,
          -3,
          "7",
          "gold",
          "Gold",
          "golden's",
          true,
          false,
          "2026-03-01",
          "2026-02-30",
          "2026-03-10",
          "2025-12-31",
          "2026-03-01T00:00:00Z",
          "2026-03-01T23:30:00.5Z",
          "2026-03-01T23:30:00+02:00",
          "2026-13-01",
          "");

  private final Random random;
  private final List<UUID> lists;
  private final List<UUID> broadcasts;
  private final List<Long> ids;
  private final Map<UUID, Expansion.Named> segments = new HashMap<>();

  public RandomFilters(Random random, List<UUID> lists, List<UUID> broadcasts, List<Long> ids) {
    this.random = random;
    this.lists = lists;
    this.broadcasts = broadcasts;
    this.ids = ids;
  }

  /** A tree of at most so many levels. */
  public Filter tree(int depth) {
    if (depth <= 1 || random.nextInt(4) == 0) {
      return leaf();
    }
    return switch (random.nextInt(6)) {
      case 0, 1 -> new All(parts(depth));
      case 2, 3 -> new Any(parts(depth));
      case 4 -> new Not(tree(depth - 1));
      default -> {
        UUID id = new UUID(7, segments.size());
        segments.put(id, new Expansion.Named(id, "S" + segments.size(), new All(List.of())));
        segments.put(id, new Expansion.Named(id, "S", tree(depth - 1)));
        yield new InSegment(id, null);
      }
    };
  }

  /** The segments that filters made so far are made of. */
  public Map<UUID, Expansion.Named> segments() {
    return segments;
  }

  private List<Filter> parts(int depth) {
    return some(3, () -> tree(depth - 1));
  }

  /** A leaf of any kind. */
  public Filter leaf() {
    return switch (random.nextInt(20)) {
      case 0 -> new Exists(oneOf(List.of(ContactField.values()).subList(1, 14)));
      case 1 -> new Whole(ContactField.ID, some(5, () -> oneOf(ids)));
      case 2 ->
          new Whole(ContactField.TELEGRAM_CHAT_ID, some(3, () -> (long) random.nextInt(1, 9)));
      case 3, 4, 5 -> text();
      case 6, 7 ->
          new Words(
              random.nextBoolean() ? ContactField.ROLES : ContactField.TAGS,
              random.nextBoolean(),
              some(2, () -> oneOf(WORDS)));
      case 8 -> {
        Comparison comparison = oneOf(List.of(Comparison.values()));
        yield new Time(
            random.nextBoolean() ? ContactField.CREATED_AT : ContactField.UPDATED_AT,
            comparison,
            date(),
            comparison == Comparison.BETWEEN ? date() : null,
            zone());
      }
      case 9 -> new InList(oneOf(lists));
      case 10 -> new OptedOut(channel());
      case 11 -> new HasAddress(channel());
      case 12 -> behaved();
      case 13 ->
          random.nextBoolean()
              ? new Inactive(random.nextInt(1, 40))
              : new BehavedSince(
                  oneOf(List.of(Behaviour.OPENED, Behaviour.CLICKED, Behaviour.REPLIED)),
                  date(),
                  zone());
      default -> custom(oneOf(FIELDS));
    };
  }

  private Filter behaved() {
    Behaviour behaviour = oneOf(List.of(Behaviour.values()));
    boolean link = behaviour == Behaviour.CLICKED && random.nextBoolean();
    return new Behaved(
        behaviour,
        oneOf(broadcasts),
        random.nextBoolean() ? channel() : null,
        link ? random.nextInt(1, 4) : null);
  }

  private Filter text() {
    ContactField field =
        oneOf(
            List.of(
                ContactField.EXTERNAL_ID,
                ContactField.NAME,
                ContactField.EMAIL,
                ContactField.PHONE,
                ContactField.LANGUAGE,
                ContactField.TIME_ZONE,
                ContactField.COUNTRY,
                ContactField.CITY));
    List<String> values = valuesOf(field);
    TextTest test = oneOf(List.of(TextTest.values()));
    return switch (test) {
      case IN -> new Text(field, test, some(3, () -> oneOf(values)));
      case NE -> new Text(field, test, List.of(oneOf(values)));
      case CONTAINS, STARTS_WITH -> {
        String value = oneOf(values);
        int from = test == TextTest.CONTAINS ? random.nextInt(value.length()) : 0;
        yield new Text(
            field, test, List.of(value.substring(from, random.nextInt(from, value.length()) + 1)));
      }
      case PRIMARY ->
          new Text(
              ContactField.LANGUAGE, test, some(40, () -> oneOf(List.of("en", "DE", "it", "eng"))));
    };
  }

  static List<String> valuesOf(ContactField field) {
    return switch (field) {
      case EXTERNAL_ID -> List.of("s-1", "s-2", "S-1", "t_1", "t%1");
      case EMAIL -> List.of("Ada@example.org", "ada@example.org", "b+c@example.net");
      case PHONE -> List.of("+44 20", "+4420", "123");
      case LANGUAGE -> LANGUAGES;
      case TIME_ZONE -> ZONES;
      case COUNTRY -> COUNTRIES;
      case CITY -> CITIES;
      default -> NAMES;
    };
  }

  private Filter custom(String name) {
    Comparison comparison = oneOf(List.of(Comparison.values()));
    return switch (random.nextInt(9)) {
      case 0 -> new CustomExists(name);
      case 1 -> new CustomIn(name, scalars());
      case 2 -> new CustomNe(name, scalar());
      case 3 ->
          new CustomNumber(
              name,
              comparison == Comparison.ON ? Comparison.GTE : comparison,
              number(),
              comparison == Comparison.BETWEEN ? number() : null);
      case 4, 5 ->
          new CustomDate(
              name, comparison, date(), comparison == Comparison.BETWEEN ? date() : null, zone());
      case 6 ->
          random.nextBoolean()
              ? new CustomContains(name, scalar())
              : new CustomStartsWith(name, oneOf(List.of("g", "GOLD", "7", "2026", "%")));
      case 7 -> new CustomAny(name, scalars());
      default ->
          new CustomElement(
              name,
              random.nextBoolean()
                  ? Map.of("pipeline", scalar())
                  : Map.of("pipeline", scalar(), "stage", scalar()));
    };
  }

  /** Now and then so many that they are compared in another way. */
  private List<Scalar> scalars() {
    return random.nextInt(3) > 0
        ? some(3, this::scalar)
        : IntStream.range(0, 20).mapToObj(any -> scalar()).toList();
  }

  private Scalar scalar() {
    return scalar(oneOf(VALUES.stream().filter(value -> !value.equals("")).toList()));
  }

  private static Scalar scalar(Object value) {
    return switch (value) {
      case String text -> new Scalar.Text(text);
      case Boolean truth -> new Scalar.Truth(truth);
      default -> new Scalar.Number(new BigDecimal(value.toString()));
    };
  }

  private BigDecimal number() {
    return new BigDecimal(oneOf(List.of("7", "7.50", "-3", "0", "1E+2", "7.25")));
  }

  private DateValue date() {
    return switch (random.nextInt(4)) {
      case 0 -> new Day(LocalDate.of(2026, 2, 27).plusDays(random.nextInt(14)));
      case 1 ->
          new Second(Instant.parse("2026-03-01T22:00:00Z").plusSeconds(1800L * random.nextInt(10)));
      default -> {
        int amount = random.nextInt(-30, 5);
        yield new Relative(
            oneOf(List.of(Anchor.values())),
            amount,
            amount == 0 ? Unit.DAYS : oneOf(List.of(Unit.values())));
      }
    };
  }

  private ZoneId zone() {
    return ZoneId.of(oneOf(List.of("Z", "Europe/London", "Asia/Kolkata", "America/New_York")));
  }

  private Channel channel() {
    return random.nextBoolean() ? Channel.EMAIL : Channel.TELEGRAM;
  }

  private <T> List<T> some(int max, Supplier<T> one) {
    List<T> some = new ArrayList<>();
    for (int i = random.nextInt(max); i >= 0; i--) {
      some.add(one.get());
    }
    return some;
  }

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
