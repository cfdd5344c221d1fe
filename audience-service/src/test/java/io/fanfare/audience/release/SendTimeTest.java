package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.SendTime;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.support.identity.Role;
import java.time.Instant;
import java.time.LocalDateTime;
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
import tools.jackson.databind.JsonNode;

/** Broadcasts whose contacts get them at a time of their own. */
@ExtendWith(AudienceExtension.class)
class SendTimeTest {

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  SendTimeTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void aLocalTimeComesZoneByZoneAndWhereItHasPassedNobodyIsSentTo() {
    UUID mail = scenario.account(Channel.EMAIL, 2, 0);
    List<Long> contacts = scenario.contacts(40);
    zones(contacts.subList(0, 10), "Etc/GMT-1");
    zones(contacts.subList(10, 20), "UTC");
    zones(contacts.subList(20, 30), "Etc/GMT+5");
    LocalDateTime soon = now().plusSeconds(3);
    SendTime time = new SendTime(soon, SendTime.Past.SKIP, null, "Etc/GMT+6");
    BroadcastControl broadcast =
        scenario.timed(
            time,
            Instant.now(),
            null,
            scenario.list(contacts),
            Scenario.plan(Channel.EMAIL, mail, 2));
    worker.follow(broadcast);
    JsonNode frozen = scenario.awaitFrozen(broadcast);
    assertThat(frozen.at("/skipped_by_reason/local_time_past").asLong()).isEqualTo(10);
    assertThat(frozen.path("pending").asLong()).isEqualTo(30);

    List<SendMessage> sent = new ArrayList<>(worker.await(10));
    sent.addAll(worker.settled());
    Instant due = soon.toInstant(ZoneOffset.UTC);
    assertThat(sent)
        .extracting(SendMessage::contactId)
        .containsExactlyInAnyOrderElementsOf(contacts.subList(10, 20));
    assertThat(sent).allMatch(command -> !command.releasedAt().isBefore(due.minusMillis(1)));
    worker.end(sent, Outcome.SENT);
    JsonNode waiting =
        scenario.awaitProgress(broadcast, progress -> progress.path("sent").asLong() == 10);
    assertThat(waiting.path("waiting").asLong()).isEqualTo(20);
    assertThat(Instant.parse(waiting.path("waiting_until").asString()))
        .isEqualTo(due.plus(6, ChronoUnit.HOURS));
    assertThat(scenario.signals(broadcast))
        .extracting(BroadcastSignal::signal)
        .doesNotContain(Signal.COMPLETE);

    // Whose time comes in a pause is sent to after it.
    BroadcastControl paused = scenario.moveAndAwait(broadcast, BroadcastState.PAUSED);
    over(broadcast);
    assertThat(worker.settled()).isEmpty();
    BroadcastControl resumed = scenario.move(paused, BroadcastState.RUNNING);
    List<SendMessage> rest = worker.await(20);
    assertThat(rest)
        .extracting(SendMessage::contactId)
        .containsExactlyInAnyOrderElementsOf(contacts.subList(20, 40));
    worker.end(rest, Outcome.SENT);
    scenario.awaitSignal(resumed, Signal.COMPLETE);
    JsonNode done = scenario.progress(resumed);
    assertThat(done.path("sent").asLong()).isEqualTo(30);
    assertThat(done.path("waiting").asLong()).isZero();
  }

  @Test
  void aPreferredHourIsTheContactsOwnOrTheBroadcastsAndQuietHoursWin() {
    UUID mail = scenario.account(Channel.EMAIL, 1, 0);
    List<Long> contacts = scenario.contacts(4);
    zones(contacts, "UTC");
    LocalDateTime started = now();
    LocalTime clock = started.toLocalTime();
    prefers(contacts.get(0), clock.getHour());
    prefers(contacts.get(1), clock.plusHours(3).getHour());
    prefers(contacts.get(2), clock.getHour());
    put(
        "/api/v1/contacts/" + contacts.get(2) + "/quiet-hours",
        "{\"from\": \"%s\", \"to\": \"%s\"}"
            .formatted(
                clock.minusHours(1).truncatedTo(ChronoUnit.MINUTES),
                clock.plusHours(2).truncatedTo(ChronoUnit.MINUTES)));
    SendTime time = new SendTime(null, null, clock.plusHours(5).getHour(), "UTC");
    BroadcastControl broadcast =
        scenario.timed(
            time,
            started.toInstant(ZoneOffset.UTC),
            null,
            scenario.list(contacts),
            Scenario.plan(Channel.EMAIL, mail, 1));
    worker.follow(broadcast);
    List<SendMessage> sent = new ArrayList<>(worker.await(1));
    sent.addAll(worker.settled());
    assertThat(sent).extracting(SendMessage::contactId).containsExactly(contacts.getFirst());
    JsonNode waiting = scenario.progress(broadcast);
    assertThat(waiting.path("waiting").asLong()).isEqualTo(3);
    assertThat(Instant.parse(waiting.path("waiting_until").asString()))
        .isEqualTo(started.truncatedTo(ChronoUnit.HOURS).plusHours(5).toInstant(ZoneOffset.UTC));

    BroadcastControl cancelled = scenario.moveAndAwait(broadcast, BroadcastState.CANCELLED);
    JsonNode ended =
        scenario.awaitProgress(cancelled, progress -> progress.path("cancelled").asLong() == 3);
    assertThat(ended.path("waiting").asLong()).isZero();
    assertThat(ended.has("waiting_until")).isFalse();
  }

