package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.broadcast.ChannelPlan;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was frozen when a broadcast started, and its control epochs since.
 *
 * @param templateVersion the version its content was taken from
 * @param plans one per channel
 * @param ledgerDay the day its sends are filed under
 * @param retryDelays the waits before retries
 * @param epoch the newest control epoch
 * @param resumedEpoch the epoch it was last started or resumed at; what was asked for earlier is
 *     stale
 * @param startedAt when it started
 * @param winner the variant the hold-back of its test gets; null: not decided, or it tests nothing
 */
record BroadcastRun(
    long templateVersion,
    List<ChannelPlan> plans,
    LocalDate ledgerDay,
    List<Duration> retryDelays,
    long epoch,
    long resumedEpoch,
    Instant startedAt,
    @Nullable String winner) {

  /** Without a winner. */
  BroadcastRun(
      long templateVersion,
      List<ChannelPlan> plans,
      LocalDate ledgerDay,
      List<Duration> retryDelays,
      long epoch,
      long resumedEpoch,
      Instant startedAt) {
    this(templateVersion, plans, ledgerDay, retryDelays, epoch, resumedEpoch, startedAt, null);
  }

  /** The run under the next control epoch. */
  BroadcastRun nextEpoch(boolean resumed) {
    long next = epoch + 1;
    return new BroadcastRun(
        templateVersion,
        plans,
        ledgerDay,
        retryDelays,
        next,
        resumed ? next : resumedEpoch,
        startedAt,
        winner);
  }

  /** The run under the next control epoch, its test decided. */
  BroadcastRun decided(String variant) {
    return new BroadcastRun(
        templateVersion,
        plans,
        ledgerDay,
        retryDelays,
        epoch + 1,
        resumedEpoch,
        startedAt,
        variant);
  }
}
