package io.fanfare.audience.progress;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Recipients by where they stand. {@code planned} is the sum of all others but {@code fellBack}.
 *
 * @param pending not handed over to the workers yet
 * @param inFlight handed over, without an end
 * @param retrying wait for their next try
 * @param inDoubt nobody can know whether they were sent to
 * @param skipped not sent to for a reason that is no failure
 * @param cancelled not sent to because the broadcast was cancelled first
 * @param fellBack not reached on this channel and planned on the next one instead, where the
 *     contact is counted
 */
@Schema(name = "RecipientCounters")
public record Counters(
    @Schema(example = "10000") long planned,
    @Schema(example = "6200") long pending,
    @Schema(example = "88") long inFlight,
    @Schema(example = "10") long retrying,
    @Schema(example = "3680") long sent,
    @Schema(example = "8") long failed,
    @Schema(example = "1") long dead,
    @Schema(example = "1") long inDoubt,
    @Schema(example = "12") long skipped,
    @Schema(example = "0") long cancelled,
    @Schema(example = "0") long fellBack) {

  static final Counters ZERO = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Without a fall back. */
  Counters(
      long planned,
      long pending,
      long inFlight,
      long retrying,
      long sent,
      long failed,
      long dead,
      long inDoubt,
      long skipped,
      long cancelled) {
    this(planned, pending, inFlight, retrying, sent, failed, dead, inDoubt, skipped, cancelled, 0);
  }

  Counters plus(Counters other) {
    return new Counters(
        planned + other.planned,
        pending + other.pending,
        inFlight + other.inFlight,
        retrying + other.retrying,
        sent + other.sent,
        failed + other.failed,
        dead + other.dead,
        inDoubt + other.inDoubt,
        skipped + other.skipped,
        cancelled + other.cancelled,
        fellBack + other.fellBack);
  }
}
