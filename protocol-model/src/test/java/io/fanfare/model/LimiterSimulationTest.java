package io.fanfare.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.dispatch.loop.LaneSlots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a limit is held: at the provider, whose clock counts messages that were some time on their
 * way. Virtual time; a message arrives at any instant between its write and its answer.
 */
class LimiterSimulationTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MS = Duration.ofMillis(1).toNanos();
  private static final int LIMIT = 30;

  /** What a worker asks before it sends. */
  private interface Limiter {
    boolean mayBegin(long now);

    void answered(long now);
  }

  private static final class Slots implements Limiter {
    private final LaneSlots slots = new LaneSlots(SECOND, 0);

    Slots() {
      slots.capacity(LIMIT, 0);
    }

    @Override
    public boolean mayBegin(long now) {
      boolean free = slots.free(now) > 0;
      if (free) {
        slots.take();
      }
      return free;
    }

    @Override
    public void answered(long now) {
      slots.answered(now);
    }
  }

  /** What one would write first: as many tokens as the limit, refilled evenly. */
  private static final class TokenBucket implements Limiter {
    private double tokens = LIMIT;
    private long filled;

    @Override
    public boolean mayBegin(long now) {
      tokens = Math.min(LIMIT, tokens + (double) (now - filled) / SECOND * LIMIT);
      filled = now;
      boolean free = tokens >= 1;
      tokens -= free ? 1 : 0;
      return free;
    }

    @Override
    public void answered(long now) {}
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24})
  void slotsHoldTheLimitAtTheProvider(long seed) {
    List<Long> arrivals = arrivals(new Slots(), seed);
    assertThat(mostInASecond(arrivals)).isLessThanOrEqualTo(LIMIT);
    assertThat(arrivals.size()).as("and use it").isGreaterThan(LIMIT * 10);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24})
  void aTokenBucketDoesNot(long seed) {
    int most = mostInASecond(arrivals(new TokenBucket(), seed));
    System.out.printf("token bucket of %d, seed %d: %d in one second%n", LIMIT, seed, most);
    assertThat(most).isGreaterThan(LIMIT);
  }

  private static List<Long> arrivals(Limiter limiter, long seed) {
    Random random = new Random(seed);
    PriorityQueue<Long> answers = new PriorityQueue<>();
    List<Long> arrivals = new ArrayList<>();
    for (long now = 0; now < 60 * SECOND; now += MS) {
      while (!answers.isEmpty() && answers.element() <= now) {
        limiter.answered(answers.remove());
      }
      // Now and then there is nothing to send, and the network is slow.
      boolean idle = now / (3 * SECOND) % 5 == 4;
      long slowest = now / SECOND % 4 == 3 ? 900 * MS : 60 * MS;
      while (!idle && limiter.mayBegin(now)) {
        long took = MS + random.nextLong(slowest);
        arrivals.add(now + random.nextLong(took));
        answers.add(now + took);
      }
    }
    arrivals.sort(null);
    return arrivals;
  }

  private static int mostInASecond(List<Long> arrivals) {
    int most = 0;
    int from = 0;
    for (int to = 0; to < arrivals.size(); to++) {
      while (arrivals.get(to) - arrivals.get(from) >= SECOND) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }
}
