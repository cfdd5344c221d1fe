package io.fanfare.audience.segment.filter;

import io.fanfare.audience.segment.filter.DateValue.Span;
import io.fanfare.audience.segment.filter.Filter.All;
import io.fanfare.audience.segment.filter.Filter.Any;
import io.fanfare.audience.segment.filter.Filter.Behaved;
import io.fanfare.audience.segment.filter.Filter.BehavedSince;
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
import io.fanfare.contract.Channel;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Says of one contact whether a filter matches it; the meaning that the SQL must have as well. */
public final class FilterEvaluator {

  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  /** The form of a custom field that is an instant; such texts have the order of their instants. */
  public static final String INSTANT_FORM =
      "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$";

  private static final Pattern INSTANT = Pattern.compile(INSTANT_FORM);

  private final ContactFacts contact;
  private final Instant now;

  public FilterEvaluator(ContactFacts contact, Instant now) {
    this.contact = contact;
    this.now = now;
  }

  /**
   * Whether the filter matches.
   *
   * @throws IllegalStateException when a segment in it was not looked up
   */
  public boolean matches(Filter filter) {
    return switch (filter) {
      case All all -> all.parts().stream().allMatch(this::matches);
      case Any any -> any.parts().stream().anyMatch(this::matches);
      case Not not -> !matches(not.part());
      case InSegment segment -> {
        if (segment.filter() == null) {
          throw new IllegalStateException("not looked up: segment " + segment.segmentId());
        }
        yield matches(segment.filter());
      }
      case Leaf leaf -> leaf(leaf);
    };
  }

  private boolean leaf(Leaf leaf) {
    return switch (leaf) {
      case Exists exists -> exists(exists.field());
      case Whole whole ->
          whole.field() == ContactField.ID
              ? whole.values().contains(contact.id())
              : contact.telegramChatId() != null
                  && whole.values().contains(contact.telegramChatId());
      case Text text -> text(text);
      case Words words ->
          words.all()
              ? words(words.field()).containsAll(words.values())
              : words.values().stream().anyMatch(words(words.field())::contains);
      case Time time -> time(time);
      case CustomExists exists -> !custom(exists.name()).isNull();
      case CustomIn in -> {
        Scalar value = Scalar.of(custom(in.name()));
        yield value != null && in.values().contains(value);
      }
      case CustomNe ne -> {
        Scalar value = Scalar.of(custom(ne.name()));
        yield value != null
            && value.getClass() == ne.value().getClass()
            && !value.equals(ne.value());
      }
      case CustomNumber number -> number(number);
      case CustomDate date -> date(date);
      case CustomContains contains -> contains(contains);
      case CustomStartsWith starts -> {
        JsonNode value = custom(starts.name());
        yield value.isString() && lower(value.stringValue()).startsWith(lower(starts.value()));
      }
      case CustomAny any ->
          elements(custom(any.name())).stream().anyMatch(one -> isOneOf(one, any.values()));
      case CustomElement element -> {
        JsonNode value = custom(element.name());
        yield value.isArray() && value.valueStream().anyMatch(one -> has(one, element));
      }
      case InList list -> contact.lists().contains(list.listId());
      case OptedOut out ->
          contact.optedOut().contains("*") || contact.optedOut().contains(out.channel().name());
      case HasAddress has -> exists(addressOf(has.channel()));
      case Behaved behaved -> contact.done().stream().anyMatch(done -> is(done, behaved));
      case BehavedSince behaved -> {
        Instant last = contact.lastDone().get(behaved.behaviour());
        Instant since = behaved.since().resolve(now, behaved.zone()).from();
        yield last != null && !last.isBefore(since);
      }
      case Inactive inactive -> {
        Instant since = now.minus(Duration.ofDays(inactive.days()));
        yield contact.createdAt().isBefore(since)
            && contact.lastDone().values().stream().allMatch(last -> last.isBefore(since));
      }
    };
  }

  private boolean exists(ContactField field) {
    return switch (field.kind()) {
      case TEXT -> contact.text(field) != null;
      case WORDS -> !words(field).isEmpty();
      case WHOLE_NUMBER -> field == ContactField.ID || contact.telegramChatId() != null;
      case TIME -> true;
    };
  }

  /** The field that holds the address on a channel. */
  public static ContactField addressOf(Channel channel) {
    return channel.equals(Channel.TELEGRAM) ? ContactField.TELEGRAM_CHAT_ID : ContactField.EMAIL;
  }

