package io.fanfare.dispatch.ledger;

import static io.fanfare.contract.delivery.Outcome.DEAD;
import static io.fanfare.contract.delivery.Outcome.FAILED;
import static io.fanfare.contract.delivery.Outcome.IN_DOUBT;
import static io.fanfare.contract.delivery.Outcome.RATE_LIMITED;
import static io.fanfare.contract.delivery.Outcome.RETRYING;
import static io.fanfare.contract.delivery.Outcome.RETURNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClaimDecisionTest {

  @Test
  void theFirstIssueNeedsNoPredecessor() {
    assertThat(ClaimDecision.mask(command(1, false), DeliveryPolicy.NEVER_TWICE)).isZero();
  }

  @Test
  void laterIssuesFollowWhatEndedWithoutAMessage() {
    assertThat(ClaimDecision.mayFollow(command(2, false), DeliveryPolicy.NEVER_TWICE))
        .containsExactlyInAnyOrder(RETRYING, RATE_LIMITED, RETURNED);
  }

  @Test
  void anOrderByHandFollowsFailuresAndDoubt() {
    assertThat(ClaimDecision.mayFollow(command(2, true), DeliveryPolicy.NEVER_TWICE))
        .containsExactlyInAnyOrder(RETRYING, RATE_LIMITED, RETURNED, FAILED, DEAD, IN_DOUBT);
  }

  @Test
  void atLeastOnceFollowsDoubtByItself() {
    assertThat(ClaimDecision.mayFollow(command(2, false), DeliveryPolicy.AT_LEAST_ONCE))
        .contains(IN_DOUBT)
        .doesNotContain(FAILED, DEAD);
  }

  @ParameterizedTest
  @EnumSource(DeliveryPolicy.class)
  void nothingEverFollowsASentOne(DeliveryPolicy policy) {
    for (boolean granted : new boolean[] {true, false}) {
      assertThat(ClaimDecision.mayFollow(command(5, granted), policy))
          .doesNotContain(Outcome.SENT, Outcome.SKIPPED, Outcome.CANCELLED);
    }
  }

  @ParameterizedTest
  @EnumSource(Outcome.class)
  void codesOfOutcomesAreReadBack(Outcome outcome) {
    assertThat(LedgerCodes.outcome(LedgerCodes.of(outcome))).isEqualTo(outcome);
  }

  @ParameterizedTest
  @EnumSource(Bucket.class)
  void codesOfBucketsAreReadBack(Bucket bucket) {
    assertThat(LedgerCodes.bucket(LedgerCodes.of(bucket))).isEqualTo(bucket);
  }

  private static SendMessage command(int issue, boolean granted) {
    return new SendMessage(
        UUID.randomUUID(),
        UUID.randomUUID(),
        1,
        Channel.EMAIL,
        issue,
        1,
        Bucket.RETRYING,
        granted,
        LocalDate.of(2026, 5, 1),
        new Lane(UUID.randomUUID(), 0),
        "a",
        1,
        "a@example.org",
        Instant.EPOCH,
        Map.of());
  }
}
