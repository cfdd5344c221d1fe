package io.fanfare.model;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.send.SendMessage;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A command of the one contact, as small as it can be; there is one object for each. Whether one of
 * the first channel falls back is asked only where there is a second.
 */
record Command(
    int channel,
    int issue,
    int attempt,
    Bucket bucket,
    boolean granted,
    int epoch,
    SendMessage message)
    implements Comparable<Command> {

  static final UUID BROADCAST = new UUID(1, 1);
  static final UUID TENANT = new UUID(2, 2);
  static final Channel CHANNEL = Channel.TELEGRAM;
  static final Lane LANE = new Lane(new UUID(3, 3), 0);
  static final LocalDate DAY = LocalDate.of(2026, 1, 31);
  static final Instant RELEASED = Instant.parse("2026-01-31T12:00:00Z");
  private static final Map<Integer, Command> BY_CODE = new ConcurrentHashMap<>();

  static Command of(
      int channel, int issue, int attempt, Bucket bucket, boolean granted, int epoch) {
    int code = code(channel, issue, attempt, bucket, granted, epoch);
    return BY_CODE.computeIfAbsent(
        code,
        key ->
            new Command(
                channel,
                issue,
                attempt,
                bucket,
                granted,
                epoch,
                new SendMessage(
                    TENANT,
                    BROADCAST,
                    1,
                    CHANNEL,
                    issue,
                    attempt,
                    bucket,
                    granted,
                    DAY,
                    LANE,
                    "default",
                    epoch,
                    "42",
                    RELEASED,
                    Map.of(),
                    null,
                    channel == 0)));
  }

  private static int code(
      int channel, int issue, int attempt, Bucket bucket, boolean granted, int epoch) {
    int recipient = channel << 3 | issue;
    return ((((recipient << 3 | attempt) << 4 | bucket.ordinal()) << 1 | (granted ? 1 : 0)) << 4)
        | epoch;
  }

  /** Fits two bytes. */
  int code() {
    return code(channel, issue, attempt, bucket, granted, epoch);
  }

  @Override
  public int compareTo(Command other) {
    return Integer.compare(code(), other.code());
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return code();
  }

  @Override
  public String toString() {
    return "%s%d%s%s"
        .formatted(
            channel == 0 ? "" : "second channel ",
            issue,
            bucket == Bucket.IN_FLIGHT ? "" : " of " + bucket.id(),
            granted ? " granted" : "");
  }
}
