package io.fanfare.dispatch.loop;

import static io.fanfare.dispatch.loop.DispatchStage.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.contract.Channel;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.Topics;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.PoolSettings;
import io.fanfare.dispatch.TestSwitches;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.ledger.LedgerRetention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DispatchWorkerTest {

  private static final Cause CAUSE = new Cause("test", "as told", null);

  private DispatchStage stage;
  private ChannelAccount account;

  @BeforeEach
  void open() throws Exception {
    stage = new DispatchStage();
    account = stage.account(0, 4, 1, UUID.randomUUID());
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void sendsEveryCommandExactlyOnceHoweverOftenItArrives() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.release(broadcast, 0, 2_000);
    stage.start("w1");
    stage.release(broadcast, 0, 2_000);
    stage.awaitResults(broadcast, 2_000);
    await().atMost(PATIENCE).until(() -> stage.lag() == 0);

    assertThat(stage.provider.arrivals()).hasSize(2_000);
    assertThat(distinctContacts()).isEqualTo(2_000);
    assertEverythingAgrees(broadcast, new Counts(2_000, 0, 0, 0, 0, 0, 0, 2_000));
    assertThat(stage.events(broadcast))
        .hasSize(2_000)
        .allMatch(event -> event.outcome() == Outcome.SENT && event.providerMessageId() != null);
  }

  @Test
  void twoWorkersShareTheLanesAndSendNothingTwice() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.takes(Duration.ofMillis(5));
    stage.release(broadcast, 0, 1_500);
    stage.start("w1");
    stage.release(broadcast, 1_500, 3_000);
    // Joins while the first one is sending: partitions move under way.
    stage.start("w2");
    stage.release(broadcast, 3_000, 4_000);
    stage.awaitResults(broadcast, 4_000);
    assertThat(stage.provider.arrivals()).hasSize(4_000);
    assertThat(distinctContacts()).isEqualTo(4_000);
    assertEverythingAgrees(broadcast, new Counts(4_000, 0, 0, 0, 0, 0, 0, 4_000));
  }

  @Test
  void pauseReturnsTheRestAndStartsNoSendASecondLater() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.takes(Duration.ofMillis(20));
    stage.start("w1");
    stage.release(broadcast, 0, 3_000);
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() > 200);
    stage.moves(broadcast, BroadcastState.PAUSED);
    long paused = System.nanoTime();
    stage.awaitResults(broadcast, 3_000);

    Map<Outcome, Long> results = stage.results(broadcast);
    assertThat(results).containsOnlyKeys(Outcome.SENT, Outcome.RETURNED);
    assertThat(results.get(Outcome.SENT)).isEqualTo(stage.provider.arrivals().size());
    assertThat(stage.provider.arrivals())
        .allMatch(arrival -> arrival.nanos() - paused < Duration.ofSeconds(1).toNanos());
    long sent = results.get(Outcome.SENT);
    assertEverythingAgrees(broadcast, new Counts(sent, 0, 0, 0, 0, 0, 0, 3_000));
  }

  @Test
  void aGlobalStopStartsNoSendASecondLaterAndLiftedEverythingGoesOn() throws Exception {
    ChannelAccount second = stage.account(0, 4, 1, UUID.randomUUID());
    BroadcastControl one = stage.broadcast(account);
    BroadcastControl other = stage.broadcast(second);
    stage.provider.takes(Duration.ofMillis(20));
    stage.start("w1");
    stage.start("w2");
    stage.release(one, 0, 1_000);
    stage.release(other, 1_000, 2_000);
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() > 200);
    stage.stopAll(true, 1);
    long stopped = System.nanoTime();
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(5))
        .until(() ->
            stage.provider.arrivals().stream()
                .allMatch(arrival -> arrival.nanos() - stopped < Duration.ofSeconds(1).toNanos()));
    assertThat(stage.provider.arrivals().size()).isLessThan(2_000);
    // An older record stops or lifts nothing.
    stage.stopAll(false, 0);
    stage.stopAll(false, 2);
    stage.awaitResults(one, 1_000);
    stage.awaitResults(other, 1_000);

    long sent = stage.results(one).get(Outcome.SENT) + stage.results(other).get(Outcome.SENT);
    assertThat(sent).isGreaterThan(1_000).isEqualTo(stage.provider.arrivals().size());
    assertThat(distinctContacts()).isEqualTo(sent);
    // What was claimed when it was stopped is given back unsent.
    assertThat(stage.results(one).keySet()).isSubsetOf(Outcome.SENT, Outcome.RETURNED);
    assertThat(stage.meters.timer("fanfare.control.latency").count()).isGreaterThanOrEqualTo(3);
    System.out.printf(
        "control latency: mean %.0f ms, most %.0f ms%n",
        stage.meters.timer("fanfare.control.latency").mean(TimeUnit.MILLISECONDS),
        stage.meters.timer("fanfare.control.latency").max(TimeUnit.MILLISECONDS));
  }

  @Test
  void cancelEndsTheRestAsCancelled() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.takes(Duration.ofMillis(20));
    stage.start("w1");
    stage.release(broadcast, 0, 2_000);
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() > 100);
    stage.moves(broadcast, BroadcastState.CANCELLED);
    stage.awaitResults(broadcast, 2_000);
    // What is claimed while the end of control cannot be confirmed in time is given back unsent.
    Map<Outcome, Long> results = stage.results(broadcast);
    assertThat(results).containsKeys(Outcome.SENT, Outcome.CANCELLED);
    long sent = stage.provider.arrivals().size();
    long returned = results.getOrDefault(Outcome.RETURNED, 0L);
    assertThat(results.get(Outcome.CANCELLED)).isEqualTo(2_000 - sent - returned);
    assertEverythingAgrees(
        broadcast, new Counts(sent, 0, 0, 0, 0, 0, 2_000 - sent - returned, 2_000));
  }

  @Test
  void openClaimsOfAKilledWorkerEndInDoubtAndTheRestIsSentByAnother() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.release(broadcast, 0, 1_000);
    stage.provider.hang();
    DispatchWorker killed =
        stage.start("w1", DispatchStage.settings(40, 4_000), TestSwitches.NONE, same());
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() == 8);
    stage.abandon(killed);
    long open =
        stage.count(
            "select count(*) from dispatch_worker.claim c where incarnation = "
                + killed.incarnation());
    assertThat(open).isPositive();
    stage.start("w2");
    stage.provider.release();
    stage.awaitResults(broadcast, 1_000);

    assertThat(stage.results(broadcast)).containsEntry(Outcome.IN_DOUBT, open);
    assertThat(distinctContacts()).isEqualTo(stage.provider.arrivals().size());
    assertEverythingAgrees(broadcast, new Counts(1_000 - open, 0, 0, open, 0, 0, 0, 1_000));
    await()
        .atMost(PATIENCE)
        .until(() ->
            stage.events(broadcast).stream().map(DeliveryEvent::eventId).distinct().count()
                == 1_000);
  }

  @Test
  void tellsOfWhatIsInDoubtAlsoWhereTheLastResultsWereNone() throws Exception {
    BroadcastControl over = stage.broadcast(account);
    stage.moves(over, BroadcastState.CANCELLED);
    DispatchWorker killed = stage.start("w1");
    stage.release(over, 0, 30);
    stage.awaitResults(over, 30);
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.hang();
    stage.release(broadcast, 0, 20);
    await().atMost(PATIENCE).until(() -> killed.openClaims() == 20);
    // The last thing it is about to record: thirty ends that the ledger has already.
    stage.release(over, 0, 30);
    await().atMost(PATIENCE).until(() -> killed.held() == 20);
    long renewals = renewals(killed);
    await().atMost(PATIENCE).until(() -> renewals(killed) > renewals + 2);
    stage.abandon(killed);
    stage.start("w2");
    stage.awaitResults(broadcast, 20);

    assertThat(stage.results(broadcast)).containsOnlyKeys(Outcome.IN_DOUBT);
    assertThat(awaitEvents(broadcast, 20)).allMatch(event -> event.outcome() == Outcome.IN_DOUBT);
  }

  private long renewals(DispatchWorker worker) {
    return stage.count(
        "select renewed from dispatch_worker.lease where incarnation = " + worker.incarnation());
  }

  @Test
  void aWorkerWithADeadThreadGivesUpItsLeaseAndItsPartitions() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.takes(Duration.ofMillis(5));
    var wire = new RefusingWire("insert into result");
    DispatchWorker broken =
        stage.start("w1", DispatchStage.settings(), TestSwitches.NONE, wire::over);
    stage.start("w2");
    stage.release(broadcast, 0, 1_000);
    await().atMost(PATIENCE).until(() -> stage.results(broadcast).size() > 0);
    wire.refuse();
    stage.release(broadcast, 1_000, 3_000);
    stage.awaitResults(broadcast, 3_000);

    assertThat(stage.forgiveDeaths()).hasSize(1);
    assertThat(stage.results(broadcast)).containsKeys(Outcome.SENT);
    assertThat(distinctContacts()).isEqualTo(stage.provider.arrivals().size());
    await().atMost(PATIENCE).until(() -> stage.lag() == 0);
    assertThat(
            stage.count(
                "select count(*) from dispatch_worker.incarnation where ended_at is not null"
                    + " and number = "
                    + broken.incarnation()))
        .isEqualTo(1);
  }

  @Test
  void stoppingWhileCommandsAreBeingGatheredLeavesNothingInDoubt() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.hangCompile();
    stage.provider.connects(Duration.ofSeconds(1));
    DispatchWorker worker = stage.start("w1");
    stage.release(broadcast, 0, 20);
    await().atMost(PATIENCE).until(stage.provider::isCompiling);
    Thread stopping = Thread.ofPlatform().start(() -> stage.stop(worker));
    await().atMost(PATIENCE).until(() -> waitsForTheDispatcher(stopping));
    stage.provider.releaseCompile();
    stopping.join();

    assertThat(stage.count("select count(*) from dispatch_worker.claim")).isPositive();
    assertThat(worker.openClaims()).isZero();
    assertThat(stage.results(broadcast)).doesNotContainKey(Outcome.SENT);
    assertThat(
            stage.count(
                "select count(*) from dispatch_worker.claim c where not exists (select 1 from"
                    + " dispatch_worker.result r where r.contact_id = c.contact_id)"))
        .isZero();
  }

  private static boolean waitsForTheDispatcher(Thread stopping) {
    return Arrays.stream(stopping.getStackTrace())
        .anyMatch(frame ->
            frame.getMethodName().equals("close")
                && frame.getClassName().equals(Dispatcher.class.getName()));
  }

  @Test
  void noSendStartsWhileTheBrokerHasTooManyEventsNotAcknowledged() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.refusesEvents(Topics.DELIVERY_EVENTS, true);
    stage.start(
        "w1",
        DispatchStage.settings(20, 4_000, PoolSettings.DEFAULTS, 50),
        TestSwitches.NONE,
        same());
    stage.release(broadcast, 0, 2_000);
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() > 50);
    await()
        .during(Duration.ofMillis(1_500))
        .atMost(PATIENCE)
        .until(() -> stage.provider.arrivals().size() < 120);
    stage.refusesEvents(Topics.DELIVERY_EVENTS, false);
    stage.awaitResults(broadcast, 2_000);
    assertEverythingAgrees(broadcast, new Counts(2_000, 0, 0, 0, 0, 0, 0, 2_000));
  }

  @Test
  void commandsOfADroppedLedgerDayAreDeadLettersAndNeverSent() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.start("w1");
    stage.release(broadcast, 0, 10);
    stage.awaitResults(broadcast, 10);
    new LedgerRetention(stage.dataSource()).dropBefore(stage.day.plusDays(1), List.of());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          stage.release(broadcast, 0, 1);
          assertThat(
                  stage.records(
                      Topics.send(Channel.EMAIL, SendClass.BULK)
                          .deadLetterTopic(Topics.Groups.DISPATCH_SEND)))
              .isPositive();
        });
    int before =
        stage.records(
            Topics.send(Channel.EMAIL, SendClass.BULK)
                .deadLetterTopic(Topics.Groups.DISPATCH_SEND));
    stage.release(broadcast, 0, 10);
    await().atMost(PATIENCE).until(() -> stage.lag() == 0);

    assertThat(stage.provider.arrivals()).hasSize(10);
    assertThat(
            stage.records(
                Topics.send(Channel.EMAIL, SendClass.BULK)
                    .deadLetterTopic(Topics.Groups.DISPATCH_SEND)))
        .isEqualTo(before + 10);
    assertThat(stage.results(broadcast)).isEmpty();
  }

  @Test
  void recordsTheLateAnswerOfATakenOverWorkerAsTheNextIssue() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.hang();
    stage.release(broadcast, 0, 3);
    DispatchWorker zombie = stage.start("w1");
    await().atMost(PATIENCE).until(() -> zombie.openClaims() == 3);
    long dead = zombie.incarnation();
    stage.start("w2");
    try (var connection = stage.connect();
        var statement = connection.createStatement()) {
      // It cannot renew while somebody holds its lease row.
      connection.setAutoCommit(false);
      statement.execute(
          "select * from dispatch_worker.lease where incarnation = " + dead + " for update");
      await()
          .atMost(PATIENCE)
          .until(() -> stage.results(broadcast).getOrDefault(Outcome.IN_DOUBT, 0L) == 3);
      connection.rollback();
    }
    await().atMost(PATIENCE).until(() -> zombie.incarnation() != dead);
    stage.provider.release();
    stage.awaitResults(broadcast, 6);

    assertThat(stage.provider.arrivals()).hasSize(3);
    assertEverythingAgrees(broadcast, new Counts(3, 0, 0, 0, 0, 0, 0, 3));
    List<DeliveryEvent> resolved =
        stage.events(broadcast).stream().filter(event -> event.issue() == 2).toList();
    assertThat(resolved)
        .hasSize(3)
        .allMatch(
            event -> event.outcome() == Outcome.SENT && event.bucketBefore() == Bucket.IN_DOUBT);
    // A resend ordered in the meantime carries the same issue, and is not sent.
    stage.release(
        LongStream.range(0, 3)
            .mapToObj(id -> DispatchStage.next(stage.command(broadcast, id), Bucket.IN_DOUBT, true))
            .toList());
    await().atMost(PATIENCE).until(() -> stage.lag() == 0);
    assertThat(stage.provider.arrivals()).hasSize(3);
  }

  @Test
  void losesNothingWhenAnswersOfTheDatabaseAreLost() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.release(broadcast, 0, 2_000);
    var wire = new FlakyWire(25, 7);
    stage.start("w1", DispatchStage.settings(), TestSwitches.NONE, wire::over);
    stage.awaitResults(broadcast, 2_000);
    assertThat(wire.lost()).isGreaterThan(3);
    assertThat(stage.provider.arrivals()).hasSize(2_000);
    assertThat(distinctContacts()).isEqualTo(2_000);
    await().atMost(PATIENCE).until(() -> stage.lag() == 0);
    assertEverythingAgrees(broadcast, new Counts(2_000, 0, 0, 0, 0, 0, 0, 2_000));
  }

  @Test
  void noSlidingSecondExceedsTheLimitOfAnAccount() throws Exception {
    ChannelAccount limited = stage.account(40, 2, 1, UUID.randomUUID());
    BroadcastControl broadcast = stage.broadcast(limited);
    stage.provider.takes(Duration.ofMillis(30));
    stage.start("w1");
    stage.release(broadcast, 0, 90);
    stage.awaitResults(broadcast, 90);
    assertThat(mostInASecond(stage.provider.arrivals())).isLessThanOrEqualTo(40);
    assertThat(stage.results(broadcast)).containsOnlyKeys(Outcome.SENT);
  }

  @Test
  void anAnswerThatSaysTooFastRestsTheAccountAndCostsNoAttempt() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.answers(message ->
        message.command().contactId() == 0
            ? new SendOutcome.Deferred(CAUSE, Duration.ofSeconds(2), true)
            : new SendOutcome.Sent(null));
    stage.start("w1");
    stage.release(broadcast, 0, 1);
    stage.awaitResults(broadcast, 1);
    DeliveryEvent limited = awaitEvents(broadcast, 1).getFirst();
    assertThat(limited.outcome()).isEqualTo(Outcome.RATE_LIMITED);
    assertThat(limited.retryAt())
        .isBetween(limited.at().plusMillis(1_900), limited.at().plusMillis(2_100));
    stage.release(broadcast, 1, 20);
    stage.awaitResults(broadcast, 20);
    long first = stage.provider.arrivals().getFirst().nanos();
    assertThat(stage.provider.arrivals().stream().skip(1))
        .allMatch(arrival -> arrival.nanos() - first >= Duration.ofSeconds(2).toNanos());
  }

  @Test
  void aRefusedAccountAsksForAPauseOnceAndHoldsTheRest() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.answers(message -> new SendOutcome.AccountRefused(CAUSE));
    stage.start("w1");
    stage.release(broadcast, 0, 1_000);
    await()
        .atMost(PATIENCE)
        .until(() -> !stage.read(Topics.BROADCAST_SIGNAL, BroadcastSignal.class).isEmpty());
    stage.moves(broadcast, BroadcastState.PAUSED);
    stage.awaitResults(broadcast, 1_000);

    assertThat(stage.results(broadcast)).containsOnlyKeys(Outcome.RETURNED);
    assertThat(stage.provider.arrivals().size()).isLessThan(500);
    assertThat(stage.read(Topics.BROADCAST_SIGNAL, BroadcastSignal.class))
        .singleElement()
        .satisfies(signal -> {
          assertThat(signal.signal()).isEqualTo(BroadcastSignal.Signal.PAUSE);
          assertThat(signal.epoch()).isEqualTo(broadcast.epoch());
          assertThat(signal.reason()).isNotNull();
          assertThat(signal.reason().code()).isEqualTo("account_refused");
        });
  }

  @Test
  void contentNoMessageCanBeMadeOfAsksForAPauseBeforeAnythingIsSent() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.refuseContent();
    stage.start("w1");
    stage.release(broadcast, 0, 50);
    await()
        .atMost(PATIENCE)
        .until(() -> !stage.read(Topics.BROADCAST_SIGNAL, BroadcastSignal.class).isEmpty());
    assertThat(stage.provider.arrivals()).isEmpty();
    assertThat(stage.read(Topics.BROADCAST_SIGNAL, BroadcastSignal.class))
        .singleElement()
        .matches(
            signal -> signal.reason() != null && signal.reason().code().equals("content_refused"));
  }

  @Test
  void undecodableCommandsGoToTheDeadLetterTopicAndThePartitionGoesOn() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    var topic = Topics.send(account.channel(), SendClass.BULK);
    stage.publishBytes(topic, stage.command(broadcast, 0).lane().key(), "{not json");
    stage.release(broadcast, 0, 100);
    stage.start("w1");
    stage.awaitResults(broadcast, 100);
    await().atMost(PATIENCE).until(() -> stage.lag() == 0);
    assertThat(stage.records(topic.deadLetterTopic(Topics.Groups.DISPATCH_SEND))).isEqualTo(1);
  }

  @Test
  void classifiesAnswersAndLetsInOnlyWhatMayFollow() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.answers(message ->
        message.command().issue() > 1
            ? new SendOutcome.Sent(null)
            : switch ((int) message.command().contactId()) {
              case 0 -> new SendOutcome.Sent(null);
              case 1 -> new SendOutcome.Rejected(CAUSE);
              case 2 -> new SendOutcome.Unknown(CAUSE);
              case 3 -> new SendOutcome.NotSent(CAUSE);
              default -> throw new IllegalStateException("as a bug would");
            });
    stage.start("w1");
    stage.release(broadcast, 0, 4);
    stage.awaitResults(broadcast, 4);
    assertEverythingAgrees(broadcast, new Counts(1, 1, 0, 1, 1, 0, 0, 4));
    // Nothing follows a sent one, a failed one only by order, one in doubt neither under
    // never-twice.
    stage.release(
        List.of(
            next(broadcast, 0, Bucket.IN_FLIGHT, true),
            next(broadcast, 1, Bucket.FAILED, false),
            next(broadcast, 2, Bucket.IN_DOUBT, false),
            next(broadcast, 3, Bucket.RETRYING, false)));
    stage.awaitResults(broadcast, 5);
    await().atMost(PATIENCE).until(() -> stage.lag() == 0);
    assertEverythingAgrees(broadcast, new Counts(2, 1, 0, 1, 0, 0, 0, 5));
    stage.release(
        List.of(
            next(broadcast, 1, Bucket.FAILED, true), next(broadcast, 2, Bucket.IN_DOUBT, true)));
    stage.awaitResults(broadcast, 7);
    // Seven commands ended; the one for a recipient in doubt took no credit and gives none back.
    assertEverythingAgrees(broadcast, new Counts(4, 0, 0, 0, 0, 0, 0, 6));
    // A channel that fails without a word leaves its message in doubt.
    stage.release(broadcast, 4, 5);
    stage.awaitResults(broadcast, 8);
    assertEverythingAgrees(broadcast, new Counts(4, 0, 0, 1, 0, 0, 0, 7));
  }

  @Test
  void waitsForTheEpochOfACommandAndEndsWhatCannotBeSent() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.start("w1");
    SendMessage plain = stage.command(broadcast, 1);
    stage.release(
        List.of(
            with(plain, 10, broadcast.epoch() + 1, plain.address(), Instant.now()),
            with(plain, 11, broadcast.epoch(), null, Instant.now()),
            with(plain, 12, broadcast.epoch(), plain.address(), Instant.now().minusSeconds(700))));
    stage.awaitResults(broadcast, 2);
    assertThat(stage.results(broadcast)).containsOnlyKeys(Outcome.SKIPPED, Outcome.RETURNED);
    assertThat(stage.provider.arrivals()).isEmpty();
    stage.moves(broadcast, BroadcastState.RUNNING);
    stage.awaitResults(broadcast, 3);
    assertThat(stage.provider.arrivals()).hasSize(1);
    assertEverythingAgrees(broadcast, new Counts(1, 0, 0, 0, 0, 1, 0, 3));
  }

  @Test
  void priorityGoesBeforeBulk() throws Exception {
    ChannelAccount slow = stage.account(10, 1, 1, UUID.randomUUID());
    BroadcastControl bulk = stage.broadcast(slow);
    BroadcastControl urgent = stage.broadcast(slow);
    stage.start("w1");
    stage.release(bulk, 0, 100);
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() >= 10);
    stage.release(List.of(stage.command(urgent, 1)), SendClass.PRIORITY);
    stage.awaitResults(urgent, 1);
    assertThat(stage.results(bulk).getOrDefault(Outcome.SENT, 0L)).isLessThan(100);
  }

  @Test
  void stoppingDrainsWithNothingInDoubtAndTheNextWorkerGoesOn() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.takes(Duration.ofMillis(30));
    DispatchWorker first = stage.start("w1");
    stage.release(broadcast, 0, 3_000);
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() > 300);
    stage.stop(first);
    long sent = stage.provider.arrivals().size();
    assertThat(sent).isLessThan(3_000);
    assertThat(stage.results(broadcast)).containsOnly(Map.entry(Outcome.SENT, sent));
    assertThat(
            stage.count("select count(*) from dispatch_worker.claim")) // every claim has its result
        .isEqualTo(sent);
    assertThat(
            stage.count(
                "select count(*) from dispatch_worker.incarnation where settled_at is null"))
        .isZero();
    stage.provider.takes(Duration.ZERO);
    stage.start("w2");
    stage.awaitResults(broadcast, 3_000);
    assertThat(distinctContacts()).isEqualTo(stage.provider.arrivals().size()).isEqualTo(3_000);
    assertEverythingAgrees(broadcast, new Counts(3_000, 0, 0, 0, 0, 0, 0, 3_000));
  }

  @Test
  void aDroppedResultIsSeenByTheCheckOfConservation() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.start("w1", DispatchStage.settings(), TestSwitches.droppingResults(100), same());
    stage.release(broadcast, 0, 500);
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() == 500);
    await().atMost(PATIENCE).until(() -> stage.lag() == 0);
    assertThat(stage.counters(broadcast).results()).isEqualTo(495);
    assertThat(stage.results(broadcast)).containsEntry(Outcome.SENT, 495L);
  }

  @Test
  void withoutClaimsTheProviderSeesDuplicates() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    stage.release(broadcast, 0, 200);
    stage.release(broadcast, 0, 200);
    stage.start("w1", DispatchStage.settings(), TestSwitches.skippingClaims(), same());
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() == 400);
    assertThat(distinctContacts()).isEqualTo(200);
  }

  // --- the checks

  /**
   * Counters, published progress and a recount of rows say the same, and it is what was expected.
   */
  @Test
  void fallsBackWhereAnotherChannelIsLeftUnlessTheMessageMayHaveArrived() throws Exception {
    BroadcastControl broadcast = stage.broadcast(account);
    int last = broadcast.maxAttempts();
    stage.provider.answers(message ->
        switch ((int) message.command().contactId() % 5) {
          case 0 -> new SendOutcome.Sent(null);
          case 1 -> new SendOutcome.Rejected(CAUSE);
          case 2 -> new SendOutcome.Deferred(CAUSE, null, false);
          default -> new SendOutcome.Unknown(CAUSE);
        });
    List<SendMessage> commands = new ArrayList<>();
    for (long contact = 0; contact < 50; contact++) {
      SendMessage command = stage.command(broadcast, contact);
      String address = contact % 5 == 4 ? null : command.address();
      commands.add(
          contact < 25
              ? DispatchStage.fallingBack(command, last, address)
              : DispatchStage.addressed(command, address));
    }
    stage.start("w1");
    stage.release(commands);
    stage.awaitResults(broadcast, 50);
    assertEverythingAgrees(broadcast, new Counts(10, 5, 0, 10, 5, 5, 0, 50, 15L));
    assertThat(awaitEvents(broadcast, 50))
        .filteredOn(event -> event.outcome() == Outcome.FELL_BACK)
        .hasSize(15)
        .allMatch(event -> event.contactId() < 25 && event.cause() != null);
  }

  private void assertEverythingAgrees(BroadcastControl broadcast, Counts expected) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(stage.progress(broadcast)).isEqualTo(expected));
    assertThat(stage.counters(broadcast)).isEqualTo(expected);
    assertThat(recount(broadcast)).isEqualTo(expected.counted());
  }

  /** Recipients with an end, from the newest result of each. */
  private long recount(BroadcastControl broadcast) {
    return stage.count(
        """
        select count(*) from (
          select distinct on (contact_id) outcome from dispatch_worker.result where broadcast_id = '%s'
          order by contact_id, issue desc) newest
        where outcome <> 7
        """
            .formatted(broadcast.broadcastId()));
  }

  private List<DeliveryEvent> awaitEvents(BroadcastControl broadcast, int count) {
    return await()
        .atMost(PATIENCE)
        .until(() -> stage.events(broadcast), events -> events.size() == count);
  }

  private long distinctContacts() {
    return stage.provider.arrivals().stream()
        .map(FakeProvider.Arrival::contactId)
        .distinct()
        .count();
  }

  private static int mostInASecond(List<FakeProvider.Arrival> arrivals) {
    List<Long> times =
        new ArrayList<>(arrivals.stream().map(FakeProvider.Arrival::nanos).sorted().toList());
    int most = 0;
    int from = 0;
    for (int to = 0; to < times.size(); to++) {
      while (times.get(to) - times.get(from) > Duration.ofSeconds(1).toNanos()) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  private SendMessage next(
      BroadcastControl broadcast, long contact, Bucket bucket, boolean granted) {
    return DispatchStage.next(stage.command(broadcast, contact), bucket, granted);
  }

  private static SendMessage with(
      SendMessage command, long contact, long epoch, String address, Instant releasedAt) {
    return new SendMessage(
        command.tenantId(),
        command.broadcastId(),
        contact,
        command.channel(),
        command.issue(),
        command.attempt(),
        command.bucket(),
        command.granted(),
        command.ledgerDay(),
        command.lane(),
        command.variant(),
        epoch,
        address,
        releasedAt,
        command.data());
  }

  private static <T> UnaryOperator<T> same() {
    return UnaryOperator.identity();
  }
}
