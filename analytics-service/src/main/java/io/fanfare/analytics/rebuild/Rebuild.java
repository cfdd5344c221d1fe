package io.fanfare.analytics.rebuild;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One counting of the topics anew.
 *
 * @param state how it stands
 * @param counted records read so far
 * @param comparedRows rows of the live figures that were compared
 * @param comparedBroadcasts broadcasts whose figures were compared
 * @param sealedBroadcasts broadcasts older than what the topics still hold: their figures stay as
 *     they are
 * @param differingRows rows that only one of the two generations has
 * @param differences the first 20 of them
 * @param detail why it failed
 */
record Rebuild(
    UUID id,
    State state,
    Instant startedAt,
    @Nullable Instant endedAt,
    long counted,
    @Nullable Long comparedRows,
    @Nullable Long comparedBroadcasts,
    @Nullable Long sealedBroadcasts,
    @Nullable Long differingRows,
    List<Difference> differences,
    @Nullable String detail) {

  /** How it stands. */
  enum State {
    RUNNING,
    /** The new generation is the live one; it says the same. */
    SWAPPED,
    /** The new generation says something else: the live one was kept. */
    DIFFERS,
    FAILED,
    /** The instance that ran it has died. */
    INTERRUPTED;

    @JsonValue
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
