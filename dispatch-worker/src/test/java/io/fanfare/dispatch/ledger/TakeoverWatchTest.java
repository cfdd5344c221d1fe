package io.fanfare.dispatch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.dispatch.ledger.TakeoverWatch.Observed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TakeoverWatchTest {

  private final TakeoverWatch watch =
      new TakeoverWatch(Duration.ofSeconds(6), Duration.ofSeconds(3));

  @Test
  void takesOverALeaseThatStoodStillForAFullPeriod() {
    for (int second = 0; second < 6; second++) {
      assertThat(look(second, 7)).isEmpty();
    }
    assertThat(look(6, 7)).containsExactly(new Observed(1, 7));
  }

  @Test
  void aRenewalStartsThePeriodAnew() {
    for (int second = 0; second <= 5; second++) {
      look(second, 7);
    }
    look(6, 8);
    assertThat(look(9, 8)).isEmpty();
    assertThat(look(11, 8)).isEmpty();
    assertThat(look(12, 8)).hasSize(1);
  }

  @Test
  void anOutageOfTheDatabaseFencesNobody() {
    for (int second = 0; second <= 5; second++) {
      look(second, 7);
    }
    watch.interrupted();
    assertThat(look(7, 7)).isEmpty();
    assertThat(look(10, 7)).isEmpty();
    assertThat(look(13, 7)).hasSize(1);
  }

  @Test
  void ownPausesDoNotCountAsWatching() {
    look(0, 7);
    assertThat(look(100, 7)).isEmpty();
  }

  private List<Observed> look(int second, long renewed) {
    return watch.observe(List.of(new Observed(1, renewed)), Duration.ofSeconds(second).toNanos());
  }
}
