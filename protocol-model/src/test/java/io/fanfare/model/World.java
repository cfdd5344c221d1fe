package io.fanfare.model;

import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.delivery.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything there is about one recipient: what the services store, and what is on its way. */
final class World {

  /** Issues are numbered 1 to 7. */
  static final int ISSUES = 8;

  /**
   * Rows of the second channel, where there is one, are in the second half: no other ledger day.
   */
  static final int CHANNELS = 2;

  /** An incarnation that can be told from every other one, and no more. */
  static final int FOREIGN = 14;

  static final int NOBODY = 15;

  /** A row of the ledger: a claim, and its result once there is one. */
  record Row(
      int claimedBy,
      Bucket bucket,
      int attempt,
      boolean granted,
      @Nullable Outcome outcome,
      int recordedBy,
      boolean late,
      boolean published) {

    boolean open() {
      return outcome == null;
    }
  }

  /** Recipients handed over; whether the broker has them. */
  record Handover(Command command, boolean published) implements Comparable<Handover> {
    @Override
    public int compareTo(Handover other) {
      int order = command.compareTo(other.command);
      return order != 0 ? order : Boolean.compare(published, other.published);
    }
  }

  /** A due retry at audience-service. */
  record Due(
      int channel,
      int issue,
      int attempt,
      Bucket bucket,
      boolean granted,
      boolean issued,
      boolean released) {}

  /** What retry-service knows of the recipient. */
  record RetryRow(
      int issue, int attempt, Bucket bucket, boolean granted, boolean due, boolean announced) {}

  /** A life of a worker. */
  record Incarnation(boolean ended, boolean settled, List<Tally> tallies) {

    static final Incarnation NEW = new Incarnation(false, false, List.of(Tally.ZERO, Tally.ZERO));

    Incarnation ends(boolean isSettled) {
      return new Incarnation(true, isSettled, tallies);
    }

    Incarnation with(int channel, Tally tally) {
      return new Incarnation(ended, settled, Lists.with(tallies, channel, tally));
    }

    boolean told() {
      return tallies.stream().allMatch(tally -> tally.ledger.equals(tally.known));
    }
  }

  /** Its counters on one channel, and what audience-service knows of them. */
  record Tally(Counts ledger, Counts known) {
    static final Tally ZERO = new Tally(Counts.ZERO, Counts.ZERO);
  }

  /** How far a worker has come with its command. */
  enum Stage {
    IDLE,
    HELD,
    CLAIM_UNSURE,
    CLAIMED,
    CHECKED,
    ANSWERED,
    RECORD_UNSURE
  }

  record Worker(
      int incarnation,
      boolean up,
      boolean stopped,
      boolean fresh,
      int epoch,
      Stage stage,
      @Nullable Command command,
      int slot,
      int claimedBy,
      @Nullable Outcome answer) {

    boolean runs() {
      return up && !stopped;
    }

    Worker idle() {
      return new Worker(incarnation, up, stopped, fresh, epoch, Stage.IDLE, null, 0, NOBODY, null);
    }

    Worker at(Stage next, int newSlot, int claimant, @Nullable Outcome outcome) {
      return new Worker(
          incarnation, up, stopped, fresh, epoch, next, command, newSlot, claimant, outcome);
    }

    Worker living(int newIncarnation, boolean isStopped, boolean isFresh, int newEpoch) {
      return new Worker(
          newIncarnation,
          up,
          isStopped,
          isFresh,
          newEpoch,
          stage,
          command,
          slot,
          claimedBy,
          answer);
    }

    int code() {
      int code = command == null ? 0 : command.code() + 1;
      code = code << 3 | stage.ordinal();
      code = code << 4 | (answer == null ? 0 : answer.ordinal() + 1);
      return code << 3 | (up ? 4 : 0) | (stopped ? 2 : 0) | (fresh ? 1 : 0);
    }
  }

  // broadcast-api: the state of every epoch; the newest is the truth.
  List<BroadcastState> control = List.of(BroadcastState.RUNNING);

  // audience-service
  int pendingIssue = 1;
  int pendingChannel;
  int[] handedOver = new int[CHANNELS];
  int[] putBack = new int[CHANNELS];
  int[] ownCancelled = new int[CHANNELS];
  int[] issued = new int[CHANNELS];
  int fellBack;
  List<Handover> handovers = List.of();
  List<Due> dues = List.of();
  int returnedSeen;
  List<Counts> pastCounts = List.of(Counts.ZERO, Counts.ZERO);
  @Nullable Integer ownSnapshot;

