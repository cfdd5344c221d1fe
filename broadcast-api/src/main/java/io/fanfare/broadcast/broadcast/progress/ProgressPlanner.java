package io.fanfare.broadcast.broadcast.progress;

import io.fanfare.broadcast.broadcast.BroadcastView;
import io.fanfare.contract.broadcast.BroadcastState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts together how far a broadcast is, and when it will be done. */
final class ProgressPlanner {

  private static final Duration LONGEST_ESTIMATE = Duration.ofDays(365);

  private ProgressPlanner() {}

  /**
   * @param measured the rate seen; null when there is none yet, and the average since the start
   *     stands in for it
   */
  static BroadcastProgress compose(
      BroadcastView broadcast, AudienceProgress audience, @Nullable Double measured, Instant now) {
    double rate = rate(broadcast, audience, measured, now);
    return new BroadcastProgress(
        broadcast.id(),
        broadcast.state(),
        broadcast.reason(),
        audience.frozen(),
        audience.planned(),
        audience.pending(),
        audience.inFlight(),
        audience.retrying(),
        audience.sent(),
        audience.failed(),
        audience.dead(),
        audience.inDoubt(),
        audience.skipped(),
        audience.cancelled(),
        sorted(audience.skippedByReason()),
        percent(broadcast, audience),
        rate,
        estimate(broadcast, audience, rate, now),
        audience.lastActivityAt(),
        sorted(audience.channels()),
        sorted(audience.lookAhead()),
        audience.waiting(),
        audience.waitingUntil());
  }

  private static double rate(
      BroadcastView broadcast, AudienceProgress audience, @Nullable Double measured, Instant now) {
    if (broadcast.state().isTerminal()) {
      return 0;
    }
    if (measured != null) {
      return tenths(measured);
    }
    Instant startedAt = broadcast.startedAt();
    if (broadcast.state() != BroadcastState.RUNNING || startedAt == null) {
      return 0;
    }
    double seconds = Math.max(1, Duration.between(startedAt, now).toMillis() / 1000.0);
    return tenths((audience.ended() - audience.skipped()) / seconds);
  }

  private static double percent(BroadcastView broadcast, AudienceProgress audience) {
    if (audience.planned() == 0) {
      return broadcast.state() == BroadcastState.COMPLETED ? 100 : 0;
    }
    // Rounded down: 100 says that really everybody has reached an end.
    return Math.floor(1000.0 * audience.ended() / audience.planned()) / 10;
  }

  private static @Nullable Instant estimate(
      BroadcastView broadcast, AudienceProgress audience, double rate, Instant now) {
    // The rate says nothing of those whose time has not come: nothing is done before the last of
    // them may be sent to.
    Instant until = audience.waitingUntil();
    long left = audience.planned() - audience.ended() - audience.waiting();
    if (broadcast.state() != BroadcastState.RUNNING || !audience.frozen()) {
      return null;
    }
    if (until != null && left <= 0) {
      return until;
    }
    double seconds = left / rate;
    if (rate <= 0 || seconds > LONGEST_ESTIMATE.toSeconds()) {
      return null;
    }
    Instant done = now.plusSeconds((long) seconds);
    return until != null && until.isAfter(done) ? until : done;
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private static <V> Map<String, V> sorted(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : new TreeMap<>(map);
  }
}
