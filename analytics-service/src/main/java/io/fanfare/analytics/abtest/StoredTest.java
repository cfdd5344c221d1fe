package io.fanfare.analytics.abtest;

import io.fanfare.contract.abtest.AbTest;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A test as it stands.
 *
 * @param broadcastId its broadcast
 * @param tenantId the tenant
 * @param epoch of the newest control seen
 * @param plan what was declared
 * @param startedAt when the last variant might be sent to everybody
 * @param pausedAt since when the broadcast is paused; null while it is not
 * @param paused how long it was paused before
 * @param state where it stands
 * @param looksDone the number of the newest look taken; 0 before the first
 * @param recommended with {@link AbTestState#AWAITING_DECISION}: the winner, or else the fallback
 * @param winner the variant decided on
 */
record StoredTest(
    UUID broadcastId,
    UUID tenantId,
    long epoch,
    AbTest plan,
    Instant startedAt,
    @Nullable Instant pausedAt,
    Duration paused,
    AbTestState state,
    int looksDone,
    @Nullable String recommended,
    @Nullable String winner,
    @Nullable DecidedBy decidedBy,
    @Nullable Instant decidedAt,
    @Nullable String decidedActor) {

  /** The share of the planned duration a look is declared for, by its number from 1. */
  double timeOf(int look) {
    return plan.looks().get(look - 1);
  }

  boolean isLast(int look) {
    return look == plan.looks().size();
  }

  /** When a look is due; time in which the broadcast was paused does not count. */
  Instant dueAt(int look) {
    long millis = Math.round(timeOf(look) * plan.duration().toMillis());
    return startedAt.plusMillis(millis).plus(paused);
  }

  /**
   * The look to take now: the latest that is due. Those it passes over, because nobody was there to
   * take them, spend nothing.
   */
  int dueLook(Instant now) {
    int look = looksDone;
    while (look < plan.looks().size() && !dueAt(look + 1).isAfter(now)) {
      look++;
    }
    return look;
  }

  /** When there is something to do next; null when nothing comes by itself. */
  @Nullable Instant nextLookAt() {
    return state == AbTestState.RUNNING && looksDone < plan.looks().size()
        ? dueAt(looksDone + 1)
        : null;
  }

  StoredTest withEpoch(long newest) {
    return new StoredTest(
        broadcastId,
        tenantId,
        newest,
        plan,
        startedAt,
        pausedAt,
        paused,
        state,
        looksDone,
        recommended,
        winner,
        decidedBy,
        decidedAt,
        decidedActor);
  }

  /** Paused from a moment on; the first one holds. */
  StoredTest pausedFrom(Instant now) {
    return new StoredTest(
        broadcastId,
        tenantId,
        epoch,
        plan,
        startedAt,
        pausedAt == null ? now : pausedAt,
        paused,
        state,
        looksDone,
        recommended,
        winner,
        decidedBy,
        decidedAt,
        decidedActor);
  }

  /** Going on. */
  StoredTest resumedAt(Instant now) {
    if (pausedAt == null) {
      return this;
    }
    return new StoredTest(
        broadcastId,
        tenantId,
        epoch,
        plan,
        startedAt,
        null,
        paused.plus(Duration.between(pausedAt, now)),
        state,
        looksDone,
        recommended,
        winner,
        decidedBy,
        decidedAt,
        decidedActor);
  }

  StoredTest cancelled() {
    return new StoredTest(
        broadcastId,
        tenantId,
        epoch,
        plan,
        startedAt,
        pausedAt,
        paused,
        AbTestState.CANCELLED,
        looksDone,
        null,
        null,
        null,
        null,
        null);
  }

  StoredTest decided(String variant, DecidedBy by, String actor, Instant at) {
    return new StoredTest(
        broadcastId,
        tenantId,
        epoch,
        plan,
        startedAt,
        pausedAt,
        paused,
        AbTestState.DECIDED,
        looksDone,
        null,
        variant,
        by,
        at,
        actor);
  }

  /** After a look. */
  StoredTest after(int look, LookDecision decision, Instant at) {
    StoredTest done =
        new StoredTest(
            broadcastId,
            tenantId,
            epoch,
            plan,
            startedAt,
            pausedAt,
            paused,
            state,
            look,
            null,
            winner,
            decidedBy,
            decidedAt,
            decidedActor);
    return switch (decision) {
      case LookDecision.Wait wait -> done;
      case LookDecision.Blocked blocked -> done.awaiting(AbTestState.BLOCKED, null);
      case LookDecision.Winner found -> done.settled(found.variant(), DecidedBy.WINNER, at);
      case LookDecision.Fallback declared ->
          done.settled(declared.variant(), DecidedBy.FALLBACK, at);
    };
  }

  private StoredTest settled(String variant, DecidedBy by, Instant at) {
    return plan.decision() == AbTest.Decision.AUTO
        ? decided(variant, by, "system", at)
        : awaiting(AbTestState.AWAITING_DECISION, variant);
  }

  private StoredTest awaiting(AbTestState waiting, @Nullable String variant) {
    return new StoredTest(
        broadcastId,
        tenantId,
        epoch,
        plan,
        startedAt,
        pausedAt,
        paused,
        waiting,
        looksDone,
        variant,
        null,
        null,
        null,
        null);
  }
}
