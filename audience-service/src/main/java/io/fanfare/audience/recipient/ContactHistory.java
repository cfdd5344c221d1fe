package io.fanfare.audience.recipient;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What this service knows of one contact in one broadcast.
 *
 * @param frozenAt when the audience was fixed; null before
 * @param parts the numbers of the parts of the audience the contact was in, of those that note who
 *     was: from 1 for included ones, from -1 downwards for excluded ones
 * @param entries what was decided, in no order
 */
record ContactHistory(
    @Nullable Instant frozenAt, List<Integer> parts, List<ContactHistory.Entry> entries) {

  /** What an entry tells of. */
  enum Kind {
    /** It waits for its release, now. */
    PENDING,
    /** It was put off. */
    PUT_OFF,
    /** It was handed over; forgotten once nothing of the broadcast is in flight. */
    RELEASED,
    SKIPPED,
    /** The broadcast was cancelled or failed first. */
    CANCELLED,
    /** The time of a retry had come. */
    RETRY_DUE,
    /** It does not fall back to the channel: an earlier contact has the address. */
    ADDRESS_TAKEN;

    /** The name in JSON. */
    @JsonValue
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A decision.
   *
   * @param segment the part of the audience that chose the recipient
   * @param issue of the command it led to or will lead to
   * @param attempt the counted try the command is
   * @param reason why, if there is one to tell
   * @param at when; null where that was not kept
   * @param until when what it waits for is over
   * @param byHand somebody asked for the command
   */
  record Entry(
      Kind kind,
      String channel,
      @Nullable String variant,
      @Nullable Integer segment,
      @Nullable Integer issue,
      @Nullable Integer attempt,
      @Nullable String reason,
      @Nullable Instant at,
      @Nullable Instant until,
      boolean byHand) {}
}
