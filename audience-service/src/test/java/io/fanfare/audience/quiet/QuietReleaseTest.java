package io.fanfare.audience.quiet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.support.identity.Role;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the quiet hours of contacts do to a release under way. */
@ExtendWith(AudienceExtension.class)
class QuietReleaseTest {

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  QuietReleaseTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void whoeverHasQuietHoursStaysPendingUntilTheyEndAndEverybodyElseIsSentTo() {
    UUID mail = scenario.account(Channel.EMAIL, 2, 0);
    List<Long> contacts = scenario.contacts(40);
    zones(contacts.subList(0, 20), "Etc/GMT-12");
    zones(contacts.subList(20, 40), "UTC");
    quietNow("UTC");
    own(contacts.get(20), "{\"off\": true}");
    BroadcastControl broadcast = start(scenario.list(contacts), mail);
    List<SendMessage> sent = new ArrayList<>(worker.await(21));
    sent.addAll(worker.settled());
    assertThat(sent)
        .extracting(SendMessage::contactId)
        .containsExactlyInAnyOrderElementsOf(contacts.subList(0, 21));
    Instant begins = sent.getFirst().sendBefore();
    assertThat(
            sent.stream()
                .filter(command -> command.contactId() != contacts.get(20))
                .map(SendMessage::sendBefore))
        .allMatch(begins::equals);
    assertThat(begins)
        .isBetween(Instant.now().plusSeconds(9 * 3600), Instant.now().plusSeconds(13 * 3600));
    worker.end(sent, Outcome.SENT);
    assertThat(
            scenario
                .awaitProgress(broadcast, p -> p.path("sent").asLong() == 21)
                .path("pending")
                .asLong())
        .isEqualTo(19);

    var entries =
        audience
            .get(
                scenario.tenant(),
                "/internal/v1/broadcasts/"
                    + broadcast.broadcastId()
                    + "/recipients/"
                    + contacts.getLast())
            .body()
            .get("entries");
    assertThat(entries)
        .extracting(entry -> entry.get("kind").asString())
        .containsExactlyInAnyOrder("pending", "put_off");
    assertThat(entries.get(0).get("until")).isEqualTo(entries.get(1).get("until"));

    // The morning comes.
    over(broadcast);
    List<SendMessage> rest = new ArrayList<>(worker.await(19));
    assertThat(rest)
        .extracting(SendMessage::contactId)
        .containsExactlyInAnyOrderElementsOf(contacts.subList(21, 40));
    worker.end(rest, Outcome.SENT);
    scenario.awaitProgress(broadcast, p -> p.path("sent").asLong() == 40);
  }

  @Test
  void aRetryWaitsForTheEndOfQuietHoursToo() {
    UUID mail = scenario.account(Channel.EMAIL, 1, 0);
    List<Long> contacts = scenario.contacts(2);
    BroadcastControl broadcast = start(scenario.list(contacts), mail);
    List<SendMessage> first = worker.await(2);
    worker.end(first, Outcome.RETRYING);
    quietNow("UTC");
    own(contacts.getFirst(), "{\"off\": true}");
    first.forEach(command -> worker.announce(FakeWorker.retryOf(command, Bucket.RETRYING, false)));
    List<SendMessage> retried = new ArrayList<>(worker.await(1));
    retried.addAll(worker.settled());
    assertThat(retried).extracting(SendMessage::contactId).containsExactly(contacts.getFirst());
    over(broadcast);
    List<SendMessage> late = worker.await(1);
    assertThat(late).extracting(SendMessage::contactId).containsExactly(contacts.getLast());
    assertThat(late).extracting(SendMessage::issue).containsExactly(2);
    retried.addAll(late);
    worker.end(retried, Outcome.SENT);
    scenario.awaitProgress(
        broadcast, p -> p.path("sent").asLong() == 2 && p.path("in_flight").asLong() == 0);
  }

  @Test
  void hoursThatCannotBeAreRefusedWithAPointer() {
    assertThat(put("/api/v1/quiet-hours", "{\"from\": \"25:00\", \"to\": \"08:00\"}").pointer(0))
        .isEqualTo("/from");
    assertThat(put("/api/v1/quiet-hours", "{\"from\": \"22:00\"}").pointer(0)).isEqualTo("/to");
    assertThat(put("/api/v1/quiet-hours", "{\"from\": \"08:00\", \"to\": \"08:00\"}").pointer(0))
        .isEqualTo("/to");
    assertThat(put("/api/v1/quiet-hours", "{\"zone\": \"Mars/Base\"}").pointer(0))
        .isEqualTo("/zone");
    assertThat(put("/api/v1/quiet-hours", "{\"off\": true}").pointer(0)).isEqualTo("/off");
    long contact = scenario.contacts(1).getFirst();
    String own = "/api/v1/contacts/" + contact + "/quiet-hours";
    assertThat(put(own, "{\"off\": true}").body()).hasToString("{\"off\":true}");
    assertThat(put(own, "{\"from\": \"22:00\", \"to\": \"07:30\"}").body())
        .isEqualTo(audience.get(scenario.tenant(), own).body());
    assertThat(audience.get(new Scenario(audience).tenant(), own).status()).isEqualTo(404);
  }

  private BroadcastControl start(UUID list, UUID account) {
    BroadcastControl broadcast = scenario.start(list, Scenario.plan(Channel.EMAIL, account, 2));
    worker.follow(broadcast);
    scenario.awaitFrozen(broadcast);
    return broadcast;
  }

  /** Two hours around now, by the clock of UTC. */
  private void quietNow(String zone) {
    LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
    put(
        "/api/v1/quiet-hours",
        "{\"from\": \"%s\", \"to\": \"%s\", \"zone\": \"%s\"}"
            .formatted(now.minusHours(1), now.plusHours(1), zone));
  }

  private void own(long contact, String hours) {
    assertThat(put("/api/v1/contacts/" + contact + "/quiet-hours", hours).status()).isEqualTo(200);
  }

  private void zones(List<Long> contacts, String zone) {
    audience
        .jdbc()
        .update(
            "update contact set time_zone = ? where id = any(?)",
            zone,
            contacts.toArray(Long[]::new));
  }

  /** The hours are over: what was put off is due, and nothing is quiet any more. */
  private void over(BroadcastControl broadcast) {
    put("/api/v1/quiet-hours", "{}");
    for (String waiting :
        List.of("chunk set due_at", "put_off set due_at", "due_retry set not_before")) {
      audience
          .jdbc()
          .update("update " + waiting + " = now() where broadcast_id = ?", broadcast.broadcastId());
    }
  }

  private AudienceService.Answer put(String path, String body) {
    return audience.request(
        AudienceService.identity(scenario.tenant(), Role.ADMIN), "PUT", path, body, Map.of());
  }
}
