package io.fanfare.broadcast.broadcast;

import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The waits before the retries of a broadcast, taken when it starts: {@code FANFARE_RETRY_DELAYS},
 * 0 to 10 of them, each from 1 ms to a day; 10 s, 60 s and 300 s unless said.
 */
@Component
public final class RetryDelays {

  private static final int MAX_RETRIES = 10;
  private static final Duration LONGEST = Duration.ofDays(1);

  private final List<Duration> delays;

  RetryDelays(@Value("${FANFARE_RETRY_DELAYS:10s,60s,300s}") List<Duration> delays) {
    if (delays.size() > MAX_RETRIES) {
      throw new IllegalArgumentException(
          "FANFARE_RETRY_DELAYS holds more than " + MAX_RETRIES + " delays");
    }
    for (Duration delay : delays) {
      if (!delay.isPositive() || delay.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "FANFARE_RETRY_DELAYS: not from 1 ms to a day: " + delay);
      }
    }
    this.delays = List.copyOf(delays);
  }

  public List<Duration> delays() {
    return delays;
  }
}
