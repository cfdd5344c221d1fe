package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneSlotsTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MS = Duration.ofMillis(1).toNanos();

  @Test
  void withoutALimitThereIsAlwaysRoom() {
    LaneSlots slots = new LaneSlots(SECOND, 0);
    for (int i = 0; i < 1_000; i++) {
      slots.take();
    }
    assertThat(slots.free(0)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void aSlotIsFreeAWindowAfterTheAnswer() {
    LaneSlots slots = new LaneSlots(SECOND, 0);
    slots.capacity(1, 0);
    slots.take();
    slots.answered(300 * MS);
    assertThat(slots.free(1_299 * MS)).isZero();
    assertThat(slots.free(1_300 * MS)).isEqualTo(1);
  }

  @Test
  void aSlotWithoutAWriteIsFreeAtOnce() {
    LaneSlots slots = new LaneSlots(SECOND, 0);
    slots.capacity(1, 0);
    slots.take();
    slots.giveBack();
    assertThat(slots.free(0)).isEqualTo(1);
  }

  @Test
  void restsAsLongAsTheProviderWants() {
    LaneSlots slots = new LaneSlots(SECOND, 0);
    slots.quiet(5 * SECOND);
    slots.quiet(3 * SECOND);
    assertThat(slots.free(4 * SECOND)).isZero();
    assertThat(slots.free(5 * SECOND)).isPositive();
  }

  @Test
  void afterAnotherOwnerOnlyALimitedLaneWaits() {
    LaneSlots slots = new LaneSlots(SECOND, 0);
    slots.others(3 * SECOND);
    assertThat(slots.free(0)).isPositive();
    slots.capacity(10, 0);
    assertThat(slots.free(0)).isZero();
    assertThat(slots.free(3 * SECOND)).isEqualTo(10);
  }

  @Test
  void aLimitThatAppearsUnderWayLetsAWindowPass() {
    LaneSlots slots = new LaneSlots(SECOND, 0);
    slots.take();
    slots.capacity(10, 0);
    assertThat(slots.free(SECOND / 2)).isZero();
    assertThat(slots.free(SECOND)).isEqualTo(9);
  }

  /**
   * Messages arrive at any instant between the claim and the answer, answers take long at times.
   */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14})
  void noSlidingWindowAtTheProviderSeesMoreThanTheLimit(long seed) {
    Random random = new Random(seed);
    int limit = 1 + random.nextInt(30);
    LaneSlots slots = new LaneSlots(SECOND, 0);
    slots.capacity(limit, 0);
    PriorityQueue<Long> answers = new PriorityQueue<>();
    List<Long> arrivals = new ArrayList<>();
    for (long now = 0; now < 30 * SECOND; now += MS) {
      while (!answers.isEmpty() && answers.element() <= now) {
        slots.answered(answers.remove());
      }
      while (slots.free(now) > 0 && random.nextInt(4) > 0) {
        slots.take();
        long took = 1 + random.nextLong(random.nextInt(10) == 0 ? 3 * SECOND : 50 * MS);
        arrivals.add(now + random.nextLong(took));
        answers.add(now + took);
      }
    }
    arrivals.sort(null);
    for (int i = limit; i < arrivals.size(); i++) {
      assertThat(arrivals.get(i) - arrivals.get(i - limit)).isGreaterThanOrEqualTo(SECOND);
    }
    assertThat(arrivals.size()).as("and the limit is used").isGreaterThan(limit * 8);
  }
}
