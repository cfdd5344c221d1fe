package io.fanfare.model;

import io.fanfare.audience.release.CreditPolicy;
import io.fanfare.audience.release.ReleasePolicy;
import io.fanfare.audience.release.ReturnPolicy;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.model.World.Due;
import io.fanfare.model.World.Handover;
import io.fanfare.model.World.Incarnation;
import io.fanfare.model.World.Row;
import io.fanfare.model.World.Tally;
import java.time.Duration;
import java.util.Objects;

/** Audience-service: hands over, publishes, puts back, counts. */
final class AudienceMoves {

  /** A lane of one message a second: the narrowest there is. */
  private static final CreditPolicy CREDIT = new CreditPolicy(Duration.ofSeconds(1), 1);

  private final Moves moves;
  private final World world;

  AudienceMoves(Moves moves) {
    this.moves = moves;
    this.world = moves.from;
  }

  void add() {
    BroadcastState state = world.state();
    if (state.endsSending() && world.pendingIssue > 0) {
      moves.free(
          "cancel the pending",
          next -> {
            next.pendingIssue = 0;
            next.ownCancelled[world.pendingChannel]++;
          });
    }
    for (int channel = 0; channel < world.channels(); channel++) {
      release(channel, state);
    }
    for (Handover handover : world.handovers) {
      publish(handover);
    }
    for (int slot = 0; slot < world.rows.length; slot++) {
      if ((world.forAudience & 1 << slot) != 0) {
        int at = slot;
        Row row = Objects.requireNonNull(world.rows[slot]);
        if (row.outcome() == Outcome.FELL_BACK) {
          moves.free("fall back after issue " + slot, next -> fallBack(next, at));
        } else {
          moves.free("put issue " + slot + " back", next -> putBack(next, at));
        }
      }
    }
    for (Command due : world.retriesDue) {
      moves.free("keep due issue " + due, next -> keep(next, due));
    }
    for (int i = 0; i < world.incarnations.size(); i++) {
      progress(i);
    }
    complete(state);
    if (moves.mutated(Mutation.OWN_COUNTERS_FIRST) && world.ownSnapshot == null) {
      moves.free(
          "progress reads what was handed over",
          next -> next.ownSnapshot = next.handedOver[0] - next.putBack[0]);
    }
  }

  private void release(int channel, BroadcastState state) {
    int lookAhead = CREDIT.lookAhead(1, 1, 0);
    if (!CREDIT.worthReleasing(
        CREDIT.credit(lookAhead, world.outstanding(channel)), lookAhead, false)) {
      return;
    }
    if (world.pendingIssue > 0
        && world.pendingChannel == channel
        && ReleasePolicy.mayReleasePending(state)) {
      Command command =
          Command.of(channel, world.pendingIssue, 1, Bucket.IN_FLIGHT, false, world.epoch());
      if (moves.mutated(Mutation.PUBLISH_BEFORE_HANDOVER) && !world.underWay(command)) {
        moves.free(
            "publish issue " + command, next -> next.commands = Lists.plus(next.commands, command));
      }
      moves.free(
          "hand over issue " + command,
          next -> {
            next.pendingIssue = 0;
            next.handedOver[channel]++;
            next.issued[channel]++;
            boolean published = moves.mutated(Mutation.PUBLISH_BEFORE_HANDOVER);
            next.handovers = Lists.plus(next.handovers, new Handover(command, published));
          });
    }
    for (int i = 0; i < world.dues.size(); i++) {
      Due due = world.dues.get(i);
      int at = i;
      if (due.channel() == channel && !due.released() && ReleasePolicy.mayReleaseRetries(state)) {
        Command command =
            Command.of(
                channel, due.issue(), due.attempt(), due.bucket(), due.granted(), world.epoch());
        moves.free(
            "release due issue " + command,
            next -> {
              next.issued[channel] += due.issued() || !Counts.takesCredit(due.bucket()) ? 0 : 1;
              next.dues =
                  Lists.with(
                      next.dues,
                      at,
                      new Due(
                          channel,
                          due.issue(),
                          due.attempt(),
                          due.bucket(),
                          due.granted(),
                          true,
                          true));
              next.handovers =
                  Lists.plus(
                      Lists.minus(next.handovers, new Handover(command, true)),
                      new Handover(command, false));
            });
      }
    }
  }

