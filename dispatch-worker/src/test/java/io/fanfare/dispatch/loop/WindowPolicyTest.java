package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowPolicyTest {

  @ParameterizedTest(name = "{0}/s of a window of {1}: {2}")
  @CsvSource({
    "30, 4000, 180",
    "1, 4000, 50",
    "333, 4000, 1998",
    "334, 4000, 2000",
    "1000, 4000, 2000",
    "2147483647, 4000, 2000",
    "0, 4000, 2000"
  })
  void aLaneHoldsSixSecondsOfItsRateAndHalfTheWindowAtMost(int limit, int capacity, int share) {
    assertThat(WindowPolicy.laneShare(limit, capacity)).isEqualTo(share);
  }

  @ParameterizedTest(name = "{0} of {2} held, {1} more: full {3}")
  @CsvSource({
    "3000, 500, 4000, false",
    "3001, 500, 4000, true",
    "4000, 500, 4000, true",
    // No more than an eighth is kept, however large a read is.
    "1500, 2000, 4000, false",
    "1501, 2000, 4000, true",
    // An empty window takes a read of any size, or nothing would ever be sent.
    "0, 8000, 4000, false"
  })
  void broadcastsLeaveRoomForOneReadOfMessages(int size, int more, int capacity, boolean full) {
    assertThat(WindowPolicy.fullForBroadcasts(size, more, capacity)).isEqualTo(full);
  }
}
