package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.support.outbox.Outbox;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Says whether a pause or cancel holds: workers obey it within a second once the broker has it, and
 * until then they know nothing of it.
 */
@Component
class ControlEffect {

  private static final StateReason NOT_YET =
      new StateReason(
          "control_not_published",
          "ordered and kept; sends go on until the broker takes the order, which it has not yet");

  private final Outbox outbox;
  private final Duration patience;

  ControlEffect(
      Outbox outbox, @Value("${fanfare.broadcast.effect-patience:5s}") Duration patience) {
    this.outbox = outbox;
    this.patience = patience;
  }

  /** Waits a little until the broker has what was ordered; after the commit. */
  BroadcastView await(BroadcastView broadcast) {
    boolean holds =
        outbox.awaitPublished(Topics.BROADCAST_CONTROL, broadcast.id().toString(), patience);
    return holds ? broadcast : broadcast.notYet(NOT_YET);
  }

  /** The broadcast, with a word about it if what stopped it does not hold yet. */
  BroadcastView look(BroadcastView broadcast) {
    boolean stopped =
        broadcast.state() == BroadcastState.PAUSED || broadcast.state() == BroadcastState.CANCELLED;
    return !stopped || outbox.isPublished(Topics.BROADCAST_CONTROL, broadcast.id().toString())
        ? broadcast
        : broadcast.notYet(NOT_YET);
  }
}
