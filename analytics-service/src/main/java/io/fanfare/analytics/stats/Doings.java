package io.fanfare.analytics.stats;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What the recipients of a broadcast did, as rows that can be added up over channels and variants.
 */
final class Doings {

  static final int MAX_NAMES = 100;
  static final String CUSTOM = "custom";
  private static final String BUTTON = "button";

  /** What there is to be done with a message, but for the custom events. */
  static final List<String> KINDS =
      List.of("opened", "clicked", "replied", "button", "bounced", "complained", "unsubscribed");

  static final List<String> ALL_KINDS = Stream.concat(KINDS.stream(), Stream.of(CUSTOM)).toList();

  /** The same for people. */
  static final String ANY_KIND =
      "opened, clicked, replied, button, bounced, complained, unsubscribed or custom";

  /** One figure of a variant on a channel. */
  record Row(
      String channel,
      String variant,
      String kind,
      String name,
      boolean machine,
      long events,
      long recipients,
      BigDecimal value) {}

  /**
   * How often something was done and by how many recipients at least once; by humans, and apart by
   * machines such as scanners and the proxies of mailbox providers.
   */
  @Schema(name = "EngagementCount")
  record Done(long events, long recipients, long machineEvents, long machineRecipients) {

    static final Done NOTHING = new Done(0, 0, 0, 0);

    static Done of(Row row) {
      return row.machine()
          ? new Done(0, 0, row.events(), row.recipients())
          : new Done(row.events(), row.recipients(), 0, 0);
    }

    Done plus(Done other) {
      return new Done(
          events + other.events,
          recipients + other.recipients,
          machineEvents + other.machineEvents,
          machineRecipients + other.machineRecipients);
    }
  }

  /**
   * A custom event.
   *
   * @param valueSum what the events of humans were worth together, in the tenant's own unit
   */
  @Schema(name = "CustomEventCount")
  record Custom(long events, long recipients, BigDecimal valueSum) {

    static final Custom NOTHING = new Custom(0, 0, BigDecimal.ZERO);

    Custom plus(Row row) {
      return row.machine()
          ? this
          : new Custom(
              events + row.events(), recipients + row.recipients(), valueSum.add(row.value()));
    }
  }

  private final SortedMap<String, Done> kinds = new TreeMap<>();
  private final SortedMap<String, Custom> custom = new TreeMap<>();
  private final SortedMap<String, Done> buttons = new TreeMap<>();

  private Doings() {}

  /** The sum of some rows. */
  static Doings of(Collection<Row> rows) {
    Doings doings = new Doings();
    KINDS.forEach(kind -> doings.kinds.put(kind, Done.NOTHING));
    for (Row row : rows) {
      if (row.kind().equals(CUSTOM)) {
        Custom before = doings.custom.getOrDefault(row.name(), Custom.NOTHING);
        doings.custom.put(row.name(), before.plus(row));
      } else if (row.kind().equals(BUTTON) && !row.name().isEmpty()) {
        // The row without a name has the presses of all buttons together.
        doings.buttons.merge(row.name(), Done.of(row), Done::plus);
      } else {
        doings.kinds.merge(row.kind(), Done.of(row), Done::plus);
      }
    }
    return doings;
  }

  long humans(String kind) {
    return done(kind).recipients();
  }

  long machines(String kind) {
    return done(kind).machineRecipients();
  }

  Done done(String kind) {
    return kinds.getOrDefault(kind, Done.NOTHING);
  }

  SortedMap<String, Done> kinds() {
    return kinds;
  }

  /** The custom events by name; the most frequent of them when there are very many. */
  SortedMap<String, Custom> custom() {
    return mostFrequent(custom, Custom::events);
  }

  /** The presses of each button by its data; the most pressed of them when there are very many. */
  SortedMap<String, Done> buttons() {
    return mostFrequent(buttons, Done::events);
  }

  private static <T> SortedMap<String, T> mostFrequent(
      SortedMap<String, T> byName, ToLongFunction<T> events) {
    if (byName.size() > MAX_NAMES) {
      List<Map.Entry<String, T>> entries = new ArrayList<>(byName.entrySet());
      entries.sort(
          Comparator.<Map.Entry<String, T>>comparingLong(
                  entry -> events.applyAsLong(entry.getValue()))
              .reversed());
      List<String> names = entries.subList(0, MAX_NAMES).stream().map(Map.Entry::getKey).toList();
      byName.keySet().retainAll(names);
    }
    return byName;
  }
}
