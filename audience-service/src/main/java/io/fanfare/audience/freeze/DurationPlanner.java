package io.fanfare.audience.freeze;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how long a broadcast takes. Broadcasts share an account in equal parts, so each of the
 * others goes ahead of this one with as much as it has itself at most.
 */
final class DurationPlanner {

  /**
   * What one channel has to do.
   *
   * @param messages of the broadcast
   * @param ratePerSecond of the account; null where nobody knows
   * @param others what running broadcasts still have to send on the account
   */
  record Load(long messages, @Nullable Double ratePerSecond, List<Long> others) {

    /** What is sent of others until this one is done. */
    long ahead() {
      return others.stream().mapToLong(other -> Math.min(other, messages)).sum();
    }

    @Nullable Long seconds() {
      if (messages == 0) {
        return 0L;
      }
      return ratePerSecond == null || ratePerSecond <= 0
          ? null
          : (Long) (long) Math.ceil((messages + ahead()) / ratePerSecond);
    }
  }

  /**
   * The whole.
   *
   * @param loads by channel
   * @param ratePerMinute of the broadcast; 0: none
   * @param tenantRatePerMinute of all its tenant sends; 0: none
   * @param putOff messages that wait
   * @param waits until the last of them may be sent
   * @param heldBack messages that wait for the winner of a test
   * @param test how long it takes
   * @param timed messages that wait for the contacts' own clocks
   * @param timedFor until the last of them is due
   */
  record Whole(
      Map<String, Load> loads,
      int ratePerMinute,
      int tenantRatePerMinute,
      long putOff,
      Duration waits,
      long heldBack,
      Duration test,
      long timed,
      Duration timedFor) {}

  /** How long it takes, and what takes longest; nothing where a channel's time is not known. */
  record Estimate(@Nullable Long seconds, @Nullable String boundedBy) {}

  private DurationPlanner() {}

  static Estimate estimate(Whole whole) {
    Map<String, Long> candidates = new LinkedHashMap<>();
    long messages = 0;
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<String, Load> channel : whole.loads.entrySet()) {
      Long seconds = channel.getValue().seconds();
      messages += channel.getValue().messages();
      if (seconds == null) {
        unknown.add(channel.getKey());
      } else {
        candidates.put(channel.getKey(), seconds);
      }
    }
    candidates.put("rate_per_minute", paced(messages, whole.ratePerMinute));
    candidates.put("tenant_rate_per_minute", paced(messages, whole.tenantRatePerMinute));
    long steady = candidates.values().stream().mapToLong(Long::longValue).max().orElse(0);
    // Whoever waits is sent to after that, at the pace of the whole.
    if (whole.putOff > 0) {
      candidates.put(
          "quiet_hours", whole.waits.toSeconds() + share(steady, whole.putOff, messages));
    }
    if (whole.timed > 0) {
      candidates.put(
          "send_time", whole.timedFor.toSeconds() + share(steady, whole.timed, messages));
    }
    if (whole.heldBack > 0) {
      candidates.put("ab_test", whole.test.toSeconds() + share(steady, whole.heldBack, messages));
    }
    if (!unknown.isEmpty()) {
      return new Estimate(null, unknown.getFirst());
    }
    Map.Entry<String, Long> longest =
        candidates.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
    return new Estimate(longest.getValue(), longest.getValue() == 0 ? null : longest.getKey());
  }

  private static long paced(long messages, int perMinute) {
    return perMinute == 0 ? 0 : (long) Math.ceil(messages * 60.0 / perMinute);
  }

  private static long share(long seconds, long some, long all) {
    return all == 0 ? 0 : (long) Math.ceil((double) seconds * some / all);
  }
}
