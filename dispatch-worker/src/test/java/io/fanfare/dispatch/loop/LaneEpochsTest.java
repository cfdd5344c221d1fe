package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Lane;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LaneEpochsTest {

  private final UUID account = UUID.randomUUID();
  private final LaneEpochs epochs = new LaneEpochs();

  @Test
  void remembersTheLanesUsedLast() {
    for (int shard = 0; shard < LaneEpochs.MOST; shard++) {
      epochs.own(new Lane(account, shard), 7);
    }
    assertThat(epochs.of(new Lane(account, 0))).isEqualTo(7);
    epochs.own(new Lane(account, LaneEpochs.MOST), 7);
    assertThat(epochs.of(new Lane(account, 0))).as("used lately").isEqualTo(7);
    assertThat(epochs.of(new Lane(account, 1))).as("used longest ago").isZero();
    assertThat(epochs.of(new Lane(account, LaneEpochs.MOST))).isEqualTo(7);
  }

  @Test
  void aLaneThatIsLostIsAskedForAgain() {
    Lane lane = new Lane(account, 0);
    epochs.own(lane, 3);
    epochs.lose(lane);
    assertThat(epochs.of(lane)).isZero();
  }
}
