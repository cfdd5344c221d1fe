package io.fanfare.broadcast.broadcast.progress;

/**
 * The recipients of one channel; planned is the sum of the others but fellBack.
 *
 * @param pending not handed over yet
 * @param inFlight handed over, not ended
 * @param retrying waiting for their next try
 * @param failed refused for good
 * @param dead given up after the last try
 * @param inDoubt nobody can know whether they were sent to
 * @param skipped never tried, for a reason
 * @param fellBack not reached here and planned on the next channel of the order instead
 */
public record ChannelProgress(
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
    long fellBack) {}
