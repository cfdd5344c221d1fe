package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.broadcast.BroadcastFreezer.Frozen;
import io.fanfare.broadcast.media.FrozenMedia;
import io.fanfare.broadcast.media.MediaChecks;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.BroadcastLifecycle.Change;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Moves broadcasts from state to state: the row is locked by the caller's transaction, and row,
 * events and audit entry change together or not at all.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class BroadcastMoves {

  static final String RESOURCE = "broadcast";

  private final BroadcastRepository repository;
  private final BroadcastFreezer freezer;
  private final BroadcastPublisher publisher;
  private final AuditTrail audit;
  private final RetryDelays retryDelays;
  private final VariantContentRepository variantContents;
  private final MediaChecks media;
  private final Clock clock;

  BroadcastMoves(
      BroadcastRepository repository,
      BroadcastFreezer freezer,
      BroadcastPublisher publisher,
      AuditTrail audit,
      RetryDelays retryDelays,
      VariantContentRepository variantContents,
      MediaChecks media,
      Clock clock) {
    this.media = media;
    this.repository = repository;
    this.freezer = freezer;
    this.publisher = publisher;
    this.audit = audit;
    this.retryDelays = retryDelays;
    this.variantContents = variantContents;
    this.clock = clock;
  }

  /**
   * @throws ProblemException 409 {@code illegal_state} unless the action may be done now
   */
  static void requireAllowed(Broadcast broadcast, BroadcastAction action) {
    if (TransitionDecision.decide(broadcast.state(), action)
        instanceof TransitionDecision.Refuse refusal) {
      throw ProblemException.conflict("illegal_state", refusal.detail());
    }
  }

  /**
   * Freezes what the broadcast is made of and lets it run.
   *
   * @param files its files, as they were found
   */
  Broadcast start(Identity who, Broadcast broadcast, FrozenMedia files) {
    requireAllowed(broadcast, BroadcastAction.START);
    Frozen frozen =
        freezer.freeze(broadcast.tenantId(), broadcast.id(), broadcast.settings(), files);
    use(broadcast, frozen);
    Instant now = now();
    BroadcastRun run =
        new BroadcastRun(
            frozen.templateVersion(),
            frozen.plans(),
            LocalDate.ofInstant(now, ZoneOffset.UTC),
            retryDelays.delays(),
            1,
            1,
            now);
    repository.updatePlans(broadcast.id(), run);
    AbTest test = broadcast.settings().test();
    if (test != null && test.holdBackPercent() > 0) {
      variantContents.insert(frozen.contents());
    }
    publisher.contents(frozen.contents());
    return moveTo(who, broadcast, BroadcastAction.START, null, run, broadcast.scheduledAt(), now);
  }

  /** Has a draft start at an instant; what it is made of is looked at now as well as then. */
  Broadcast schedule(Identity who, Broadcast broadcast, Instant at, FrozenMedia files) {
    requireAllowed(broadcast, BroadcastAction.SCHEDULE);
    use(
        broadcast,
        freezer.freeze(broadcast.tenantId(), broadcast.id(), broadcast.settings(), files));
    return moveTo(
        who,
        broadcast,
        BroadcastAction.SCHEDULE,
        null,
        null,
        at.truncatedTo(ChronoUnit.MILLIS),
        now());
  }

  private void use(Broadcast broadcast, Frozen frozen) {
    media.use(broadcast.id(), frozen.contents().stream().map(BroadcastContent::content).toList());
  }

  /**
   * Makes a broadcast that is due at once, which its start looks at: one that cannot be started
   * fails there, with the reason.
   */
  void makeDue(Identity who, Broadcast draft, Instant at) {
    repository.insert(draft);
    publisher.lifecycle(draft, Change.CREATED, who.actor(), draft.createdAt());
    audit.record(who, "create", RESOURCE, draft.id().toString(), null, summary(draft));
    moveTo(who, draft, BroadcastAction.SCHEDULE, null, null, at, now());
  }

  /**
   * Any other move.
   *
   * @param reason why, where the state has a reason
   */
  Broadcast move(
      Identity who, Broadcast broadcast, BroadcastAction action, @Nullable StateReason reason) {
    requireAllowed(broadcast, action);
    BroadcastRun run = broadcast.run();
    BroadcastRun next = run == null ? null : run.nextEpoch(action == BroadcastAction.RESUME);
    Instant scheduledAt = action == BroadcastAction.UNSCHEDULE ? null : broadcast.scheduledAt();
    return moveTo(who, broadcast, action, reason, next, scheduledAt, now());
  }

  /**
   * Sets another rate of a broadcast that runs or is paused.
   *
   * @throws ProblemException 403 unless who asks may send
   */
  Broadcast changeRate(Identity who, Broadcast before, int ratePerMinute) {
    BroadcastRun run = before.run();
    if (run == null) {
      throw new IllegalStateException("a broadcast under way without a run");
    }
    if (!who.role().includes(Role.SENDER)) {
      throw ProblemException.forbidden("to change a broadcast under way needs the role sender");
    }
    Broadcast after = before.paced(ratePerMinute, run.nextEpoch(false));
    repository.updateState(after);
    publisher.control(after, run.nextEpoch(false));
    audit.record(who, "update", RESOURCE, after.id().toString(), summary(before), summary(after));
    return after;
  }

  /**
   * Lets the hold-back of a broadcast's test have what a variant says. Its content is published
   * before the control that releases them.
   */
  void decideWinner(Identity who, Broadcast before, String variant) {
    BroadcastRun run = before.run();
    if (run == null) {
      throw new IllegalStateException("a winner of a broadcast that has not started");
    }
    Instant now = now();
    BroadcastRun decided = run.decided(variant);
    Broadcast after = before.decided(decided);
    repository.updateState(after);
    publisher.contents(
        variantContents.of(before.id(), variant).stream()
            .map(content ->
                new BroadcastContent(
                    content.broadcastId(), AbTest.HOLD_BACK, content.channel(), content.content()))
            .toList());
    variantContents.delete(before.id());
    publisher.control(after, decided);
    publisher.lifecycle(after, Change.WINNER_DECIDED, who.actor(), now);
    audit.record(
        who, "decide_winner", RESOURCE, after.id().toString(), summary(before), summary(after));
  }

  private Broadcast moveTo(
      Identity who,
      Broadcast before,
      BroadcastAction action,
      @Nullable StateReason reason,
      @Nullable BroadcastRun run,
      @Nullable Instant scheduledAt,
      Instant now) {
    if (!(TransitionDecision.decide(before.state(), action)
        instanceof TransitionDecision.Move move)) {
      throw new IllegalStateException(action + " moves nothing");
    }
    Broadcast after = before.moved(move.target(), reason, run, scheduledAt, now);
    repository.updateState(after);
    if (after.state().isTerminal() && after.settings().abTest() != null) {
      variantContents.delete(after.id());
    }
    if (run != null) {
      publisher.control(after, run);
    } else if (after.state() != BroadcastState.SCHEDULED) {
      // Never started, and now it is a draft again or will not be.
      media.endUses(after.id());
    }
    publisher.lifecycle(after, move.change(), who.actor(), now);
    audit.record(
        who, action.id(), RESOURCE, after.id().toString(), summary(before), summary(after));
    return after;
  }

  static Map<String, Object> summary(Broadcast broadcast) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("name", broadcast.settings().name());
    summary.put("state", broadcast.state().id());
    if (broadcast.state() == BroadcastState.SCHEDULED && broadcast.scheduledAt() != null) {
      summary.put("scheduled_at", broadcast.scheduledAt().toString());
    }
    if (broadcast.settings().ratePerMinute() > 0) {
      summary.put("rate_per_minute", broadcast.settings().ratePerMinute());
    }
    if (broadcast.run() != null && broadcast.run().winner() != null) {
      summary.put("winner", broadcast.run().winner());
    }
    if (broadcast.reason() != null) {
      summary.put("reason", broadcast.reason().code());
    }
    return summary;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
