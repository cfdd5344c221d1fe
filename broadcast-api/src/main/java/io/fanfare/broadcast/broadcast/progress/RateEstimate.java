package io.fanfare.broadcast.broadcast.progress;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How fast recipients reach an end, from samples of how many have. Looks back about five seconds,
 * so that it follows a change within that time and is calm in between. For one thread at a time.
 */
final class RateEstimate {

  static final Duration WINDOW = Duration.ofSeconds(5);

  /** At more than four samples a second, older ones are dropped early. */
  private static final int MAX_SAMPLES = 64;

  private record Sample(Instant at, long ended) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /**
   * Takes a sample; one that is not later than the last is left out.
   *
   * @param ended recipients that have reached an end so far
   */
  void add(Instant at, long ended) {
    Sample last = samples.peekLast();
    if (last != null && !at.isAfter(last.at())) {
      return;
    }
    samples.addLast(new Sample(at, ended));
    Instant horizon = at.minus(WINDOW);
    // The newest sample beyond the window stays: it is where the window begins.
    while (samples.size() > 2 && !second().at().isAfter(horizon)) {
      samples.removeFirst();
    }
    while (samples.size() > MAX_SAMPLES) {
      samples.removeFirst();
    }
  }

  private Sample second() {
    var each = samples.iterator();
    each.next();
    return each.next();
  }

  /** Recipients a second over the window; null before there are two samples. */
  @Nullable Double perSecond() {
    Sample first = samples.peekFirst();
    Sample last = samples.peekLast();
    if (first == null || last == null || first == last) {
      return null;
    }
    double seconds = Duration.between(first.at(), last.at()).toNanos() / 1e9;
    return Math.max(0, last.ended() - first.ended()) / seconds;
  }
}
