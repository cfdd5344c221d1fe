package io.fanfare.localstack.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

  private static final FaultPlan PLAN =
      new FaultPlan(0.1, 0.05, 0.2, 0.05, 0.03, 0.07, 1, 1, 0.25, 10, false, 0, 42);

  @Test
  void sharesHoldOverManyAddresses() {
    var counts = new EnumMap<Fate, Integer>(Fate.class);
    int stalled = 0;
    for (int i = 0; i < 100_000; i++) {
      var address = "user" + i + "@example.test";
      counts.merge(PLAN.fate(address), 1, Integer::sum);
      stalled += PLAN.stalls(address) ? 1 : 0;
    }
    assertThat(counts.get(Fate.REFUSED)).isCloseTo(10_000, within(500));
    assertThat(counts.get(Fate.UNKNOWN)).isCloseTo(5_000, within(400));
    assertThat(counts.get(Fate.DEFERRED)).isCloseTo(20_000, within(700));
    assertThat(counts.get(Fate.FAILED)).isCloseTo(5_000, within(400));
    assertThat(counts.get(Fate.DROPPED_BEFORE)).isCloseTo(3_000, within(300));
    assertThat(counts.get(Fate.DROPPED_AFTER)).isCloseTo(7_000, within(450));
    assertThat(stalled).isCloseTo(25_000, within(800));
  }

  @Test
  void samePlanSameAddressesAndAnotherSeedOthers() {
    // Written down, so that a change of the hash cannot go unnoticed: recorded runs would no longer
    // compare.
    var fates = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      fates.append(PLAN.fate("USER" + i + "@example.test").ordinal());
    }
    assertThat(fates).hasToString("1030000046010000001003032030150411360031");
    var other = PLAN.seeded(43);
    int different = 0;
    for (int i = 0; i < 1_000; i++) {
      different += PLAN.fate("user" + i) == other.fate("user" + i) ? 0 : 1;
    }
    assertThat(different).isGreaterThan(300);
  }

  @Test
  void refusesImpossibleShares() {
    assertThatThrownBy(() -> FaultPlan.NONE.refusing(1.1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FaultPlan.NONE.refusing(0.6, 0.6)).hasMessageContaining("add up");
    assertThatThrownBy(() -> FaultPlan.NONE.refusing(Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FaultPlan.NONE.limitedTo(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNewPlanForgetsTries() {
    var faults = new Faults();
    faults.plan(FaultPlan.NONE.deferring(1, 1, 1));
    assertThat(faults.nextTry("a", "b")).isEqualTo(Fate.DEFERRED);
    assertThat(faults.nextTry("a", "b")).isEqualTo(Fate.ACCEPTED);
    faults.plan(faults.plan());
    assertThat(faults.nextTry("a", "b")).isEqualTo(Fate.DEFERRED);
  }

  @Test
  void noSlidingSecondExceedsTheLimit() {
    var limit = new SlidingLimit(2);
    assertThat(limit.admits(0)).isTrue();
    assertThat(limit.admits(900_000_000L)).isTrue();
    assertThat(limit.admits(999_999_999L)).isFalse();
    assertThat(limit.admits(1_000_000_000L)).isTrue();
    assertThat(limit.admits(1_800_000_000L)).isFalse();
    assertThat(limit.admits(1_900_000_000L)).isTrue();
  }
}
