package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * What a crash leaves is made by hand while the service is down: rows are all that survives one.
 */
@ExtendWith(AudienceExtension.class)
class RestartTest {

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  RestartTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void whatWasHandedOverAndNotPublishedIsPublishedAfterARestartEvenWhenCancelledMeanwhile() {
    UUID account = scenario.account(Channel.EMAIL, 2, 60);
    List<Long> contacts = scenario.contacts(400);
    BroadcastControl broadcast =
        scenario.start(scenario.list(contacts), Scenario.plan(Channel.EMAIL, account, 2));
    worker.follow(broadcast);
    List<SendMessage> first = worker.await(180);
    audience.stop();
    audience
        .jdbc()
        .update(
            "update handover set published_at = null where broadcast_id = ?",
            broadcast.broadcastId());
    audience.jdbc().update("delete from contact where id = ?", first.getFirst().contactId());
    BroadcastControl cancelled = scenario.move(broadcast, BroadcastState.CANCELLED);
    audience.start(Map.of());
    List<SendMessage> again = worker.await(180);
    assertThat(recipients(again)).isEqualTo(recipients(first));
    assertThat(again).allMatch(command -> command.issue() == 1);
    assertThat(again.stream().filter(command -> command.address() == null))
        .extracting(SendMessage::contactId)
        .containsExactly(first.getFirst().contactId());
    worker.end(again, Outcome.CANCELLED);
    scenario.awaitProgress(cancelled, p -> p.path("cancelled").asLong() == 400);
  }

  @Test
  void aBroadcastGoesOnAfterARestart() {
    UUID account = scenario.account(Channel.TELEGRAM, 1, 30);
    BroadcastControl broadcast =
        scenario.start(
            scenario.list(scenario.contacts(200)), Scenario.plan(Channel.TELEGRAM, account, 1));
    worker.follow(broadcast);
    worker.end(worker.await(90), Outcome.SENT);
    List<SendMessage> second = worker.await(60);
    String contacts = importOf(10_000);
    audience.stop();
    worker.end(second, Outcome.SENT);
    worker.becomeAnother();
    audience.start(Map.of());
    int ended = 90 + second.size();
    while (ended < 200) {
      List<SendMessage> more = worker.await(1);
      worker.end(more, Outcome.SENT);
      ended += more.size();
    }
    assertThat(worker.received()).isEqualTo(200);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    // Like the broadcast, an import goes on where it stopped.
    JsonNode imported =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> audience.get(scenario.tenant(), contacts).body(),
                body -> body.hasNonNull("ended_at"));
    assertThat(imported.at("/rows/created").asInt()).isEqualTo(10_000);
    assertThat(imported.at("/rows/duplicates").asInt()).isZero();
    assertThat(imported.path("state").asString()).isEqualTo("completed");
  }

  private String importOf(int rows) {
    String file =
        IntStream.range(0, rows)
            .mapToObj(i -> "imported-" + i + ",Ann " + i + "\n")
            .collect(Collectors.joining("", "external_id,name\n", ""));
    return audience
        .upload(
            scenario.tenant(),
            "/api/v1/contact-imports",
            "text/csv",
            file.getBytes(StandardCharsets.UTF_8))
        .location();
  }

  @Test
  void commandsTheBrokerLostArePublishedAgain() {
    audience.stop();
    audience.start(Map.of("FANFARE_RELEASE_SWEEP_AFTER", "1s"));
    try {
      UUID account = scenario.account(Channel.EMAIL, 1, 0);
      BroadcastControl broadcast =
          scenario.start(
              scenario.list(scenario.contacts(20)), Scenario.plan(Channel.EMAIL, account, 1));
      worker.follow(broadcast);
      List<SendMessage> first = worker.await(20);
      worker.end(first.subList(0, 19), Outcome.SENT);
      List<SendMessage> again =
          worker.await(commands -> recipients(commands).contains(first.getLast().contactId()));
      worker.end(again, Outcome.SENT);
      scenario.awaitSignal(broadcast, Signal.COMPLETE);
      assertThat(scenario.progress(broadcast).path("sent").asLong()).isEqualTo(20);
      assertThat(worker.during(Duration.ofMillis(200))).allMatch(command -> command.issue() == 1);
    } finally {
      audience.stop();
      audience.start(Map.of());
    }
  }

  private static Set<Long> recipients(List<SendMessage> commands) {
    return commands.stream().map(SendMessage::contactId).collect(Collectors.toSet());
  }
}
