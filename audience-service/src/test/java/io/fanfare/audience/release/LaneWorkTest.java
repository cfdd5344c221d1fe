package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.release.LaneWork.LaneFigures;
import io.fanfare.audience.release.LaneWork.Waiting;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LaneWorkTest {

  private static final int LOOK_AHEAD = 90;

  @Test
  void aBroadcastBeginsUntilItHasHadItsPartOfTheLookAhead() {
    Waiting large = waiting(100_000, false, 5_000);
    assertThat(of(large, waiting(10, false, 0)).begins(LOOK_AHEAD)).isTrue();
    assertThat(of(large, waiting(10, false, 44)).begins(LOOK_AHEAD)).isTrue();
    assertThat(of(large, waiting(10, false, 45)).begins(LOOK_AHEAD)).isFalse();
    Waiting begins = waiting(1_000, false, 20);
    assertThat(begins.beginning(of(large, begins).part(LOOK_AHEAD))).isEqualTo(25);
    assertThat(large.beginning(of(large, begins).part(LOOK_AHEAD))).isZero();
  }

  @Test
  void whatReleasesNothingAndWhatCarriesSingleMessagesDoesNotBegin() {
    assertThat(of(waiting(0, false, 0)).begins(LOOK_AHEAD)).isFalse();
    assertThat(of(waiting(10, true, 0)).begins(LOOK_AHEAD)).isFalse();
    Waiting begins = waiting(100, false, 0);
    assertThat(begins.beginning(of(begins, waiting(10, true, 0)).part(LOOK_AHEAD))).isEqualTo(90);
  }

  private static LaneWork of(Waiting... waiting) {
    return new LaneWork(
        Channel.TELEGRAM,
        new Lane(UUID.randomUUID(), 0),
        new LaneFigures(0, 0, 30, 1, 0),
        List.of(waiting));
  }

  private static Waiting waiting(long pending, boolean urgent, long issued) {
    return new Waiting(UUID.randomUUID(), UUID.randomUUID(), pending, false, urgent, issued);
  }
}
