package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReservePolicyTest {

  @ParameterizedTest
  @CsvSource({
    "30, 30, 24",
    "6, 30, 0",
    "7, 30, 1",
    "0, 30, 0",
    "4, 4, 3",
    "3, 3, 2",
    "256, 256, 205"
  })
  void aFifthIsLeftAloneWhileMessagesAreExpected(int free, int capacity, int expected) {
    assertThat(ReservePolicy.forBroadcasts(free, capacity, true)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"30, 30", "1, 30", "2147483647, 0"})
  void whatNobodyAsksForIsUsedByEither(int free, int capacity) {
    assertThat(ReservePolicy.forBroadcasts(free, capacity, false)).isEqualTo(free);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "2147483647, 0"})
  void whatCannotBeDividedOrHasNoBoundIsKeptForNobody(int free, int capacity) {
    assertThat(ReservePolicy.forBroadcasts(free, capacity, true)).isEqualTo(free);
  }
}
