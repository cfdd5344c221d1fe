package io.fanfare.broadcast.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryDelaysTest {

  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void areTenAtMostEachOfADayAtMost() {
    assertThat(new RetryDelays(Collections.nCopies(10, DAY)).delays()).hasSize(10);
    assertThat(new RetryDelays(List.of()).delays()).isEmpty();
    refused(Collections.nCopies(11, DAY));
    refused(List.of(DAY.plusMillis(1)));
    refused(List.of(Duration.ZERO));
  }

  private static void refused(List<Duration> delays) {
    assertThatThrownBy(() -> new RetryDelays(delays))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FANFARE_RETRY_DELAYS");
  }
}
