package io.fanfare.model;

import io.fanfare.contract.delivery.Outcome;
import io.fanfare.dispatch.ledger.ClaimDecision;
import io.fanfare.dispatch.ledger.LedgerEntry;
import io.fanfare.model.World.Incarnation;
import io.fanfare.model.World.Row;
import io.fanfare.model.World.Tally;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The ledger's statements, each a transaction: unique keys, and what the decisions let in. */
final class LedgerTable {

  private static final int NO_PREDECESSOR = 0;

  private final Mutation mutation;

  LedgerTable(Mutation mutation) {
    this.mutation = mutation;
  }

  /** Where a command's rows are filed: by the broadcast's ledger day and the issue. */
  int slot(World world, Command command) {
    return slot(world, command.channel(), command.issue());
  }

  private int slot(World world, int channel, int issue) {
    int half = mutation == Mutation.CLAIM_BY_ITS_OWN_DAY ? world.day : channel;
    return half * World.ISSUES + issue;
  }

  /** The incarnation has ended, and nothing may be written in its name. */
  boolean refuses(World world, int incarnation) {
    return mutation != Mutation.NO_EPOCH_CHECK && world.incarnations.get(incarnation).ended();
  }

  boolean claimable(World world, Command command, int follows) {
    return claimable(world, command.channel(), command.issue(), follows);
  }

  private boolean claimable(World world, int channel, int issue, int follows) {
    if (issue >= World.ISSUES) {
      throw new IllegalStateException("more issues than the model has room for");
    }
    if (world.rows[slot(world, channel, issue)] != null) {
      return false;
    }
    Row before = world.rows[channel * World.ISSUES + issue - 1];
    if (mutation == Mutation.CLAIM_BY_ITS_OWN_DAY && before == null) {
      before = world.rows[World.ISSUES + issue - 1];
    }
    if (mutation == Mutation.RETURN_WITHOUT_ROW && before == null) {
      return true;
    }
    return ClaimDecision.admits(follows, before == null ? null : before.outcome());
  }

  boolean claim(World next, Command command, int follows, int incarnation) {
    if (!claimable(next, command, follows)) {
      return false;
    }
    next.rows[slot(next, command)] =
        new Row(
            incarnation,
            command.bucket(),
            command.attempt(),
            command.granted(),
            null,
            World.NOBODY,
            false,
            false);
    return true;
  }

  /** Records how a command ended, as far as anything is to be recorded. */
  void record(
      World next,
      Command command,
      int slot,
      int claimedBy,
      int incarnation,
      int follows,
      Outcome outcome) {
    boolean unclaimed = claimedBy == World.NOBODY;
    if (mutation == Mutation.RETURN_WITHOUT_ROW && outcome == Outcome.RETURNED) {
      returnUnrecorded(next, command, unclaimed ? null : slot);
      return;
    }
    LedgerEntry entry = entry(command, outcome, claimedBy, unclaimed ? follows : NO_PREDECESSOR);
    boolean checked = mutation != Mutation.NO_EPOCH_CHECK;
    LedgerEntry kept = checked ? entry.under(incarnation(incarnation)) : entry;
    if (kept == null) {
      return;
    }
    if (kept.late() && mutation == Mutation.LATE_ANSWER_AS_SAME_ISSUE) {
      overwrite(next, kept, slot, incarnation);
      return;
    }
    int at =
        unclaimed || kept.late() ? slot(next, command.channel(), kept.command().issue()) : slot;
    if (kept.claimedBy() == null
        ? claimable(next, command.channel(), kept.command().issue(), kept.follows())
        : Objects.requireNonNull(next.rows[at]).open()) {
      insert(next, kept, at, incarnation);
    }
  }

  private static void insert(World next, LedgerEntry entry, int slot, int incarnation) {
    next.rows[slot] =
        new Row(
            World.NOBODY,
            entry.command().bucket(),
            entry.command().attempt(),
            entry.command().granted(),
            entry.outcome(),
            incarnation,
            entry.late(),
            false);
    Incarnation one = next.incarnations.get(incarnation);
    int channel = next.channel(slot);
    Tally tally = one.tallies().get(channel);
    next.incarnation(
        incarnation, one.with(channel, new Tally(entry.counted(tally.ledger()), tally.known())));
  }

  private static void overwrite(World next, LedgerEntry late, int slot, int incarnation) {
    Row row = Objects.requireNonNull(next.rows[slot]);
    if (row.outcome() == Outcome.IN_DOUBT) {
      insert(next, late, slot, incarnation);
      next.rows[slot] =
          new Row(
              World.NOBODY,
              row.bucket(),
              row.attempt(),
              row.granted(),
              late.outcome(),
              incarnation,
              false,
              false);
    }
  }

  /** Where nothing else looks: an event without a row. */
  private static void returnUnrecorded(World next, Command command, @Nullable Integer claim) {
    if (claim != null) {
      next.rows[claim] = null;
    }
    int told = World.ISSUES + command.issue();
    next.rows[told] =
        new Row(
            World.NOBODY,
            command.bucket(),
            command.attempt(),
            command.granted(),
            Outcome.RETURNED,
            World.NOBODY,
            false,
            false);
    publish(next, told);
  }

  void takeOver(World next, int dead) {
    Incarnation one = next.incarnations.get(dead);
    next.incarnation(dead, one.ends(false));
    for (int slot = 0; slot < next.rows.length; slot++) {
      Row row = next.rows[slot];
      if (row != null && row.open() && row.claimedBy() == dead) {
        Command command =
            Command.of(
                next.channel(slot), Events.issue(slot), row.attempt(), row.bucket(), false, 0);
        insert(next, entry(command, Outcome.IN_DOUBT, dead, NO_PREDECESSOR), slot, dead);
      }
    }
  }

  static void settle(World next, int ended) {
    for (int slot = 0; slot < next.rows.length; slot++) {
      Row row = next.rows[slot];
      if (row != null && !row.open() && !row.published() && row.recordedBy() == ended) {
        publish(next, slot);
      }
    }
    Incarnation one = next.incarnations.get(ended);
    next.incarnation(ended, one.ends(true));
  }

  static void publish(World next, int slot) {
    Row row = Objects.requireNonNull(next.rows[slot]);
    next.rows[slot] =
        new Row(
            World.NOBODY,
            row.bucket(),
            row.attempt(),
            row.granted(),
            row.outcome(),
            World.NOBODY,
            row.late(),
            true);
    next.forRetry |= 1 << slot;
    if (forAudience(row)) {
      next.forAudience |= 1 << slot;
    }
  }

  /** Audience-service takes in what came back and who fell back. */
  static boolean forAudience(Row row) {
    return row.outcome() == Outcome.RETURNED || row.outcome() == Outcome.FELL_BACK;
  }

  private static LedgerEntry entry(Command command, Outcome outcome, int claimedBy, int follows) {
    return new LedgerEntry(
        command.message(),
        outcome,
        Command.RELEASED,
        null,
        null,
        null,
        claimedBy == World.NOBODY ? null : incarnation(claimedBy),
        follows,
        false,
        (settled, recorded) -> {});
  }

  private static io.fanfare.dispatch.lease.Incarnation incarnation(int number) {
    return new io.fanfare.dispatch.lease.Incarnation(number, new UUID(6, number));
  }
}
