package io.fanfare.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistogramTest {

  private static final String PAGE =
      """
      # TYPE send_seconds histogram
      send_seconds_bucket{channel="email",le="0.1"} 50
      send_seconds_bucket{channel="email",le="0.5"} 88
      send_seconds_bucket{channel="email",le="+Inf"} 90
      send_seconds_bucket{channel="telegram",le="0.1"} 0
      send_seconds_bucket{channel="telegram",le="0.5"} 10
      send_seconds_bucket{channel="telegram",le="+Inf"} 10.0
      send_seconds_count{channel="email"} 90
      resend_seconds_bucket{le="0.1"} 1000
      """;

  @Test
  void addsUpLabelsAndAnswersWithTheBoundOfTheBucket() {
    Histogram histogram = Histogram.read(PAGE, "send_seconds");
    assertThat(histogram.quantile(0.5)).isEqualTo(0.1);
    assertThat(histogram.quantile(0.51)).isEqualTo(0.5);
    assertThat(histogram.quantile(0.98)).isEqualTo(0.5);
    assertThat(histogram.quantile(0.99)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void ofNothingHasNoQuantile() {
    assertThat(Histogram.read(PAGE, "other_seconds").quantile(0.5)).isNaN();
    String empty = "send_seconds_bucket{le=\"+Inf\"} 0";
    assertThat(Histogram.read(empty, "send_seconds").quantile(0.5)).isNaN();
  }
}
