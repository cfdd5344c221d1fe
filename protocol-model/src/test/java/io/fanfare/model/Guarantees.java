package io.fanfare.model;

import io.fanfare.audience.progress.Counters;
import io.fanfare.audience.progress.ProgressPolicy;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.model.World.Incarnation;
import io.fanfare.model.World.Row;
import io.fanfare.model.World.Stage;
import io.fanfare.model.World.Worker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What must hold in every world, and when a recipient's story is over. */
final class Guarantees {

  private Guarantees() {}

  /** What does not hold; null when everything does. */
  static @Nullable String broken(World world, DeliveryPolicy policy) {
    String conservation = conservation(world);
    if (conservation != null) {
      return conservation;
    }
    int accepted = Arrays.stream(world.accepted).sum();
    if (policy == DeliveryPolicy.NEVER_TWICE && accepted > 1 + world.resendsOrdered) {
      return "sent %d times, %d resends ordered".formatted(accepted, world.resendsOrdered);
    }
    String early = early(world);
    return early == null ? truth(world) : early;
  }

  /** A broadcast that is complete waits for nobody, unless a doubt was an end. */
  private static @Nullable String early(World world) {
    if (!world.fallback || world.state() != BroadcastState.COMPLETED) {
      return null;
    }
    for (Row row : world.rows) {
      if (row != null && row.outcome() == Outcome.IN_DOUBT) {
        return null;
      }
    }
    boolean falling = bucket(world, 0) == Bucket.FELL_BACK && world.fellBack == 0;
    return falling || world.pendingIssue > 0 ? "complete, and a channel is left" : null;
  }

  private static @Nullable String conservation(World world) {
    for (int channel = 0; channel < world.channels(); channel++) {
      String gap = conservation(world, channel);
      if (gap != null) {
        return gap;
      }
    }
    return null;
  }

  private static @Nullable String conservation(World world, int channel) {
    Counts known = world.known(channel);
    int given = world.handedOver[channel] - world.putBack[channel];
    int planned = channel == 0 ? 1 - world.fellBack : world.fellBack;
    Integer snapshot = world.ownSnapshot;
    long pending = world.pendingIssue > 0 && world.pendingChannel == channel ? 1 : 0;
    Counters shown =
        ProgressPolicy.compose(
            new ProgressPolicy.Own(
                planned,
                snapshot == null ? pending : 1 - snapshot - world.ownCancelled[0],
                0,
                world.ownCancelled[channel],
                snapshot == null ? given : snapshot,
                0,
                channel == 0 ? world.fellBack : 0),
            known);
    long sum =
        shown.pending()
            + shown.inFlight()
            + shown.retrying()
            + shown.sent()
            + shown.failed()
            + shown.dead()
            + shown.inDoubt()
            + shown.skipped()
            + shown.cancelled();
    if (sum != planned || shown.inFlight() < 0 || shown.pending() < 0) {
      return "progress does not add up: " + shown;
    }
    Counts expected = Counts.ZERO.afterMove(Bucket.IN_FLIGHT, bucket(world, channel));
    Counts counted = world.counted(channel);
    if (!new Counts(
            counted.sent(),
            counted.failed(),
            counted.dead(),
            counted.inDoubt(),
            counted.retrying(),
            counted.skipped(),
            counted.cancelled(),
            0,
            counted.fellBack())
        .equals(expected)) {
      return "a recount says " + expected + ", the counters " + counted;
    }
    return null;
  }

  /** Where the ledger's rows say the recipient is. */
  static Bucket bucket(World world, int channel) {
    int other = world.fallback ? channel : 1;
    for (int issue = World.ISSUES - 1; issue > 0; issue--) {
      for (Row row :
          new Row[] {
            world.rows[channel * World.ISSUES + issue], world.rows[other * World.ISSUES + issue]
          }) {
        Outcome outcome = row == null ? null : row.outcome();
        if (row != null && outcome != null) {
          return outcome.bucketAfter(row.bucket());
        }
      }
    }
    return Bucket.IN_FLIGHT;
  }

  /** What a row says is what the provider saw. */
  private static @Nullable String truth(World world) {
    for (int slot = 1; slot < world.channels() * World.ISSUES; slot++) {
      Row row = world.rows[slot];
      Outcome outcome = row == null ? null : row.outcome();
      if (row != null && outcome != null && outcome != Outcome.IN_DOUBT) {
        int seen = world.accepted[row.late() ? slot - 1 : slot];
        if ((outcome == Outcome.SENT) != (seen > 0)) {
          return "issue %d is %s, and the provider saw %d".formatted(slot, outcome, seen);
        }
      }
    }
    return null;
  }

  /** Nothing happens any more unless somebody orders it, everybody knows it, the lane is free. */
  static boolean over(World world) {
    BroadcastState state = world.state();
    if (!state.isTerminal()
        || world.pendingIssue > 0
        || !world.commands.isEmpty()
        || !world.retriesDue.isEmpty()
        || world.forAudience != 0
        || world.forRetry != 0
        || world.outstanding(0) != 0
        || world.outstanding(1) != 0) {
      return false;
    }
    for (World.RetryRow retry : world.retry) {
      if (retry != null && retry.due()) {
        return false;
      }
    }
    for (Worker worker : world.workers) {
      if (!worker.runs() || !worker.fresh() || worker.stage() != Stage.IDLE) {
        return false;
      }
    }
    for (Row row : world.rows) {
      if (row != null && (row.open() || !row.published())) {
        return false;
      }
    }
    for (Incarnation one : world.incarnations) {
      if (!one.told() || one.ended() && !one.settled()) {
        return false;
      }
    }
    return world.handovers.stream().allMatch(World.Handover::published)
        && world.dues.stream().allMatch(World.Due::released)
        && ended(world);
  }

  private static boolean ended(World world) {
    return Arrays.stream(world.ownCancelled).sum() == 1
        || switch (bucket(world, world.fellBack)) {
          case SENT, FAILED, DEAD, IN_DOUBT, SKIPPED, CANCELLED -> true;
          case PENDING, IN_FLIGHT, RETRYING, FELL_BACK -> false;
        };
  }
}