  private boolean text(Text leaf) {
    String value = contact.text(leaf.field());
    if (value == null) {
      return false;
    }
    boolean anyCase = leaf.field().anyCase();
    String text = anyCase ? lower(value) : value;
    List<String> values =
        anyCase ? leaf.values().stream().map(FilterEvaluator::lower).toList() : leaf.values();
    return switch (leaf.test()) {
      case IN -> values.contains(text);
      case NE -> !values.contains(text);
      case CONTAINS -> text.contains(values.getFirst());
      case STARTS_WITH -> text.startsWith(values.getFirst());
      case PRIMARY -> values.contains(text.split("-", 2)[0]);
    };
  }

  private java.util.Set<String> words(ContactField field) {
    return field == ContactField.ROLES ? contact.roles() : contact.tags();
  }

  private static <T extends Comparable<T>> boolean within(
      T at, Comparison comparison, T from, T to, @Nullable T lastTo) {
    boolean begun = at.compareTo(from) >= 0;
    boolean over = at.compareTo(to) >= 0;
    return switch (comparison) {
      case LT -> !begun;
      case LTE -> !over;
      case GT -> over;
      case GTE -> begun;
      case ON -> begun && !over;
      case BETWEEN -> begun && (lastTo == null || at.compareTo(lastTo) < 0);
    };
  }

  private boolean time(Time leaf) {
    Span span = leaf.date().resolve(now, leaf.zone());
    return within(
        leaf.field() == ContactField.CREATED_AT ? contact.createdAt() : contact.updatedAt(),
        leaf.comparison(),
        span.from(),
        span.to(),
        leaf.last() == null ? null : leaf.last().resolve(now, leaf.zone()).to());
  }

  private boolean number(CustomNumber leaf) {
    JsonNode node = custom(leaf.name());
    if (!node.isNumber()) {
      return false;
    }
    BigDecimal value = node.decimalValue();
    int order = value.compareTo(leaf.value());
    return switch (leaf.comparison()) {
      case LT -> order < 0;
      case LTE -> order <= 0;
      case GT -> order > 0;
      case GTE -> order >= 0;
      case ON -> order == 0;
      case BETWEEN -> order >= 0 && (leaf.last() == null || value.compareTo(leaf.last()) <= 0);
    };
  }

  private boolean date(CustomDate leaf) {
    JsonNode node = custom(leaf.name());
    String text = node.isString() ? node.stringValue() : "";
    Span span = leaf.date().resolve(now, leaf.zone());
    Span last = leaf.last() == null ? null : leaf.last().resolve(now, leaf.zone());
    if (DATE.matcher(text).matches()) {
      return within(
          text,
          leaf.comparison(),
          span.day().toString(),
          span.day().plusDays(1).toString(),
          last == null ? null : last.day().plusDays(1).toString());
    }
    return INSTANT.matcher(text).matches()
        && within(
            text,
            leaf.comparison(),
            comparable(span.from()),
            comparable(span.to()),
            last == null ? null : comparable(last.to()));
  }

  /** An instant such that a text of {@link #INSTANT_FORM} is before it exactly when it sorts so. */
  public static String comparable(Instant at) {
    String text = at.toString();
    return text.substring(0, text.length() - 1);
  }

  private boolean contains(CustomContains leaf) {
    JsonNode value = custom(leaf.name());
    if (value.isArray()) {
      return value.valueStream().anyMatch(one -> leaf.value().equals(Scalar.of(one)));
    }
    return value.isString()
        && leaf.value() instanceof Scalar.Text part
        && lower(value.stringValue()).contains(lower(part.value()));
  }

  private static List<JsonNode> elements(JsonNode value) {
    return value.isArray() ? value.valueStream().toList() : List.of(value);
  }

  private static boolean isOneOf(JsonNode node, List<Scalar> values) {
    Scalar value = Scalar.of(node);
    return value != null && values.contains(value);
  }

  private static boolean has(JsonNode object, CustomElement element) {
    return object.isObject()
        && element.members().entrySet().stream()
            .allMatch(member -> member.getValue().equals(Scalar.of(object.get(member.getKey()))));
  }

  private static boolean is(ContactFacts.Done done, Behaved behaved) {
    return done.broadcastId().equals(behaved.broadcastId())
        && done.what().containsKey(behaved.behaviour())
        && (behaved.channel() == null || behaved.channel().equals(done.channel()))
        && (behaved.link() == null || done.links().contains(behaved.link()));
  }

  private JsonNode custom(String name) {
    JsonNode value = contact.custom().get(name);
    return value == null ? tools.jackson.databind.node.NullNode.instance : value;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
