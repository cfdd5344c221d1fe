package io.fanfare.localstack.simulator.log;

/**
 * The figures of one broadcast on one channel. Always {@code duplicates = accepted − distinct}, and
 * {@code attempts = accepted + refused + deferred + limited + dropped_before}: what was recorded
 * before its answer was dropped counts as accepted. Refusals and limits that an SMTP server decides
 * before it sees the message are under the empty marker.
 *
 * @param firstNanos acceptance of the first message, nanoseconds since the epoch; 0 when none
 * @param lastNanos of the last one
 * @param peakPerSecond the most accepted in any sliding second
 */
public record MarkerReport(
    String channel,
    String marker,
    long accepted,
    long distinct,
    long duplicates,
    long attempts,
    long refused,
    long deferred,
    long limited,
    long droppedBefore,
    long droppedAfter,
    long firstNanos,
    long lastNanos,
    int peakPerSecond) {}
