package io.fanfare.audience.freeze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.audience.Scenario;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.support.Ids;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VariantAssignmentTest {

  private static final int CONTACTS = 100_000;

  // Of chi-square with 3 and 9 degrees of freedom, exceeded by chance once in 100,000 times.
  private static final double CRITICAL_3 = 25.90;
  private static final double CRITICAL_9 = 39.34;

  private static final AbTest TEST = Scenario.test(null, 10, 15, 25);
  private static final Map<String, Double> SHARES =
      Map.of("a", 0.10, "b", 0.15, "c", 0.25, AbTest.HOLD_BACK, 0.50);

  // Fixed ids: the figures are the same in every run.
  private static final UUID FIRST = UUID.fromString("019ac0de-0000-7000-8000-000000000001");
  private static final UUID SECOND = UUID.fromString("019ac0de-0000-7000-8000-000000000002");

  @Test
  void sharesAreWhatThePlanSays() {
    for (UUID broadcast : List.of(FIRST, SECOND)) {
      VariantAssignment assignment = new VariantAssignment(broadcast, TEST);
      Map<String, Integer> counts = new HashMap<>();
      for (long contact = 1; contact <= CONTACTS; contact++) {
        counts.merge(assignment.of(contact), 1, Integer::sum);
      }
      assertThat(counts.keySet()).isEqualTo(SHARES.keySet());
      double chiSquare = 0;
      for (Map.Entry<String, Double> share : SHARES.entrySet()) {
        double expected = CONTACTS * share.getValue();
        chiSquare += Math.pow(counts.get(share.getKey()) - expected, 2) / expected;
      }
      System.out.printf("shares %s: chi-square %.2f%n", counts, chiSquare);
      assertThat(chiSquare).isLessThan(CRITICAL_3);
    }
  }

  @Test
  void whatAContactGetsInOneBroadcastSaysNothingOfTheNext() {
    VariantAssignment first = new VariantAssignment(FIRST, TEST);
    VariantAssignment second = new VariantAssignment(SECOND, TEST);
    Map<String, Integer> counts = new HashMap<>();
    for (long contact = 1; contact <= CONTACTS; contact++) {
      counts.merge(first.of(contact) + "/" + second.of(contact), 1, Integer::sum);
    }
    // Against the shares that were found, as for any table of two attributes.
    double chiSquare = 0;
    for (String one : SHARES.keySet()) {
      for (String other : SHARES.keySet()) {
        double expected = sum(counts, one + "/", true) * sum(counts, "/" + other, false) / CONTACTS;
        chiSquare += Math.pow(counts.get(one + "/" + other) - expected, 2) / expected;
      }
    }
    System.out.printf("two broadcasts: chi-square %.2f%n", chiSquare);
    assertThat(chiSquare).isLessThan(CRITICAL_9);
  }

  private static double sum(Map<String, Integer> counts, String part, boolean prefix) {
    return counts.entrySet().stream()
        .filter(count -> prefix ? count.getKey().startsWith(part) : count.getKey().endsWith(part))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  @Test
  void aContactGetsTheSameHoweverOftenItIsAsked() {
    VariantAssignment assignment = new VariantAssignment(FIRST, TEST);
    VariantAssignment again = new VariantAssignment(FIRST, TEST);
    for (long contact = 1; contact <= 1_000; contact++) {
      assertThat(again.of(contact)).isEqualTo(assignment.of(contact));
    }
  }

  @Test
  void everybodyGetsTheOnlyVariantWhereNothingIsTested() {
    VariantAssignment assignment = new VariantAssignment(Ids.next(), null);
    for (long contact = 1; contact <= 100; contact++) {
      assertThat(assignment.of(contact)).isEqualTo("a");
    }
  }

  @Test
  void nobodyIsHeldBackWhereTheVariantsTakeAll() {
    VariantAssignment assignment = new VariantAssignment(FIRST, Scenario.test(null, 50, 50));
    for (long contact = 1; contact <= 10_000; contact++) {
      assertThat(assignment.of(contact)).isIn("a", "b");
    }
  }

  @Test
  void sharesThatAreNotTheWholeAreABug() {
    AbTest test =
        new AbTest(
            TEST.variants(),
            40,
            TEST.channel(),
            TEST.metric(),
            null,
            TEST.looks(),
            TEST.duration(),
            1,
            0.05,
            TEST.decision(),
            "a");
    assertThatThrownBy(() -> new VariantAssignment(FIRST, test))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
