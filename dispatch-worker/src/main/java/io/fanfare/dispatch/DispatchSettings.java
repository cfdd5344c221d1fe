package io.fanfare.dispatch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bounds and times of a worker.
 *
 * @param window commands read and not finished, 1,000 to 100,000
 * @param maxInFlight claims without a result at any moment, 1 to 5,000; what a crash can put in
 *     doubt
 * @param claimBatch most claims in one transaction, 1 to 5,000
 * @param claimLinger how often claims are gathered
 * @param resultBatch most results in one transaction, 1 to 5,000
 * @param resultLinger how long a result waits for others to share its transaction
 * @param leaseRenew how often the lease is renewed
 * @param fence how long after its last renewal a worker stops claiming and writing
 * @param takeoverAfter how long others watch a lease stand still before they take over; longer than
 *     {@code fence}
 * @param controlFresh how old the last confirmation may be that no pause was missed
 * @param claimToWrite the longest time from claim to write on a lane with a limit; later it is
 *     returned
 * @param limitWindow the window of the providers' limits
 * @param staleAfter how old a release may be when it is sent
 * @param drain how long a shutdown waits for sends under way
 * @param maxUnpublished events the broker has not acknowledged above which no send starts
 * @param pools what one broadcast may take of it
 */
@ConfigurationProperties("fanfare.dispatch")
public record DispatchSettings(
    @DefaultValue("4000") int window,
    @DefaultValue("256") int maxInFlight,
    @DefaultValue("500") int claimBatch,
    @DefaultValue("5ms") Duration claimLinger,
    @DefaultValue("500") int resultBatch,
    @DefaultValue("10ms") Duration resultLinger,
    @DefaultValue("1s") Duration leaseRenew,
    @DefaultValue("4s") Duration fence,
    @DefaultValue("6s") Duration takeoverAfter,
    @DefaultValue("500ms") Duration controlFresh,
    @DefaultValue("2s") Duration claimToWrite,
    @DefaultValue("1s") Duration limitWindow,
    @DefaultValue("10m") Duration staleAfter,
    @DefaultValue("20s") Duration drain,
    @DefaultValue("50000") int maxUnpublished,
    @DefaultValue PoolSettings pools) {

  /**
   * How long a new owner of a limited lane waits: until what the one before wrote counts no more.
   */
  public Duration handover() {
    return claimToWrite.plus(limitWindow);
  }

  public DispatchSettings {
    if (fence.compareTo(takeoverAfter) >= 0 || leaseRenew.compareTo(fence) >= 0) {
      throw new IllegalArgumentException(
          "lease-renew < fence < takeover-after is what keeps two workers from one claim");
    }
    if (window < 1_000 || window > 100_000) {
      // One read brings 500 commands: a window below would never be read into.
      throw new IllegalArgumentException("window must be 1,000 to 100,000");
    }
    if (maxInFlight < 1 || window < maxInFlight || claimBatch < 1 || resultBatch < 1) {
      throw new IllegalArgumentException("window >= max-in-flight >= 1, batches >= 1");
    }
  }
}
