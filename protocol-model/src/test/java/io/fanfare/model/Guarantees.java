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
    return truth(world);
  }

  private static @Nullable String conservation(World world) {
    Counts known = world.known();
    int given = world.handedOver - world.putBack;
    Integer snapshot = world.ownSnapshot;
    long pending = world.pendingIssue > 0 ? 1 : 0;
    Counters shown =
        ProgressPolicy.compose(
            new ProgressPolicy.Own(
                1,
                snapshot == null ? pending : 1 - snapshot - world.ownCancelled,
                0,
                world.ownCancelled,
                snapshot == null ? given : snapshot,
                0),
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
    if (sum != 1 || shown.inFlight() < 0 || shown.pending() < 0) {
      return "progress does not add up: " + shown;
    }
    Counts expected = Counts.ZERO.afterMove(Bucket.IN_FLIGHT, bucket(world));
    Counts counted = world.counted();
    if (!new Counts(
            counted.sent(),
            counted.failed(),
            counted.dead(),
            counted.inDoubt(),
            counted.retrying(),
            counted.skipped(),
            counted.cancelled(),
            0)
        .equals(expected)) {
      return "a recount says " + expected + ", the counters " + counted;
    }
    return null;
  }

  /** Where the ledger's rows say the recipient is. */
  static Bucket bucket(World world) {
    for (int issue = World.ISSUES - 1; issue > 0; issue--) {
      for (Row row : new Row[] {world.rows[issue], world.rows[World.ISSUES + issue]}) {
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
    for (int issue = 1; issue < World.ISSUES; issue++) {
      Row row = world.rows[issue];
      Outcome outcome = row == null ? null : row.outcome();
      if (row != null && outcome != null && outcome != Outcome.IN_DOUBT) {
        int seen = world.accepted[row.late() ? issue - 1 : issue];
        if ((outcome == Outcome.SENT) != (seen > 0)) {
          return "issue %d is %s, and the provider saw %d".formatted(issue, outcome, seen);
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
        || world.retry != null && world.retry.due()
        || world.outstanding() != 0) {
      return false;
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
      if (!one.ledger().equals(one.known()) || one.ended() && !one.settled()) {
        return false;
      }
    }
    return world.handovers.stream().allMatch(World.Handover::published)
        && world.dues.stream().allMatch(World.Due::released)
        && ended(world);
  }

  private static boolean ended(World world) {
    return world.ownCancelled == 1
        || switch (bucket(world)) {
          case SENT, FAILED, DEAD, IN_DOUBT, SKIPPED, CANCELLED -> true;
          case PENDING, IN_FLIGHT, RETRYING -> false;
        };
  }
}
