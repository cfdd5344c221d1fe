package io.fanfare.analytics.stats;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/**
 * The counts of one broadcast. They follow the workers' results: recipients skipped or cancelled
 * before they were handed over are in the broadcast's progress, not here.
 *
 * @param broadcastId the broadcast
 * @param counts recipients by where they stand now
 * @param attempts commands that ended, by outcome: a recipient that was retried twice ended three
 * @param channels the same by channel
 * @param minutes commands that ended within each minute that had any, oldest first; the newest
 *     1,440 of them
 * @param firstAt when the first command ended
 * @param lastAt when the last command ended
 */
record BroadcastStats(
    UUID broadcastId,
    RecipientCounts counts,
    AttemptCounts attempts,
    SortedMap<String, ChannelStats> channels,
    List<MinuteStats> minutes,
    Instant firstAt,
    Instant lastAt) {

  /**
   * Recipients by where they stand now; those that fell back stand on the next channel of the
   * broadcast's order as well, so that they are contacts counted once more.
   */
  record RecipientCounts(
      long sent,
      long failed,
      long dead,
      long inDoubt,
      long skipped,
      long cancelled,
      long retrying,
      long fellBack) {

    static final RecipientCounts ZERO = new RecipientCounts(0, 0, 0, 0, 0, 0, 0, 0);

    RecipientCounts plus(RecipientCounts other) {
      return new RecipientCounts(
          sent + other.sent,
          failed + other.failed,
          dead + other.dead,
          inDoubt + other.inDoubt,
          skipped + other.skipped,
          cancelled + other.cancelled,
          retrying + other.retrying,
          fellBack + other.fellBack);
    }
  }

  /** Commands that ended, by outcome. */
  record AttemptCounts(
      long sent,
      long failed,
      long dead,
      long retrying,
      long rateLimited,
      long inDoubt,
      long returned,
      long skipped,
      long cancelled,
      long fellBack) {

    static final AttemptCounts ZERO = new AttemptCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    AttemptCounts plus(AttemptCounts other) {
      return new AttemptCounts(
          sent + other.sent,
          failed + other.failed,
          dead + other.dead,
          retrying + other.retrying,
          rateLimited + other.rateLimited,
          inDoubt + other.inDoubt,
          returned + other.returned,
          skipped + other.skipped,
          cancelled + other.cancelled,
          fellBack + other.fellBack);
    }
  }

  /**
   * One channel of the broadcast.
   *
   * @param counts recipients by where they stand now
   * @param attempts commands that ended, by outcome
   * @param causes commands that were not sent, by the code of the cause
   * @param variants recipients by variant of the content
   */
  record ChannelStats(
      @JsonUnwrapped RecipientCounts counts,
      AttemptCounts attempts,
      SortedMap<String, Long> causes,
      SortedMap<String, RecipientCounts> variants) {}

  /**
   * One point of the time series.
   *
   * @param at the beginning of the minute
   * @param attempts commands that ended within it, by outcome
   */
  record MinuteStats(Instant at, @JsonUnwrapped AttemptCounts attempts) {}
}
