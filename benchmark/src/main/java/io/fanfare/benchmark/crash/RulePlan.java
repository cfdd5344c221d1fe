package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.crash.ContactRule.Hours;
import io.fanfare.localstack.client.SampleAudience;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which contacts have which rules: a cap for all and other caps for some, quiet hours in one time
 * zone for all who live there, hours of their own for some that begin or end while the broadcast
 * runs, and some that are quiet throughout.
 */
final class RulePlan {

  /** Both messages of the large broadcast, and none of the others. */
  static final int COMMON_CAP = 2;

  /** The small broadcast's and the large one's, so that only an opt-out stops the latter. */
  static final int CAP_OF_LAST = 4;

  /** Half an hour off: a mistake by whole hours is seen. */
  static final String QUIET_ZONE = "Asia/Kolkata";

  /** Quiet until after the end: they stay pending. */
  static final int QUIET_THROUGHOUT = 5;

  private static final int ONE_IN = 40;
  private static final int MOST = 150;
  private static final Duration LEAST = Duration.ofSeconds(40);
  private static final Duration LONG_AGO = Duration.ofHours(1);
  private static final Duration LONG_AFTER = Duration.ofHours(12);

  /** Parts of the run. */
  private static final double COMMON_BEGIN = 0.45;

  private static final double FIRST = 0.1;
  private static final double LAST = 0.55;
  private static final double LASTING = 0.35;

  private final int contacts;
  private final int last;
  private final int size;
  private final Instant begin;
  private final Duration length;

  /** A group of contacts, spread evenly. */
  enum Group {
    CAPPED_AT_ONE,
    CAPPED_AT_THREE,
    CAPPED_AS_ALL,
    OPTED_OUT,
    QUIET_AT_FIRST,
    QUIET_LATER_1,
    QUIET_LATER_2,
    QUIET_LATER_3
  }

  private static final List<Group> QUIET_LATER =
      List.of(Group.QUIET_LATER_1, Group.QUIET_LATER_2, Group.QUIET_LATER_3);

  /**
   * @param contacts of the large broadcast
   * @param last how many of them, at their end, get the small one
   * @param begin when it starts
   * @param length how long it takes, about
   */
  RulePlan(int contacts, int last, Instant begin, Duration length) {
    this.contacts = contacts;
    this.last = last;
    this.size = Math.clamp(contacts / ONE_IN, 1, MOST);
    this.begin = begin;
    this.length = length.compareTo(LEAST) < 0 ? LEAST : length;
  }

  /** The same with another beginning. */
  RulePlan beginning(Instant at) {
    return new RulePlan(contacts, last, at, length);
  }

  /** Contacts of the large broadcast, and those beside it who are quiet throughout. */
  int everybody() {
    return contacts + QUIET_THROUGHOUT;
  }

  List<Integer> of(Group group) {
    List<Integer> numbers = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      numbers.add(i * (contacts / size) + group.ordinal());
    }
    return numbers;
  }

  /** Those who get the small broadcast, too. */
  List<Integer> last() {
    return numbers(contacts - last, last);
  }

  List<Integer> quietThroughout() {
    return numbers(contacts, QUIET_THROUGHOUT);
  }

  private static List<Integer> numbers(int from, int count) {
    List<Integer> numbers = new ArrayList<>(count);
    for (int number = from; number < from + count; number++) {
      numbers.add(number);
    }
    return numbers;
  }

  /** The hours of all contacts that have none of their own. */
  Hours commonHours() {
    return hours(at(COMMON_BEGIN), at(COMMON_BEGIN + LASTING), ZoneId.of(QUIET_ZONE));
  }

  /** Caps of those who have one of their own. */
  Map<Integer, Integer> ownCaps() {
    Map<Integer, Integer> caps = new HashMap<>();
    of(Group.CAPPED_AT_ONE).forEach(number -> caps.put(number, 1));
    of(Group.CAPPED_AT_THREE).forEach(number -> caps.put(number, 3));
    last().forEach(number -> caps.put(number, CAP_OF_LAST));
    return caps;
  }

  /** Quiet hours of those who have some of their own; null where they want none. */
  Map<Integer, @Nullable Hours> ownHours() {
    Map<Integer, @Nullable Hours> hours = new HashMap<>();
    List<Integer> first = of(Group.QUIET_AT_FIRST);
    for (int i = 0; i < first.size(); i++) {
      Instant end = at(FIRST + (LAST - FIRST) * i / first.size());
      hours.put(first.get(i), hours(begin.minus(LONG_AGO), end, zone(first.get(i))));
    }
    // One after the other, so that whatever breaks does so while hours begin and end.
    List<Integer> later = QUIET_LATER.stream().flatMap(group -> of(group).stream()).toList();
    for (int i = 0; i < later.size(); i++) {
      double part = FIRST + (LAST - FIRST) * i / later.size();
      hours.put(later.get(i), hours(at(part), at(part + LASTING), zone(later.get(i))));
    }
    for (int number : quietThroughout()) {
      hours.put(number, hours(begin.minus(LONG_AGO), begin.plus(LONG_AFTER), zone(number)));
    }
    last().forEach(number -> hours.put(number, null));
    return hours;
  }

  private static Hours hours(Instant from, Instant to, ZoneId zone) {
    return new Hours(time(from, zone), time(to, zone));
  }

  private Instant at(double part) {
    return begin.plusMillis(Math.round(length.toMillis() * part));
  }

  private static LocalTime time(Instant instant, ZoneId zone) {
    return instant.atZone(zone).toLocalTime().truncatedTo(ChronoUnit.SECONDS);
  }

  static ZoneId zone(int number) {
    return ZoneId.of(String.valueOf(SampleAudience.contact(number).get("time_zone")));
  }

  /** What holds for each contact. */
  Map<Integer, ContactRule> rules() {
    Map<Integer, Integer> caps = ownCaps();
    Map<Integer, @Nullable Hours> own = ownHours();
    Map<Integer, ContactRule> rules = new HashMap<>();
    for (int number = 0; number < everybody(); number++) {
      rules.put(
          number,
          new ContactRule(
              caps.getOrDefault(number, COMMON_CAP),
              own.containsKey(number) ? own.get(number) : commonHours(),
              zone(number)));
    }
    return rules;
  }
}
