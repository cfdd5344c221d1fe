package io.fanfare.broadcast.message;

import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.StateReason;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast that carries single messages.
 *
 * @param control its newest control
 * @param templateVersion the version its content was taken from
 * @param resumedEpoch the epoch it was last started or resumed at; what was asked for earlier is
 *     stale
 * @param reason why it is paused or failed
 * @param askedAt when its completion was last asked for; null while it takes messages
 */
record MessageRun(
    BroadcastControl control,
    long templateVersion,
    long resumedEpoch,
    @Nullable StateReason reason,
    @Nullable Instant askedAt) {

  UUID id() {
    return control.broadcastId();
  }

  BroadcastState state() {
    return control.state();
  }

  LocalDate day() {
    return control.ledgerDay();
  }

  MessageRun moved(BroadcastState state, @Nullable StateReason why) {
    boolean resumed = state == BroadcastState.RUNNING && state() != BroadcastState.RUNNING;
    BroadcastControl next =
        new BroadcastControl(
            control.broadcastId(),
            control.tenantId(),
            control.name(),
            control.epoch() + 1,
            state,
            null,
            control.channels(),
            control.policy(),
            control.sendClass(),
            control.ledgerDay(),
            control.retryDelays(),
            control.variables(),
            control.startedAt(),
            null,
            null,
            null,
            null,
            null,
            control.category(),
            null);
    return new MessageRun(
        next, templateVersion, resumed ? next.epoch() : resumedEpoch, why, askedAt);
  }

  /** Its completion is asked for, from the next epoch on. */
  MessageRun asked(Instant now) {
    MessageRun next = moved(state(), reason);
    return new MessageRun(next.control, templateVersion, next.resumedEpoch, reason, now);
  }
}
