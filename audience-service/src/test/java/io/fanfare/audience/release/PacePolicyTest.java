package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacePolicyTest {

  private static final Instant START = Instant.parse("2026-11-23T07:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final PacePolicy policy = new PacePolicy(MINUTE);

  @Test
  void beginsWithASecondsWorthAndGoesOnEvenly() {
    assertThat(policy.credit(600, 0, 0, null, START)).isEqualTo(11);
    Instant next = policy.nextAt(600, 11, null, START);
    assertThat(next).isEqualTo(START.plusMillis(100));
    assertThat(policy.credit(600, 11, 0, next, START)).isZero();
    assertThat(policy.credit(600, 11, 0, next, START.plusMillis(600))).isEqualTo(6);
  }

  @Test
  void aSmallRateIsOneByOne() {
    assertThat(policy.credit(6, 0, 0, null, START)).isEqualTo(1);
    assertThat(policy.nextAt(6, 1, null, START)).isEqualTo(START.plusSeconds(9));
  }

  @Test
  void whatMayArriveInTheMinuteCounts() {
    Instant later = START.plusSeconds(300);
    assertThat(policy.credit(600, 1_000, 400, START, later)).isZero();
    assertThat(policy.credit(600, 1_000, 408, START, later)).isEqualTo(8);
    assertThat(policy.credit(600, 1_000, 1_000, START, later)).isEqualTo(11);
  }

  /** Sends take long at times, and results are known late; the rate is changed under way. */
  @ParameterizedTest(name = "rate {0}, seed {1}")
  @CsvSource({"6, 1", "60, 2", "600, 3", "6000, 4", "601, 5"})
  void noSlidingMinuteAtTheProviderSeesMoreThanTheRate(int rate, long seed) {
    List<Long> arrivals = simulate(rate, seed, policy.window().toMillis());
    assertThat(mostInAMinute(arrivals)).isLessThanOrEqualTo(rate);
    assertThat(arrivals.size()).as("and the rate is used").isGreaterThan(rate * 8 * 80 / 100);
  }

  @Test
  void toSpreadEvenlyAndCountWhatIsUnderWayWouldNotBeEnough() {
    assertThat(mostInAMinute(simulate(600, 3, 0))).isGreaterThan(600);
  }

  private static int mostInAMinute(List<Long> arrivals) {
    int most = 0;
    int from = 0;
    for (int to = 0; to < arrivals.size(); to++) {
      while (arrivals.get(to) - arrivals.get(from) >= 60_000) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  /** When messages arrived in eight minutes, in milliseconds. */
  private List<Long> simulate(int rate, long seed, long windowMillis) {
    Random random = new Random(seed);
    PriorityQueue<Long> known = new PriorityQueue<>();
    TreeMap<Long, Long> samples = new TreeMap<>();
    List<Long> arrivals = new ArrayList<>();
    long issued = 0;
    long results = 0;
    Instant nextAt = null;
    long end = Duration.ofMinutes(8).toMillis();
    for (long now = 0; now < end; now += 100) {
      while (!known.isEmpty() && known.element() <= now) {
        known.remove();
        results++;
      }
      if (samples.isEmpty() || samples.lastKey() <= now - 1_000) {
        samples.put(now, results);
      }
      var before = samples.floorEntry(now - windowMillis);
      Instant at = START.plusMillis(now);
      int credit = policy.credit(rate, issued, before == null ? 0 : before.getValue(), nextAt, at);
      if (credit > 0) {
        nextAt = policy.nextAt(rate, credit, nextAt, at);
        issued += credit;
      }
      for (int i = 0; i < credit; i++) {
        long took = 1 + random.nextLong(random.nextInt(20) == 0 ? 20_000 : 500);
        arrivals.add(now + random.nextLong(took));
        known.add(now + took + random.nextLong(300));
      }
    }
    arrivals.sort(null);
    return arrivals;
  }
}
