package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.dispatch.channel.SendOutcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OutcomeDecisionTest {

  private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
  private static final Cause CAUSE = new Cause("code", "detail", "451");

  @Test
  void keepsTheProvidersId() {
    OutcomeDecision decision = decide(new SendOutcome.Sent("42"), 1);
    assertThat(decision).isEqualTo(new OutcomeDecision(Outcome.SENT, null, null, "42"));
  }

  @Test
  void failuresThatMayPassAreRetriedUntilNoAttemptIsLeft() {
    assertThat(decide(new SendOutcome.NotSent(CAUSE), 3).outcome()).isEqualTo(Outcome.RETRYING);
    assertThat(decide(new SendOutcome.NotSent(CAUSE), 4).outcome()).isEqualTo(Outcome.DEAD);
    var deferred = new SendOutcome.Deferred(CAUSE, null, false);
    assertThat(decide(deferred, 3).outcome()).isEqualTo(Outcome.RETRYING);
    assertThat(decide(deferred, 4).outcome()).isEqualTo(Outcome.DEAD);
    assertThat(decide(deferred, 3).retryAt()).isNull();
  }

  @Test
  void tooFastCostsNoAttemptAndNamesTheInstant() {
    var limited = new SendOutcome.Deferred(CAUSE, Duration.ofSeconds(7), true);
    assertThat(decide(limited, 4))
        .isEqualTo(new OutcomeDecision(Outcome.RATE_LIMITED, CAUSE, NOW.plusSeconds(7), null));
  }

  @Test
  void whatNobodyKnowsIsInDoubtWhateverTheAttempt() {
    assertThat(decide(new SendOutcome.Unknown(CAUSE), 4).outcome()).isEqualTo(Outcome.IN_DOUBT);
  }

  @Test
  void refusalsForGoodFail() {
    assertThat(decide(new SendOutcome.Rejected(CAUSE), 1).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void whatWasNotSentGoesBackUnlessCancelled() {
    assertThat(decide(new SendOutcome.AccountRefused(CAUSE), 4).outcome())
        .isEqualTo(Outcome.RETURNED);
    assertThat(decide(new SendOutcome.Stopped(), 4).outcome()).isEqualTo(Outcome.RETURNED);
    assertThat(cancelled(Bucket.RETRYING)).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void whoeverIsInDoubtStaysSoWhenTheBroadcastIsCancelledBeforeTheResend() {
    assertThat(cancelled(Bucket.IN_DOUBT)).isEqualTo(Outcome.IN_DOUBT);
  }

  @Test
  void leavesTheTimeToTheBackOffWhenTheProviderNamesNone() {
    assertThat(decide(new SendOutcome.Deferred(CAUSE, null, true), 1))
        .isEqualTo(new OutcomeDecision(Outcome.RATE_LIMITED, CAUSE, null, null));
  }

  private static Outcome cancelled(Bucket bucket) {
    return OutcomeDecision.decide(new SendOutcome.Stopped(), bucket, 1, 4, true, NOW).outcome();
  }

  private static OutcomeDecision decide(SendOutcome answer, int attempt) {
    return OutcomeDecision.decide(answer, Bucket.IN_FLIGHT, attempt, 4, false, NOW);
  }
}
