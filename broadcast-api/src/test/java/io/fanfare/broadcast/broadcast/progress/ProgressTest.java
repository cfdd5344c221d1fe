package io.fanfare.broadcast.broadcast.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.StubBackend;
import io.fanfare.broadcast.broadcast.Fixture;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(ApiExtension.class)
class ProgressTest {

  private final ApiUnderTest api;
  private Fixture fixture;

  ProgressTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeFixture() {
    fixture = new Fixture(api);
  }

  private static String audience(long sent) {
    return """
    {"frozen": true, "planned": 100, "pending": %d, "in_flight": 0, "retrying": 0, "sent": %d,
     "failed": 0, "dead": 0, "in_doubt": 0, "skipped": 10, "cancelled": 0,
     "skipped_by_reason": {"no_address": 10}, "last_activity_at": "2026-05-01T09:00:00Z",
     "channels": {"email": {"planned": 100, "pending": %d, "sent": %d, "skipped": 10}},
     "look_ahead": {"email": 50}, "news_to_us": 1}\
    """
        .formatted(90 - sent, sent, 90 - sent, sent);
  }

  @Test
  void aDraftHasNoneAndAsksNobody() {
    String path = fixture.draft("News");

    Reply progress = fixture.tenant.get(path + "/progress");

    assertThat(progress.status()).isEqualTo(200);
    assertThat(progress.json().get("state").asString()).isEqualTo("draft");
    assertThat(progress.json().get("planned").asInt()).isZero();
    assertThat(api.backend().received(path)).isEmpty();
  }

  @Test
  void isZeroUntilAudienceServiceKnowsTheBroadcast() {
    String path = fixture.running("News");

    JsonNode progress = fixture.tenant.get(path + "/progress").json();

    assertThat(progress.get("state").asString()).isEqualTo("running");
    assertThat(progress.get("frozen").asBoolean()).isFalse();
    assertThat(progress.get("planned").asInt()).isZero();
    assertThat(progress.get("percent").asInt()).isZero();
    assertThat(progress.has("estimated_completion_at")).isFalse();
  }

