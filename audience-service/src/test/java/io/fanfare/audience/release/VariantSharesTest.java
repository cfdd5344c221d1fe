package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VariantSharesTest {

  private static final int[] WEIGHTS = {10, 10, 7, 1};

  @Test
  void everySplitIsCompleteAndAtMostOneOff() {
    SplittableRandom random = new SplittableRandom(3);
    for (int wanted = 0; wanted < 200; wanted++) {
      int[] parts = VariantShares.split(wanted, WEIGHTS, random.nextDouble());
      assertThat(Arrays.stream(parts).sum()).isEqualTo(wanted);
      for (int at = 0; at < parts.length; at++) {
        assertThat(parts[at]).isNotNegative();
        assertThat((double) parts[at]).isCloseTo(wanted * WEIGHTS[at] / 28.0, within(1.0));
      }
    }
  }

  /** Taken one by one, the smallest share gets its turns too. */
  @Test
  void smallSplitsAddUpToTheShares() {
    SplittableRandom random = new SplittableRandom(4);
    int[] sums = new int[WEIGHTS.length];
    for (int split = 0; split < 28_000; split++) {
      int[] parts = VariantShares.split(1, WEIGHTS, random.nextDouble());
      for (int at = 0; at < parts.length; at++) {
        sums[at] += parts[at];
      }
    }
    for (int at = 0; at < sums.length; at++) {
      double expected = 1_000.0 * WEIGHTS[at];
      assertThat((double) sums[at]).isCloseTo(expected, within(4 * Math.sqrt(expected)));
    }
  }

  @Test
  void mixesEvenlyAndKeepsTheOrderOfEach() {
    assertThat(
            VariantShares.mix(
                List.of(List.of("a1", "a2"), List.of("b1", "b2", "b3", "b4"), List.of("c1"))))
        .containsExactly("b1", "a1", "b2", "c1", "b3", "a2", "b4");
    List<Integer> alone = IntStream.range(0, 5).boxed().toList();
    assertThat(VariantShares.mix(List.of(List.of(), alone))).isEqualTo(alone);
  }
}
