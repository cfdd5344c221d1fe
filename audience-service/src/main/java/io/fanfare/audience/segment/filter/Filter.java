package io.fanfare.audience.segment.filter;

import io.fanfare.contract.Channel;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whom a segment chooses: a tree over contacts. Every node is true or false of a contact, never
 * unknown: a comparison with a field that is missing, is JSON's null, or has a value of another
 * type is false, and {@link Not} of it is therefore true.
 */
public sealed interface Filter {

  /** All of some; of none: everybody. */
  record All(List<Filter> parts) implements Filter {
    public All {
      parts = List.copyOf(parts);
    }
  }

  /** At least one of some. */
  record Any(List<Filter> parts) implements Filter {
    public Any {
      parts = List.copyOf(parts);
    }
  }

  /** Those the part does not match, whatever the reason. */
  record Not(Filter part) implements Filter {}

  /**
   * The contacts of another segment.
   *
   * @param filter the other's filter; null until it is looked up
   */
  record InSegment(UUID segmentId, @Nullable Filter filter) implements Filter {}

  /** A node that looks at the contact itself. */
  sealed interface Leaf extends Filter {}

  /** Has a value; of roles and tags: at least one. */
  record Exists(ContactField field) implements Leaf {}

  /** Is one of some whole numbers. */
  record Whole(ContactField field, List<Long> values) implements Leaf {
    public Whole {
      values = List.copyOf(values);
    }
  }

  /** A text compared; with upper and lower case alike where the field says so. */
  record Text(ContactField field, TextTest test, List<String> values) implements Leaf {
    public Text {
      values = List.copyOf(values);
    }
  }

  /** How texts are compared. */
  enum TextTest {
    /** Is one of the values. */
    IN,
    /** Has a value, and another than this one. */
    NE,
    CONTAINS,
    STARTS_WITH,
    /** Of a language: is one of the values or one with a region or script, {@code en-GB} of en. */
    PRIMARY
  }

  /** Has any of some roles or tags, or all of them; upper and lower case differ. */
  record Words(ContactField field, boolean all, List<String> values) implements Leaf {
    public Words {
      values = List.copyOf(values);
    }
  }

  /** An instant compared. {@code last} is there with {@link Comparison#BETWEEN} only. */
  record Time(
      ContactField field,
      Comparison comparison,
      DateValue date,
      @Nullable DateValue last,
      ZoneId zone)
      implements Leaf {}

  /** How numbers and dates are compared. A date is a day, or a second, as a whole. */
  enum Comparison {
    LT,
    LTE,
    GT,
    GTE,
    /** Both ends included. */
    BETWEEN,
    /** Of dates: within it. */
    ON
  }

  /** A leaf that looks at a custom field. */
  sealed interface Custom extends Leaf {

    /** Of the field. */
    String name();
  }

  /** A custom field has a value other than null. */
  record CustomExists(String name) implements Custom {}

  /** A custom field is one of some values. */
  record CustomIn(String name, List<Scalar> values) implements Custom {
    public CustomIn {
      values = List.copyOf(values);
    }
  }

  /** A custom field has a value of the same type, and another one. */
  record CustomNe(String name, Scalar value) implements Custom {}

  /** A custom field is a number, compared. */
  record CustomNumber(
      String name, Comparison comparison, BigDecimal value, @Nullable BigDecimal last)
      implements Custom {}

  /**
   * A custom field is a date, compared: a text of the form {@code 2026-03-01}, or an instant of the
   * form {@code 2026-03-01T09:00:00Z}, fractions allowed.
   */
  record CustomDate(
      String name, Comparison comparison, DateValue date, @Nullable DateValue last, ZoneId zone)
      implements Custom {}

  /** A custom field is a text with another in it, whatever the case, or an array with the value. */
  record CustomContains(String name, Scalar value) implements Custom {}

  /** A custom field is a text that begins so, whatever the case. */
  record CustomStartsWith(String name, String value) implements Custom {}

  /** A custom field is one of some values, or an array with one of them. */
  record CustomAny(String name, List<Scalar> values) implements Custom {
    public CustomAny {
      values = List.copyOf(values);
    }
  }

  /** A custom field is an array in which one object has all these members. */
  record CustomElement(String name, Map<String, Scalar> members) implements Custom {
    public CustomElement {
      members = Map.copyOf(members);
    }
  }

  /** Is on a static list. */
  record InList(UUID listId) implements Leaf {}

  /** Has opted out of a channel, or of every channel. */
  record OptedOut(Channel channel) implements Leaf {}

  /** Has an address on a channel. */
  record HasAddress(Channel channel) implements Leaf {}

  /** Something was done with the message of a broadcast, as far back as it is remembered. */
  record Behaved(
      Behaviour behaviour, UUID broadcastId, @Nullable Channel channel, @Nullable Integer link)
      implements Leaf {}

  /** Opened, clicked or replied to any message, from the beginning of a day on. */
  record BehavedSince(Behaviour behaviour, DateValue since, ZoneId zone) implements Leaf {}

  /** Is known for some days of 24 hours, and opened, clicked or answered nothing in them. */
  record Inactive(int days) implements Leaf {}

  /** What can be asked about a message. Doings of machines never count. */
  enum Behaviour {
    SENT,
    OPENED,
    CLICKED,
    REPLIED;

    /** The name in filters. */
    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
