package io.fanfare.retry.budget;

import static io.fanfare.retry.Deliveries.LONG;
import static io.fanfare.retry.Deliveries.control;
import static io.fanfare.retry.Deliveries.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.retry.RetryUnderTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RetryBudgetsTest {

  private static final int TRIES = 20;
  private static RetryUnderTest retries;

  private final UUID broadcast = UUID.randomUUID();
  private long contact;

  @BeforeAll
  static void open() {
    TestInfrastructure.resetTopics();
    retries = new RetryUnderTest();
    retries.start("--fanfare.retry.budget.tries=" + TRIES, "--fanfare.retry.budget.lasting=0s");
  }

  @AfterAll
  static void close() {
    retries.close();
  }

  @Test
  void aProviderThatFailsMostTriesPausesTheBroadcastOncePerEpoch() {
    publish(1, BroadcastState.RUNNING);
    beginToLook();
    results(TRIES, Outcome.RETRYING);
    BroadcastSignal signal = awaitSignals(1).getFirst();
    assertThat(signal.signal()).isEqualTo(BroadcastSignal.Signal.PAUSE);
    assertThat(signal.epoch()).isEqualTo(1);
    assertThat(signal.reason().code()).isEqualTo("provider_melting");
    // Whatever else comes of this epoch changes nothing; after a resume it is looked at anew.
    results(3 * TRIES, Outcome.RETRYING);
    publish(2, BroadcastState.PAUSED);
    results(3 * TRIES, Outcome.RETRYING);
    publish(3, BroadcastState.RUNNING);
    assertThat(signals()).hasSize(1);
    // The first results of a new epoch may still be those of the one before.
    results(2 * TRIES, Outcome.IN_DOUBT);
    results(TRIES, Outcome.IN_DOUBT);
    assertThat(awaitSignals(2).getLast().epoch()).isEqualTo(3);
  }

  @Test
  void tooFastWithoutATimeCountsAndWithOneDoesNot() {
    publish(1, BroadcastState.RUNNING);
    beginToLook();
    Instant named = Instant.now().plusSeconds(60);
    results(3 * TRIES, Outcome.RATE_LIMITED, named);
    assertThat(signals()).isEmpty();
    results(TRIES, Outcome.RATE_LIMITED, null);
    assertThat(awaitSignals(1).getFirst().reason().code()).isEqualTo("provider_melting");
  }

  @Test
  void returnsAndRefusalsNeverDo() {
    publish(1, BroadcastState.RUNNING);
    beginToLook();
    for (Outcome outcome : List.of(Outcome.RETURNED, Outcome.SKIPPED)) {
      results(2 * TRIES, outcome);
    }
    results(TRIES, Outcome.SENT);
    results(TRIES, Outcome.FAILED);
    results(TRIES / 2 - 1, Outcome.RETRYING);
    assertThat(signals()).isEmpty();
  }

  @Test
  void theBudgetWithoutResultsForTheLongestTimeIsForgotten() {
    publish(1, BroadcastState.RUNNING);
    beginToLook();
    results(TRIES - 2, Outcome.RETRYING);
    List<BroadcastControl> others = new ArrayList<>();
    List<DeliveryEvent> theirs = new ArrayList<>();
    for (int i = 0; i < RetryBudgets.MAX_BROADCASTS; i++) {
      UUID other = UUID.randomUUID();
      others.add(control(other, 1, BroadcastState.RUNNING, LONG, LONG, LONG));
      theirs.add(event(other, ++contact, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING, null));
    }
    retries.publishAndAwait(others);
    take(theirs);
    // One more would have been enough; but it begins anew.
    beginToLook();
    results(TRIES - 2, Outcome.RETRYING);
    assertThat(signals()).isEmpty();
    results(TRIES, Outcome.RETRYING);
    awaitSignals(1);
  }

  private void publish(long epoch, BroadcastState state) {
    var control = control(broadcast, epoch, state, LONG, LONG, LONG);
    retries.publish(control);
    retries.awaitPolicy(control);
  }

  /** What ended before the first result was read does not count. */
  private void beginToLook() {
    results(1, Outcome.FAILED);
  }

  /** Publishes results and waits until they are taken in. */
  private void results(int count, Outcome outcome) {
    results(count, outcome, null);
  }

  private void results(int count, Outcome outcome, @Nullable Instant retryAt) {
    List<DeliveryEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(broadcast, ++contact, 1, 1, Bucket.IN_FLIGHT, outcome, retryAt));
    }
    take(events);
  }

  private void take(List<DeliveryEvent> events) {
    retries.publish(events);
    Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> retries.lag() == 0);
  }

  private List<BroadcastSignal> awaitSignals(int count) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .until(this::signals, signals -> signals.size() == count);
  }

  private List<BroadcastSignal> signals() {
    return retries.probe().readAll(Topics.BROADCAST_SIGNAL.name()).stream()
        .map(record -> EventCodec.decode(BroadcastSignal.class, record.value()))
        .filter(signal -> signal.broadcastId().equals(broadcast))
        .toList();
  }
}
