package io.fanfare.model;

import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.model.World.RetryRow;
import io.fanfare.model.World.Row;
import io.fanfare.retry.broadcast.BroadcastPolicy;
import io.fanfare.retry.delivery.RetryDecision;
import io.fanfare.retry.delivery.RetryPlanner;
import io.fanfare.retry.due.Recipient;
import io.fanfare.retry.due.Retry;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Retry-service: takes events in, announces what is due. */
final class RetryMoves {

  private final Moves moves;
  private final World world;

  RetryMoves(Moves moves) {
    this.moves = moves;
    this.world = moves.from;
  }

  void add() {
    for (int slot = 0; slot < world.rows.length; slot++) {
      if ((world.forRetry & 1 << slot) != 0) {
        int at = slot;
        moves.free("retry-service learns of issue " + slot, next -> learn(next, at));
      }
    }
    for (int channel = 0; channel < world.channels(); channel++) {
      RetryRow row = world.retry[channel];
      if (row != null && row.due()) {
        announce(channel, row);
      }
    }
  }

  private void announce(int channel, RetryRow row) {
    BroadcastState state = world.state();
    if (state.endsSending() && row.bucket() == Bucket.IN_DOUBT) {
      moves.free("forget the order for a send in doubt", next -> forgetDoubt(next, channel));
      return;
    }
    boolean resends =
        row.bucket() != Bucket.IN_DOUBT
            || row.granted()
            || moves.policy == DeliveryPolicy.AT_LEAST_ONCE;
    if (!resends || !(state.maySend() || state.endsSending())) {
      return;
    }
    Command due = Command.of(channel, row.issue(), row.attempt(), row.bucket(), row.granted(), 0);
    if (!row.announced()) {
      moves.free("announce issue " + row.issue(), next -> announce(next, row, due));
    } else if (!world.retriesDue.contains(due)) {
      moves.costing(
          Fault.REDELIVERY,
          "announce issue " + row.issue() + " once more",
          next -> announce(next, row, due));
    }
  }

  private static void announce(World next, RetryRow row, Command due) {
    next.retriesDue = Lists.plus(next.retriesDue, due);
    next.retry[due.channel()] =
        new RetryRow(row.issue(), row.attempt(), row.bucket(), row.granted(), true, true);
  }

  private static void forgetDoubt(World next, int channel) {
    RetryRow row = Objects.requireNonNull(next.retry[channel]);
    next.retry[channel] =
        new RetryRow(row.issue(), row.attempt(), row.bucket(), row.granted(), false, false);
  }

  private void learn(World next, int slot) {
    next.forRetry &= ~(1 << slot);
    Row row = Objects.requireNonNull(next.rows[slot]);
    int issue = Events.issue(slot);
    int channel = next.channel(slot);
    RetryRow before = next.retry[channel];
    DeliveryEvent event = Events.of(row, issue);
    RetryDecision decision =
        RetryPlanner.concerns(event)
            ? RetryPlanner.decide(product(before), event, policy())
            : new RetryDecision.Ignored();
    boolean news = before == null || issue >= before.issue();
    boolean toBeAsked = moves.policy == DeliveryPolicy.NEVER_TWICE;
    if (news && toBeAsked && row.outcome() == Outcome.IN_DOUBT) {
      next.inDoubt[channel] = issue;
    } else if (issue > next.inDoubt[channel]) {
      next.inDoubt[channel] = 0;
    }
    switch (decision) {
      case RetryDecision.Ignored() -> {}
      case RetryDecision.Waits(Retry retry) -> save(next, channel, retry);
      case RetryDecision.Ended(Retry retry) -> {
        save(next, channel, retry);
        resolve(next, channel, issue);
      }
      case RetryDecision.GivenUp(Retry retry) -> {
        if (next.deadLetter[channel] < issue && news) {
          next.deadLetter[channel] = issue;
        }
        save(next, channel, retry);
      }
    }
  }

  private static void resolve(World next, int channel, int issue) {
    if (next.deadLetter[channel] > 0 && next.deadLetter[channel] < issue) {
      next.deadLetter[channel] = 0;
    }
  }

  /** The guard of the product's statement: a later issue wins. */
  private static void save(World next, int channel, Retry retry) {
    RetryRow before = next.retry[channel];
    if (before == null || before.issue() < retry.issue()) {
      next.retry[channel] =
          new RetryRow(
              retry.issue(),
              retry.attempt(),
              retry.bucket(),
              retry.granted(),
              retry.dueAt() != null,
              false);
    }
  }

  private static @Nullable Retry product(@Nullable RetryRow row) {
    return row == null
        ? null
        : new Retry(
            new Recipient(Command.BROADCAST, 1, Command.CHANNEL),
            Command.TENANT,
            row.issue(),
            row.attempt(),
            row.bucket(),
            row.granted(),
            Command.DAY,
            Command.LANE,
            "default",
            null,
            row.due() ? Command.RELEASED : null,
            List.of());
  }

  private BroadcastPolicy policy() {
    return new BroadcastPolicy(
        Command.BROADCAST,
        Command.TENANT,
        world.epoch(),
        world.state(),
        moves.policy == DeliveryPolicy.AT_LEAST_ONCE,
        WorkerMoves.DELAYS,
        Command.DAY);
  }
}
