package io.fanfare.model;

import io.fanfare.contract.SendClass;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.ledger.ClaimDecision;
import io.fanfare.dispatch.ledger.TakeoverWatch;
import io.fanfare.dispatch.ledger.TakeoverWatch.Observed;
import io.fanfare.dispatch.loop.CommandDecision;
import io.fanfare.dispatch.loop.FallbackPolicy;
import io.fanfare.dispatch.loop.OutcomeDecision;
import io.fanfare.model.World.Incarnation;
import io.fanfare.model.World.Row;
import io.fanfare.model.World.Stage;
import io.fanfare.model.World.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One of the two workers: takes a command, claims, sends and records; dies, sleeps, takes over. */
final class WorkerMoves {

  static final List<Duration> DELAYS = List.of(Duration.ofSeconds(10));

  private static final Duration STALE_AFTER = Duration.ofMinutes(10);
  private static final Instant SOON = Command.RELEASED.plusSeconds(1);
  private static final Instant LATE = Command.RELEASED.plus(STALE_AFTER).plusSeconds(1);
  private static final Cause CAUSE = new Cause("cause", "of the model", null);
  private static final Map<String, BroadcastControl> CONTROLS = new ConcurrentHashMap<>();
  private static final boolean STANDING_EXPIRES = expires(false);
  private static final boolean RENEWING_EXPIRES = expires(true);

  private final Moves moves;
  private final World world;
  private final int index;
  private final Worker worker;
  private final String name;
  private final LedgerTable ledger;

  WorkerMoves(Moves moves, int index) {
    this.moves = moves;
    this.world = moves.from;
    this.index = index;
    this.worker = world.workers[index];
    this.name = "worker " + worker.incarnation() + ": ";
    this.ledger = new LedgerTable(moves.mutation);
  }

  private static boolean expires(boolean renewing) {
    TakeoverWatch watch = new TakeoverWatch(Duration.ofSeconds(6), Duration.ofSeconds(3));
    List<Observed> expired = List.of();
    for (int look = 0; look <= 6; look++) {
      Observed lease = new Observed(1, renewing ? look : 0);
      expired = watch.observe(List.of(lease), Duration.ofSeconds(look).toNanos());
    }
    return !expired.isEmpty();
  }

  void add() {
    if (!worker.up()) {
      moves.free(
          "a worker starts",
          next -> {
            int begun = next.newIncarnation();
            next.workers[index] =
                new Worker(
                    begun,
                    true,
                    false,
                    true,
                    next.epoch(),
                    Stage.IDLE,
                    null,
                    0,
                    World.NOBODY,
                    null);
          });
      return;
    }
    moves.costing(Fault.CRASH, name + "dies", this::crash);
    if (worker.stopped()) {
      moves.free(
          name + "wakes",
          next ->
              next.workers[index] =
                  worker.living(worker.incarnation(), false, false, worker.epoch()));
      return;
    }
    if (worker.stage() != Stage.IDLE) {
      moves.costing(
          Fault.STOP,
          name + "stops",
          next ->
              next.workers[index] =
                  worker.living(worker.incarnation(), true, true, worker.epoch()));
    }
    if (!worker.fresh()) {
      moves.free(name + "renews", this::renew);
    }
    if (worker.epoch() < world.epoch()) {
      moves.free(
          name + "reads control",
          next ->
              next.workers[index] =
                  worker.living(worker.incarnation(), false, worker.fresh(), worker.epoch() + 1));
    }
    work();
    publish();
    if (index == 0 || !world.workers[0].runs()) {
      forOthers();
    }
  }

  private void crash(World next) {
    Command held = worker.command();
    if (held != null) {
      next.commands = Lists.plus(next.commands, held);
    }
    next.workers[index] =
        new Worker(World.NOBODY, false, false, false, 0, Stage.IDLE, null, 0, World.NOBODY, null);
  }

  private void renew(World next) {
    if (!next.incarnations.get(worker.incarnation()).ended()) {
      next.workers[index] = worker.living(worker.incarnation(), false, true, worker.epoch());
      return;
    }
    replace(
        next,
        switch (worker.stage()) {
          case RECORD_UNSURE -> stage(Stage.ANSWERED);
          case CLAIM_UNSURE -> worker.at(Stage.HELD, 0, World.NOBODY, null);
          case IDLE, HELD, CLAIMED, CHECKED, ANSWERED -> worker;
        });
  }

