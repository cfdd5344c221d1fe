package io.fanfare.broadcast.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.broadcast.SendTime;
import io.fanfare.support.problem.FieldProblem;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendTimeChoiceTest {

  private static final LocalDateTime NINE = LocalDateTime.parse("2027-03-01T09:00");

  @Test
  void itIsOneLocalTimeOrThePreferredHourInAZoneThatIsKnown() {
    assertThat(wrong(new SendTimeChoice(NINE, null, null, null, "Europe/Berlin"))).isEmpty();
    assertThat(wrong(new SendTimeChoice(null, null, true, 0, "UTC"))).isEmpty();
    assertThat(wrong(new SendTimeChoice(null, null, false, null, "UTC")))
        .containsExactly("/send_time");
    assertThat(wrong(new SendTimeChoice(NINE, null, true, 5, "UTC"))).containsExactly("/send_time");
    assertThat(wrong(new SendTimeChoice(NINE, null, null, 5, "Mars/Base")))
        .containsExactly("/send_time/zone", "/send_time/default_hour");
    assertThat(wrong(new SendTimeChoice(NINE, null, null, null, null)))
        .containsExactly("/send_time/zone");
    assertThat(wrong(new SendTimeChoice(null, SendTime.Past.SKIP, true, null, "UTC")))
        .containsExactly("/send_time/default_hour", "/send_time/past");
    assertThat(wrong(new SendTimeChoice(null, null, true, 24, "UTC")))
        .containsExactly("/send_time/default_hour");
    assertThat(new SendTimeChoice(null, null, null, null, null).sayNothing()).isTrue();
  }

  /** From where it comes first to where it comes last it takes a day and two hours. */
  @Test
  void aLocalTimeComesSomewhereAfterTheStartAndEverywhereWithinAMonth() {
    SendTimeChoice choice = new SendTimeChoice(NINE, null, null, null, "UTC");
    assertThat(choice.problemsAt(Instant.parse("2027-03-01T21:00:00Z"))).isEmpty();
    assertThat(choice.problemsAt(Instant.parse("2027-03-01T21:00:01Z"))).hasSize(1);
    assertThat(choice.problemsAt(Instant.parse("2027-01-29T21:00:00Z"))).isEmpty();
    assertThat(choice.problemsAt(Instant.parse("2027-01-29T18:59:59Z"))).hasSize(1);
    assertThat(
            new SendTimeChoice(null, null, true, 9, "UTC")
                .problemsAt(Instant.parse("2020-01-01T00:00:00Z")))
        .isEmpty();
  }

  private static List<String> wrong(SendTimeChoice choice) {
    return choice.problems().stream().map(FieldProblem::pointer).toList();
  }
}
