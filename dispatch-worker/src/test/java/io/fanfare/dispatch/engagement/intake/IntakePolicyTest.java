package io.fanfare.dispatch.engagement.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.support.problem.FieldProblem;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntakePolicyTest {

  private static final Instant NOW = Instant.parse("2026-11-23T07:00:00Z");
  private static final SentMessage SENT =
      new SentMessage("a", 2, Instant.parse("2026-11-23T06:00:00.750Z"));
  private static final FiledBroadcast BROADCAST =
      new FiledBroadcast(new UUID(1, 2), new UUID(1, 1), LocalDate.of(2026, 11, 23));

  @Test
  void namesEveryFieldThatIsMissing() {
    var nothing = new ReportedEvent(null, null, null, null, null, null, null);
    assertThat(IntakePolicy.problems(nothing, "/events/3", NOW))
        .extracting(FieldProblem::pointer)
        .containsExactly(
            "/events/3/contact_id", "/events/3/channel", "/events/3/event_id", "/events/3/kind");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENED,,,/kind",
    "CLICKED,,,/kind",
    "BUTTON,,,/kind",
    "UNSUBSCRIBED,,,/kind",
    "BOUNCED,,,/name",
    "BOUNCED,Hard,,/name",
    "BOUNCED,hard,1,/value",
    "COMPLAINED,hard,,/name",
    "REPLIED,,0,/value",
    "CUSTOM,,1,/name",
    "CUSTOM,two words,1,/name",
    "CUSTOM,-purchase,1,/name",
    "CUSTOM,purchase,0.0000001,/value",
    "CUSTOM,purchase,1000000000000000,/value",
    "CUSTOM,purchase,-1E+15,/value",
    "CUSTOM,purchase,1E+999999999,/value",
    "CUSTOM,purchase,1E-999999999,/value",
  })
  void refusesWhatDoesNotBelongTogether(Kind kind, String name, BigDecimal value, String field) {
    assertThat(IntakePolicy.problems(event(kind, "id", name, value, null), "", NOW))
        .extracting(FieldProblem::pointer)
        .containsExactly(field);
  }

  @ParameterizedTest
  @CsvSource({
    "BOUNCED,hard,",
    "BOUNCED,soft,",
    "COMPLAINED,,",
    "REPLIED,,",
    "CUSTOM,purchase,",
    "CUSTOM,Lesson.booked:2-x_y,999999999999999.999999",
    "CUSTOM,refund,-19.990000000",
    "CUSTOM,nothing,0E-30",
  })
  void takesWhatBelongsTogether(Kind kind, String name, BigDecimal value) {
    assertThat(IntakePolicy.problems(event(kind, "id", name, value, null), "", NOW)).isEmpty();
  }

  @Test
  void boundsIdsAndNames() {
    assertThat(pointer(event(Kind.REPLIED, "", null, null, null))).isEqualTo("/event_id");
    assertThat(pointer(event(Kind.REPLIED, "x".repeat(101), null, null, null)))
        .isEqualTo("/event_id");
    assertThat(pointer(event(Kind.CUSTOM, "x", "x".repeat(101), null, null))).isEqualTo("/name");
    assertThat(pointer(event(Kind.CUSTOM, "x".repeat(100), "x".repeat(100), null, null))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT5M1S", "-PT2376H1S"})
  void refusesTimesThatCannotBe(Duration after) {
    assertThat(pointer(event(Kind.REPLIED, "id", null, null, NOW.plus(after)))).isEqualTo("/at");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT5M", "-PT2376H"})
  void takesTimesThatCanBe(Duration after) {
    assertThat(pointer(event(Kind.REPLIED, "id", null, null, NOW.plus(after)))).isNull();
  }

  @Test
  void nobodyAnswersWhatHeWasNotSent() {
    var early = event(Kind.REPLIED, "id", null, null, SENT.claimedAt().minusSeconds(301));
    assertThat(IntakePolicy.problem(early, null, "/events/0").pointer())
        .isEqualTo("/events/0/contact_id");
    assertThat(IntakePolicy.problem(early, SENT, "").pointer()).isEqualTo("/at");
    var skewed = event(Kind.REPLIED, "id", null, null, SENT.claimedAt().minusSeconds(300));
    assertThat(IntakePolicy.problem(skewed, SENT, "")).isNull();
  }

  @Test
  void makesAnEventOfTheLedgersKnowledgeAndTheReportersId() {
    var reported = event(Kind.CUSTOM, "order-1", "purchase", new BigDecimal("1.2E+3"), null);
    var event = IntakePolicy.event(BROADCAST, reported, SENT, NOW);
    assertThat(event.eventId())
        .isEqualTo(IntakePolicy.event(BROADCAST, reported, SENT, NOW.plusSeconds(1)).eventId());
    assertThat(event.variant()).isEqualTo("a");
    assertThat(event.at()).isEqualTo(NOW);
    assertThat(event.sentAt()).isEqualTo(Instant.parse("2026-11-23T06:00:00Z"));
    assertThat(event.value()).isEqualTo(new BigDecimal("1200"));
    assertThat(event.machine()).isNull();
    var other = event(Kind.CUSTOM, "order-2", "purchase", null, null);
    assertThat(IntakePolicy.event(BROADCAST, other, SENT, NOW).eventId())
        .isNotEqualTo(event.eventId());
  }

  private static String pointer(ReportedEvent event) {
    return IntakePolicy.problems(event, "", NOW).stream()
        .map(FieldProblem::pointer)
        .findFirst()
        .orElse(null);
  }

  private static ReportedEvent event(
      Kind kind, String id, String name, BigDecimal value, Instant at) {
    return new ReportedEvent(42L, Channel.EMAIL, kind, id, name, value, at);
  }
}
