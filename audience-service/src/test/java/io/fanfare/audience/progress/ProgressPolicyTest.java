package io.fanfare.audience.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.progress.ProgressPolicy.Own;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import org.junit.jupiter.api.Test;

class ProgressPolicyTest {

  @Test
  void inFlightIsWhatWasHandedOverAndNotCounted() {
    Counters counters =
        ProgressPolicy.compose(new Own(100, 30, 5, 2, 70, 7), new Counts(40, 1, 1, 2, 3, 4, 5, 60));
    assertThat(counters).isEqualTo(new Counters(100, 30, 7, 3, 40, 1, 1, 2, 9, 7));
  }

  @Test
  void aRetryCountedAsSentBeforeItWasCountedAsNeededStaysOneRecipient() {
    Counters counters =
        ProgressPolicy.compose(new Own(2, 0, 0, 0, 2, 0), new Counts(1, 0, 0, 0, -1, 0, 0, 1));
    assertThat(counters).isEqualTo(new Counters(2, 0, 1, 0, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void whoFellBackIsInFlightUntilItIsPlannedOnTheNextChannel() {
    Counts fellBack = new Counts(0, 0, 0, 0, 0, 0, 0, 2, 2L);
    assertThat(ProgressPolicy.compose(new Own(2, 0, 0, 0, 2, 0, 0), fellBack))
        .isEqualTo(new Counters(2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(ProgressPolicy.compose(new Own(1, 0, 0, 0, 2, 0, 1), fellBack))
        .isEqualTo(new Counters(1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1));
  }

  @Test
  void whoIsPlannedOnTheNextChannelIsNoLongerWhereLateCountersHaveIt() {
    Counts retrying = new Counts(1, 0, 0, 0, 1, 0, 0, 2);
    assertThat(ProgressPolicy.compose(new Own(1, 0, 0, 0, 2, 0, 1), retrying))
        .isEqualTo(new Counters(1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1));
  }

  @Test
  void aRecipientWhoseSecondOfThreeMovesIsNotToldYetIsCountedWhereItIsNow() {
    // Retrying by one worker, then in doubt by another that has not told, then sent by a third.
    Counts retrying = new Counts(0, 0, 0, 0, 1, 0, 0, 1);
    Counts lateAnswer = new Counts(1, 0, 0, -1, 0, 0, 0, 0);
    Counters counters =
        ProgressPolicy.compose(new Own(1, 0, 0, 0, 1, 0), retrying.plus(lateAnswer));
    assertThat(counters).isEqualTo(new Counters(1, 0, 0, 0, 1, 0, 0, 0, 0, 0));
  }
}
