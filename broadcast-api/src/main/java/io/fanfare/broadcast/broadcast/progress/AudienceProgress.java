package io.fanfare.broadcast.broadcast.progress;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What audience-service knows of a broadcast's recipients. */
record AudienceProgress(
    boolean frozen,
    long planned,
    long pending,
    long inFlight,
    long retrying,
    long sent,
    long failed,
    long dead,
    long inDoubt,
    long skipped,
    long cancelled,
    @Nullable Map<String, Long> skippedByReason,
    @Nullable Map<String, ChannelProgress> channels,
    @Nullable Map<String, Long> lookAhead,
    @Nullable Instant lastActivityAt,
    long waiting,
    @Nullable Instant waitingUntil) {

  /** Of whom nobody waits. */
  AudienceProgress(
      boolean frozen,
      long planned,
      long pending,
      long inFlight,
      long retrying,
      long sent,
      long failed,
      long dead,
      long inDoubt,
      long skipped,
      long cancelled,
      @Nullable Map<String, Long> skippedByReason,
      @Nullable Map<String, ChannelProgress> channels,
      @Nullable Map<String, Long> lookAhead,
      @Nullable Instant lastActivityAt) {
    this(
        frozen,
        planned,
        pending,
        inFlight,
        retrying,
        sent,
        failed,
        dead,
        inDoubt,
        skipped,
        cancelled,
        skippedByReason,
        channels,
        lookAhead,
        lastActivityAt,
        0,
        null);
  }

  /** Of a broadcast it has not heard of yet. */
  static final AudienceProgress NOTHING =
      new AudienceProgress(false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, null, null, null);

  /** Recipients that have reached an end. */
  long ended() {
    return sent + failed + dead + inDoubt + skipped + cancelled;
  }
}
