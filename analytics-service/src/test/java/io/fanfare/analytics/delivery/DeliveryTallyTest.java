package io.fanfare.analytics.delivery;

import static io.fanfare.analytics.DeliveryHistory.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.analytics.DeliveryHistory;
import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.delivery.Outcome;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeliveryTallyTest {

  private final UUID broadcast = UUID.randomUUID();

  @Test
  void movesFollowTheBucketsAndAttemptsTheOutcomes() {
    var tally =
        DeliveryTally.of(
            List.of(
                event(broadcast, 2, Channel.EMAIL, 1, Bucket.IN_FLIGHT, Outcome.RETRYING),
                event(broadcast, 2, Channel.EMAIL, 2, Bucket.RETRYING, Outcome.RETURNED),
                event(broadcast, 2, Channel.EMAIL, 3, Bucket.RETRYING, Outcome.SENT),
                event(broadcast, 4, Channel.EMAIL, 1, Bucket.IN_FLIGHT, Outcome.RETURNED)));

    assertThat(tally.moves()).hasSize(1);
    var moves = tally.moves().firstEntry().getValue();
    assertThat(moves.counts()).isEqualTo(new Counts(1, 0, 0, 0, 0, 0, 0, 0));
    assertThat(moves.firstAt()).isEqualTo(DeliveryHistory.firstInstant().plusSeconds(2));
    assertThat(moves.lastAt()).isEqualTo(DeliveryHistory.firstInstant().plusSeconds(4));
    assertThat(tally.outcomes().values()).containsExactly(1L, 2L, 1L);
    assertThat(tally.causes().values()).containsExactly(1L, 2L);
  }

  @Test
  void aSingleBatchMayTakeOutWhatAnotherPutIn() {
    var tally =
        DeliveryTally.of(List.of(event(broadcast, 2, Channel.EMAIL, 2, Bucket.DEAD, Outcome.SENT)));

    assertThat(tally.moves().firstEntry().getValue().counts())
        .isEqualTo(new Counts(1, 0, -1, 0, 0, 0, 0, 0));
  }
}
