package io.fanfare.analytics.abtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fanfare.contract.Channel;
import io.fanfare.contract.abtest.AbTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LookDecisionTest {

  private static final long SENT = 10_000;

  @Test
  void theBestOfThoseBetterThanTheControlWins() {
    assertThat(atTheEnd(500, 700, 720, 490)).isEqualTo(new LookDecision.Winner("c"));
  }

  @Test
  void theControlWinsWhenItIsBetterThanEveryOther() {
    assertThat(atTheEnd(700, 500, 520)).isEqualTo(new LookDecision.Winner("a"));
    assertThat(atTheEnd(700, 500, 690))
        .isEqualTo(new LookDecision.Fallback("b", LookReason.NOT_SIGNIFICANT));
  }

  /** z is 2.1: enough for one comparison, too little for the first of three. */
  @Test
  void moreVariantsNeedMore() {
    assertThat(atTheEnd(500, 566)).isEqualTo(new LookDecision.Winner("b"));
    assertThat(atTheEnd(500, 566, 500, 500)).isInstanceOf(LookDecision.Fallback.class);
    // By Holm the second best has an easier boundary once the best has passed its own.
    LookEvaluation both = evaluate(1, List.of(), 500, 800, 572, 500);
    assertThat(both.comparisons())
        .extracting(Comparison::significant)
        .containsExactly(true, true, false);
    assertThat(both.comparisons().get(1).boundary())
        .isLessThan(both.comparisons().get(0).boundary());
    assertThat(both.withPValues(1, List.of()).comparisons().get(1).adjustedPValue())
        .isBetween(0.04, 0.05);
  }

  @Test
  void decidesNothingBeforeAnybodyDidAnything() {
    LookEvaluation look = evaluate(0.5, List.of(), 0, 0).withPValues(0.5, List.of());
    assertThat(look.comparisons().getFirst().boundary()).isNull();
    assertThat(look.comparisons().getFirst().pValue()).isEqualTo(1);
    assertThat(LookDecision.decide(plan(2), false, look))
        .isEqualTo(new LookDecision.Wait(LookReason.NOT_SIGNIFICANT));
  }

  @Test
  void aLookThatTestedNothingCostsNothing() {
    double after =
        evaluate(1, List.of(new TestedLook(0.5, 400)), 500, 510)
            .comparisons()
            .getFirst()
            .boundary();
    double alone = evaluate(1, List.of(), 500, 510).comparisons().getFirst().boundary();
    assertThat(alone).isCloseTo(1.959964, within(1e-5));
    assertThat(after).isGreaterThan(alone);
  }

  @Test
  void moreConvertedThanSentIsAMomentAndNoError() {
    assertThat(new VariantFigures("a", 10, 12, 0, 0).proportion().rate()).isEqualTo(1);
  }

  @Test
  void theWidestPlanIsAnsweredInABlink() {
    List<TestedLook> tested = new ArrayList<>();
    for (int look = 1; look < 5; look++) {
      tested.add(new TestedLook(look / 5.0, 1_000 * Math.sqrt(look)));
    }
    long[] converted = {500, 510, 520, 530, 540, 550, 560, 600};
    long began = System.nanoTime();
    for (int round = 0; round < 10; round++) {
      evaluate(1, tested, converted).withPValues(1, tested);
    }
    System.out.printf(
        "eight variants, fifth look: %d ms%n", (System.nanoTime() - began) / 10_000_000);
  }

  private static LookDecision atTheEnd(long... converted) {
    return LookDecision.decide(plan(converted.length), true, evaluate(1, List.of(), converted));
  }

  private static LookEvaluation evaluate(double time, List<TestedLook> tested, long... converted) {
    AbTest plan = plan(converted.length);
    return LookEvaluation.of(
        plan,
        time,
        tested,
        IntStream.range(0, converted.length)
            .mapToObj(
                of -> new VariantFigures(plan.variants().get(of).id(), SENT, converted[of], 0, 0))
            .toList());
  }

  private static AbTest plan(int variants) {
    return new AbTest(
        IntStream.range(0, variants)
            .mapToObj(
                of -> new AbTest.Variant(String.valueOf((char) ('a' + of)), "v" + of, 10, null))
            .toList(),
        100 - 10 * variants,
        new Channel("email"),
        AbTest.Metric.CLICK,
        null,
        List.of(0.5, 1.0),
        Duration.ofHours(4),
        100,
        0.05,
        AbTest.Decision.AUTO,
        "b");
  }
}