  private void work() {
    switch (worker.stage()) {
      case IDLE -> {
        for (Command command : world.commands) {
          moves.free(
              name + "reads " + command,
              next -> {
                next.commands = Lists.minus(next.commands, command);
                next.workers[index] =
                    new Worker(
                        worker.incarnation(),
                        true,
                        false,
                        worker.fresh(),
                        worker.epoch(),
                        Stage.HELD,
                        command,
                        0,
                        World.NOBODY,
                        null);
              });
        }
      }
      case HELD -> judge();
      case CLAIM_UNSURE -> {
        moves.free(name + "claims again", this::claimAgain);
      }
      case CLAIMED -> check();
      case CHECKED -> write();
      case ANSWERED -> {
        moves.free(name + "records " + worker.answer(), next -> record(next, worker.idle()));
        moves.costing(
            Fault.LOST_ANSWER,
            name + "records " + worker.answer() + ", hears nothing",
            next -> record(next, stage(Stage.RECORD_UNSURE)));
      }
      case RECORD_UNSURE -> {
        // The repeated transaction inserts nothing and reads back what is ours.
        moves.free(
            name + "records again",
            next -> {
              if (ledger.refuses(next, worker.incarnation())) {
                replace(next, stage(Stage.ANSWERED));
              } else {
                next.workers[index] = worker.idle();
              }
            });
      }
    }
  }

  private Command command() {
    return Objects.requireNonNull(worker.command());
  }

  private BroadcastControl control() {
    BroadcastState state = world.control.get(worker.epoch() - 1);
    return CONTROLS.computeIfAbsent(
        state + ":" + worker.epoch() + moves.policy,
        key ->
            new BroadcastControl(
                Command.BROADCAST,
                Command.TENANT,
                "model",
                worker.epoch(),
                state,
                new UUID(5, 5),
                List.of(),
                moves.policy,
                SendClass.BULK,
                Command.DAY,
                DELAYS,
                Map.of(),
                Command.RELEASED));
  }

  private int follows() {
    return ClaimDecision.mask(command().message(), moves.policy);
  }

  private void judge() {
    decided(CommandDecision.decide(command().message(), control(), SOON, STALE_AFTER), null);
    decided(CommandDecision.decide(command().message(), control(), LATE, STALE_AFTER), Fault.STALE);
  }

  private void decided(CommandDecision decision, @Nullable Fault cost) {
    switch (decision) {
      case CommandDecision.Wait() -> {}
      case CommandDecision.Send() -> {
        if (cost != null || !mayClaim()) {
          return;
        }
        moves.free(name + "claims " + command(), next -> claim(next, Stage.CLAIMED));
        if (ledger.claimable(world, command(), follows())) {
          moves.costing(
              Fault.LOST_ANSWER,
              name + "claims " + command() + ", hears nothing",
              next -> claim(next, Stage.CLAIM_UNSURE));
        }
      }
      case CommandDecision.End(Outcome outcome, Cause cause) -> {
        if (cost == null) {
          moves.free(
              name + "ends unsent: " + outcome,
              next ->
                  next.workers[index] = worker.at(Stage.ANSWERED, 0, World.NOBODY, end(outcome)));
        } else {
          moves.costing(
              cost,
              name + "ends unsent, stale: " + outcome,
              next ->
                  next.workers[index] = worker.at(Stage.ANSWERED, 0, World.NOBODY, end(outcome)));
        }
      }
    }
  }

  /**
   * Whether the lease is fresh is asked before, and may be untrue by the time of the claim. One
   * such claim, of the first issue, is enough to see what comes of it.
   */
  private boolean mayClaim() {
    return worker.fresh()
        || command().channel() == 0
            && command().issue() == 1
            && world.incarnations.get(worker.incarnation()).ended();
  }

  private void claim(World next, Stage then) {
    if (ledger.refuses(next, worker.incarnation())) {
      replace(next, worker);
      return;
    }
    int slot = ledger.slot(next, command());
    if (ledger.claim(next, command(), follows(), worker.incarnation())) {
      next.workers[index] = worker.at(then, slot, worker.incarnation(), null);
    } else {
      next.workers[index] = worker.idle();
    }
  }

  private void claimAgain(World next) {
    if (ledger.refuses(next, worker.incarnation())) {
      replace(next, worker.at(Stage.HELD, 0, World.NOBODY, null));
      return;
    }
    next.workers[index] =
        moves.mutated(Mutation.NO_READ_BACK)
            ? worker.idle()
            : worker.at(Stage.CLAIMED, worker.slot(), worker.claimedBy(), null);
  }

