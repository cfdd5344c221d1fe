package io.fanfare.audience.release;

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
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.RetryDue;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.support.identity.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(AudienceExtension.class)
class ReleaseTest {

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  ReleaseTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void commandsCarryTheAddressAndOnlyTheFieldsTheContentUses() {
    List<Long> contacts = scenario.contacts(3);
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl broadcast = start(contacts, Scenario.plan(Channel.EMAIL, account, 1));
    List<SendMessage> commands = worker.await(3);
    assertThat(commands).extracting(SendMessage::contactId).containsExactlyElementsOf(contacts);
    SendMessage command = commands.getFirst();
    assertThat(command.address()).endsWith("@example.org");
    assertThat(command.data())
        .isEqualTo(Map.of("contact", Map.of("name", "Name 1", "custom", Map.of("grade", 1))));
    assertThat(command.bucket()).isEqualTo(Bucket.IN_FLIGHT);
    assertThat(command.issue()).isEqualTo(1);
    assertThat(command.attempt()).isEqualTo(1);
    assertThat(command.controlEpoch()).isEqualTo(1);
    assertThat(command.ledgerDay()).isEqualTo(broadcast.ledgerDay());
    assertThat(command.lane()).isEqualTo(new Lane(account, 0));
  }

  @Test
  void neverMoreThanTheLookAheadIsOutstandingAndAllIsReleasedInTheEnd() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    Lane lane = new Lane(account, 0);
    BroadcastControl broadcast =
        start(scenario.contacts(300), Scenario.plan(Channel.TELEGRAM, account, 1));
    List<SendMessage> inHand = worker.await(90);
    assertThat(worker.settled()).isEmpty();
    assertThat(scenario.outstanding(lane)).isEqualTo(90);
    assertThat(scenario.progress(broadcast).at("/look_ahead/telegram").asLong()).isEqualTo(90);
    int ended = 0;
    while (ended < 300) {
      assertThat(scenario.outstanding(lane)).isBetween(0L, 90L);
      worker.end(inHand, Outcome.SENT);
      ended += inHand.size();
      inHand = ended < 300 ? worker.await(1) : List.of();
    }
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    assertThat(scenario.progress(broadcast).path("sent").asLong()).isEqualTo(300);
  }

  @Test
  void aSmallBroadcastGetsItsShareBesideALargeOne() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    BroadcastControl large =
        start(scenario.contacts(2_000), Scenario.plan(Channel.TELEGRAM, account, 1));
    List<SendMessage> first = worker.await(90);
    BroadcastControl small =
        start(scenario.contacts(10), Scenario.plan(Channel.TELEGRAM, account, 1));
    scenario.awaitFrozen(small);
    worker.end(first, Outcome.SENT);
    List<SendMessage> next = worker.await(90);
    assertThat(next.stream().filter(c -> c.broadcastId().equals(small.broadcastId()))).hasSize(10);
    assertThat(next.stream().filter(c -> c.broadcastId().equals(large.broadcastId()))).hasSize(80);
  }

  @Test
  void aLaneWithoutALimitGetsMoreTheFasterItIsEmptied() {
    int most = 20_000;
    int contacts = 25_000;
    UUID server = scenario.account(Channel.EMAIL, 1, 0);
    Lane lane = new Lane(server, 0);
    long begun = System.nanoTime();
    BroadcastControl broadcast =
        start(scenario.contacts(contacts), Scenario.plan(Channel.EMAIL, server, 1));
    scenario.awaitFrozen(broadcast);
    Duration frozen = Duration.ofNanos(System.nanoTime() - begun);
    // Nobody knows its pace: what waits in front of it is little until it is seen.
    List<SendMessage> inHand = new ArrayList<>(worker.await(400));
    inHand.addAll(worker.settled());
    assertThat(inHand).hasSize(400);
    int ended = 0;
    int largest = 0;
    while (ended + inHand.size() < contacts) {
      worker.end(inHand, Outcome.SENT);
      ended += inHand.size();
      inHand = worker.await(1);
      long outstanding = scenario.outstanding(lane);
      assertThat(outstanding).isLessThanOrEqualTo(most);
      largest = (int) Math.max(largest, outstanding);
    }
    Duration released = Duration.ofNanos(System.nanoTime() - begun).minus(frozen);
    System.out.printf(
        "froze %,d contacts in %s, released them in %s, at most %,d outstanding%n",
        contacts, frozen, released, largest);
    assertThat(largest).isGreaterThan(2_000);
    scenario.move(broadcast, BroadcastState.CANCELLED);
  }

  @Test
  void theFastestLaneHasTwentyThousandOutstandingAtMost() {
    int most = 20_000;
    UUID server = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl broadcast =
        start(scenario.contacts(most + 3_000), Scenario.plan(Channel.EMAIL, server, 1));
    scenario.awaitFrozen(broadcast);
    // As if it had done more until now than it may have outstanding.
    audience
        .jdbc()
        .update("update lane set results_per_second = 1e12 where account_id = ?", server);
    // It is topped up when a quarter is free, so it may stop anywhere above three quarters.
    List<SendMessage> inHand = new ArrayList<>(worker.await(400));
    worker.end(inHand, Outcome.SENT);
    inHand = new ArrayList<>(worker.await(most * 3 / 4));
    inHand.addAll(worker.settled());
    assertThat(inHand).hasSizeBetween(most * 3 / 4, most);
    assertThat(scenario.outstanding(new Lane(server, 0))).isEqualTo(inHand.size());
    scenario.move(broadcast, BroadcastState.CANCELLED);
  }

  @Test
  void noTransactionAndNoCycleTakesMoreThanItsPart() {
    UUID server = scenario.account(Channel.EMAIL, 8, 0);
    scenario.stopAll(true, 11);
    BroadcastControl broadcast;
    try {
      broadcast = start(scenario.contacts(34_000), Scenario.plan(Channel.EMAIL, server, 8));
      scenario.awaitFrozen(broadcast);
      // As if each of its lanes had done more until now than it may have outstanding.
      audience
          .jdbc()
          .update("update lane set results_per_second = 1e12 where account_id = ?", server);
    } finally {
      scenario.stopAll(false, 12);
    }
    worker.await(34_000);
    assertThat(
            audience
                .jdbc()
                .queryForObject(
                    "select max(size) from handover where broadcast_id = ?",
                    Integer.class,
                    broadcast.broadcastId()))
        .isEqualTo(LaneReleaser.MAX_PER_TRANSACTION);
    assertThat(
            audience
                .bean(MeterRegistry.class)
                .get("fanfare.commands.released.at.once")
                .summary()
                .max())
        .isBetween(
            (double) ReleaseCycle.MAX_COMMANDS,
            ReleaseCycle.MAX_COMMANDS + LaneReleaser.MAX_PER_TRANSACTION - 1.0);
    scenario.move(broadcast, BroadcastState.CANCELLED);
  }

  @Test
  void aBroadcastOfTenIsHandedOverWithinTheLookAheadBesideOneOfAHundredThousand() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    BroadcastControl large =
        start(scenario.contacts(100_000), Scenario.plan(Channel.TELEGRAM, account, 1));
    List<SendMessage> first = worker.await(90);
    BroadcastControl small =
        start(scenario.contacts(10), Scenario.plan(Channel.TELEGRAM, account, 1));
    scenario.awaitFrozen(small);
    // The lane is full: the small one gets its share of what is released next, all of it.
    worker.end(first, Outcome.SENT);
    List<SendMessage> next = worker.await(90);
    assertThat(next).hasSize(90);
    assertThat(next.stream().filter(c -> c.broadcastId().equals(small.broadcastId()))).hasSize(10);
    worker.end(next, Outcome.SENT);
    scenario.awaitSignal(small, Signal.COMPLETE);
    assertThat(scenario.progress(large).path("pending").asLong()).isGreaterThan(99_000);
    scenario.move(large, BroadcastState.CANCELLED);
  }

  @Test
  void retriesOfALargeBroadcastLeaveASmallOneItsShare() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    BroadcastControl large =
        start(scenario.contacts(300), Scenario.plan(Channel.TELEGRAM, account, 1));
    List<SendMessage> all = new ArrayList<>();
    while (all.size() < 300) {
      List<SendMessage> some = worker.await(1);
      worker.end(some, Outcome.RETRYING);
      all.addAll(some);
    }
    // The lane is full, but for what is not worth topping up, of the large one's retries when the
    // small one comes.
    all.forEach(command -> worker.announce(FakeWorker.retryOf(command, Bucket.RETRYING, false)));
    List<SendMessage> first = worker.settled();
    assertThat(first).hasSizeBetween(69, 90);
    BroadcastControl small =
        start(scenario.contacts(10), Scenario.plan(Channel.TELEGRAM, account, 1));
    scenario.awaitFrozen(small);
    worker.end(first, Outcome.SENT);
    List<SendMessage> next = worker.settled();
    assertThat(next.stream().filter(c -> c.broadcastId().equals(small.broadcastId()))).hasSize(10);
    worker.end(next, Outcome.SENT);
    scenario.awaitSignal(small, Signal.COMPLETE);
    scenario.move(large, BroadcastState.CANCELLED);
  }

  @Test
  void aPausedBroadcastReleasesNothingAndGoesOnWhenResumed() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    BroadcastControl broadcast =
        start(scenario.contacts(150), Scenario.plan(Channel.TELEGRAM, account, 1));
    List<SendMessage> first = worker.await(90);
    BroadcastControl paused = scenario.moveAndAwait(broadcast, BroadcastState.PAUSED);
    worker.end(first, Outcome.SENT);
    scenario.awaitProgress(paused, p -> p.path("sent").asLong() == 90);
    assertThat(worker.settled()).isEmpty();
    scenario.move(paused, BroadcastState.RUNNING);
    List<SendMessage> rest = worker.await(60);
    assertThat(rest).hasSize(60).allMatch(command -> command.controlEpoch() == 3);
  }

  @Test
  void nothingIsReleasedWhileTheOperatorHasStoppedEverything() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    BroadcastControl broadcast =
        start(scenario.contacts(150), Scenario.plan(Channel.TELEGRAM, account, 1));
    List<SendMessage> first = worker.await(90);
    scenario.stopAll(true, 1);
    try {
      // One that was answered comes back for another try, and it waits too.
      RetryDue due = FakeWorker.retryOf(first.getFirst(), Bucket.RETRYING, false);
      worker.end(first.subList(0, 1), Outcome.RETRYING);
      worker.end(first.subList(1, 90), Outcome.SENT);
      worker.announce(due);
      scenario.awaitProgress(broadcast, p -> p.path("sent").asLong() == 89);
      assertThat(worker.during(Duration.ofMillis(700))).isEmpty();
      assertThat(scenario.progress(broadcast).path("pending").asLong()).isEqualTo(60);
    } finally {
      scenario.stopAll(false, 2);
    }
    List<SendMessage> rest = worker.await(61);
    assertThat(rest).hasSize(61).filteredOn(command -> command.issue() == 2).hasSize(1);
    // One that is stale stops nothing.
    scenario.stopAll(false, 4);
    audience.publish(
        Topics.BROADCAST_CONTROL, GlobalStop.KEY, new GlobalStop(3, true, "old", Instant.now()));
    worker.end(rest, Outcome.SENT);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
  }

  @Test
  void aStaleControlChangesNothing() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    BroadcastControl broadcast =
        start(scenario.contacts(5), Scenario.plan(Channel.TELEGRAM, account, 1));
    worker.await(5);
    BroadcastControl paused = scenario.moveAndAwait(broadcast, BroadcastState.PAUSED);
    scenario.publish(broadcast);
    scenario.publish(paused);
    worker.settled();
    assertThat(state(broadcast)).isEqualTo("paused");
  }

  @Test
  void cancellingEndsWhatIsPendingAndTheWorkersEndTheRest() {
    UUID account = scenario.account(Channel.EMAIL, 2, 60);
    BroadcastControl broadcast =
        start(scenario.contacts(500), Scenario.plan(Channel.EMAIL, account, 2));
    List<SendMessage> inFlight = worker.await(180);
    BroadcastControl cancelled = scenario.moveAndAwait(broadcast, BroadcastState.CANCELLED);
    scenario.awaitProgress(cancelled, p -> p.path("cancelled").asLong() == 320);
    worker.end(inFlight.subList(0, 80), Outcome.CANCELLED);
    // Returned by a worker that had not seen the cancellation: back, then cancelled.
    worker.end(inFlight.subList(80, 180), Outcome.RETURNED);
    JsonNode end = scenario.awaitProgress(cancelled, p -> p.path("cancelled").asLong() == 500);
    assertThat(end.path("in_flight").asLong()).isZero();
    await().atMost(Duration.ofSeconds(10)).until(() -> rows("handover", broadcast) == 0);
    assertThat(rows("chunk", broadcast)).isZero();
    assertThat(scenario.signals(broadcast)).noneMatch(s -> s.signal() == Signal.COMPLETE);
  }

  @Test
  void aReturnedRecipientGetsTheNextIssueOnceHoweverOftenItIsTold() {
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl broadcast =
        start(scenario.contacts(50), Scenario.plan(Channel.EMAIL, account, 1));
    List<SendMessage> first = worker.await(50);
    worker.end(first, Outcome.RETURNED);
    first.forEach(command -> worker.publishEvent(command, Outcome.RETURNED));
    List<SendMessage> second = worker.await(50);
    assertThat(second).allMatch(command -> command.issue() == 2 && command.attempt() == 1);
    assertThat(worker.settled()).isEmpty();
    worker.end(second, Outcome.SENT);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    assertThat(scenario.outstanding(new Lane(account, 0))).isZero();
  }

  @Test
  void aReturnedRetryIsLeftToRetryService() {
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl broadcast =
        start(scenario.contacts(1), Scenario.plan(Channel.EMAIL, account, 1));
    List<SendMessage> first = worker.await(1);
    worker.end(first, Outcome.RETRYING);
    worker.announce(FakeWorker.retryOf(first.getFirst(), Bucket.RETRYING, false));
    worker.end(worker.await(1), Outcome.RETURNED);
    assertThat(worker.settled()).isEmpty();
    assertThat(scenario.progress(broadcast).path("retrying").asLong()).isEqualTo(1);
  }

  @Test
  void aRetryAnnouncedTwiceIsReleasedAndCountedOnce() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    BroadcastControl broadcast =
        start(scenario.contacts(200), Scenario.plan(Channel.TELEGRAM, account, 1));
    List<SendMessage> first = worker.await(90);
    RetryDue due = FakeWorker.retryOf(first.getFirst(), Bucket.RETRYING, false);
    worker.announce(due);
    worker.announce(due);
    await().atMost(Duration.ofSeconds(20)).until(() -> rows("due_retry", broadcast) == 1);
    worker.end(first, Outcome.RETRYING);
    List<SendMessage> next = worker.await(90);
    assertThat(next.getFirst().contactId()).as("retries go first").isEqualTo(due.contactId());
    assertThat(next.getFirst().bucket()).isEqualTo(Bucket.RETRYING);
    assertThat(next.getFirst().attempt()).isEqualTo(2);
    assertThat(next.stream().filter(command -> command.issue() == 2)).hasSize(1);
    // Lost on the way and announced again: released again, counted as issued once.
    worker.end(next.subList(1, next.size()), Outcome.SENT);
    worker.announce(due);
    List<SendMessage> again =
        worker.await(commands ->
            commands.size() >= 22 && commands.stream().anyMatch(command -> command.issue() == 2));
    worker.end(again, Outcome.SENT);
    scenario.awaitProgress(broadcast, p -> p.path("sent").asLong() == 111);
    assertThat(scenario.outstanding(new Lane(account, 0))).isZero();
  }

  @Test
  void aGrantedRetryOfACompletedBroadcastIsReleased() {
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl broadcast =
        start(scenario.contacts(3), Scenario.plan(Channel.EMAIL, account, 1));
    List<SendMessage> first = worker.await(3);
    worker.end(first.subList(0, 1), Outcome.FAILED);
    worker.end(first.subList(1, 3), Outcome.SENT);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    BroadcastControl completed = scenario.moveAndAwait(broadcast, BroadcastState.COMPLETED);
    await().atMost(Duration.ofSeconds(10)).until(() -> rows("handover", broadcast) == 0);
    worker.announce(FakeWorker.retryOf(first.getFirst(), Bucket.FAILED, true));
    List<SendMessage> granted = worker.await(1);
    assertThat(granted.getFirst().granted()).isTrue();
    worker.end(granted, Outcome.SENT);
    scenario.awaitProgress(
        completed, p -> p.path("sent").asLong() == 3 && p.path("failed").asLong() == 0);
    assertThat(scenario.signals(broadcast).stream().filter(s -> s.signal() == Signal.COMPLETE))
        .hasSize(1);
  }

  @Test
  void recipientsWithoutAnAddressAtReleaseAreSkipped() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    List<Long> contacts = scenario.contacts(120);
    BroadcastControl broadcast = start(contacts, Scenario.plan(Channel.TELEGRAM, account, 1));
    List<SendMessage> first = worker.await(90);
    audience.request(
        AudienceService.identity(scenario.tenant(), Role.EDITOR),
        "DELETE",
        "/api/v1/contacts/" + contacts.get(100),
        null,
        Map.of());
    audience
        .jdbc()
        .update("update contact set telegram_chat_id = null where id = ?", contacts.get(110));
    // A retry belongs to the ledger: it goes out without an address, for the worker to skip.
    audience
        .jdbc()
        .update("update contact set telegram_chat_id = null where id = ?", contacts.get(0));
    worker.end(first.subList(0, 1), Outcome.RETRYING);
    worker.announce(FakeWorker.retryOf(first.getFirst(), Bucket.RETRYING, false));
    await().atMost(Duration.ofSeconds(20)).until(() -> rows("due_retry", broadcast) == 1);
    worker.end(first.subList(1, 90), Outcome.SENT);
    List<SendMessage> rest = worker.await(29);
    assertThat(rest.stream().filter(command -> command.address() == null))
        .singleElement()
        .matches(command -> command.contactId() == contacts.get(0) && command.issue() == 2);
    rest.forEach(command ->
        worker.end(List.of(command), command.address() == null ? Outcome.SKIPPED : Outcome.SENT));
    JsonNode end = scenario.awaitProgress(broadcast, p -> p.path("skipped").asLong() == 3);
    assertThat(end.path("skipped_by_reason")).hasToString("{\"at_send\":1,\"no_address\":2}");
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
  }

  @Test
  void anUndecodableRecordGoesToTheDeadLettersAndThePartitionGoesOn() {
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl broadcast =
        start(scenario.contacts(1), Scenario.plan(Channel.EMAIL, account, 1));
    List<SendMessage> first = worker.await(1);
    SendMessage command = first.getFirst();
    String key = Long.toString(command.contactId());
    byte[] garbage = ("garbage " + broadcast.broadcastId()).getBytes(StandardCharsets.UTF_8);
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      Map<String, String> type = Map.of("ce_type", "broadcast.message_returned");
      probe.produce("delivery.events", key, garbage, type);
      probe.produce("delivery.retry_due", command.lane().key(), garbage);
      probe.produce("delivery.progress", "any", garbage);
      probe.produce("broadcast.control", broadcast.broadcastId().toString(), garbage);
      probe.produce("channel.account", account.toString(), garbage);
      // Well-formed, but nothing this service ever released.
      RetryDue foreign =
          new RetryDue(
              scenario.tenant(),
              UUID.randomUUID(),
              1,
              Channel.EMAIL,
              2,
              2,
              Bucket.RETRYING,
              false,
              broadcast.ledgerDay(),
              command.lane(),
              "a",
              null);
      audience.publish(Topics.DELIVERY_RETRY_DUE, command.lane().key(), foreign);
      worker.end(first, Outcome.RETURNED);
      assertThat(worker.await(1).getFirst().issue()).isEqualTo(2);
      for (String topic :
          List.of(
              "delivery.events.audience-service.return.dlt",
              "delivery.retry_due.audience-service.retry.dlt",
              "delivery.progress.audience-service.progress.dlt",
              "broadcast.control.audience-service.control.dlt",
              "channel.account.audience-service.account.dlt")) {
        assertThat(probe.awaitCount(topic, 1, Duration.ofSeconds(20)))
            .allMatch(record -> record.headers().lastHeader("fanfare_reason") != null);
      }
      probe.awaitCount("delivery.retry_due.audience-service.retry.dlt", 2, Duration.ofSeconds(20));
    }
  }

  private BroadcastControl start(
      List<Long> contacts, io.fanfare.contract.broadcast.ChannelPlan plan) {
    BroadcastControl broadcast = scenario.start(scenario.list(contacts), plan);
    worker.follow(broadcast);
    return broadcast;
  }

  private String state(BroadcastControl broadcast) {
    return audience
        .jdbc()
        .queryForObject(
            "select state from broadcast_run where broadcast_id = ?",
            String.class,
            broadcast.broadcastId());
  }

  private long rows(String table, BroadcastControl broadcast) {
    return audience
        .jdbc()
        .queryForObject(
            "select count(*) from " + table + " where broadcast_id = ?",
            Long.class,
            broadcast.broadcastId());
  }
}
