package io.fanfare.dispatch.loop;

import io.fanfare.contract.Lane;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.DispatchSettings;
import io.fanfare.dispatch.control.ControlReader;
import io.fanfare.dispatch.database.DedicatedConnection;
import io.fanfare.dispatch.lease.LaneStore;
import io.fanfare.dispatch.lease.LeaseKeeper;
import io.fanfare.dispatch.ledger.Ledger;
import io.fanfare.dispatch.ledger.LedgerEntry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands out of the window every few milliseconds: those that end unsent go to the ledger,
 * the others are claimed and sent. Runs on one thread; answers come back on many.
 */
final class Dispatcher implements SendStage.LastCheck, SendStage.Answers {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final int MOST_LOGGED = 50;
  private static final long CONFIRM_LOOK_NANOS = Duration.ofMillis(5).toNanos();
  private static final long SWEEP_EVERY_NANOS = Duration.ofMillis(250).toNanos();
  private static final long SAVE_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  private final DispatchSettings settings;
  private final Window window;
  private final OpenClaims open;
  private final AccountGates gates;
  private final CommandJudge judge;
  private final ClaimStage claims;
  private final LaneStore lanes;
  private final SendStage sends;
  private final ControlReader known;
  private final LeaseKeeper leases;
  private final Ledger ledger;
  private final Clock clock;
  private final long handoverNanos;
  private long savedNanos = System.nanoTime();
  private long sweptNanos = System.nanoTime();
  private long sweptChanges;
  private long loggedNanos = System.nanoTime();
  private volatile boolean claiming = true;
  private volatile boolean running = true;
  private volatile boolean stopSends;
  private volatile boolean abandoned;
  private @Nullable Thread thread;

  Dispatcher(
      DispatchSettings settings,
      Window window,
      OpenClaims open,
      CommandJudge judge,
      ClaimStage claims,
      LaneStore lanes,
      PauseSignals signals,
      ControlReader known,
      LeaseKeeper leases,
      Ledger ledger,
      Clock clock,
      int forgetAnswerEvery) {
    this.settings = settings;
    this.window = window;
    this.open = open;
    this.judge = judge;
    this.claims = claims;
    this.lanes = lanes;
    this.handoverNanos = settings.handover().toNanos();
    this.known = known;
    this.leases = leases;
    this.ledger = ledger;
    this.clock = clock;
    // A provider that hangs must leave a quarter of the worker to the others.
    this.gates = new AccountGates(Math.max(1, settings.maxInFlight() * 3 / 4));
    this.sends = new SendStage(gates, signals, window, clock, this, this, forgetAnswerEvery);
  }

  void start(Thread.UncaughtExceptionHandler fatal) {
    thread =
        Thread.ofPlatform()
            .name("fanfare-dispatch")
            .uncaughtExceptionHandler(fatal)
            .start(this::turns);
  }

  private void turns() {
    while (running) {
      long start = System.nanoTime();
      sweepIfDue(start);
      logIfDue(start);
      saveIfDue(start);
      if (mayClaim()) {
        ownLanes();
        claimAndSend();
      }
      // Claims are gathered for a few milliseconds: a transaction each would cost a hundred times
      // more.
      long rest = settings.claimLinger().toNanos() - (System.nanoTime() - start);
      if (rest > 0) {
        LockSupport.parkNanos(rest);
      }
      if (window.size() == 0) {
        window.await(settings.claimLinger().multipliedBy(4));
      }
    }
  }

  private boolean mayClaim() {
    return claiming
        && window.size() > 0
        && open.room() > 0
        && known.confirmed()
        && !known.controls().stopped()
        && leases.fresh(leases.current())
        && !ledger.overfull();
  }

