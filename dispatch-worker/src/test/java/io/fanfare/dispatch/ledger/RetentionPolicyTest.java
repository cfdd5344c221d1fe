package io.fanfare.dispatch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 6, 1);

  @Test
  void keepsTheDaysThatCanStillBeRetried() {
    assertThat(RetentionPolicy.firstDayKept(TODAY, 100, Map.of())).isEqualTo(TODAY.minusDays(100));
  }

  @Test
  void aBroadcastThatHasNotEndedKeepsItsDayHoweverOld() {
    LocalDate old = TODAY.minusDays(300);
    Map<UUID, LocalDate> unfinished =
        Map.of(UUID.randomUUID(), TODAY.minusDays(1), UUID.randomUUID(), old);
    assertThat(RetentionPolicy.firstDayKept(TODAY, 100, unfinished)).isEqualTo(old);
  }
}
