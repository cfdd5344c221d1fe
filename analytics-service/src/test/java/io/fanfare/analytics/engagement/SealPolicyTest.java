package io.fanfare.analytics.engagement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SealPolicyTest {

  @Test
  void sealsNothingThatMayStillBeToldOfLate() {
    assertThat(new SealPolicy(100).quietSince(Instant.parse("2026-04-11T00:00:00Z")))
        .isEqualTo("2026-01-01T00:00:00Z");
    assertThatThrownBy(() -> new SealPolicy(99)).isInstanceOf(IllegalArgumentException.class);
  }
}
