package io.fanfare.audience.freeze;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a freeze would write, and hands on who would be sent to. Holds the ids of those where
 * a frequency cap has to be looked at over all channels: 8 bytes each.
 */
final class DryRunSink implements FreezePlanner.Sink {

  /** Looks at some recipients of a channel that would be sent to. */
  interface Look {
    void at(String channel, @Nullable Instant dueAt, long[] contactIds);
  }

  private record Portion(String channel, @Nullable Instant dueAt) {}

  // Of more, the plan may be to read every contact of the installation each time.
  private static final int PORTION = 1_000;

  private final Look look;
  private final boolean holdsIds;
  private final Map<String, Map<String, Long>> skipped = new TreeMap<>();
  private final Map<String, Map<String, Long>> variants = new TreeMap<>();
  private final Map<String, Ids> ids = new TreeMap<>();
  private final Map<Portion, Ids> toLookAt = new HashMap<>();
  private long timed;
  private @Nullable Instant lastDue;

  DryRunSink(Look look, boolean holdsIds) {
    this.look = look;
    this.holdsIds = holdsIds;
  }

  @Override
  public void chunk(
      Channel channel,
      Lane lane,
      String variant,
      int segment,
      @Nullable Instant dueAt,
      long[] contactIds) {
    if (dueAt != null) {
      timed += contactIds.length;
      lastDue = lastDue == null || dueAt.isAfter(lastDue) ? dueAt : lastDue;
    }
    variants
        .computeIfAbsent(variant, any -> new TreeMap<>())
        .merge(channel.name(), (long) contactIds.length, Long::sum);
    if (holdsIds) {
      ids.computeIfAbsent(channel.name(), any -> new Ids()).add(contactIds);
    }
    Portion portion = new Portion(channel.name(), dueAt);
    Ids some = toLookAt.computeIfAbsent(portion, any -> new Ids());
    some.add(contactIds);
    if (some.size >= PORTION) {
      look.at(channel.name(), dueAt, some.drain());
    }
  }

  /** Looks at the rest. */
  void finish() {
    toLookAt.forEach((portion, some) -> {
      if (some.size > 0) {
        look.at(portion.channel(), portion.dueAt(), some.drain());
      }
    });
  }

  @Override
  public void skip(Channel channel, SkipReason reason, long[] contactIds) {
    count(channel.name(), reason, contactIds.length);
  }

  @Override
  public void addressTaken(Channel channel, long[] contactIds) {
    // Says something of the second channel alone, which nobody falls back to in a dry run.
  }

  void count(String channel, SkipReason reason, long recipients) {
    if (recipients > 0) {
      skipped
          .computeIfAbsent(channel, any -> new TreeMap<>())
          .merge(reason.id(), recipients, Long::sum);
    }
  }

  Map<String, Long> skipped(String channel) {
    return skipped.getOrDefault(channel, Map.of());
  }

  /** Messages by variant, then channel. */
  Map<String, Map<String, Long>> variants() {
    return variants;
  }

  /** Messages that are not sent at once, but by the contacts' own clocks. */
  long timed() {
    return timed;
  }

  /** When the last of them is due; null where there are none. */
  @Nullable Instant lastDue() {
    return lastDue;
  }

  long messages(String channel) {
    return variants.values().stream()
        .mapToLong(byChannel -> byChannel.getOrDefault(channel, 0L))
        .sum();
  }

  /** The ids of a channel's recipients, ascending. */
  long[] ids(String channel) {
    Ids held = ids.get(channel);
    if (held == null) {
      return new long[0];
    }
    long[] sorted = Arrays.copyOf(held.values, held.size);
    Arrays.sort(sorted);
    return sorted;
  }

  private static final class Ids {

    private long[] values = new long[1_024];
    private int size;

    long[] drain() {
      long[] drained = Arrays.copyOf(values, size);
      size = 0;
      return drained;
    }

    void add(long[] more) {
      if (size + more.length > values.length) {
        values = Arrays.copyOf(values, Math.max(size + more.length, 2 * values.length));
      }
      System.arraycopy(more, 0, values, size, more.length);
      size += more.length;
    }
  }
}
