package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class AskedPausesTest {

  private final AskedPauses asked = new AskedPauses();
  private final UUID account = UUID.randomUUID();
  private final UUID broadcast = UUID.randomUUID();

  @Test
  void isAskedForOnceAtAnEpochWhateverElseDoesNotWork() {
    UUID other = UUID.randomUUID();
    assertThat(asked.ask(broadcast, 1, account, 1)).isTrue();
    assertThat(asked.ask(broadcast, 1, account, 1)).isFalse();
    assertThat(asked.ask(broadcast, 1, other, 1)).isFalse();
    assertThat(asked.holds(broadcast, 1, account, 1)).isTrue();
    assertThat(asked.holds(broadcast, 1, other, 1)).isTrue();
    assertThat(asked.ask(broadcast, 2, account, 1)).as("after a resume").isTrue();
  }

  @Test
  void holdsNothingOnceTheEpochOrTheAccountIsNewer() {
    asked.ask(broadcast, 1, account, 1);
    assertThat(asked.holds(broadcast, 2, account, 1)).isFalse();
    assertThat(asked.holds(broadcast, 1, account, 2)).isFalse();
    assertThat(asked.holds(UUID.randomUUID(), 1, account, 1)).isFalse();
  }

  @Test
  void forgetsWhatWasAskedForLongestAgo() {
    for (int epoch = 1; epoch <= AskedPauses.MOST; epoch++) {
      asked.ask(broadcast, epoch, account, 1);
    }
    assertThat(asked.holds(broadcast, 1, account, 1)).isTrue();
    asked.ask(broadcast, AskedPauses.MOST + 1, account, 1);
    assertThat(asked.holds(broadcast, 1, account, 1)).isFalse();
    assertThat(asked.holds(broadcast, 2, account, 1)).isTrue();
  }
}
