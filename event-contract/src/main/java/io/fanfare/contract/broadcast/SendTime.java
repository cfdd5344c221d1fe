package io.fanfare.contract.broadcast;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When each contact gets a broadcast, by the clock on his wall: all of them when it shows one time,
 * or each at the hour he prefers. Exactly one of {@code localTime} and {@code preferredHour} is
 * given.
 *
 * @param localTime what the clock shows when everybody gets it
 * @param past with {@code localTime}: what becomes of those for whom it has passed at the start;
 *     null: they are sent to at once
 * @param preferredHour each gets it at the hour he prefers, which is this one for those who have
 *     told none: 0 to 23
 * @param zone where contacts are that have no time zone, an IANA id
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SendTime(
    @Nullable LocalDateTime localTime,
    @Nullable Past past,
    @Nullable Integer preferredHour,
    String zone) {

  /** By then every hour has come, also where clocks are put back by two (Antarctica/Troll). */
  private static final Duration A_DAY = Duration.ofHours(26);

  /** Where a time of day comes last on Earth. */
  private static final ZoneOffset LAST = ZoneOffset.ofHours(-12);

  /** What becomes of contacts whose time has passed when the broadcast starts. */
  public enum Past {
    SEND,
    SKIP;

    /** The name in JSON. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Contacts whose time has passed at the start get nothing. */
  public boolean skipsPast() {
    return past == Past.SKIP;
  }

  /** From when on the time of every contact has come, wherever he is; the start or later. */
  public Instant lastTime(Instant startedAt) {
    Instant last = localTime == null ? startedAt.plus(A_DAY) : localTime.toInstant(LAST);
    return last.isAfter(startedAt) ? last : startedAt;
  }
}