  private void replace(World next, Worker as) {
    next.workers[index] = as.living(next.newIncarnation(), false, true, worker.epoch());
  }

  /** The last question before the write. */
  private void check() {
    boolean holdsLease = worker.fresh() && worker.claimedBy() == worker.incarnation();
    if (holdsLease && control().state().maySend()) {
      moves.free(
          name + "may write",
          next ->
              next.workers[index] =
                  worker.at(Stage.CHECKED, worker.slot(), worker.claimedBy(), null));
    } else {
      moves.free(
          name + "is stopped before the write",
          next -> answered(next, new SendOutcome.Stopped(), control().state().endsSending()));
    }
  }

  private void write() {
    String what = "provider: " + command();
    moves.free(
        what + " accepted",
        next -> {
          next.accepted[worker.slot()]++;
          answered(next, new SendOutcome.Sent(null), false);
        });
    moves.costing(
        Fault.PROVIDER,
        what + " accepted, no answer",
        next -> {
          next.accepted[worker.slot()]++;
          answered(next, new SendOutcome.Unknown(CAUSE), false);
        });
    provider(what + " lost, no answer", new SendOutcome.Unknown(CAUSE));
    provider(what + " refused", new SendOutcome.Rejected(CAUSE));
    provider(what + " put off", new SendOutcome.Deferred(CAUSE, null, false));
    provider(what + " too fast", new SendOutcome.Deferred(CAUSE, null, true));
    provider(what + " account refused", new SendOutcome.AccountRefused(CAUSE));
  }

  private void provider(String what, SendOutcome outcome) {
    moves.costing(Fault.PROVIDER, what, next -> answered(next, outcome, false));
  }

  private void answered(World next, SendOutcome outcome, boolean cancelled) {
    OutcomeDecision decision =
        OutcomeDecision.decide(
            outcome,
            command().bucket(),
            command().attempt(),
            control().maxAttempts(),
            cancelled,
            SOON);
    next.workers[index] =
        worker.at(Stage.ANSWERED, worker.slot(), worker.claimedBy(), end(decision.outcome()));
  }

  private Outcome end(Outcome outcome) {
    if (!world.fallback) {
      return outcome;
    }
    boolean doubted = outcome == Outcome.IN_DOUBT && command().message().fallsBack();
    return doubted && moves.mutated(Mutation.FALL_BACK_FROM_DOUBT)
        ? Outcome.FELL_BACK
        : FallbackPolicy.end(command().message(), outcome);
  }

  private Worker stage(Stage stage) {
    return worker.at(stage, worker.slot(), worker.claimedBy(), worker.answer());
  }

  private void record(World next, Worker then) {
    if (ledger.refuses(next, worker.incarnation())) {
      replace(next, worker);
      return;
    }
    next.workers[index] = then;
    ledger.record(
        next,
        command(),
        worker.slot(),
        worker.claimedBy(),
        worker.incarnation(),
        follows(),
        Objects.requireNonNull(worker.answer()));
  }

  /** Tells of what it recorded; a repeated transaction comes first. */
  private void publish() {
    if (worker.stage() == Stage.RECORD_UNSURE) {
      return;
    }
    for (int slot = 0; slot < world.rows.length; slot++) {
      Row row = world.rows[slot];
      if (row != null
          && !row.open()
          && !row.published()
          && row.recordedBy() == worker.incarnation()) {
        int at = slot;
        moves.free(
            name + "publishes " + row.outcome() + " of issue " + Events.issue(slot),
            next -> LedgerTable.publish(next, at));
      }
    }
  }

  /** Takeover and settlement, whichever worker does it. */
  private void forOthers() {
    for (int i = 0; i < world.incarnations.size(); i++) {
      Incarnation one = world.incarnations.get(i);
      int number = i;
      if (!one.ended() && (renewing(i) ? RENEWING_EXPIRES : STANDING_EXPIRES)) {
        moves.free("take over incarnation " + i, next -> ledger.takeOver(next, number));
      }
      if (one.ended() && !one.settled()) {
        moves.free("settle incarnation " + i, next -> LedgerTable.settle(next, number));
      }
    }
  }

  private boolean renewing(int incarnation) {
    for (Worker other : world.workers) {
      if (other.runs() && other.incarnation() == incarnation) {
        return true;
      }
    }
    return false;
  }
}