  private void ownLanes() {
    List<Lane> wanted = window.withoutOwner(settings.claimBatch());
    if (!wanted.isEmpty()) {
      try {
        window.owned(lanes.own(leases.current().incarnation(), wanted), handoverNanos);
      } catch (SQLException e) {
        DedicatedConnection.throwIfBug(e);
        LOG.warn("{} lanes wait for the database: {}", wanted.size(), e.getMessage());
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void saveIfDue(long now) {
    if (now - savedNanos >= SAVE_EVERY_NANOS) {
      savedNanos = now;
      saveLearned();
    }
  }

  private void saveLearned() {
    List<LaneStore.Learned> learned = window.unsaved();
    if (!learned.isEmpty()) {
      try {
        lanes.learned(learned);
        window.saved(learned);
      } catch (SQLException e) {
        DedicatedConnection.throwIfBug(e);
        LOG.warn("what was learned of {} lanes is saved later: {}", learned.size(), e.getMessage());
      }
    }
  }

  private void claimAndSend() {
    List<LedgerEntry> ended = new ArrayList<>();
    int room = open.room();
    int broadcasts =
        ReservePolicy.forBroadcasts(room, settings.maxInFlight(), window.expectsMessages());
    List<Command> gathered =
        window.gather(
            Math.min(room, settings.claimBatch()),
            broadcasts,
            this::roomOf,
            judge::judge,
            (command, end) -> ended.add(unclaimed(command, end)));
    ended.forEach(ledger::record);
    if (!gathered.isEmpty()) {
      List<Command> ours = claims.claim(gathered, () -> abandoned);
      if (!ours.isEmpty() && !abandoned) {
        sends.send(ours);
      }
    }
  }

  /** Before an account is known its commands only wait, for which there is always room. */
  private int roomOf(UUID account, int taken, int others, boolean keepReserve) {
    int free = open.room() - taken - others;
    return judge
        .senderOf(account)
        .map(sender -> gates.room(account, sender, free, taken, others, keepReserve))
        .orElse(1);
  }

  /** A pause or cancel ends what is not claimed at once, whatever its lane's slots say. */
  private void sweepIfDue(long now) {
    long changes = known.controls().changes();
    if (changes != sweptChanges || now - sweptNanos >= SWEEP_EVERY_NANOS) {
      sweptChanges = changes;
      sweptNanos = now;
      List<LedgerEntry> ended = new ArrayList<>();
      window.sweep(judge::glance, (command, end) -> ended.add(unclaimed(command, end)));
      ended.forEach(ledger::record);
    }
  }

  private void logIfDue(long now) {
    if (now - loggedNanos >= settings.pools().progressLog().toNanos()) {
      loggedNanos = now;
      List<BroadcastPools.Figures> pools = window.pools();
      pools.stream()
          .limit(MOST_LOGGED)
          .forEach(pool ->
              LOG.info(
                  "broadcast {}: {} waiting, {} being sent, {} ended here",
                  pool.broadcastId(),
                  pool.waiting(),
                  pool.sending(),
                  pool.ended()));
      if (pools.size() > MOST_LOGGED) {
        LOG.info("and {} broadcasts more", pools.size() - MOST_LOGGED);
      }
    }
  }

  private LedgerEntry unclaimed(Command command, CommandDecision.End end) {
    SendMessage message = command.message();
    BroadcastControl control = known.controls().find(message.broadcastId());
    return new LedgerEntry(
        message,
        FallbackPolicy.end(message, end.outcome()),
        clock.instant(),
        end.cause(),
        null,
        null,
        null,
        ClaimStage.follows(message, control),
        false,
        (entry, recorded) -> window.finished(command));
  }

  /**
   * Waits a little where the control's end or the lease was not confirmed lately: a broker that is
   * slow for a moment would otherwise have everything that is claimed returned.
   */
  @Override
  public boolean maySend(Command command) {
    Command.Claim claim = command.claim();
    long asked = System.nanoTime();
    while (claim != null && isWanted(command) && inTime(command, claim)) {
      if (known.confirmed() && leases.fresh(claim.lease())) {
        // Once more: what was just confirmed may have been a pause.
        return isWanted(command);
      }
      if (System.nanoTime() - asked > settings.claimToWrite().toNanos()
          || leases.current() != claim.lease()) {
        return false;
      }
      LockSupport.parkNanos(CONFIRM_LOOK_NANOS);
    }
    return false;
  }

  private boolean isWanted(Command command) {
    BroadcastControl control = known.controls().find(command.message().broadcastId());
    return !stopSends
        && !abandoned
        && !known.controls().stopped()
        && control != null
        && control.state().maySend()
        && !judge.isQuiet(command)
        && judge.unlessSuppressed(command) instanceof CommandDecision.Send;
  }

  /** A lane's next owner counts on this: it waits so long before it sends itself. */
  private boolean inTime(Command command, Command.Claim claim) {
    if (!command.lane().slots().limited() && command.recipientSlots().isEmpty()) {
      return true;
    }
    return !command.partition().hasEnded()
        && System.nanoTime() - claim.atNanos() < settings.claimToWrite().toNanos();
  }

  @Override
  public boolean cancelled(Command command) {
    BroadcastControl control = known.controls().find(command.message().broadcastId());
    return control != null && control.state().endsSending();
  }

  @Override
  public CommandDecision.@Nullable End suppressed(Command command) {
    return judge.unlessSuppressed(command) instanceof CommandDecision.End end
            && end.outcome() == Outcome.SKIPPED
        ? end
        : null;
  }

  @Override
  public void accept(Command command, OutcomeDecision decision, boolean written) {
    window.answered(command, written);
    Command.Claim claim = command.claim();
    if (claim == null) {
      throw new IllegalStateException("an answer without a claim");
    }
    ledger.record(
        new LedgerEntry(
            command.message(),
            FallbackPolicy.end(command.message(), decision.outcome()),
            clock.instant(),
            decision.cause(),
            decision.retryAt(),
            decision.providerMessageId(),
            claim.lease().incarnation(),
            0,
            false,
            (entry, recorded) -> settled(command, claim)));
  }

  private void settled(Command command, Command.Claim claim) {
    claim.lease().closed(claim.batch(), 1);
    open.closed(1);
    window.finished(command);
  }

  /** Claims nothing more; what is claimed goes on. */
  void stopClaiming() {
    claiming = false;
  }

  /** What is claimed and not yet written is returned. */
  void stopSends() {
    stopSends = true;
  }

  void close() {
    running = false;
    Thread turning = thread;
    if (turning != null) {
      LockSupport.unpark(turning);
      try {
        turning.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (!abandoned) {
      saveLearned();
    }
    lanes.close();
  }

  /** Stops at once and tells the ledger nothing, as a crash would. */
  void abandon() {
    abandoned = true;
    close();
  }
}