  @Test
  void theHoldBackWaitsForTheWinnerAndForTheTimeOfItsContacts() {
    UUID mail = scenario.account(Channel.EMAIL, 1, 0);
    List<Long> contacts = scenario.contacts(200);
    zones(contacts.subList(0, 100), "UTC");
    zones(contacts.subList(100, 200), "Etc/GMT+5");
    SendTime time = new SendTime(now().minusMinutes(1), null, null, "UTC");
    BroadcastControl broadcast =
        scenario.timed(
            time,
            Instant.now(),
            Scenario.test(null, 20, 20),
            scenario.list(contacts),
            Scenario.plan(Channel.EMAIL, mail, 1));
    worker.follow(broadcast);
    scenario.awaitFrozen(broadcast);
    List<SendMessage> tested = worker.await(1);
    tested.addAll(worker.settled());
    assertThat(tested).extracting(SendMessage::variant).containsOnly("a", "b");
    BroadcastControl decided = scenario.decided(broadcast, "b");
    scenario.publish(decided);
    List<SendMessage> winner = worker.await(100 - tested.size());
    winner.addAll(worker.settled());
    assertThat(winner).extracting(SendMessage::variant).containsOnly(AbTest.HOLD_BACK);
    tested.addAll(winner);
    assertThat(tested)
        .extracting(SendMessage::contactId)
        .containsExactlyInAnyOrderElementsOf(contacts.subList(0, 100));
    worker.end(tested, Outcome.SENT);
    JsonNode waiting =
        scenario.awaitProgress(decided, progress -> progress.path("sent").asLong() == 100);
    assertThat(waiting.path("waiting").asLong()).isEqualTo(100);
    // Nobody takes those for work that may be done.
    assertThat(audience.bean(LaneRepository.class).findWork(10))
        .flatExtracting(LaneWork::broadcasts)
        .noneMatch(work -> work.broadcastId().equals(decided.broadcastId()));
    over(decided);
    List<SendMessage> rest = worker.await(100);
    assertThat(rest).extracting(SendMessage::variant).contains("a", "b", AbTest.HOLD_BACK);
    worker.end(rest, Outcome.SENT);
    scenario.awaitSignal(decided, Signal.COMPLETE);
  }

  @Test
  void anHourThatIsNoneIsRefused() {
    String path = "/api/v1/contacts/" + scenario.contacts(1).getFirst() + "/preferred-hour";
    for (String body : List.of("{\"hour\": 24}", "{\"hour\": -1}", "{}")) {
      assertThat(put(path, body).status()).as(body).isEqualTo(422);
      assertThat(put(path, body).pointer(0)).isEqualTo("/hour");
    }
    assertThat(audience.get(scenario.tenant(), path).body()).hasToString("{}");
    assertThat(put(path, "{\"hour\": 0}").body()).hasToString("{\"hour\":0}");
    assertThat(audience.get(scenario.tenant(), path).body()).hasToString("{\"hour\":0}");
    assertThat(audience.get(new Scenario(audience).tenant(), path).status()).isEqualTo(404);
    AudienceService.Answer removed =
        audience.request(
            AudienceService.identity(scenario.tenant(), Role.EDITOR),
            "DELETE",
            path,
            null,
            Map.of());
    assertThat(removed.body()).hasToString("{}");
  }

  private static LocalDateTime now() {
    return LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
  }

  private void zones(List<Long> contacts, String zone) {
    audience
        .jdbc()
        .update(
            "update contact set time_zone = ? where id = any(?)",
            zone,
            contacts.toArray(Long[]::new));
  }

  private void prefers(long contact, int hour) {
    String path = "/api/v1/contacts/" + contact + "/preferred-hour";
    assertThat(put(path, "{\"hour\": " + hour + "}").status()).isEqualTo(200);
  }

  /** The time of everybody who waits has come. */
  private void over(BroadcastControl broadcast) {
    for (String table : List.of("chunk", "held_back", "put_off")) {
      audience
          .jdbc()
          .update(
              "update " + table + " set due_at = due_at - interval '1 day' where broadcast_id = ?",
              broadcast.broadcastId());
    }
  }

  private AudienceService.Answer put(String path, String body) {
    return audience.request(
        AudienceService.identity(scenario.tenant(), Role.EDITOR), "PUT", path, body, Map.of());
  }
}
