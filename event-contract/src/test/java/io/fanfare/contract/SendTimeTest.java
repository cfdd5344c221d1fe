package io.fanfare.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.broadcast.SendTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class SendTimeTest {

  private static final LocalDateTime NINE = LocalDateTime.parse("2027-03-01T09:00");

  @Test
  void aLocalTimeHasComeEverywhereWhenItHasAtTheLastPlaceOnEarth() {
    SendTime time = new SendTime(NINE, null, null, "UTC");
    Instant start = Instant.parse("2027-02-20T00:00:00Z");
    assertThat(time.lastTime(start)).isEqualTo("2027-03-01T21:00:00Z");
    Instant late = Instant.parse("2027-03-02T00:00:00Z");
    assertThat(time.lastTime(late)).isEqualTo(late);
    for (String zone : ZoneId.getAvailableZoneIds()) {
      assertThat(NINE.atZone(ZoneId.of(zone)).toInstant())
          .as(zone)
          .isBetween(start, time.lastTime(start));
    }
  }
}