  @Test
  void composesCountersRateAndEstimate() {
    String path = fixture.running("News");
    api.backend().answer(path + "/progress", 200, audience(40));
    JsonNode first = fixture.tenant.get(path + "/progress").json();

    assertThat(first.get("planned").asInt()).isEqualTo(100);
    assertThat(first.get("sent").asInt()).isEqualTo(40);
    assertThat(first.get("percent").asDouble()).isEqualTo(50.0);
    assertThat(first.at("/skipped_by_reason/no_address").asInt()).isEqualTo(10);
    assertThat(first.at("/channels/email/pending").asInt()).isEqualTo(50);
    assertThat(first.at("/channels/email/in_doubt").asInt()).isZero();
    assertThat(first.at("/look_ahead/email").asInt()).isEqualTo(50);
    assertThat(first.get("last_activity_at").asString()).isEqualTo("2026-05-01T09:00:00Z");
    assertThat(first.get("rate_per_second").asDouble()).isPositive();
    assertThat(first.has("estimated_completion_at")).isTrue();
    assertThat(api.backend().received(path + "/progress").getLast().header("Authorization"))
        .startsWith("Fanfare-Identity ");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            fixture.tenant.get(path + "/progress").json().get("rate_per_second").asDouble() == 0);
  }

  @Test
  void isRefusedWhenAudienceServiceDoesNotAnswer() {
    String path = fixture.running("News");
    api.backend().answer(path + "/progress", 500, "{}");

    Reply progress = fixture.tenant.get(path + "/progress");

    assertThat(progress.status()).isEqualTo(502);
    assertThat(progress.code()).isEqualTo("backend_unavailable");
  }

  @Test
  void watchersShareAnswers() throws Exception {
    String path = fixture.running("News");
    api.backend().answer(path + "/progress", 200, audience(1));
    List<Thread> watchers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      watchers.add(Thread.startVirtualThread(() -> fixture.tenant.get(path + "/progress")));
    }
    for (Thread watcher : watchers) {
      watcher.join();
    }

    assertThat(api.backend().received(path + "/progress").size()).isLessThan(20);
  }

  @Test
  void streamsUntilTheBroadcastIsOver() throws Exception {
    String path = fixture.running("News");
    AtomicLong sent = new AtomicLong();
    api.backend()
        .answer(
            path + "/progress",
            exchange -> {
              exchange.getResponseHeaders().set("Content-Type", "application/json");
              if (sent.get() == 30) {
                // Once while it is down: the stream waits for it.
                sent.set(40);
                StubBackend.reply(exchange, 500, "{}");
              } else {
                StubBackend.reply(exchange, 200, audience(Math.min(90, sent.addAndGet(10))));
              }
            });
    List<String> lines = new CopyOnWriteArrayList<>();
    Thread watcher = Thread.startVirtualThread(() -> watch(path, lines));

    await().atMost(Duration.ofSeconds(10)).until(() -> sent.get() >= 60);
    fixture.act(path, "cancel");
    watcher.join(Duration.ofSeconds(10));

    assertThat(watcher.isAlive()).as("the stream ended").isFalse();
    List<JsonNode> shown =
        lines.stream()
            .filter(line -> line.startsWith("data:"))
            .map(line -> JsonMapper.shared().readTree(line.substring("data:".length())))
            .toList();
    assertThat(shown.size()).isGreaterThanOrEqualTo(4);
    assertThat(shown.stream().map(each -> each.get("sent").asLong()))
        .isSortedAccordingTo(Long::compare);
    assertThat(lines.stream().filter(line -> line.startsWith("event:")))
        .startsWith("event:progress")
        .endsWith("event:end")
        .containsOnlyOnce("event:end");
    assertThat(shown.getLast().get("state").asString()).isEqualTo("cancelled");
  }

  @Test
  void watcherWhoLeavesMakesRoom() {
    String path = fixture.running("News");
    AtomicLong sent = new AtomicLong();
    api.backend()
        .answer(
            path + "/progress",
            exchange -> StubBackend.reply(exchange, 200, audience(sent.incrementAndGet() % 90)));
    MeterRegistry metrics = api.bean(MeterRegistry.class);
    HttpClient client = HttpClient.newHttpClient();
    client.sendAsync(
        HttpRequest.newBuilder(URI.create(api.baseUrl() + path + "/progress/stream"))
            .header("Authorization", "Bearer " + fixture.tenant.adminKey())
            .build(),
        HttpResponse.BodyHandlers.ofLines());
    await().until(() -> metrics.get("fanfare_progress_streams").gauge().value() == 1);

    client.shutdownNow();

    await().until(() -> metrics.get("fanfare_progress_streams").gauge().value() == 0);
  }

  @Test
  void tooManyWatchersAreRefused() {
    String path = fixture.running("News");
    ProgressStreams full =
        new ProgressStreams(api.bean(ProgressReader.class), 0, new SimpleMeterRegistry());

    assertThatThrownBy(() -> full.open(Identity.system(fixture.tenant.id()), Fixture.idOf(path)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refusal -> {
              assertThat(refusal.status().value()).isEqualTo(503);
              assertThat(refusal.code()).isEqualTo("too_many_streams");
            });
  }

  @Test
  void aChangeIsSeenAtOnceByWhoMadeIt() {
    String path = fixture.draft("News");
    assertThat(fixture.tenant.get(path + "/progress").json().get("state").asString())
        .isEqualTo("draft");
    fixture.act(path, "start");
    assertThat(fixture.tenant.get(path + "/progress").json().get("state").asString())
        .isEqualTo("running");
    fixture.act(path, "pause");
    assertThat(fixture.tenant.get(path + "/progress").json().at("/reason/code").asString())
        .isEqualTo("by_request");
  }

  @Test
  void aStreamThatCannotBeginIsRefused() {
    String path = fixture.running("News");
    api.backend().answer(path + "/progress", 500, "{}");

    Reply refused =
        api.call(
            fixture.tenant.adminKey(),
            "GET",
            path + "/progress/stream",
            "",
            "Accept",
            "text/event-stream");

    assertThat(refused.status()).isEqualTo(502);
    assertThat(refused.code()).isEqualTo("backend_unavailable");
  }

  private void watch(String path, List<String> lines) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api.baseUrl() + path + "/progress/stream"))
            .header("Authorization", "Bearer " + fixture.tenant.adminKey())
            .header("Accept", "text/event-stream")
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<Stream<String>> answer =
          client.send(request, HttpResponse.BodyHandlers.ofLines());
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
      answer.body().forEach(lines::add);
    } catch (IOException e) {
      lines.add("broken: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
