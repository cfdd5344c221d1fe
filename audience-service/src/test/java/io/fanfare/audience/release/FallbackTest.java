package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.support.Ids;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Telegram first, e-mail for whom it does not reach. */
@ExtendWith(AudienceExtension.class)
class FallbackTest {

  private static final Duration SEVERAL_LOOKS = Duration.ofMillis(1_200);

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  FallbackTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void everyContactIsOrderedOnOneChannelAndOnTheNextWhenThatFails() {
    List<Long> contacts = scenario.contacts(5);
    forget("email", contacts.get(1));
    forget("telegram_chat_id", contacts.get(2));
    forget("email", contacts.get(3));
    forget("telegram_chat_id", contacts.get(3));
    BroadcastControl broadcast = start(contacts);
    List<SendMessage> first = worker.await(4);
    assertThat(first)
        .extracting(SendMessage::contactId, SendMessage::channel, SendMessage::fallsBack)
        .containsExactlyInAnyOrder(
            tuple(contacts.get(0), Channel.TELEGRAM, true),
            tuple(contacts.get(1), Channel.TELEGRAM, false),
            tuple(contacts.get(2), Channel.EMAIL, false),
            tuple(contacts.get(4), Channel.TELEGRAM, true));
    assertThat(scenario.awaitSignal(broadcast, Signal.FROZEN).planned()).isEqualTo(5);

    worker.end(of(first, contacts.get(0)), Outcome.FELL_BACK);
    worker.end(of(first, contacts.get(1)), Outcome.FAILED);
    worker.end(of(first, contacts.get(2)), Outcome.SENT);
    worker.end(of(first, contacts.get(4)), Outcome.SENT);
    SendMessage next = worker.await(1).getFirst();
    assertThat(next.contactId()).isEqualTo(contacts.getFirst());
    assertThat(next.channel()).isEqualTo(Channel.EMAIL);
    assertThat(next.issue()).isEqualTo(1);
    assertThat(next.bucket()).isEqualTo(Bucket.IN_FLIGHT);
    assertThat(next.fallsBack()).isFalse();
    assertNotComplete(broadcast);
    worker.end(List.of(next), Outcome.SENT);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);

