package io.fanfare.audience.quiet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuietHoursTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final QuietHours NIGHT =
      new QuietHours(LocalTime.parse("22:00"), LocalTime.parse("08:00"));

  @Test
  void theNightEndsInTheMorningOfTheContactsZone() {
    assertThat(until(NIGHT, "2026-11-28T22:30:00Z", "Europe/Berlin"))
        .isEqualTo("2026-11-29T07:00:00Z");
    assertThat(until(NIGHT, "2026-11-29T06:59:59Z", "Europe/Berlin"))
        .isEqualTo("2026-11-29T07:00:00Z");
    assertThat(until(NIGHT, "2026-11-29T07:00:00Z", "Europe/Berlin")).isNull();
    assertThat(until(NIGHT, "2026-11-28T12:00:00Z", "America/Los_Angeles"))
        .isEqualTo("2026-11-28T16:00:00Z");
    // Offsets of half and three quarters of an hour.
    assertThat(until(NIGHT, "2026-11-28T02:29:59Z", "Asia/Kolkata"))
        .isEqualTo("2026-11-28T02:30:00Z");
    assertThat(until(NIGHT, "2026-11-28T02:14:59Z", "Asia/Kathmandu"))
        .isEqualTo("2026-11-28T02:15:00Z");
    QuietHours noon = new QuietHours(LocalTime.parse("12:00"), LocalTime.parse("14:00"));
    assertThat(until(noon, "2026-11-28T11:30:00Z", "Europe/Berlin"))
        .isEqualTo("2026-11-28T13:00:00Z");
    assertThat(until(noon, "2026-11-28T14:30:00Z", "Europe/Berlin")).isNull();
  }

  @Test
  void nothingIsSentAMomentBeforeTheyBegin() {
    QuietHours.Window early = NIGHT.at(Instant.parse("2026-11-28T12:00:00Z"), BERLIN);
    assertThat(early.sendBefore()).isEqualTo("2026-11-28T20:59:55Z");
    assertThat(until(NIGHT, "2026-11-28T20:59:54Z", "Europe/Berlin")).isNull();
    assertThat(until(NIGHT, "2026-11-28T20:59:56Z", "Europe/Berlin"))
        .isEqualTo("2026-11-29T07:00:00Z");
  }

  @Test
  void hoursThatTheClockLeapsOverEndWhenItHasAndThoseItRepeatsAreQuietTwice() {
    // On March 29 two o'clock is followed by three, on October 25 three by two.
    QuietHours untilHalfPastTwo =
        new QuietHours(LocalTime.parse("23:00"), LocalTime.parse("02:30"));
    assertThat(until(untilHalfPastTwo, "2026-03-29T00:30:00Z", "Europe/Berlin"))
        .isEqualTo("2026-03-29T01:00:00Z");
    assertThat(until(untilHalfPastTwo, "2026-10-25T00:10:00Z", "Europe/Berlin"))
        .isEqualTo("2026-10-25T00:30:00Z");
    assertThat(until(untilHalfPastTwo, "2026-10-25T01:10:00Z", "Europe/Berlin"))
        .isEqualTo("2026-10-25T01:30:00Z");
    QuietHours untilThree = new QuietHours(LocalTime.parse("23:00"), LocalTime.parse("02:59"));
    assertThat(until(untilThree, "2026-10-25T00:58:59Z", "Europe/Berlin"))
        .isEqualTo("2026-10-25T00:59:00Z");
  }

  @Test
  void whoeverIsPutOffIsNotQuietWhenItEndsAndWhoeverIsNotIsAwakeUntilItsTime() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    for (int i = 0; i < 20_000; i++) {
      LocalTime from = LocalTime.ofSecondOfDay(60L * random.nextInt(1_440));
      LocalTime to = from.plusMinutes(1 + random.nextInt(1_439));
      QuietHours hours = new QuietHours(from, to);
      ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      Instant now = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(300_000_000));
      QuietHours.Window window = hours.at(now, zone);
      String what = hours + " " + zone + " " + now + " " + window;
      if (window.until() != null) {
        assertThat(window.until()).as(what).isAfter(now);
        assertThat(hours.isQuiet(window.until(), zone)).as(what).isFalse();
        assertThat(Duration.between(now, window.until())).as(what).isLessThan(Duration.ofHours(27));
      } else {
        assertThat(hours.isQuiet(now, zone)).as(what).isFalse();
        assertThat(window.sendBefore()).as(what).isAfter(now);
        // Awake at any moment before.
        for (int sample = 0; sample < 5; sample++) {
          long span = Duration.between(now, window.sendBefore()).toSeconds();
          Instant then = now.plusSeconds((long) (span * random.nextDouble()));
          assertThat(hours.isQuiet(then, zone)).as(what + " at " + then).isFalse();
        }
      }
    }
  }

  private static Instant until(QuietHours hours, String now, String zone) {
    return hours.at(Instant.parse(now), ZoneId.of(zone)).until();
  }
}
