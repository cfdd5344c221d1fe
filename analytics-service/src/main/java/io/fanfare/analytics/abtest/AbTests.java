package io.fanfare.analytics.abtest;

import io.fanfare.contract.Topics;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Moves tests, each move in one transaction under the lock of its row: so a test is decided once,
 * and what it was decided by is stored and told to broadcast-api, or none of it is.
 */
@Service
class AbTests {

  private static final Logger log = LoggerFactory.getLogger(AbTests.class);

  private final AbTestRepository tests;
  private final LookRepository looks;
  private final Outbox outbox;
  private final AuditTrail audit;
  private final Clock clock;

  AbTests(
      AbTestRepository tests, LookRepository looks, Outbox outbox, AuditTrail audit, Clock clock) {
    this.tests = tests;
    this.looks = looks;
    this.outbox = outbox;
    this.audit = audit;
    this.clock = clock;
  }

  /** The broadcast's newest control: a test begins, waits, goes on or ends with its broadcast. */
  @Transactional
  public void follow(BroadcastControl control) {
    AbTest plan = control.abTest();
    if (plan == null) {
      return;
    }
    Instant now = now();
    tests.add(begun(control, plan, now));
    StoredTest test = tests.lock(control.broadcastId()).orElseThrow();
    if (control.epoch() < test.epoch()) {
      return;
    }
    tests.update(followed(test.withEpoch(control.epoch()), control, now));
  }

  /** The audience of a broadcast is frozen: how large the variants are is known. */
  @Transactional
  public void frozen(BroadcastSignal signal) {
    List<BroadcastSignal.VariantSize> variants = signal.variants();
    if (variants != null) {
      variants.forEach(size -> tests.addAudience(signal.tenantId(), signal.broadcastId(), size));
    }
  }

  private static StoredTest begun(BroadcastControl control, AbTest plan, Instant now) {
    Instant started = control.testStartsAt();
    return new StoredTest(
        control.broadcastId(),
        control.tenantId(),
        control.epoch(),
        plan,
        started == null ? now : started,
        null,
        Duration.ZERO,
        AbTestState.RUNNING,
        0,
        null,
        null,
        null,
        null,
        null);
  }

  private static StoredTest followed(StoredTest test, BroadcastControl control, Instant now) {
    if (test.state().isEnd()) {
      return test;
    }
    String winner = control.winner();
    if (winner != null) {
      // Decided without us, such as before this service was told of the test.
      return test.decided(winner, DecidedBy.OPERATOR, "broadcast", now);
    }
    if (control.state().endsSending()) {
      return test.cancelled();
    }
    return control.state() == BroadcastState.PAUSED ? test.pausedFrom(now) : test.resumedAt(now);
  }

  /**
   * Takes the look that is due longest and that no other instance is at.
   *
   * @param except tests not to take
   * @param started is told which one before anything can go wrong with it
   * @return false when there is none
   */
  @Transactional
  public boolean lookAtNext(Collection<UUID> except, java.util.function.Consumer<UUID> started) {
    Instant now = now();
    Optional<StoredTest> due = tests.lockDue(now, except);
    if (due.isEmpty()) {
      return false;
    }
    StoredTest test = due.get();
    started.accept(test.broadcastId());
    int look = test.dueLook(now);
    double time = test.timeOf(look);
    var tested = looks.tested(test.broadcastId());
    LookEvaluation evaluation =
        LookEvaluation.of(test.plan(), time, tested, looks.figures(test)).withPValues(time, tested);
    LookDecision decision = LookDecision.decide(test.plan(), test.isLast(look), evaluation);
    looks.add(test.broadcastId(), StoredLook.of(look, time, now, decision, evaluation));
    StoredTest after = test.after(look, decision, now);
    tests.update(after);
    if (after.state() == AbTestState.DECIDED) {
      announce(after, now);
    }
    log.info(
        "look {} at the test of broadcast {}: {}, {}",
        look,
        test.broadcastId(),
        decision.verdict(),
        decision.reason().id());
    return true;
  }

  /** Somebody chooses, whatever the figures say. */
  @Transactional
  public void decide(Identity who, UUID broadcastId, String variant) {
    StoredTest test =
        tests
            .lock(broadcastId)
            .filter(found -> found.tenantId().equals(who.tenant()))
            .orElseThrow(() -> ProblemException.notFound("ab_test", broadcastId));
    if (test.plan().variants().stream().noneMatch(known -> known.id().equals(variant))) {
      throw ProblemException.invalid("/variant", "is none of the variants of this test");
    }
    if (test.state() == AbTestState.DECIDED) {
      throw ProblemException.conflict(
          "ab_test_decided", "the test is decided: the winner is " + test.winner());
    }
    if (test.state() == AbTestState.CANCELLED) {
      throw ProblemException.conflict("ab_test_cancelled", "the broadcast of the test has ended");
    }
    Instant now = now();
    StoredTest decided = test.decided(variant, DecidedBy.OPERATOR, who.actor(), now);
    tests.update(decided);
    announce(decided, now);
    audit.record(
        who,
        "decide",
        "ab_test",
        broadcastId.toString(),
        before(test),
        Map.of("state", decided.state().id(), "winner", variant));
  }

  private static Map<String, Object> before(StoredTest test) {
    String recommended = test.recommended();
    return recommended == null
        ? Map.of("state", test.state().id())
        : Map.of("state", test.state().id(), "recommended", recommended);
  }

  private void announce(StoredTest test, Instant now) {
    @Nullable String winner = test.winner();
    outbox.publish(
        Topics.BROADCAST_SIGNAL,
        test.broadcastId().toString(),
        new BroadcastSignal(
            test.broadcastId(),
            test.tenantId(),
            Signal.WINNER,
            test.epoch(),
            null,
            null,
            now,
            winner));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