    JsonNode end = scenario.progress(broadcast);
    assertThat(end.path("planned").asLong()).isEqualTo(5);
    assertThat(end.path("sent").asLong()).isEqualTo(3);
    assertThat(end.path("failed").asLong()).isEqualTo(1);
    assertThat(end.path("skipped_by_reason")).hasToString("{\"no_address\":1}");
    assertThat(end.at("/channels/telegram/fell_back").asLong()).isEqualTo(1);
    assertThat(end.at("/channels/email/planned").asLong()).isEqualTo(2);
  }

  @Test
  void aBroadcastWaitsForAFallBackThatIsCountedAndNotToldYet() {
    BroadcastControl broadcast = start(scenario.contacts(1));
    SendMessage first = worker.await(1).getFirst();
    worker.claim(first);
    worker.count(first, Outcome.FELL_BACK);
    worker.tell();
    assertNotComplete(broadcast);
    assertThat(scenario.progress(broadcast).path("in_flight").asLong()).isEqualTo(1);

    worker.publishEvent(first, Outcome.FELL_BACK);
    worker.end(worker.await(1), Outcome.SENT);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    assertThat(scenario.progress(broadcast).path("sent").asLong()).isEqualTo(1);
  }

  @Test
  void aFallBackThatIsToldBeforeItIsCountedHidesNobody() {
    BroadcastControl broadcast = start(scenario.contacts(2));
    List<SendMessage> first = worker.await(2);
    worker.end(first, Outcome.RETRYING);
    scenario.awaitProgress(broadcast, p -> p.path("retrying").asLong() == 2);
    first.forEach(command -> worker.announce(FakeWorker.retryOf(command, Bucket.RETRYING, false)));
    List<SendMessage> again = worker.await(2);
    // One is told twice, and neither is counted.
    again.forEach(command -> worker.publishEvent(command, Outcome.FELL_BACK));
    worker.publishEvent(again.getFirst(), Outcome.FELL_BACK);
    List<SendMessage> next = worker.await(2);
    assertThat(next).extracting(SendMessage::channel).containsOnly(Channel.EMAIL);
    worker.end(next, Outcome.SENT);
    scenario.awaitProgress(broadcast, p -> p.path("sent").asLong() == 2);
    assertNotComplete(broadcast);

    again.forEach(command -> worker.count(command, Outcome.FELL_BACK));
    worker.tell();
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    JsonNode end = scenario.progress(broadcast);
    assertThat(end.path("planned").asLong()).isEqualTo(2);
    assertThat(end.at("/channels/telegram/planned").asLong()).isZero();
  }

  @Test
  void whoLostTheAddressBeforeReleaseGoesOnAndIsSkippedOnlyWithoutAnyAddress() {
    List<Long> contacts = scenario.contacts(4);
    UUID bot = Ids.next();
    UUID server = Ids.next();
    // Accounts nobody knows yet: nothing is released.
    BroadcastControl broadcast =
        scenario.fallback(
            scenario.list(contacts),
            Scenario.plan(Channel.TELEGRAM, bot, 1),
            Scenario.plan(Channel.EMAIL, server, 2));
    worker.follow(broadcast);
    scenario.awaitFrozen(broadcast);
    forget("telegram_chat_id", contacts.get(0));
    forget("telegram_chat_id", contacts.get(1));
    forget("email", contacts.get(1));
    audience.jdbc().update("delete from list_member where contact_id = ?", contacts.get(2));
    audience.jdbc().update("delete from contact where id = ?", contacts.get(2));
    scenario.account(bot, Channel.TELEGRAM, 1, 0);
    scenario.account(server, Channel.EMAIL, 2, 0);
    List<SendMessage> commands = worker.await(2);
    assertThat(commands)
        .extracting(SendMessage::contactId, SendMessage::channel)
        .containsExactlyInAnyOrder(
            tuple(contacts.get(0), Channel.EMAIL), tuple(contacts.get(3), Channel.TELEGRAM));

    // Lost while the first order was under way: no channel is left when it fails.
    forget("email", contacts.get(3));
    worker.end(of(commands, contacts.get(3)), Outcome.FELL_BACK);
    worker.end(of(commands, contacts.get(0)), Outcome.SENT);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    JsonNode end = scenario.progress(broadcast);
    assertThat(end.path("planned").asLong()).isEqualTo(4);
    assertThat(end.path("sent").asLong()).isEqualTo(1);
    assertThat(end.path("skipped_by_reason")).hasToString("{\"no_address\":3}");
    assertThat(worker.during(Duration.ofMillis(300))).isEmpty();
  }

  @Test
  void nobodyFallsBackToAnAddressThatAnEarlierContactHas() {
    List<Long> contacts = scenario.contacts(2);
    audience
        .jdbc()
        .update(
            "update contact set email = 'one@example.org' where id = any(?)",
            (Object) contacts.toArray(Long[]::new));
    start(contacts);
    assertThat(worker.await(2))
        .extracting(SendMessage::contactId, SendMessage::fallsBack)
        .containsExactlyInAnyOrder(tuple(contacts.get(0), true), tuple(contacts.get(1), false));
  }

  @Test
  void aDoubtIsAnEndAndFallsBackOnlyOnceItsResendWasRefused() {
    BroadcastControl broadcast = start(scenario.contacts(1));
    SendMessage first = worker.await(1).getFirst();
    worker.end(List.of(first), Outcome.IN_DOUBT);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    scenario.moveAndAwait(broadcast, BroadcastState.COMPLETED);
    assertThat(worker.during(SEVERAL_LOOKS)).isEmpty();

    worker.announce(FakeWorker.retryOf(first, Bucket.IN_DOUBT, true));
    worker.end(worker.await(1), Outcome.FELL_BACK);
    List<SendMessage> next = worker.await(1);
    assertThat(next.getFirst().channel()).isEqualTo(Channel.EMAIL);
    worker.end(next, Outcome.SENT);
    scenario.awaitProgress(broadcast, p -> p.path("sent").asLong() == 1);
  }

  @Test
  void whoFallsBackAfterACancelIsCancelled() {
    BroadcastControl broadcast = start(scenario.contacts(1));
    List<SendMessage> first = worker.await(1);
    scenario.moveAndAwait(broadcast, BroadcastState.CANCELLED);
    worker.end(first, Outcome.FELL_BACK);
    scenario.awaitProgress(broadcast, p -> p.path("cancelled").asLong() == 1);
    assertThat(worker.during(Duration.ofMillis(300))).isEmpty();
  }

  private BroadcastControl start(List<Long> contacts) {
    UUID bot = scenario.account(Channel.TELEGRAM, 1, 0);
    UUID server = scenario.account(Channel.EMAIL, 2, 0);
    BroadcastControl broadcast =
        scenario.fallback(
            scenario.list(contacts),
            Scenario.plan(Channel.TELEGRAM, bot, 1),
            Scenario.plan(Channel.EMAIL, server, 2));
    worker.follow(broadcast);
    return broadcast;
  }

  private void forget(String column, long contact) {
    audience.jdbc().update("update contact set " + column + " = null where id = ?", contact);
  }

  private static List<SendMessage> of(List<SendMessage> commands, long contact) {
    return commands.stream().filter(command -> command.contactId() == contact).toList();
  }

  private void assertNotComplete(BroadcastControl broadcast) {
    assertThat(worker.during(SEVERAL_LOOKS)).isEmpty();
    assertThat(scenario.signals(broadcast)).noneMatch(s -> s.signal() == Signal.COMPLETE);
  }
}
