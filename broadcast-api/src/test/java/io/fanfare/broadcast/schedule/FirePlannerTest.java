package io.fanfare.broadcast.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broadcast.schedule.FirePlanner.Plan;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FirePlannerTest {

  private static final Instant NINE = Instant.parse("2027-03-01T09:00:00Z");
  private static final Instant TEN = NINE.plusSeconds(3_600);
  private static final Instant NOON = NINE.plusSeconds(3 * 3_600);
  private static final Instant ONE = NINE.plusSeconds(4 * 3_600);

  private final FireTimes hourly =
      FireTimes.of(new ScheduleChoice("0 * * * *", "UTC", null, null, null, null));

  @Test
  void whatIsDueIsMadeAndTheNextTimeFollows() {
    for (Misfire misfire : Misfire.values()) {
      Instant now = NINE.plusSeconds(60);
      assertThat(FirePlanner.plan(hourly, misfire, NINE, now, null))
          .isEqualTo(new Plan(NINE, 0, TEN));
    }
  }

  @Test
  void whatPassedLongAgoIsSkippedOrMadeOnceForAllOfIt() {
    Instant late = NOON.plusSeconds(61);
    assertThat(FirePlanner.plan(hourly, Misfire.SKIP, NINE, late, null))
        .isEqualTo(new Plan(null, 4, ONE));
    assertThat(FirePlanner.plan(hourly, Misfire.FIRE_ONCE, NINE, late, null))
        .isEqualTo(new Plan(NOON, 3, ONE));
    // The last of them is no minute old: it is on time, whatever came before it.
    Instant onTime = NOON.plusSeconds(59);
    assertThat(FirePlanner.plan(hourly, Misfire.SKIP, NINE, onTime, null))
        .isEqualTo(new Plan(NOON, 3, ONE));
  }

  @Test
  void theLastOneAllowedIsFollowedByNoneAndWhatIsSkippedDoesNotCount() {
    assertThat(FirePlanner.plan(hourly, Misfire.SKIP, NINE, NINE, 2))
        .isEqualTo(new Plan(NINE, 0, TEN));
    assertThat(FirePlanner.plan(hourly, Misfire.SKIP, NINE, NINE, 1))
        .isEqualTo(new Plan(NINE, 0, null));
    assertThat(FirePlanner.plan(hourly, Misfire.SKIP, NINE, NINE.plusSeconds(120), 1))
        .isEqualTo(new Plan(null, 1, TEN));
  }

  @Test
  void afterItsEndThereIsNothing() {
    FireTimes ends = FireTimes.of(new ScheduleChoice("0 * * * *", "UTC", null, TEN, null, null));
    assertThat(FirePlanner.plan(ends, Misfire.FIRE_ONCE, TEN, NOON, null))
        .isEqualTo(new Plan(TEN, 0, null));
  }
}
