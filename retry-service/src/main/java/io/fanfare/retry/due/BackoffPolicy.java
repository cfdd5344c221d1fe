package io.fanfare.retry.due;

import io.fanfare.retry.broadcast.BroadcastPolicy;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** How long to wait: before a retry, and before telling of one again. */
public final class BackoffPolicy {

  /** The share by which a delay may be shorter or longer, so that retries do not come in waves. */
  static final double JITTER = 0.2;

  private BackoffPolicy() {}

  /**
   * The wait before the next try.
   *
   * @param delays the wait before the 1st, 2nd … retry; the last one serves for all after it, none
   *     at all stand for the defaults
   * @param attempt the counted try that failed, from 1
   * @param recipient whose retry it is: the same recipient and issue wait equally long each time
   * @param issue the issue that failed
   */
  public static Duration delay(List<Duration> delays, int attempt, Recipient recipient, int issue) {
    List<Duration> known = delays.isEmpty() ? BroadcastPolicy.DEFAULT_DELAYS : delays;
    Duration delay = known.get(Math.clamp(attempt - 1L, 0, known.size() - 1));
    double factor = new SplittableRandom(seed(recipient, issue)).nextDouble(1 - JITTER, 1 + JITTER);
    return Duration.ofMillis(Math.round(delay.toMillis() * factor));
  }

  private static long seed(Recipient recipient, int issue) {
    long broadcast =
        recipient.broadcastId().getMostSignificantBits()
            ^ recipient.broadcastId().getLeastSignificantBits();
    long channelAndIssue = 31L * recipient.channel().name().hashCode() + issue;
    return (broadcast * 31 + recipient.contactId()) * 31 + channelAndIssue;
  }

  /**
   * The wait before a retry without a result is announced again.
   *
   * @param first after the first announcement; twice as long after each further one
   * @param longest never longer than this
   * @param announcements how often it was announced before
   */
  static Duration untilNextAnnouncement(Duration first, Duration longest, int announcements) {
    Duration doubled = first.multipliedBy(1L << Math.min(announcements, 20));
    return doubled.compareTo(longest) < 0 ? doubled : longest;
  }
}