  private void publish(Handover handover) {
    Command command = handover.command();
    if (!handover.published()) {
      moves.free(
          "publish issue " + command,
          next -> {
            next.commands = Lists.plus(next.commands, command);
            next.handovers =
                Lists.plus(Lists.minus(next.handovers, handover), new Handover(command, true));
          });
      moves.costing(
          Fault.LOST_ANSWER,
          "publish issue " + command + " and die",
          next -> next.commands = Lists.plus(next.commands, command));
    } else if (!world.underWay(command)
        && world.rows[command.channel() * World.ISSUES + command.issue()] == null) {
      moves.free(
          "sweep issue " + command,
          next ->
              next.handovers =
                  Lists.plus(Lists.minus(next.handovers, handover), new Handover(command, false)));
    }
  }

  private void putBack(World next, int slot) {
    next.forAudience &= ~(1 << slot);
    int issue = Events.issue(slot);
    Row row = Objects.requireNonNull(next.rows[slot]);
    boolean first = ReturnPolicy.goesBackToPending(Events.of(row, issue));
    if (first && (next.returnedSeen & 1 << slot) == 0) {
      if (next.pendingIssue > 0) {
        throw new Violation("pending twice");
      }
      next.returnedSeen |= 1 << slot;
      next.pendingIssue = issue + 1;
      next.pendingChannel = next.channel(slot);
      next.putBack[next.pendingChannel]++;
    }
  }

  /** One transaction: the first channel has the contact no longer, and the second one has it. */
  private static void fallBack(World next, int slot) {
    next.forAudience &= ~(1 << slot);
    if ((next.returnedSeen & 1 << slot) == 0) {
      if (next.pendingIssue > 0 || next.fellBack > 0) {
        throw new Violation("fell back twice");
      }
      next.returnedSeen |= 1 << slot;
      next.pendingIssue = 1;
      next.pendingChannel = 1;
      next.fellBack = 1;
    }
  }

  private static void keep(World next, Command told) {
    next.retriesDue = Lists.minus(next.retriesDue, told);
    for (int i = 0; i < next.dues.size(); i++) {
      Due due = next.dues.get(i);
      if (due.channel() == told.channel() && due.issue() == told.issue()) {
        next.dues =
            Lists.with(
                next.dues,
                i,
                new Due(
                    due.channel(),
                    due.issue(),
                    due.attempt(),
                    due.bucket(),
                    due.granted(),
                    due.issued(),
                    false));
        return;
      }
    }
    next.dues =
        Lists.added(
            next.dues,
            new Due(
                told.channel(),
                told.issue(),
                told.attempt(),
                told.bucket(),
                told.granted(),
                false,
                false));
  }

  /** A living worker tells its counters, a settlement those of a dead one. */
  private void progress(int number) {
    Incarnation one = world.incarnations.get(number);
    if (one.told()) {
      return;
    }
    boolean told = one.settled();
    for (World.Worker worker : world.workers) {
      told |= worker.runs() && worker.incarnation() == number && !one.ended();
    }
    for (int channel = 0; told && channel < world.channels(); channel++) {
      int on = channel;
      Counts ledger = one.tallies().get(channel).ledger();
      if (!ledger.equals(one.tallies().get(channel).known())) {
        moves.free(
            "progress of incarnation " + number + (channel == 0 ? "" : ", second channel"),
            next -> next.incarnation(number, one.with(on, new Tally(ledger, ledger))));
      }
    }
  }

  /** As the product's statement asks it. */
  private void complete(BroadcastState state) {
    long ended = 0;
    long fellBack = 0;
    int handedOver = 0;
    for (int channel = 0; channel < world.channels(); channel++) {
      Counts known = world.known(channel);
      ended += known.counted() - known.retrying();
      fellBack += known.fallenBack();
      handedOver += world.handedOver[channel] - world.putBack[channel];
    }
    boolean takenOn =
        fellBack == world.fellBack || moves.mutated(Mutation.COMPLETE_BEFORE_FALL_BACK);
    boolean waits =
        world.dues.stream().anyMatch(due -> !due.released())
            || world.handovers.stream().anyMatch(handover -> !handover.published());
    if (state == BroadcastState.RUNNING
        && world.pendingIssue == 0
        && handedOver == ended
        && takenOn
        && !waits) {
      moves.free("complete", next -> next.move(BroadcastState.COMPLETED));
    }
  }
}
