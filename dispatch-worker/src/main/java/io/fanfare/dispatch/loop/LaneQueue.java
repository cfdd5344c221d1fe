package io.fanfare.dispatch.loop;

import io.fanfare.contract.Lane;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The commands of one lane that are not claimed yet, and its slots. Guarded by the window. */
final class LaneQueue {

  /** Of an address's limits; so long it matters that another worker sent on the lane. */
  private static final long LONGEST_WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

  private final Lane lane;
  private final LaneSlots slots;
  private final LearnedRate rate = new LearnedRate();
  private final ArrayDeque<Command> priority = new ArrayDeque<>();
  private final ArrayDeque<Command> bulk = new ArrayDeque<>();
  private final ArrayList<Command> waitingPriority = new ArrayList<>();
  private final ArrayList<Command> waitingBulk = new ArrayList<>();
  private int held;
  private volatile long epoch;
  private boolean mayAsk = true;
  private long othersUntil;
  private boolean othersKnown;
  private long savedChanges;
  private boolean restUnsaved;

  LaneQueue(Lane lane, LaneSlots slots) {
    this.lane = lane;
    this.slots = slots;
  }

  /** What claims on it carry; 0 when this worker does not own it. */
  long epoch() {
    return epoch;
  }

  void epoch(long raised) {
    epoch = raised;
  }

  /** It has commands and nobody has made this worker its owner yet. */
  boolean wantsOwner() {
    return epoch == 0 && mayAsk && size() > 0;
  }

  /**
   * Another worker owns it by now. This one may ask for it again once its consumer has come round
   * and still has the partition.
   */
  void lost() {
    epoch = 0;
    mayAsk = false;
  }

  void mayAskAgain() {
    mayAsk = true;
  }

  /** Another worker may have sent on it until this instant. */
  void others(long untilNanos) {
    slots.others(untilNanos);
    othersUntil = othersKnown ? later(othersUntil, untilNanos) : untilNanos;
    othersKnown = true;
  }

  /** The instant of {@link #others}, or a later one that is known for another reason. */
  long othersUntil(long atLeast) {
    return othersKnown ? later(othersUntil, atLeast) : atLeast;
  }

  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }

  /** Something was learned that the lane's row does not say yet. */
  boolean unsaved() {
    return epoch != 0 && (restUnsaved || savedChanges != rate.changes());
  }

  void saved() {
    savedChanges = rate.changes();
    restUnsaved = false;
  }

  void rests(long untilNanos) {
    slots.quiet(untilNanos);
    restUnsaved = true;
  }

  Lane lane() {
    return lane;
  }

  LaneSlots slots() {
    return slots;
  }

  /** Sets the account's limit; fewer slots are open while the provider wants it slower. */
  void limit(int sends, long nowNanos) {
    slots.capacity(rate.allowed(sends, nowNanos), nowNanos);
  }

  LearnedRate rate() {
    return rate;
  }

  ArrayDeque<Command> queue(boolean urgent) {
    return urgent ? priority : bulk;
  }

  void add(Command command) {
    queue(command.urgent()).add(command);
  }

  /** Puts a command aside until something changes. */
  void waits(Command command) {
    (command.urgent() ? waitingPriority : waitingBulk).add(command);
  }

  /** Puts those that wait back in front, in their order. */
  void wake() {
    wake(waitingPriority, priority);
    wake(waitingBulk, bulk);
  }

  private static void wake(ArrayList<Command> waiting, ArrayDeque<Command> queue) {
    for (Command command : waiting.reversed()) {
      queue.addFirst(command);
    }
    waiting.clear();
  }

  /** Takes out every command the predicate chooses. */
  List<Command> removeIf(Predicate<Command> chosen) {
    List<Command> removed = new ArrayList<>();
    for (Iterable<Command> commands : List.of(priority, bulk, waitingPriority, waitingBulk)) {
      for (Iterator<Command> i = commands.iterator(); i.hasNext(); ) {
        Command command = i.next();
        if (chosen.test(command)) {
          i.remove();
          removed.add(command);
        }
      }
    }
    return removed;
  }

  /** Adds the partition its commands of a class came from. */
  void addPartitions(boolean urgent, Set<PartitionOffsets> partitions) {
    for (Iterable<Command> commands :
        urgent ? List.of(priority, waitingPriority) : List.of(bulk, waitingBulk)) {
      for (Command command : commands) {
        partitions.add(command.partition());
        break;
      }
    }
  }

  /** Commands that wait to be claimed. */
  int size() {
    return priority.size() + bulk.size() + waitingPriority.size() + waitingBulk.size();
  }

  int size(boolean urgent) {
    return urgent ? priority.size() + waitingPriority.size() : bulk.size() + waitingBulk.size();
  }

  /** Commands taken out and not finished yet. */
  void taken() {
    held++;
  }

  void finished() {
    held--;
  }

  boolean idle(long nowNanos) {
    return size() == 0
        && held == 0
        && !rate.slowed()
        && !unsaved()
        && (!othersKnown || nowNanos - othersUntil > LONGEST_WINDOW_NANOS)
        && slots.idle(nowNanos);
  }
}
