package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreditPolicyTest {

  private final CreditPolicy policy = new CreditPolicy(Duration.ofSeconds(3), 20_000);

  @ParameterizedTest
  @CsvSource({"30, 1, 90", "500, 8, 187", "5, 8, 1", "1, 64, 1", "1000, 1, 3000"})
  void looksAheadThreeSecondsOfTheLanesQuota(int rate, int shards, int expected) {
    assertThat(policy.lookAhead(rate, shards, 0)).isEqualTo(expected);
    assertThat(policy.mostOutstanding(rate, shards)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 400",
    "8, 0, 50",
    "8, 6, 50",
    "8, 100, 300",
    "1, 5000, 15000",
    "1, 9000, 20000"
  })
  void withoutAQuotaLooksAheadThreeSecondsOfWhatTheLaneDidLately(
      int shards, double perSecond, int expected) {
    assertThat(policy.lookAhead(0, shards, perSecond)).isEqualTo(expected);
    assertThat(policy.mostOutstanding(0, shards)).isEqualTo(20_000);
  }

  @Test
  void aLaneThatIsEmptiedAtOnceIsAtFullSpeedWithinSomeTurns() {
    double perSecond = 0;
    int turns = 0;
    while (policy.lookAhead(0, 8, perSecond) < 20_000 && turns < 100) {
      int outstanding = policy.lookAhead(0, 8, perSecond);
      perSecond = CreditPolicy.resultsPerSecond(perSecond, outstanding, Duration.ofMillis(300));
      turns++;
    }
    assertThat(turns).isLessThan(5);
  }

  @Test
  void aLullCountsByHalves() {
    assertThat(CreditPolicy.resultsPerSecond(1_000, 0, Duration.ofSeconds(1))).isEqualTo(500);
    assertThat(CreditPolicy.resultsPerSecond(1_000, 2_000, Duration.ofSeconds(1))).isEqualTo(2_000);
  }

  @Test
  void creditIsWhatIsNotOutstanding() {
    assertThat(policy.credit(90, 40)).isEqualTo(50);
    assertThat(policy.credit(90, 140)).isZero();
  }

  @Test
  void lessThanNothingOutstandingGivesNoExtraCredit() {
    assertThat(policy.credit(90, -490)).isEqualTo(90);
  }

  @Test
  void releasesOnceAQuarterIsFree() {
    assertThat(policy.worthReleasing(21, 90, false)).isFalse();
    assertThat(policy.worthReleasing(22, 90, false)).isTrue();
    assertThat(policy.worthReleasing(0, 1, false)).isFalse();
    assertThat(policy.worthReleasing(1, 1, false)).isTrue();
    assertThat(policy.worthReleasing(0, 90, true)).isFalse();
    assertThat(policy.worthReleasing(1, 90, true)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"90, 0, 108", "90, 90, 18", "90, 108, 0", "3, 3, 1", "1, 1, 1", "20000, 20000, 4000"})
  void broadcastsCannotTakeTheReserveOfMessages(int lookAhead, long outstanding, int expected) {
    assertThat(policy.urgentCredit(lookAhead, outstanding)).isEqualTo(expected);
  }
}
