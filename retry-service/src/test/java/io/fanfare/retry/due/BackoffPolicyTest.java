package io.fanfare.retry.due;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffPolicyTest {

  private static final UUID BROADCAST = UUID.fromString("018f0000-0000-7000-8000-000000000002");
  private static final List<Duration> DELAYS =
      List.of(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(300));

  @ParameterizedTest
  @CsvSource({"1, 8000, 12000", "2, 48000, 72000", "3, 240000, 360000", "9, 240000, 360000"})
  void waitsLongerAfterEachTryWithinTheJitter(int attempt, long least, long most) {
    var delays =
        LongStream.range(0, 2_000)
            .map(contact -> BackoffPolicy.delay(DELAYS, attempt, of(contact), attempt).toMillis())
            .summaryStatistics();
    assertThat(delays.getMin()).isBetween(least, least + (most - least) / 20);
    assertThat(delays.getMax()).isBetween(most - (most - least) / 20, most);
    assertThat(delays.getAverage()).isBetween(0.99 * (least + most) / 2, 1.01 * (least + most) / 2);
  }

  @Test
  void theSameTryOfARecipientWaitsEquallyLongEachTime() {
    assertThat(BackoffPolicy.delay(DELAYS, 1, of(42), 1))
        .isEqualTo(BackoffPolicy.delay(DELAYS, 1, of(42), 1))
        .isNotEqualTo(BackoffPolicy.delay(DELAYS, 1, of(43), 1))
        .isNotEqualTo(BackoffPolicy.delay(DELAYS, 1, of(42), 2));
  }

  @Test
  void aBroadcastWithoutDelaysWaitsTheDefaultOnes() {
    assertThat(BackoffPolicy.delay(List.of(), 2, of(42), 2))
        .isEqualTo(BackoffPolicy.delay(DELAYS, 2, of(42), 2));
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "1, 4", "2, 8", "4, 32", "5, 60", "1000000, 60"})
  void announcesAgainLessAndLessOften(int announcements, long minutes) {
    assertThat(
            BackoffPolicy.untilNextAnnouncement(
                Duration.ofMinutes(2), Duration.ofHours(1), announcements))
        .isEqualTo(Duration.ofMinutes(minutes));
  }

  private static Recipient of(long contact) {
    return new Recipient(BROADCAST, contact, Channel.EMAIL);
  }
}
