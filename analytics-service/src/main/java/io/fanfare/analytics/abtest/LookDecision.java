package io.fanfare.analytics.abtest;

import io.fanfare.contract.abtest.AbTest;
import java.util.Comparator;
import java.util.List;

/**
 * What becomes of a test at a look. Every variant is compared with the control, the first one. The
 * winner is the best of those significantly better than the control; the control itself wins when
 * it is significantly better than every other one.
 */
sealed interface LookDecision {

  /** The test goes on to its next look. */
  record Wait(LookReason why) implements LookDecision {}

  /** Nothing may be decided but by a person: the groups are not as they were meant to be. */
  record Blocked(LookReason why) implements LookDecision {}

  /** This variant is significantly better. */
  record Winner(String variant) implements LookDecision {}

  /** Nothing is significant at the end: what was declared for that case. */
  record Fallback(String variant, LookReason why) implements LookDecision {}

  /**
   * @param last no look comes after this one
   */
  static LookDecision decide(AbTest plan, boolean last, LookEvaluation look) {
    if (!look.enough()) {
      return undecided(plan, last, LookReason.TOO_SMALL);
    }
    if (look.ratio().isMismatch()) {
      LookReason why = look.sending() ? LookReason.SENDING : LookReason.SAMPLE_RATIO;
      return last ? new Blocked(why) : new Wait(why);
    }
    List<Comparison> better =
        look.comparisons().stream()
            .filter(comparison -> comparison.significant() && comparison.difference() > 0)
            .toList();
    if (!better.isEmpty()) {
      Comparison best =
          better.stream().max(Comparator.comparingDouble(Comparison::difference)).orElseThrow();
      return new Winner(best.variant());
    }
    if (look.comparisons().stream().allMatch(Comparison::significant)) {
      return new Winner(look.figures().getFirst().variant());
    }
    return undecided(plan, last, LookReason.NOT_SIGNIFICANT);
  }

  private static LookDecision undecided(AbTest plan, boolean last, LookReason why) {
    return last ? new Fallback(plan.fallback(), why) : new Wait(why);
  }

  /** The name of what it came to, as stored and shown. */
  default String verdict() {
    return switch (this) {
      case Wait wait -> "wait";
      case Blocked blocked -> "blocked";
      case Winner winner -> "winner";
      case Fallback fallback -> "fallback";
    };
  }

  /** Why nothing was found; {@link LookReason#SIGNIFICANT} where something was. */
  default LookReason reason() {
    return switch (this) {
      case Wait wait -> wait.why();
      case Blocked blocked -> blocked.why();
      case Winner winner -> LookReason.SIGNIFICANT;
      case Fallback fallback -> fallback.why();
    };
  }

  /** A difference could have been found, so alpha was spent. */
  default boolean tested() {
    return reason() == LookReason.SIGNIFICANT || reason() == LookReason.NOT_SIGNIFICANT;
  }
}
