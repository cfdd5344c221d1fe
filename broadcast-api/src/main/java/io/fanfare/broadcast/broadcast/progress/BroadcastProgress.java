package io.fanfare.broadcast.broadcast.progress;

import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.StateReason;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a broadcast is: {@code planned = pending + in_flight + retrying + sent + failed + dead +
 * in_doubt + skipped + cancelled}.
 *
 * @param state where it stands
 * @param reason why it is paused or failed, if it is; why it stands still while it runs
 * @param frozen the audience is fixed
 * @param planned recipients, one per contact and channel, or per contact in fallback order; 0 until
 *     the audience is fixed
 * @param pending not handed over yet
 * @param inFlight handed over, not ended
 * @param retrying waiting for their next try
 * @param failed refused for good
 * @param dead given up after the last try
 * @param inDoubt nobody can know whether they were sent to
 * @param skipped never tried, see skippedByReason
 * @param percent of the recipients that have reached an end, 0 to 100
 * @param ratePerSecond recipients reaching an end a second, over the last five seconds
 * @param estimatedCompletionAt when it will be done at this rate, not before the time of the last
 *     recipient that waits for one; only while it runs
 * @param lastActivityAt when a recipient last reached an end or a retry
 * @param channels the same figures by channel
 * @param lookAhead by channel, how many recipients may be in flight at once
 * @param waiting of the pending ones, those whose own time has not come: the local time or the
 *     preferred hour of the broadcast, the delay of a variant, quiet hours
 * @param waitingUntil when the last of those may be sent to
 */
public record BroadcastProgress(
    UUID broadcastId,
    BroadcastState state,
    @Nullable StateReason reason,
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
    Map<String, Long> skippedByReason,
    double percent,
    double ratePerSecond,
    @Nullable Instant estimatedCompletionAt,
    @Nullable Instant lastActivityAt,
    Map<String, ChannelProgress> channels,
    Map<String, Long> lookAhead,
    long waiting,
    @Nullable Instant waitingUntil) {

  /** Nothing will change any more by itself. */
  boolean isOver() {
    return state.isTerminal() && pending == 0 && inFlight == 0 && retrying == 0;
  }
}
