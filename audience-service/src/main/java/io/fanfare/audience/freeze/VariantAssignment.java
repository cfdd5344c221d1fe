package io.fanfare.audience.freeze;

import io.fanfare.contract.abtest.AbTest;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which variant a contact gets, from nothing but its id, the broadcast's and the plan of the test:
 * the same on every channel and however often it is asked. Shares are exact to a hundredth of a
 * percent, and what a contact gets in one broadcast says nothing of the next.
 */
final class VariantAssignment {

  /** What everybody gets where nothing is tested. */
  static final String ONLY = "a";

  private static final int PARTS = 10_000;
  private static final int PARTS_PER_PERCENT = PARTS / 100;

  private final long seed;
  private final String[] variants;

  VariantAssignment(UUID broadcastId, @Nullable AbTest test) {
    seed = mix(broadcastId.getMostSignificantBits() ^ mix(broadcastId.getLeastSignificantBits()));
    variants = test == null ? new String[0] : parts(test);
  }

  /** The id of the variant, or {@link AbTest#HOLD_BACK}. */
  String of(long contactId) {
    if (variants.length == 0) {
      return ONLY;
    }
    return variants[(int) Long.remainderUnsigned(mix(seed ^ mix(contactId)), PARTS)];
  }

  private static String[] parts(AbTest test) {
    String[] parts = new String[PARTS];
    int from = 0;
    for (AbTest.Variant variant : test.variants()) {
      int to = from + variant.percent() * PARTS_PER_PERCENT;
      Arrays.fill(parts, from, to, variant.id());
      from = to;
    }
    if (from + test.holdBackPercent() * PARTS_PER_PERCENT != PARTS) {
      throw new IllegalArgumentException("the shares of a test are not 100 percent: " + test);
    }
    Arrays.fill(parts, from, PARTS, AbTest.HOLD_BACK);
    return parts;
  }

  // The output function of SplitMix64 (Steele, Lea and Flood, 2014), after a step of its sequence.
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
