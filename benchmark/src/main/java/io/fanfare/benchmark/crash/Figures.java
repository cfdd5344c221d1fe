package io.fanfare.benchmark.crash;

import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What everybody says about a broadcast that went through faults. Times are nanoseconds since the
 * epoch.
 *
 * @param planned who is to be reached, by the list of contacts
 * @param ends where each recipient stands by the ledger's last row; absent: the ledger has no
 *     result
 * @param attempts results by channel and outcome, counted in the ledger
 * @param taken what the providers took
 * @param progress by channel and bucket, as the API tells it
 * @param progressPlanned by channel, as the API tells it
 * @param statsCounts by channel and bucket, as analytics tells it
 * @param statsAttempts by channel and outcome, as analytics tells it
 * @param limits by channel
 * @param pauses when the broadcast was paused
 * @param stops of workers that woke up as zombies
 * @param kills of workers, by the open claims each left
 * @param openClaimBound claims a worker may have open
 * @param answersDropped how often a provider closed a connection without an answer to a message
 * @param completed whether the broadcast said that it is complete
 * @param seconds from its start to its completion, or to when the patience ended
 * @param unreleased whom audience-service ended itself: skipped before release, or cancelled while
 *     they waited
 * @param alongside what the providers took of other broadcasts on the same accounts, by channel
 */
record Figures(
    Set<Recipient> planned,
    Map<Recipient, Bucket> ends,
    Map<String, Map<Outcome, Long>> attempts,
    Map<Recipient, Taken> taken,
    Map<String, Map<Bucket, Long>> progress,
    Map<String, Long> progressPlanned,
    Map<String, Map<Bucket, Long>> statsCounts,
    Map<String, Map<Outcome, Long>> statsAttempts,
    Map<String, Limit> limits,
    List<Pause> pauses,
    List<Stop> stops,
    List<Integer> kills,
    int openClaimBound,
    long answersDropped,
    boolean completed,
    double seconds,
    Map<Recipient, Bucket> unreleased,
    Map<String, List<Taken>> alongside) {

  /**
   * How often a provider took the broadcast for one recipient, and when.
   *
   * @param first nanoseconds since the epoch
   * @param last the same as the first when taken once
   */
  record Taken(int count, long first, long last) {}

  /**
   * The limit of an account, which is raised once.
   *
   * @param perSecond until then
   * @param raisedAt when the first message may follow the new one
   * @param raisedTo from then on
   */
  record Limit(int perSecond, long raisedAt, int raisedTo) {

    int at(long nanos) {
      return nanos < raisedAt ? perSecond : raisedTo;
    }
  }

  /**
   * A pause.
   *
   * @param answered when the request to pause was answered
   * @param resumed when the request to resume was made
   */
  record Pause(long answered, long resumed) {}

  /**
   * A worker that stood still until others took it over.
   *
   * @param openClaims what it had claimed and not recorded
   * @param woken when it went on
   */
  record Stop(Set<Recipient> openClaims, long woken) {}
}
