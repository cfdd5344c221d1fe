package io.fanfare.dispatch.loop;

import java.time.Duration;

/**
 * What a provider lets a lane send, learned from its refusals: "too fast" takes three tenths of the
 * rate, ten seconds without it give one message a second back, up to the account's limit. Times are
 * monotonic nanoseconds.
 */
final class LearnedRate {

  private static final long CLEAN_NANOS = Duration.ofSeconds(10).toNanos();

  private int limit;
  private int learned;
  private long cutAt;
  private long cleanSince;

  /**
   * What may be sent in a second now.
   *
   * @param newLimit of the account; 0 for none, which leaves nothing to learn. Whoever changes it
   *     knows something new: the rate starts at it again.
   */
  int allowed(int newLimit, long now) {
    if (newLimit != limit) {
      limit = newLimit;
      learned = newLimit;
    }
    long clean = learned < limit ? (now - cleanSince) / CLEAN_NANOS : 0;
    if (clean > 0) {
      cleanSince += clean * CLEAN_NANOS;
      learned = (int) Math.min(limit, learned + clean);
    }
    return learned;
  }

  /**
   * The provider said "too fast".
   *
   * @param startedAt when the refused send was claimed; of those under way together one counts
   * @param restNanos how long it wants to be left alone
   */
  void tooFast(long startedAt, long now, long restNanos) {
    if (learned == limit || startedAt - cutAt > 0) {
      learned = Math.min(limit, Math.max(1, (int) (learned * 7L / 10)));
      cutAt = now;
      cleanSince = now;
    }
    long restEnds = now + restNanos;
    if (restEnds - cleanSince > 0) {
      cleanSince = restEnds;
    }
  }

  /** It is below the account's limit. */
  boolean slowed() {
    return learned < limit;
  }
}
