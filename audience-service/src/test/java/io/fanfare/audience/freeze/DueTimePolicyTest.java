package io.fanfare.audience.freeze;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.freeze.DueTimePolicy.Due;
import io.fanfare.contract.broadcast.SendTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DueTimePolicyTest {

  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    // Offsets of hours, half hours and quarters.
    "2027-03-01T09:00, Pacific/Kiritimati,  2027-02-28T19:00:00Z",
    "2027-03-01T09:00, Asia/Kathmandu,      2027-03-01T03:15:00Z",
    "2027-03-01T09:00, Asia/Kolkata,        2027-03-01T03:30:00Z",
    "2027-03-01T09:00, Europe/Berlin,       2027-03-01T08:00:00Z",
    "2027-03-01T09:00, America/Los_Angeles, 2027-03-01T17:00:00Z",
    "2027-03-01T09:00, Etc/GMT+12,          2027-03-01T21:00:00Z",
    // Clocks leap from two to three, and from two to half past two.
    "2027-03-28T01:59, Europe/Berlin,       2027-03-28T00:59:00Z",
    "2027-03-28T02:00, Europe/Berlin,       2027-03-28T01:00:00Z",
    "2027-03-28T02:30, Europe/Berlin,       2027-03-28T01:00:00Z",
    "2027-03-28T03:00, Europe/Berlin,       2027-03-28T01:00:00Z",
    "2027-10-03T02:15, Australia/Lord_Howe, 2027-10-02T15:30:00Z",
    "2027-10-03T02:30, Australia/Lord_Howe, 2027-10-02T15:30:00Z",
    // They are put back from three to two, and from two to half past one: the first of both.
    "2027-10-31T02:30, Europe/Berlin,       2027-10-31T00:30:00Z",
    "2027-10-31T03:00, Europe/Berlin,       2027-10-31T02:00:00Z",
    "2027-04-04T01:45, Australia/Lord_Howe, 2027-04-03T14:45:00Z",
    "2027-04-04T02:00, Australia/Lord_Howe, 2027-04-03T15:30:00Z",
    // Nobody's clock has ever shown this day in Samoa.
    "2011-12-30T09:00, Pacific/Apia,        2011-12-30T10:00:00Z"
  })
  void oneLocalTimeComesWhenTheClockOfTheContactShowsIt(
      LocalDateTime localTime, String zone, Instant due) {
    Instant start = Instant.parse("2011-01-01T00:00:00Z");
    assertThat(local(localTime, null, start).of(zone, 7)).isEqualTo(new Due(due, false));
  }

  @Test
  void whoHasNoZoneOrOneThatIsUnknownIsWhereTheBroadcastSays() {
    DueTimePolicy policy = local(LocalDateTime.parse("2027-03-01T09:00"), null, LONG_AGO);
    Due berlin = new Due(Instant.parse("2027-03-01T08:00:00Z"), false);
    assertThat(policy.of(null, null)).isEqualTo(berlin);
    assertThat(policy.of("Mars/Base", null)).isEqualTo(berlin);
  }

  @Test
  void whoseTimeHasPassedIsSentToAtOnceOrSkipped() {
    LocalDateTime nine = LocalDateTime.parse("2027-03-01T09:00");
    Instant start = Instant.parse("2027-03-01T08:00:00Z");
    DueTimePolicy sends = local(nine, SendTime.Past.SEND, start);
    DueTimePolicy skips = local(nine, SendTime.Past.SKIP, start);
    assertThat(sends.of("Asia/Kathmandu", null)).isEqualTo(Due.AT_ONCE);
    assertThat(skips.of("Asia/Kathmandu", null)).isEqualTo(Due.PAST);
    assertThat(local(nine, null, start).of("Asia/Kathmandu", null)).isEqualTo(Due.AT_ONCE);
    assertThat(skips.of("Europe/Berlin", null)).isEqualTo(new Due(start, false));
    assertThat(skips.of("Europe/London", null))
        .isEqualTo(new Due(start.plus(Duration.ofHours(1)), false));
  }

  @ParameterizedTest
  @CsvSource({
    "2027-03-01T08:00:00Z, Europe/Berlin,       9,  now",
    "2027-03-01T08:59:59Z, Europe/Berlin,       9,  now",
    "2027-03-01T09:00:00Z, Europe/Berlin,       9,  2027-03-02T08:00:00Z",
    "2027-03-01T08:00:00Z, Europe/Berlin,       ,   2027-03-01T17:00:00Z",
    "2027-03-01T08:00:00Z, Asia/Kathmandu,      9,  2027-03-02T03:15:00Z",
    "2027-03-01T08:00:00Z, Asia/Kathmandu,      0,  2027-03-01T18:15:00Z",
    // The hour the clock leaps over: when it has.
    "2027-03-27T20:00:00Z, Europe/Berlin,       2,  2027-03-28T01:00:00Z",
    "2027-10-02T10:00:00Z, Australia/Lord_Howe, 2,  2027-10-02T15:30:00Z",
    // The hour that comes twice: the first time, and it lasts through both.
    "2027-10-30T20:00:00Z, Europe/Berlin,       2,  2027-10-31T00:00:00Z",
    "2027-10-31T01:30:00Z, Europe/Berlin,       2,  now",
    "2027-04-03T15:10:00Z, Australia/Lord_Howe, 1,  now",
    "2027-04-03T15:10:00Z, Australia/Lord_Howe, 2,  2027-04-03T15:30:00Z",
    // A day of twenty-five hours.
    "2027-10-30T08:00:00Z, Europe/Berlin,       9,  2027-10-31T08:00:00Z"
  })
  void thePreferredHourIsTheNextOneOrTheOneThatLasts(
      Instant start, String zone, @Nullable Integer hour, String due) {
    DueTimePolicy policy = new DueTimePolicy(new SendTime(null, null, 18, "Europe/Berlin"), start);
    assertThat(policy.of(zone, hour))
        .isEqualTo(due.equals("now") ? Due.AT_ONCE : new Due(Instant.parse(due), false));
  }

  @Test
  void anyHourComesWithinADayInAnyZoneAndNoneIsPassedOver() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    for (int i = 0; i < 20_000; i++) {
      Instant start = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(300_000_000));
      String id = zones.get(random.nextInt(zones.size()));
      ZoneId zone = ZoneId.of(id);
      int hour = random.nextInt(24);
      SendTime time = new SendTime(null, null, hour, "UTC");
      Due due = new DueTimePolicy(time, start).of(id, null);
      String what = start + " " + id + " " + hour + " " + due;
      if (due.at() == null) {
        assertThat(start.atZone(zone).getHour()).as(what).isEqualTo(hour);
        continue;
      }
      assertThat(due.at()).as(what).isAfter(start).isBeforeOrEqualTo(time.lastTime(start));
      ZonedDateTime shown = due.at().atZone(zone);
      ZonedDateTime before = due.at().minusSeconds(1).atZone(zone);
      assertThat(before.getHour()).as(what).isNotEqualTo(hour);
      assertThat(shown.getHour() == hour || before.getOffset() != shown.getOffset())
          .as(what)
          .isTrue();
    }
  }

  @Test
  void withoutASendTimeItIsEverybodysTurnAtOnce() {
    assertThat(new DueTimePolicy(null, LONG_AGO).of("Europe/Berlin", 9)).isEqualTo(Due.AT_ONCE);
  }

  private static DueTimePolicy local(
      LocalDateTime localTime, SendTime.@Nullable Past past, Instant start) {
    return new DueTimePolicy(new SendTime(localTime, past, null, "Europe/Berlin"), start);
  }
}
