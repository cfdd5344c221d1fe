package io.fanfare.dispatch.engagement.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fanfare.contract.Channel;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.fanfare.dispatch.engagement.EngagementSettings;
import io.fanfare.dispatch.engagement.intake.EngagementIntakeController.EngagementReport;
import io.fanfare.dispatch.engagement.intake.SentMessageRepository.Recipient;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpStatus;

/** What is answered when broker or database do not. */
class EngagementIntakeControllerTest {

  private static final UUID TENANT = new UUID(1, 1);
  private static final UUID BROADCAST = new UUID(1, 2);
  private static final Identity WHO = new Identity(TENANT, "key:test", Role.SENDER);
  private static final EngagementReport REPORT =
      new EngagementReport(
          List.of(new ReportedEvent(42L, Channel.EMAIL, Kind.REPLIED, "id", null, null, null)));

  private boolean databaseAnswers = true;

  private final class Ledger implements SentMessages.Source {
    @Override
    public Optional<FiledBroadcast> findBroadcast(UUID broadcastId) {
      return Optional.of(new FiledBroadcast(broadcastId, TENANT, LocalDate.EPOCH));
    }

    @Override
    public Map<Recipient, SentMessage> findSent(LocalDate day, List<Recipient> recipients) {
      if (!databaseAnswers) {
        throw new DataAccessResourceFailureException("gone");
      }
      Map<Recipient, SentMessage> sent = new HashMap<>();
      recipients.forEach(each -> sent.put(each, new SentMessage("a", 2, Instant.EPOCH)));
      return sent;
    }
  }

  @Test
  void whatNobodyConfirmsIsNotAcceptedAndMayComeAgain() {
    var settings = new EngagementSettings(Duration.ofMillis(200), 2, Duration.ofSeconds(2));
    try (var publisher = new EngagementPublisher("localhost:1", "test", settings)) {
      var intake =
          new EngagementIntake(
              new SentMessages(new Ledger()),
              new CustomNames((broadcast, names) -> Set.of()),
              publisher,
              Clock.systemUTC());
      var controller = new EngagementIntakeController(intake);
      assertIsForLater(controller);
      databaseAnswers = false;
      assertIsForLater(controller);
      assertThatThrownBy(() -> controller.report(WHO, BROADCAST, new EngagementReport(null)))
          .isInstanceOf(ProblemException.class)
          .extracting(refusal -> ((ProblemException) refusal).status())
          .isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT);
    }
  }

  private static void assertIsForLater(EngagementIntakeController controller) {
    ProblemException refusal =
        catchThrowableOfType(
            ProblemException.class, () -> controller.report(WHO, BROADCAST, REPORT));
    assertThat(refusal.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    assertThat(refusal.code()).isEqualTo("not_confirmed");
    assertThat(refusal.retryAfter()).isPositive();
  }
}
