package io.fanfare.dispatch.loop;

import java.time.Duration;

/**
 * What a provider lets a lane send, learned from its refusals: "too fast" takes three tenths of the
 * rate, ten seconds without it give a thirtieth of the account's limit back, one message a second
 * at least. Of a fast lane a single refusal says little, as it may be about one address: only as
 * many in a second as one in a hundred of its limit are about the lane. Times are monotonic
 * nanoseconds.
 */
final class LearnedRate {

  private static final long CLEAN_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int GIVEN_BACK = 30;
  private static final int TELLING = 100;

  private int limit;
  private int learned;
  private long cutAt;
  private long cleanSince;
  private long changes;
  private int refusals;
  private long refusalsSince;

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
      changes++;
      learned = (int) Math.min(limit, learned + clean * Math.max(1, limit / GIVEN_BACK));
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
    if ((learned == limit || startedAt - cutAt > 0) && isAboutTheLane(now)) {
      learned = Math.min(limit, Math.max(1, (int) (learned * 7L / 10)));
      cutAt = now;
      cleanSince = now;
      changes++;
    }
    long restEnds = now + restNanos;
    if (restEnds - cleanSince > 0) {
      cleanSince = restEnds;
    }
  }

  private boolean isAboutTheLane(long now) {
    if (now - refusalsSince > SECOND_NANOS) {
      refusals = 0;
      refusalsSince = now;
    }
    refusals++;
    return refusals >= Math.max(1, limit / TELLING);
  }

  /**
   * What the lane's owner before learned.
   *
   * @param learnedOf the limit it was learned under; under another one it is worth nothing
   */
  void restore(int restored, int learnedOf, long now) {
    if (restored > 0 && learnedOf == limit && restored < learned) {
      learned = restored;
      cutAt = now;
      cleanSince = now;
    }
  }

  /** Messages a second the provider takes; 0 when it takes what the account allows. */
  int learned() {
    return slowed() ? learned : 0;
  }

  int limit() {
    return limit;
  }

  /** Grows with everything learned. */
  long changes() {
    return changes;
  }

  /** It is below the account's limit. */
  boolean slowed() {
    return learned < limit;
  }
}
