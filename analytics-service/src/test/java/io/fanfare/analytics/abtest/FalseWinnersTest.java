package io.fanfare.analytics.abtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.analytics.abtest.statistics.GroupSequential;
import io.fanfare.analytics.abtest.statistics.Proportion;
import io.fanfare.analytics.abtest.statistics.TwoProportions;
import io.fanfare.contract.Channel;
import io.fanfare.contract.abtest.AbTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 2,000 simulated tests of variants that do not differ: what declares a winner more or less often
 * than alpha says, beyond what the 99 % interval of a binomial allows, is wrong.
 */
class FalseWinnersTest {

  private static final int TESTS = 2_000;
  private static final double ALPHA = 0.05;
  private static final BinomialDistribution BY_CHANCE = BinomialDistribution.of(TESTS, ALPHA);
  private static final int LEAST = BY_CHANCE.inverseCumulativeProbability(0.005);
  private static final int MOST = BY_CHANCE.inverseCumulativeProbability(0.995);
  private static final List<Double> FIVE = List.of(0.2, 0.4, 0.6, 0.8, 1.0);
  private static final double[] FIVE_TIMES = {0.2, 0.4, 0.6, 0.8, 1};
  private static final int PER_LOOK = 1_000;

  @ParameterizedTest
  @ValueSource(doubles = {0.02, 0.1, 0.3})
  void fiveLooksDeclareAsManyFalseWinnersAsOne(double rate) {
    double[] boundaries = GroupSequential.boundaries(ALPHA, FIVE_TIMES, FIVE_TIMES);
    int winners = crossing(new SplittableRandom(20_261), rate, boundaries);
    print("five looks, base rate %s".formatted(rate), winners);
    assertThat(winners).isBetween(LEAST, MOST);
  }

  /** That the simulation can fail. */
  @Test
  void theSameLooksWithAPlainTestAtEachDeclareFarMore() {
    double[] plain = new double[5];
    Arrays.fill(plain, 1.959964);
    int winners = crossing(new SplittableRandom(20_261), 0.1, plain);
    print("five looks, 1.96 at each", winners);
    assertThat(winners).isGreaterThan(2 * MOST);
  }

  /**
   * The decision itself, with the information it finds. Boundaries that took time for information
   * would have a size of 4.4 % where recipients answer early like this, and of 6.0 % where late
   * ({@code time_for_information} in {@code statistics-reference.json}).
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void recipientsWhoAnswerEarlyOrLateChangeNothing(boolean early) {
    double[] answered =
        early ? new double[] {0.5, 0.75, 0.87, 0.95, 1} : new double[] {0.06, 0.13, 0.25, 0.5, 1};
    SplittableRandom random = new SplittableRandom(7);
    int winners = 0;
    for (int test = 0; test < TESTS; test++) {
      winners += isWon(random, 2, FIVE, PER_LOOK * 4, 0.06, answered) ? 1 : 0;
    }
    print("five looks, half the answers by the %s".formatted(early ? "first" : "fourth"), winners);
    assertThat(winners).isBetween(LEAST, MOST);
  }

  /** With Holm it is alpha at most: comparisons with one control go together. */
  @Test
  void threeVariantsDeclareNoMoreFalseWinnersThanTwo() {
    SplittableRandom random = new SplittableRandom(11);
    int winners = 0;
    for (int test = 0; test < TESTS; test++) {
      winners +=
          isWon(random, 3, List.of(0.4, 0.7, 1.0), 3_000, 0.08, new double[] {0.4, 0.7, 1}) ? 1 : 0;
    }
    print("three variants, three looks", winners);
    assertThat(winners).isBetween(TESTS / 50, MOST);
  }

  private static int crossing(SplittableRandom random, double rate, double[] boundaries) {
    int winners = 0;
    for (int test = 0; test < TESTS; test++) {
      long first = 0;
      long second = 0;
      boolean won = false;
      for (int look = 1; look <= boundaries.length; look++) {
        first += successes(random, PER_LOOK, rate);
        second += successes(random, PER_LOOK, rate);
        long sent = (long) look * PER_LOOK;
        double z = TwoProportions.z(new Proportion(first, sent), new Proportion(second, sent));
        won |= Math.abs(z) >= boundaries[look - 1];
      }
      winners += won ? 1 : 0;
    }
    return winners;
  }

  private static boolean isWon(
      SplittableRandom random,
      int variants,
      List<Double> looks,
      int sent,
      double rate,
      double[] answered) {
    AbTest plan = plan(variants, looks);
    long[][] converted = new long[variants][looks.size()];
    for (long[] of : converted) {
      for (int recipient = 0; recipient < sent; recipient++) {
        double drawn = random.nextDouble() / rate;
        for (int look = 0; look < looks.size(); look++) {
          of[look] += drawn < answered[look] ? 1 : 0;
        }
      }
    }
    List<TestedLook> tested = new ArrayList<>();
    for (int look = 0; look < looks.size(); look++) {
      int at = look;
      List<VariantFigures> figures =
          IntStream.range(0, variants)
              .mapToObj(of ->
                  new VariantFigures(plan.variants().get(of).id(), sent, converted[of][at], 0, 0))
              .toList();
      LookEvaluation evaluation =
          LookEvaluation.of(plan, looks.get(look), List.copyOf(tested), figures);
      LookDecision decision = LookDecision.decide(plan, look == looks.size() - 1, evaluation);
      if (decision instanceof LookDecision.Winner) {
        return true;
      }
      tested.add(new TestedLook(looks.get(look), evaluation.information()));
    }
    return false;
  }

  private static AbTest plan(int variants, List<Double> looks) {
    return new AbTest(
        IntStream.range(0, variants)
            .mapToObj(
                of -> new AbTest.Variant(String.valueOf((char) ('a' + of)), "v" + of, 10, null))
            .toList(),
        100 - 10 * variants,
        new Channel("email"),
        AbTest.Metric.CLICK,
        null,
        looks,
        Duration.ofHours(4),
        100,
        ALPHA,
        AbTest.Decision.AUTO,
        "a");
  }

  private static long successes(SplittableRandom random, int trials, double rate) {
    long successes = 0;
    for (int trial = 0; trial < trials; trial++) {
      successes += random.nextDouble() < rate ? 1 : 0;
    }
    return successes;
  }

  private static void print(String what, int winners) {
    System.out.printf(
        "%,d A/A tests, %s: %.2f %% false winners (99 %% interval of 5 %%: %.2f %% to %.2f %%)%n",
        TESTS, what, 100.0 * winners / TESTS, 100.0 * LEAST / TESTS, 100.0 * MOST / TESTS);
  }
}
