package io.fanfare.audience.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.message.MessageAccepted;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Single messages beside broadcasts. */
@ExtendWith(AudienceExtension.class)
class MessageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String SKIPPED = "/internal/v1/messages/skipped";

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  MessageTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void aMessageToldTwiceBeforeItsBroadcastIsReleasedOnceWithItsOwnVariables() {
    List<Long> contacts = scenario.contacts(2);
    UUID account = scenario.account(Channel.EMAIL, 8, 0);
    BroadcastControl carrier = scenario.messages(Scenario.plan(Channel.EMAIL, account, 8));
    worker.follow(carrier);
    MessageAccepted message =
        scenario.accept(carrier, contacts.getFirst(), Map.of("code", List.of(47, 11)));
    audience.publish(Topics.MESSAGE_ACCEPTED, message.lane().key(), message);
    scenario.publish(carrier);

    SendMessage command = worker.await(1).getFirst();
    assertThat(worker.during(Duration.ofMillis(500))).isEmpty();
    assertThat(command.contactId()).isEqualTo(contacts.getFirst());
    assertThat(command.lane()).isEqualTo(message.lane());
    assertThat(command.data())
        .isEqualTo(
            Map.of(
                "contact",
                Map.of("name", "Name 1", "custom", Map.of("grade", 1)),
                "vars",
                Map.of("code", List.of(47, 11))));
    worker.end(List.of(command), Outcome.SENT);
    assertThat(scenario.awaitSignal(carrier, Signal.COMPLETE).planned()).isEqualTo(1);

    await().atMost(PATIENCE).until(() -> count("handover", carrier.broadcastId(), "true") == 0);

    // It rests and goes on: the next message is a further recipient of it.
    scenario.accept(carrier, contacts.getLast(), Map.of());
    worker.end(worker.await(1), Outcome.SENT);
    scenario.awaitProgress(carrier, p -> p.path("sent").asLong() == 2);
  }

  @Test
  void messagesAreReleasedBesideAFullLookAheadUpToTheirReserve() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    UUID list = scenario.list(scenario.contacts(300));
    BroadcastControl bulk = scenario.start(list, Scenario.plan(Channel.TELEGRAM, account, 1));
    worker.follow(bulk);
    List<SendMessage> inHand = worker.await(90);

    BroadcastControl carrier = scenario.messages(Scenario.plan(Channel.TELEGRAM, account, 1));
    worker.follow(carrier);
    scenario.publish(carrier);
    scenario.contacts(25).forEach(contact -> scenario.accept(carrier, contact, Map.of()));
    List<SendMessage> urgent = worker.await(18);
    assertThat(worker.during(Duration.ofMillis(500))).isEmpty();
    assertThat(urgent)
        .hasSize(18)
        .allMatch(command -> command.broadcastId().equals(carrier.broadcastId()));
    assertThat(scenario.outstanding(new Lane(account, 0))).isEqualTo(108);

    // Whatever becomes free goes to the messages that are left, then to the broadcast.
    worker.end(inHand.subList(0, 10), Outcome.SENT);
    assertThat(worker.await(7))
        .hasSize(7)
        .allMatch(command -> command.broadcastId().equals(carrier.broadcastId()));
    worker.end(inHand.subList(10, 90), Outcome.SENT);
    assertThat(worker.await(1))
        .allMatch(command -> command.broadcastId().equals(bulk.broadcastId()));
    scenario.move(bulk, BroadcastState.CANCELLED);
  }

  @Test
  void saysWhyAMessageWasSkippedAndTellsNoOtherTenant() {
    long contact = scenario.contacts(1).getFirst();
    audience.jdbc().update("update contact set email = null where id = ?", contact);
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl carrier = scenario.messages(Scenario.plan(Channel.EMAIL, account, 1));
    scenario.publish(carrier);
    MessageAccepted message = scenario.accept(carrier, contact, Map.of());
    scenario.awaitSignal(carrier, Signal.COMPLETE);
    assertThat(scenario.progress(carrier).path("skipped").asLong()).isEqualTo(1);

    String asked =
        "[{\"message_id\": \"%s\", \"broadcast_id\": \"%s\"}]"
            .formatted(message.messageId(), carrier.broadcastId());
    assertThat(
            audience
                .post(scenario.tenant(), SKIPPED, asked)
                .body()
                .path(message.messageId().toString())
                .asString())
        .isEqualTo("no_address");
    assertThat(audience.post(Ids.next(), SKIPPED, asked).body()).isEmpty();
  }

  @Test
  void sendsNoMessageToWhoeverOptedOut() {
    long contact = scenario.contacts(1).getFirst();
    audience.request(
        AudienceService.identity(scenario.tenant(), Role.EDITOR),
        "PUT",
        "/api/v1/contacts/" + contact + "/opt-outs",
        "{}",
        Map.of());
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl carrier = scenario.messages(Scenario.plan(Channel.EMAIL, account, 1));
    scenario.publish(carrier);
    MessageAccepted message = scenario.accept(carrier, contact, Map.of());
    scenario.awaitSignal(carrier, Signal.COMPLETE);
    assertThat(scenario.progress(carrier).path("skipped").asLong()).isEqualTo(1);
    assertThat(
            audience
                .jdbc()
                .queryForObject(
                    "select skipped from message where message_id = ?",
                    String.class,
                    message.messageId()))
        .isEqualTo("opted_out");
  }

  @Test
  void endsMessagesThatArriveAfterTheirBroadcastFailed() {
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl carrier = scenario.messages(Scenario.plan(Channel.EMAIL, account, 1));
    scenario.publish(carrier);
    scenario.moveAndAwait(carrier, BroadcastState.FAILED);
    await()
        .atMost(PATIENCE)
        .until(() -> count("broadcast_run", carrier.broadcastId(), "not open") == 1);
    scenario.accept(carrier, scenario.contacts(1).getFirst(), Map.of());
    scenario.awaitProgress(carrier, p -> p.path("cancelled").asLong() == 1);
    await()
        .atMost(PATIENCE)
        .until(() -> count("broadcast_run", carrier.broadcastId(), "not open") == 1);
  }

  @Test
  void forgetsABroadcastThatBroadcastApiForgot() {
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl carrier = scenario.messages(Scenario.plan(Channel.EMAIL, account, 1));
    worker.follow(carrier);
    scenario.publish(carrier);
    scenario.accept(carrier, scenario.contacts(1).getFirst(), Map.of());
    worker.end(worker.await(1), Outcome.SENT);
    scenario.awaitSignal(carrier, Signal.COMPLETE);
    audience
        .producer()
        .send(Topics.BROADCAST_CONTROL.name(), carrier.broadcastId().toString(), null, List.of());
    for (String table :
        List.of("broadcast_run", "audience_freeze", "message", "run_lane", "ledger_progress")) {
      await().atMost(PATIENCE).until(() -> count(table, carrier.broadcastId(), "true") == 0);
    }
  }

  @Test
  void keepsTheFiguresOfABroadcastThatLeftTheTopic() {
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl broadcast =
        scenario.start(
            scenario.list(scenario.contacts(1)), Scenario.plan(Channel.EMAIL, account, 1));
    worker.follow(broadcast);
    worker.end(worker.await(1), Outcome.SENT);
    scenario.awaitProgress(broadcast, progress -> progress.path("sent").asLong() == 1);
    audience
        .producer()
        .send(Topics.BROADCAST_CONTROL.name(), broadcast.broadcastId().toString(), null, List.of())
        .join();
    // Of two records that follow the second surely comes in a batch after the tombstone's.
    scenario.moveAndAwait(
        scenario.moveAndAwait(broadcast, BroadcastState.COMPLETED), BroadcastState.COMPLETED);
    assertThat(scenario.progress(broadcast).path("sent").asLong()).isEqualTo(1);
  }

  private long count(String table, UUID broadcastId, String condition) {
    return audience
        .jdbc()
        .queryForObject(
            "select count(*) from " + table + " where broadcast_id = ? and " + condition,
            Long.class,
            broadcastId);
  }
}
