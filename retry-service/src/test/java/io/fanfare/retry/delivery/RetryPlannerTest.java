package io.fanfare.retry.delivery;

import static io.fanfare.retry.Deliveries.LONG;
import static io.fanfare.retry.Deliveries.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.retry.Deliveries;
import io.fanfare.retry.broadcast.BroadcastPolicy;
import io.fanfare.retry.due.Retry;
import io.fanfare.retry.due.Try;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPlannerTest {

  private final UUID broadcast = UUID.randomUUID();
  private final BroadcastPolicy neverTwice = policy(false);
  private final BroadcastPolicy atLeastOnce = policy(true);

  @Test
  void aFailureThatMayPassIsTriedAgainAsTheNextIssueAndAttempt() {
    var event = event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING);
    var next = waits(null, event);
    assertThat(next.issue()).isEqualTo(2);
    assertThat(next.attempt()).isEqualTo(2);
    assertThat(next.bucket()).isEqualTo(Bucket.RETRYING);
    assertThat(next.granted()).isFalse();
    assertThat(Duration.between(event.at(), next.dueAt()))
        .isBetween(LONG.multipliedBy(4).dividedBy(5), LONG.multipliedBy(6).dividedBy(5));
    assertThat(next.history()).extracting(Try::outcome).containsExactly(Outcome.RETRYING);
  }

  @ParameterizedTest
  @EnumSource(names = {"RETRYING", "RATE_LIMITED"})
  void theProvidersOwnInstantWinsAndCostsNoAttempt(Outcome outcome) {
    var retryAt = java.time.Instant.parse("2030-01-01T00:00:00Z");
    var next = waits(null, event(broadcast, 1, 3, 2, Bucket.RETRYING, outcome, retryAt));
    assertThat(next.dueAt()).isEqualTo(retryAt);
    assertThat(next.attempt()).isEqualTo(2);
    assertThat(next.issue()).isEqualTo(4);
  }

  @Test
  void tooFastWithoutATimeWaitsLongerEachTimeAndCostsNoAttempt() {
    var first = event(broadcast, 1, 1, 1, Bucket.IN_FLIGHT, Outcome.RATE_LIMITED, null);
    var second = event(broadcast, 1, 2, 1, Bucket.RETRYING, Outcome.RATE_LIMITED, null);
    var growing = policy(false, Duration.ofSeconds(10), Duration.ofSeconds(60));
    var once = ((RetryDecision.Waits) RetryPlanner.decide(null, first, growing)).retry();
    var twice = ((RetryDecision.Waits) RetryPlanner.decide(once, second, growing)).retry();
    assertThat(Duration.between(first.at(), once.dueAt()).toSeconds()).isBetween(8L, 12L);
    assertThat(Duration.between(second.at(), twice.dueAt()).toSeconds()).isBetween(48L, 72L);
    assertThat(twice.attempt()).isEqualTo(1);
  }

  @Test
  void aRetryGivenBackUntriedIsDueAtOnce() {
    var event = event(broadcast, 1, 3, 2, Bucket.RETRYING, Outcome.RETURNED, null);
    var next = waits(null, event);
    assertThat(next.dueAt()).isEqualTo(event.at());
    assertThat(next.attempt()).isEqualTo(2);
    assertThat(next.issue()).isEqualTo(4);
  }

  @Test
  void aRequeuedOrderGivenBackUntriedStaysGranted() {
    var next = waits(null, event(broadcast, 1, 5, 1, Bucket.DEAD, Outcome.RETURNED, null));
    assertThat(next.granted()).isTrue();
    assertThat(next.bucket()).isEqualTo(Bucket.DEAD);
  }

  @ParameterizedTest
  @EnumSource(names = {"SENT", "SKIPPED", "CANCELLED", "FELL_BACK", "RETURNED"})
  void firstOrdersThatNeedNoRetryAreIgnored(Outcome outcome) {
    var event = event(broadcast, 1, 1, Bucket.IN_FLIGHT, outcome);
    assertThat(RetryPlanner.concerns(event)).isFalse();
    assertThat(RetryPlanner.decide(null, event, neverTwice))
        .isInstanceOf(RetryDecision.Ignored.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"SENT", "SKIPPED", "CANCELLED", "FELL_BACK"})
  void anEndLeavesNothingDue(Outcome outcome) {
    var known = waits(null, event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
    var decision =
        RetryPlanner.decide(known, event(broadcast, 1, 2, Bucket.RETRYING, outcome), neverTwice);
    assertThat(decision).isInstanceOf(RetryDecision.Ended.class);
    var ended = ((RetryDecision.Ended) decision).retry();
    assertThat(ended.dueAt()).isNull();
    assertThat(ended.issue()).isEqualTo(3);
    assertThat(ended.history()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "DEAD"})
  void whatIsGivenUpBecomesADeadLetter(Outcome outcome) {
    var decision =
        RetryPlanner.decide(null, event(broadcast, 1, 1, Bucket.IN_FLIGHT, outcome), neverTwice);
    assertThat(decision).isInstanceOf(RetryDecision.GivenUp.class);
    assertThat(((RetryDecision.GivenUp) decision).retry().dueAt()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void whatWasHeardOfBeforeIsIgnored(Outcome outcome) {
    var known = waits(null, event(broadcast, 1, 2, Bucket.RETRYING, Outcome.RETRYING));
    var again = event(broadcast, 1, 2, Bucket.RETRYING, outcome);
    assertThat(RetryPlanner.decide(known, again, neverTwice))
        .isInstanceOf(RetryDecision.Ignored.class);
  }

  @Test
  void aDoubtToldAfterTheLateAnswerThatSettledItIsOldNews() {
    var answer = event(broadcast, 1, 2, Bucket.IN_DOUBT, Outcome.SENT);
    var decision = RetryPlanner.decide(null, answer, atLeastOnce);
    assertThat(decision).isInstanceOf(RetryDecision.Ended.class);
    var doubt = event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.IN_DOUBT);
    var settled = ((RetryDecision.Ended) decision).retry();
    assertThat(RetryPlanner.decide(settled, doubt, atLeastOnce))
        .isInstanceOf(RetryDecision.Ignored.class);
  }

  @Test
  void inDoubtIsAnEndUnlessThePolicySaysAtLeastOnce() {
    var event = event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.IN_DOUBT);
    var ended = ((RetryDecision.Ended) RetryPlanner.decide(null, event, neverTwice)).retry();
    assertThat(ended.bucket()).isEqualTo(Bucket.IN_DOUBT);
    assertThat(ended.dueAt()).isNull();
    assertThat(ended.issue()).isEqualTo(2);
    var next = ((RetryDecision.Waits) RetryPlanner.decide(null, event, atLeastOnce)).retry();
    assertThat(next.bucket()).isEqualTo(Bucket.IN_DOUBT);
    assertThat(next.granted()).isFalse();
    assertThat(next.attempt()).isEqualTo(2);
  }

  @Test
  void inDoubtIsAnEndOnceTheAttemptsAreUsedUp() {
    var last = event(broadcast, 1, 4, Bucket.IN_DOUBT, Outcome.IN_DOUBT);
    assertThat(RetryPlanner.decide(null, last, atLeastOnce))
        .isInstanceOf(RetryDecision.Ended.class);
  }

  @Test
  void aLateAnswerEndsTheDoubt() {
    var event = event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.IN_DOUBT);
    var known = ((RetryDecision.Waits) RetryPlanner.decide(null, event, atLeastOnce)).retry();
    var late = event(broadcast, 1, 2, 1, Bucket.IN_DOUBT, Outcome.SENT, null);
    var ended = ((RetryDecision.Ended) RetryPlanner.decide(known, late, atLeastOnce)).retry();
    assertThat(ended.bucket()).isEqualTo(Bucket.SENT);
    assertThat(ended.dueAt()).isNull();
  }

  @Test
  void keepsTheNewestTriesOnly() {
    Retry known = null;
    for (int issue = 1; issue <= 50; issue++) {
      known = waits(known, event(broadcast, 1, issue, 1, Bucket.RETRYING, Outcome.RETURNED, null));
    }
    assertThat(known.history()).hasSize(Try.MAX_HISTORY);
    assertThat(known.history().getLast().issue()).isEqualTo(50);
  }

  private Retry waits(@Nullable Retry known, DeliveryEvent event) {
    return ((RetryDecision.Waits) RetryPlanner.decide(known, event, neverTwice)).retry();
  }

  private BroadcastPolicy policy(boolean resendsInDoubt) {
    return policy(resendsInDoubt, LONG, LONG, LONG);
  }

  private BroadcastPolicy policy(boolean resendsInDoubt, Duration... delays) {
    return new BroadcastPolicy(
        broadcast,
        Deliveries.TENANT,
        1,
        BroadcastState.RUNNING,
        resendsInDoubt,
        List.of(delays),
        Deliveries.DAY);
  }
}
