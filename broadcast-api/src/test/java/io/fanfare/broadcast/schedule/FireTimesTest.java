package io.fanfare.broadcast.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.support.problem.FieldProblem;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FireTimesTest {

  private static final Instant NOW = Instant.parse("2027-03-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 9 * * MON-FRI | Europe/Berlin       | 2027-03-26T07:00:00Z"
            + " | 2027-03-26T08:00:00Z 2027-03-29T07:00:00Z 2027-03-30T07:00:00Z",
        // No change of clocks, and an offset of three quarters of an hour.
        "0 9 * * *       | Asia/Kathmandu      | 2027-03-27T00:00:00Z"
            + " | 2027-03-27T03:15:00Z 2027-03-28T03:15:00Z 2027-03-29T03:15:00Z",
        // The clock leaps from two to three: what lies between comes when it has leapt, once.
        "30 2 * * *      | Europe/Berlin       | 2027-03-27T00:00:00Z"
            + " | 2027-03-27T01:30:00Z 2027-03-28T01:00:00Z 2027-03-29T00:30:00Z",
        "*/15 2 * * *    | Europe/Berlin       | 2027-03-27T01:40:00Z"
            + " | 2027-03-27T01:45:00Z 2027-03-28T01:00:00Z 2027-03-29T00:00:00Z",
        "0 * * * *       | Europe/Berlin       | 2027-03-28T00:00:00Z"
            + " | 2027-03-28T01:00:00Z 2027-03-28T02:00:00Z 2027-03-28T03:00:00Z",
        // From two to half past two, half an hour alone.
        "15 2 * * *      | Australia/Lord_Howe | 2027-10-01T20:00:00Z"
            + " | 2027-10-02T15:30:00Z 2027-10-03T15:15:00Z 2027-10-04T15:15:00Z",
        // It is put back from three to two: what it shows twice comes the first time.
        "30 2 * * *      | Europe/Berlin       | 2027-10-30T10:00:00Z"
            + " | 2027-10-31T00:30:00Z 2027-11-01T01:30:00Z 2027-11-02T01:30:00Z",
        "0 * * * *       | Europe/Berlin       | 2027-10-30T23:30:00Z"
            + " | 2027-10-31T00:00:00Z 2027-10-31T02:00:00Z 2027-10-31T03:00:00Z",
        "30 2 * * *      | Europe/Berlin       | 2027-10-31T00:45:00Z"
            + " | 2027-11-01T01:30:00Z 2027-11-02T01:30:00Z 2027-11-03T01:30:00Z",
        // From two to half past one.
        "45 1 * * *      | Australia/Lord_Howe | 2027-04-03T00:00:00Z"
            + " | 2027-04-03T14:45:00Z 2027-04-04T15:15:00Z 2027-04-05T15:15:00Z",
        "0 0 29 2 *      | UTC                 | 2027-01-01T00:00:00Z"
            + " | 2028-02-29T00:00:00Z 2032-02-29T00:00:00Z 2036-02-29T00:00:00Z",
        "0 0 L * *       | UTC                 | 2027-02-01T00:00:00Z"
            + " | 2027-02-28T00:00:00Z 2027-03-31T00:00:00Z 2027-04-30T00:00:00Z",
        "@weekly         | America/New_York    | 2027-03-10T00:00:00Z"
            + " | 2027-03-14T05:00:00Z 2027-03-21T04:00:00Z 2027-03-28T04:00:00Z",
      })
  void timesComeByTheClockOfTheZone(String cron, String zone, Instant after, String times) {
    assertThat(FireTimes.of(schedule(cron, zone)).upcoming(after, 3))
        .extracting(Instant::toString)
        .containsExactly(times.split(" "));
  }

  @Test
  void noTimeLiesBeforeTheStartOrAfterTheEnd() {
    ScheduleChoice schedule =
        new ScheduleChoice(
            "0 9 * * *",
            "UTC",
            Instant.parse("2027-04-01T09:00:00Z"),
            Instant.parse("2027-04-03T09:00:00Z"),
            null,
            null);
    assertThat(FireTimes.of(schedule).upcoming(NOW, 10))
        .extracting(Instant::toString)
        .containsExactly("2027-04-01T09:00:00Z", "2027-04-02T09:00:00Z", "2027-04-03T09:00:00Z");
  }

  @Test
  void everyTimeOnTheWallComesOnceInAnyZone() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    for (int i = 0; i < 300; i++) {
      TreeSet<Integer> hours = some(random, 24);
      TreeSet<Integer> minutes = some(random, 60);
      String zone = zones.get(random.nextInt(zones.size()));
      Instant from = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(300_000_000));
      from = nearAChange(ZoneId.of(zone), from);
      Instant until = from.plusSeconds(4 * 86_400);
      String cron = numbers(minutes) + " " + numbers(hours) + " * * *";
      FireTimes times = FireTimes.of(schedule(cron, zone));
      List<Instant> found = new ArrayList<>();
      for (Instant at = times.next(from); !at.isAfter(until); at = times.next(at)) {
        found.add(at);
      }
      assertThat(found)
          .as(cron + " " + zone + " " + from)
          .containsExactlyElementsOf(byDefinition(hours, minutes, ZoneId.of(zone), from, until));
    }
  }

  /** Every minute the wall may show, and when it does. */
  private static TreeSet<Instant> byDefinition(
      TreeSet<Integer> hours, TreeSet<Integer> minutes, ZoneId zone, Instant from, Instant until) {
    TreeSet<Instant> times = new TreeSet<>();
    LocalDateTime first = LocalDateTime.ofInstant(from, zone).minusDays(2).with(LocalTime.MIN);
    for (int day = 0; day < 9; day++) {
      for (int hour : hours) {
        for (int minute : minutes) {
          LocalDateTime wall = first.plusDays(day).withHour(hour).withMinute(minute);
          ZoneOffsetTransition change = zone.getRules().getTransition(wall);
          Instant at =
              change != null && change.isGap()
                  ? change.getInstant()
                  : wall.toInstant(zone.getRules().getValidOffsets(wall).getFirst());
          if (at.isAfter(from) && !at.isAfter(until)) {
            times.add(at);
          }
        }
      }
    }
    return times;
  }

  private static Instant nearAChange(ZoneId zone, Instant from) {
    ZoneOffsetTransition change = zone.getRules().nextTransition(from);
    return change == null ? from : change.getInstant().minusSeconds(2 * 86_400);
  }

  private static TreeSet<Integer> some(Random random, int below) {
    TreeSet<Integer> numbers = new TreeSet<>();
    int count = 1 + random.nextInt(5);
    while (numbers.size() < count) {
      numbers.add(random.nextInt(below));
    }
    return numbers;
  }

  private static String numbers(TreeSet<Integer> numbers) {
    return String.join(",", numbers.stream().map(String::valueOf).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 30 2 *      | /cron | never comes",
        "* * * * *       | /cron | comes more often",
        "0,4 * * * *     | /cron | comes more often",
        "*/7 * * * *     | /cron | comes more often",
        "58 23,0 * * *   |       |",
        "0,58 23,0 * * * | /cron | comes more often",
        "*/5 * * * *     |       |",
        "0 0 31 4,6 *    | /cron | never comes",
        "0 0 29 2 *      |       |",
        "0 9 * * * *     | /cron | must have five fields",
        "60 9 * * *      | /cron | is no cron expression",
        "@reboot         | /cron | is no cron expression",
        "drop table x    | /cron | must have five fields",
        "a b c d e       | /cron | is no cron expression",
        "''              | /cron | must be a cron expression",
      })
  void whatNeverComesOrComesTooOftenIsRefused(
      String cron, @Nullable String pointer, @Nullable String detail) {
    List<FieldProblem> problems = ScheduleRules.problems("", schedule(cron, "UTC"), NOW);
    if (pointer == null) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems)
          .singleElement()
          .matches(problem -> problem.pointer().equals(pointer))
          .matches(problem -> problem.detail().contains(detail), problems.toString());
    }
  }

  @Test
  void whatSurroundsTheExpressionIsCheckedToo() {
    Instant past = NOW.minusSeconds(60);
    assertThat(pointers(new ScheduleChoice(null, null, null, null, null, null)))
        .containsExactly("/zone", "/cron");
    assertThat(pointers(new ScheduleChoice("0 9 * * *", "Mars/Base", null, null, 0, null)))
        .containsExactly("/zone", "/max_fires");
    assertThat(pointers(new ScheduleChoice("0 9 * * *", "UTC", null, past, null, null)))
        .containsExactly("/ends_at");
    assertThat(
            pointers(
                new ScheduleChoice(
                    "0 9 * * *", "UTC", NOW.plusSeconds(400L * 86_400), null, null, null)))
        .containsExactly("/starts_at");
  }

  private static List<String> pointers(ScheduleChoice schedule) {
    return ScheduleRules.problems("", schedule, NOW).stream().map(FieldProblem::pointer).toList();
  }

  private static ScheduleChoice schedule(String cron, String zone) {
    return new ScheduleChoice(cron, zone, null, null, null, null);
  }
}
