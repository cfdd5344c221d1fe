package io.fanfare.model;

import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.model.World.RetryRow;
import io.fanfare.model.World.Row;

/** What people do, what time does, and what the broker forgets. */
final class OperatorMoves {

  private final Moves moves;
  private final World world;

  OperatorMoves(Moves moves) {
    this.moves = moves;
    this.world = moves.from;
  }

  void add() {
    BroadcastState state = world.state();
    if (state == BroadcastState.RUNNING) {
      moves.costing(Fault.PAUSE, "pause", next -> next.move(BroadcastState.PAUSED));
    }
    if (state == BroadcastState.PAUSED) {
      moves.free("resume", next -> next.move(BroadcastState.RUNNING));
    }
    if (!state.isTerminal()) {
      moves.costing(Fault.CANCEL, "cancel", next -> next.move(BroadcastState.CANCELLED));
    }
    for (int channel = 0; channel < world.channels(); channel++) {
      RetryRow retry = world.retry[channel];
      if (retry != null && world.deadLetter[channel] > 0 && !state.endsSending()) {
        requeue(channel, retry);
      }
      if (world.inDoubt[channel] > 0 && !state.endsSending()) {
        resend(channel);
      }
    }
    if (world.day == 0) {
      moves.costing(Fault.MIDNIGHT, "midnight", next -> next.day = 1);
    }
    deliverAgain();
    for (Command command : world.commands) {
      moves.costing(
          Fault.LOST_RECORD,
          "the broker forgets command " + command,
          next -> next.commands = Lists.minus(next.commands, command));
    }
  }

  private void requeue(int channel, RetryRow retry) {
    int letter = world.deadLetter[channel];
    if (retry.issue() != letter + 1 || retry.due()) {
      throw new Violation("a dead letter that cannot be requeued");
    }
    moves.costing(
        Fault.REQUEUE,
        "requeue the dead letter",
        next -> {
          Outcome outcome = next.rows[channel * World.ISSUES + letter].outcome();
          Bucket bucket = outcome == Outcome.FAILED ? Bucket.FAILED : Bucket.DEAD;
          next.retry[channel] = new RetryRow(retry.issue(), 1, bucket, true, true, false);
          next.deadLetter[channel] = 0;
        });
  }

  private void resend(int channel) {
    int issue = world.inDoubt[channel];
    moves.costing(
        Fault.RESEND,
        "send issue " + issue + ", in doubt, again",
        next -> {
          next.retry[channel] = new RetryRow(issue + 1, 1, Bucket.IN_DOUBT, true, true, false);
          next.inDoubt[channel] = 0;
          next.resendsOrdered++;
        });
  }

  private void deliverAgain() {
    for (World.Handover handover : world.handovers) {
      if (handover.published() && !world.commands.contains(handover.command())) {
        moves.costing(
            Fault.REDELIVERY,
            "command " + handover.command() + " once more",
            next -> next.commands = Lists.plus(next.commands, handover.command()));
      }
    }
    for (int slot = 0; slot < world.rows.length; slot++) {
      Row row = world.rows[slot];
      if (row != null && row.published()) {
        int bit = 1 << slot;
        if ((world.forRetry & bit) == 0) {
          moves.costing(
              Fault.REDELIVERY,
              "event of issue " + slot + " to retry-service once more",
              next -> next.forRetry |= bit);
        }
        if ((world.forAudience & bit) == 0 && LedgerTable.forAudience(row)) {
          moves.costing(
              Fault.REDELIVERY,
              "event of issue " + slot + " to audience-service once more",
              next -> next.forAudience |= bit);
        }
      }
    }
  }
}
