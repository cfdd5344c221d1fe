package io.fanfare.analytics.audience;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.broadcast.Audience;
import org.junit.jupiter.api.Test;

class SegmentsTest {

  @Test
  void countsWhatCanBeNoPartOfAnAudienceAsUnknown() {
    assertThat(Segments.number(1)).isEqualTo(1);
    assertThat(Segments.number(Audience.MAX_PARTS)).isEqualTo(20);
    assertThat(Segments.number(null)).isZero();
    assertThat(Segments.number(0)).isZero();
    assertThat(Segments.number(-1)).isZero();
    assertThat(Segments.number(Audience.MAX_PARTS + 1)).isZero();
  }
}