  // Kafka
  List<Command> commands = List.of();
  List<Command> retriesDue = List.of();
  int forAudience;
  int forRetry;

  // dispatch-worker
  Row[] rows = new Row[2 * ISSUES];
  List<Incarnation> incarnations = List.of(Incarnation.NEW, Incarnation.NEW);
  Worker[] workers = {
    new Worker(0, true, false, true, 1, Stage.IDLE, null, 0, NOBODY, null),
    new Worker(1, true, false, true, 1, Stage.IDLE, null, 0, NOBODY, null)
  };
  int day;

  // retry-service
  @Nullable RetryRow[] retry = new RetryRow[CHANNELS];
  int[] deadLetter = new int[CHANNELS];
  int[] inDoubt = new int[CHANNELS];

  // providers, by channel and issue
  int[] accepted = new int[CHANNELS * ISSUES];
  int resendsOrdered;

  /** The contact falls back to a second channel. */
  final boolean fallback;

  final int[] budget;

  World(int[] budget, boolean fallback) {
    this.budget = budget;
    this.fallback = fallback;
  }

  World(World other) {
    control = other.control;
    fallback = other.fallback;
    pendingIssue = other.pendingIssue;
    pendingChannel = other.pendingChannel;
    handedOver = other.handedOver.clone();
    putBack = other.putBack.clone();
    ownCancelled = other.ownCancelled.clone();
    issued = other.issued.clone();
    fellBack = other.fellBack;
    handovers = other.handovers;
    dues = other.dues;
    returnedSeen = other.returnedSeen;
    pastCounts = other.pastCounts;
    ownSnapshot = other.ownSnapshot;
    commands = other.commands;
    retriesDue = other.retriesDue;
    forAudience = other.forAudience;
    forRetry = other.forRetry;
    rows = other.rows.clone();
    incarnations = other.incarnations;
    workers = other.workers.clone();
    day = other.day;
    retry = other.retry.clone();
    deadLetter = other.deadLetter.clone();
    inDoubt = other.inDoubt.clone();
    accepted = other.accepted.clone();
    resendsOrdered = other.resendsOrdered;
    budget = other.budget.clone();
  }

  BroadcastState state() {
    return control.getLast();
  }

  int epoch() {
    return control.size();
  }

  int channels() {
    return fallback ? CHANNELS : 1;
  }

  /** The channel whose row is in a slot. */
  int channel(int slot) {
    return fallback ? slot / ISSUES : 0;
  }

  /** What audience-service knows of the ledger's counters. */
  Counts known(int channel) {
    Counts sum = pastCounts.get(channel);
    for (Incarnation incarnation : incarnations) {
      sum = sum.plus(incarnation.tallies.get(channel).known);
    }
    return sum;
  }

  /** The ledger's counters. */
  Counts counted(int channel) {
    Counts sum = pastCounts.get(channel);
    for (Incarnation incarnation : incarnations) {
      sum = sum.plus(incarnation.tallies.get(channel).ledger);
    }
    return sum;
  }

  /** Who fell back keeps its place on the lane until it is planned on the second channel. */
  int outstanding(int channel) {
    Counts known = known(channel);
    long gone = putBack[channel] + (channel == 0 ? fellBack : 0);
    long counted = known.counted() - known.fallenBack();
    return (int) Math.max(issued[channel] - known.results(), handedOver[channel] - gone - counted);
  }

  void incarnation(int number, Incarnation changed) {
    incarnations = Lists.with(incarnations, number, changed);
  }

  int newIncarnation() {
    List<Incarnation> more = new ArrayList<>(incarnations);
    more.add(Incarnation.NEW);
    incarnations = more;
    return more.size() - 1;
  }

  void move(BroadcastState next) {
    List<BroadcastState> more = new ArrayList<>(control);
    more.add(next);
    control = more;
  }

  /** The command is with the broker or a worker. */
  boolean underWay(Command command) {
    if (commands.contains(command)) {
      return true;
    }
    for (Worker worker : workers) {
      if (worker.command == command) {
        return true;
      }
    }
    return false;
  }
}
