package io.fanfare.retry.broadcast;

import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/**
 * What retries must know of a broadcast.
 *
 * @param epoch of the control it was taken from
 * @param state where the broadcast stands
 * @param resendsInDoubt a send whose outcome nobody can know is sent again by itself
 * @param retryDelays the wait before the 1st, 2nd … retry; their number bounds the attempts
 */
public record BroadcastPolicy(
    UUID broadcastId,
    UUID tenantId,
    long epoch,
    BroadcastState state,
    boolean resendsInDoubt,
    List<Duration> retryDelays,
    LocalDate ledgerDay) {

  /** The delays of broadcasts that name none, and of those whose control is not known yet. */
  public static final List<Duration> DEFAULT_DELAYS =
      List.of(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(300));

  static BroadcastPolicy of(BroadcastControl control) {
    return new BroadcastPolicy(
        control.broadcastId(),
        control.tenantId(),
        control.epoch(),
        control.state(),
        control.policy() == DeliveryPolicy.AT_LEAST_ONCE,
        control.retryDelays(),
        control.ledgerDay());
  }
}
