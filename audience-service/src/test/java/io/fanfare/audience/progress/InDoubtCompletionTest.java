package io.fanfare.audience.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AudienceExtension.class)
class InDoubtCompletionTest {

  private static final Duration SEVERAL_LOOKS = Duration.ofMillis(1_200);

  private final Scenario scenario;
  private final FakeWorker worker;

  InDoubtCompletionTest(AudienceService audience) {
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void underNeverTwiceDoubtIsAnEnd() {
    BroadcastControl broadcast = start(DeliveryPolicy.NEVER_TWICE);
    List<SendMessage> commands = worker.await(3);
    worker.end(commands.subList(0, 1), Outcome.IN_DOUBT);
    worker.end(commands.subList(1, 3), Outcome.SENT);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
  }

  @Test
  void underAtLeastOnceABroadcastGoesOnUntilTheDoubtfulIsSentAgain() {
    BroadcastControl broadcast = start(DeliveryPolicy.AT_LEAST_ONCE);
    List<SendMessage> commands = worker.await(3);
    worker.end(commands.subList(0, 1), Outcome.IN_DOUBT);
    worker.end(commands.subList(1, 3), Outcome.SENT);
    awaitInDoubt(broadcast, 1);
    assertNotComplete(broadcast);

    worker.announce(FakeWorker.retryOf(commands.getFirst(), Bucket.IN_DOUBT, false));
    List<SendMessage> again = worker.await(1);
    assertThat(again.getFirst().bucket()).isEqualTo(Bucket.IN_DOUBT);
    assertThat(again.getFirst().issue()).isEqualTo(2);
    assertNotComplete(broadcast);
    worker.end(again, Outcome.SENT);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    assertThat(scenario.progress(broadcast).path("sent").asLong()).isEqualTo(3);
  }

  @Test
  void underAtLeastOnceDoubtIsAnEndOnceTheAttemptsAreUsedUp() {
    BroadcastControl broadcast = start(DeliveryPolicy.AT_LEAST_ONCE);
    List<SendMessage> commands = worker.await(3);
    worker.end(commands.subList(0, 2), Outcome.IN_DOUBT);
    worker.end(commands.subList(2, 3), Outcome.SENT);
    awaitInDoubt(broadcast, 2);
    commands
        .subList(0, 2)
        .forEach(command -> worker.announce(FakeWorker.retryOf(command, Bucket.IN_DOUBT, false)));
    List<SendMessage> again = worker.await(2);
    worker.end(again.subList(0, 1), Outcome.IN_DOUBT);
    // One is in doubt for good, the other one's second try has no result yet.
    assertNotComplete(broadcast);
    worker.end(again.subList(1, 2), Outcome.IN_DOUBT);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    assertThat(scenario.progress(broadcast).path("in_doubt").asLong()).isEqualTo(2);
  }

  private BroadcastControl start(DeliveryPolicy policy) {
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl broadcast =
        scenario.begin(
            BroadcastState.RUNNING,
            policy,
            scenario.list(scenario.contacts(3)),
            Scenario.plan(Channel.EMAIL, account, 1));
    worker.follow(broadcast);
    return broadcast;
  }

  private void awaitInDoubt(BroadcastControl broadcast, long count) {
    scenario.awaitProgress(broadcast, p -> p.path("in_doubt").asLong() == count);
  }

  private void assertNotComplete(BroadcastControl broadcast) {
    assertThat(worker.during(SEVERAL_LOOKS)).isEmpty();
    assertThat(scenario.signals(broadcast)).noneMatch(s -> s.signal() == Signal.COMPLETE);
  }
}
