package io.fanfare.model;

import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.model.World.Due;
import io.fanfare.model.World.Handover;
import io.fanfare.model.World.Incarnation;
import io.fanfare.model.World.RetryRow;
import io.fanfare.model.World.Row;
import io.fanfare.model.World.Worker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One form for worlds that differ in nothing but names: the two workers are in order, incarnations
 * are numbered from the workers on, and those that can do nothing any more are summed up.
 */
final class Canonical {

  private final World world;
  private final ByteBuffer bytes = ByteBuffer.allocate(512);

  private Canonical(World world) {
    this.world = world;
  }

  static byte[] form(World world) {
    Canonical canonical = new Canonical(world);
    if (world.workers[0].code() > world.workers[1].code()) {
      Worker first = world.workers[0];
      world.workers[0] = world.workers[1];
      world.workers[1] = first;
    }
    canonical.renumber();
    return canonical.encode();
  }

  private void renumber() {
    int n = world.incarnations.size();
    boolean[] gone = new boolean[n];
    for (int i = 0; i < n; i++) {
      Incarnation one = world.incarnations.get(i);
      gone[i] = one.ended() && one.settled() && one.told() && !used(i);
    }
    List<Integer> order = new ArrayList<>();
    for (Worker worker : world.workers) {
      if (worker.incarnation() < n && !order.contains(worker.incarnation())) {
        order.add(worker.incarnation());
      }
    }
    List<Integer> rest = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (gone[i]) {
        List<World.Tally> tallies = world.incarnations.get(i).tallies();
        world.pastCounts =
            List.of(
                world.pastCounts.get(0).plus(tallies.get(0).ledger()),
                world.pastCounts.get(1).plus(tallies.get(1).ledger()));
      } else if (!order.contains(i)) {
        rest.add(i);
      }
    }
    rest.sort(Comparator.comparing(this::signature));
    order.addAll(rest);
    int[] names = new int[16];
    Arrays.fill(names, World.FOREIGN);
    names[World.NOBODY] = World.NOBODY;
    List<Incarnation> renumbered = new ArrayList<>();
    for (int i : order) {
      names[i] = renumbered.size();
      renumbered.add(world.incarnations.get(i));
    }
    world.incarnations = renumbered;
    for (int i = 0; i < world.rows.length; i++) {
      Row row = world.rows[i];
      if (row != null) {
        world.rows[i] =
            new Row(
                row.open() ? names[row.claimedBy()] : World.NOBODY,
                row.bucket(),
                row.attempt(),
                row.granted(),
                row.outcome(),
                row.open() || row.published() ? World.NOBODY : names[row.recordedBy()],
                row.late(),
                row.published());
      }
    }
    for (int i = 0; i < 2; i++) {
      Worker w = world.workers[i];
      world.workers[i] =
          new Worker(
              w.incarnation() == World.NOBODY ? World.NOBODY : names[w.incarnation()],
              w.up(),
              w.stopped(),
              w.fresh(),
              w.epoch(),
              w.stage(),
              w.command(),
              w.slot(),
              names[w.claimedBy()],
              w.answer());
    }
  }

  private boolean used(int incarnation) {
    for (Worker worker : world.workers) {
      if (worker.incarnation() == incarnation) {
        return true;
      }
    }
    for (Row row : world.rows) {
      if (row != null
          && (row.open() && row.claimedBy() == incarnation
              || !row.open() && !row.published() && row.recordedBy() == incarnation)) {
        return true;
      }
    }
    return false;
  }

  private String signature(int incarnation) {
    StringBuilder text = new StringBuilder();
    text.append(world.incarnations.get(incarnation));
    for (Row row : world.rows) {
      if (row != null) {
        text.append(row.open() && row.claimedBy() == incarnation ? 'c' : '-');
        text.append(!row.open() && !row.published() && row.recordedBy() == incarnation ? 'r' : '-');
      }
    }
    for (Worker worker : world.workers) {
      text.append(worker.claimedBy() == incarnation ? 'w' : '-');
    }
    return text.toString();
  }

  private byte[] encode() {
    put(world.control.size());
    for (BroadcastState state : world.control) {
      put(state.ordinal());
    }
    put(world.pendingIssue << 4 | world.pendingChannel << 1 | world.fellBack);
    for (int channel = 0; channel < world.channels(); channel++) {
      put(world.handedOver[channel] << 4 | world.putBack[channel]);
      put(world.issued[channel] << 4 | world.ownCancelled[channel]);
    }
    put(world.day);
    put(world.handovers.size());
    for (Handover handover : world.handovers) {
      bytes.putShort((short) (handover.command().code()));
      put(handover.published() ? 1 : 0);
    }
    put(world.dues.size());
    for (Due due : world.dues) {
      put(due.channel() << 7 | due.issue() << 4 | due.attempt());
      put(
          due.bucket().ordinal() << 3
              | bit(due.granted(), 2)
              | bit(due.issued(), 1)
              | bit(due.released(), 0));
    }
    bytes.putShort((short) world.returnedSeen);
    counts(world.pastCounts);
    put(world.ownSnapshot == null ? 0 : world.ownSnapshot + 1);
    commands(world.commands);
    commands(world.retriesDue);
    bytes.putShort((short) world.forAudience);
    bytes.putShort((short) world.forRetry);
    for (int i = 0; i < world.rows.length; i++) {
      Row row = world.rows[i];
      if (row != null) {
        put(i + 1);
        put(row.claimedBy() << 4 | row.recordedBy());
        put(
            row.bucket().ordinal() << 4
                | (row.outcome() == null ? 0 : row.outcome().ordinal() + 1));
        put(
            row.attempt() << 3
                | bit(row.granted(), 2)
                | bit(row.late(), 1)
                | bit(row.published(), 0));
      }
    }
    put(0);
    put(world.incarnations.size());
    for (Incarnation one : world.incarnations) {
      put(bit(one.ended(), 1) | bit(one.settled(), 0));
      counts(one.tallies().stream().map(World.Tally::ledger).toList());
      counts(one.tallies().stream().map(World.Tally::known).toList());
    }
    for (Worker worker : world.workers) {
      bytes.putInt(worker.code());
      put(worker.epoch() << 4 | worker.slot());
      put(worker.incarnation() << 4 | worker.claimedBy());
    }
    for (int channel = 0; channel < world.channels(); channel++) {
      retry(world.retry[channel]);
      put(world.deadLetter[channel] << 4 | world.inDoubt[channel]);
    }
    for (int i = 1; i < world.accepted.length; i += 2) {
      put(world.accepted[i] << 4 | world.accepted[i - 1]);
    }
    put(world.resendsOrdered);
    for (int left : world.budget) {
      put(left);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private void retry(@Nullable RetryRow retry) {
    if (retry != null) {
      put(retry.issue() << 4 | retry.attempt());
      put(
          retry.bucket().ordinal() << 3
              | bit(retry.granted(), 2)
              | bit(retry.due(), 1)
              | bit(retry.announced(), 0));
    } else {
      put(0);
    }
  }

  private void commands(List<Command> set) {
    put(set.size());
    for (Command command : set) {
      bytes.putShort((short) command.code());
    }
  }

  private void counts(List<Counts> ofChannels) {
    for (int channel = 0; channel < world.channels(); channel++) {
      counts(ofChannels.get(channel));
    }
  }

  /** No counter of one recipient comes near to eight. */
  private void counts(Counts counts) {
    put((int) (counts.sent() << 4 | counts.failed() & 15));
    put((int) (counts.dead() << 4 | counts.inDoubt() & 15));
    put((int) (counts.retrying() << 4 | counts.skipped() & 15));
    put((int) (counts.cancelled() << 4 | counts.results() & 15));
    if (world.fallback) {
      put((int) counts.fallenBack());
    }
  }

  private static int bit(boolean set, int at) {
    return set ? 1 << at : 0;
  }

  private void put(int value) {
    bytes.put((byte) value);
  }
}
