package io.fanfare.localstack.simulator.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.localstack.simulator.Channel;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ProviderLogTest {

  private static final MarkerKey KEY = new MarkerKey(Channel.EMAIL, "b1");

  @Test
  void countsHundredsOfThousandsOfRecipientsFromManyThreads() throws Exception {
    var log = new ProviderLog(false, Clock.systemUTC());
    var begin = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < 8; thread++) {
        int offset = thread;
        threads.submit(() -> {
          begin.await();
          for (int i = offset; i < 300_000; i += 8) {
            log.accept(KEY, "user" + i + "@example.test", "", "", "message/rfc822", null);
          }
          return null;
        });
      }
      begin.countDown();
    }
    log.accept(KEY, "user5@example.test", "", "", "message/rfc822", null);
    var report = log.report("b1");
    assertThat(report.accepted()).isEqualTo(300_001);
    assertThat(report.distinct()).isEqualTo(300_000);
    assertThat(report.duplicates()).isEqualTo(1);
    assertThat(log.recipients(Channel.EMAIL, "b1", 2))
        .singleElement()
        .satisfies(recipient -> assertThat(recipient.address()).isEqualTo("user5@example.test"));
    assertThat(log.arrivals(Channel.EMAIL, "b1")).hasSize(300_001).isSorted();
  }

  @Test
  void keepsTheNewestMessagesOnly() {
    var log = new ProviderLog(true, Clock.systemUTC());
    for (int i = 1; i <= 2_500; i++) {
      log.accept(KEY, "user" + i, "", "", "message/rfc822", new byte[10]);
    }
    var newest = log.newest(message -> true, Long.MAX_VALUE, 5_000);
    assertThat(newest).hasSize(2_000).first().extracting(AcceptedMessage::id).isEqualTo(2_500L);
    assertThat(log.message(500)).isEmpty();
    for (int i = 0; i < 10; i++) {
      log.accept(KEY, "large", "", "", "message/rfc822", new byte[20 << 20]);
    }
    assertThat(log.newest(message -> true, Long.MAX_VALUE, 5_000)).hasSizeLessThan(5);
    assertThat(log.report().accepted()).isEqualTo(2_510);
  }

  @Test
  void sameAddressInAnotherBroadcastOrChannelIsNoDuplicate() {
    var log = new ProviderLog(true, Clock.systemUTC());
    log.accept(KEY, "1", "", "", "x", null);
    log.accept(new MarkerKey(Channel.EMAIL, "b2"), "1", "", "", "x", null);
    log.accept(new MarkerKey(Channel.TELEGRAM, "b1"), "1", "", "", "x", null);
    assertThat(log.report().duplicates()).isZero();
    assertThat(log.report("b1").markers()).hasSize(2);
  }

  @Test
  void timesAreOfTheWallClockInNanoseconds() {
    var log = new ProviderLog(true, Clock.systemUTC());
    log.accept(KEY, "1", "", "", "x", new byte[0]);
    long nanos = log.arrivals(Channel.EMAIL, "b1")[0];
    assertThat(nanos / 1_000_000_000L)
        .isBetween(Instant.now().getEpochSecond() - 5, Instant.now().getEpochSecond() + 5);
    assertThat(
            log.newest(message -> true, Long.MAX_VALUE, 1).getFirst().acceptedAt().getEpochSecond())
        .isEqualTo(nanos / 1_000_000_000L);
  }

  @Test
  void findsThePeakOfAnySlidingSecond() {
    long[] times = {0, 500_000_000L, 999_999_999L, 1_000_000_000L, 1_400_000_000L, 3_000_000_000L};
    assertThat(Arrivals.peakPerSecond(times)).isEqualTo(4);
    assertThat(Arrivals.peakPerSecond(new long[0])).isZero();
  }

  @Test
  void forgetsOnReset() {
    var log = new ProviderLog(true, Clock.systemUTC());
    log.accept(KEY, "1", "", "", "x", new byte[1]);
    log.reset();
    assertThat(log.report().accepted()).isZero();
    assertThat(log.newest(message -> true, Long.MAX_VALUE, 10)).isEmpty();
  }
}
