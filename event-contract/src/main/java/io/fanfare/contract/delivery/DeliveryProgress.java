package io.fanfare.contract.delivery;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Cumulative counters of one broadcast on one lane by one worker incarnation. Compacted by {@link
 * #key()}; readers keep the record with the highest sequence and add up incarnations.
 *
 * @param broadcastId the broadcast
 * @param channel the lane's channel
 * @param lane the lane
 * @param incarnation the worker incarnation that counted
 * @param sequence grows with every change of these counters
 * @param counts the counters
 * @param at when they were committed
 */
public record DeliveryProgress(
    UUID broadcastId,
    Channel channel,
    Lane lane,
    UUID incarnation,
    long sequence,
    Counts counts,
    Instant at) {

  /** The Kafka key. */
  public String key() {
    return broadcastId + ":" + lane + ":" + incarnation;
  }

  /**
   * How many recipients moved into (and, where negative, out of) each bucket, and how many distinct
   * commands ended. A single incarnation's counters may be negative: it may end what another one
   * began. The sum over incarnations never is.
   *
   * @param results distinct commands that took credit and ended, whatever the outcome; gives it
   *     back to the lane
   * @param fellBack recipients whose contact goes on to the next channel; null reads as 0
   */
  public record Counts(
      long sent,
      long failed,
      long dead,
      long inDoubt,
      long retrying,
      long skipped,
      long cancelled,
      long results,
      @Nullable Long fellBack) {

    public static final Counts ZERO = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

    public Counts {
      fellBack = fellBack == null ? 0L : fellBack;
    }

    /** Without a fall back. */
    public Counts(
        long sent,
        long failed,
        long dead,
        long inDoubt,
        long retrying,
        long skipped,
        long cancelled,
        long results) {
      this(sent, failed, dead, inDoubt, retrying, skipped, cancelled, results, 0L);
    }

    /** Recipients whose contact goes on to the next channel. */
    public long fallenBack() {
      return fellBack == null ? 0 : fellBack;
    }

    /** The sum of both. */
    public Counts plus(Counts other) {
      return new Counts(
          sent + other.sent,
          failed + other.failed,
          dead + other.dead,
          inDoubt + other.inDoubt,
          retrying + other.retrying,
          skipped + other.skipped,
          cancelled + other.cancelled,
          results + other.results,
          fallenBack() + other.fallenBack());
    }

    /** The counters after one more command ended and its recipient moved between two buckets. */
    public Counts afterResult(Bucket from, Bucket to) {
      Counts moved = afterMove(from, to);
      return takesCredit(from) ? moved.plus(new Counts(0, 0, 0, 0, 0, 0, 0, 1)) : moved;
    }

    /**
     * Whether a command for a recipient in this bucket takes credit of its lane, which its result
     * gives back. One for a recipient in doubt does not: a late answer may take its place, and then
     * it never has a result.
     */
    public static boolean takesCredit(Bucket from) {
      return from != Bucket.IN_DOUBT;
    }

    /**
     * The counters after a recipient moved without a command of its own: the late answer to a send
     * that was already in doubt.
     */
    public Counts afterMove(Bucket from, Bucket to) {
      return add(from, -1).add(to, 1);
    }

    /** Recipients the ledger counts anywhere but in flight. */
    public long counted() {
      return sent + failed + dead + inDoubt + retrying + skipped + cancelled + fallenBack();
    }

    private Counts add(Bucket bucket, long n) {
      return switch (bucket) {
        // The ledger does not count these two: in flight is what remains.
        case PENDING, IN_FLIGHT -> this;
        case SENT -> plus(new Counts(n, 0, 0, 0, 0, 0, 0, 0));
        case FAILED -> plus(new Counts(0, n, 0, 0, 0, 0, 0, 0));
        case DEAD -> plus(new Counts(0, 0, n, 0, 0, 0, 0, 0));
        case IN_DOUBT -> plus(new Counts(0, 0, 0, n, 0, 0, 0, 0));
        case RETRYING -> plus(new Counts(0, 0, 0, 0, n, 0, 0, 0));
        case SKIPPED -> plus(new Counts(0, 0, 0, 0, 0, n, 0, 0));
        case CANCELLED -> plus(new Counts(0, 0, 0, 0, 0, 0, n, 0));
        case FELL_BACK -> plus(new Counts(0, 0, 0, 0, 0, 0, 0, 0, n));
      };
    }
  }
}
