package io.fanfare.retry.undecodable;

import static io.fanfare.retry.Deliveries.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.retry.RetryUnderTest;
import io.fanfare.retry.RetryUnderTest.Answer;
import io.fanfare.support.identity.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class UndecodableEventTest {

  private static final String EVENTS = "/api/v1/undecodable-events";
  private static RetryUnderTest retries;

  private final String key = UUID.randomUUID().toString();

  @BeforeAll
  static void open() {
    TestInfrastructure.resetTopics();
    retries = new RetryUnderTest();
    retries.start();
  }

  @AfterAll
  static void close() {
    retries.close();
  }

  @Test
  void whatCannotBeReadIsFiledShownAndPublishedAgainAsItWas() {
    byte[] payload = ("{ no JSON \u0000 " + "x".repeat(5_000)).getBytes(StandardCharsets.UTF_8);
    poison(Topics.DELIVERY_EVENTS, payload);
    JsonNode event = await("", 1).getFirst();
    assertThat(event.get("topic").asString()).isEqualTo("delivery.events");
    assertThat(event.get("group").asString()).isEqualTo("retry-service.delivery");
    assertThat(event.get("type").asString()).isEqualTo("broadcast.message_sent");
    assertThat(event.get("reason").asString()).startsWith("undecodable");
    assertThat(event.get("size").asInt()).isEqualTo(payload.length);
    assertThat(event.get("payload_preview").asString()).startsWith("{ no JSON").hasSize(1_024);
    assertThat(event.has("payload")).isFalse();
    String id = event.get("id").asString();
    JsonNode whole = retries.operate("GET", EVENTS + "/" + id, "").body();
    assertThat(Base64.getDecoder().decode(whole.get("payload").asString())).isEqualTo(payload);
    assertThat(whole.at("/headers/more").asString()).isEqualTo("ä");

    Answer requeued = retries.operate("POST", EVENTS + "/" + id + "/requeue", "");
    assertThat(requeued.status()).isEqualTo(202);
    assertThat(requeued.body().get("state").asString()).isEqualTo("requeued");
    var published =
        retries.probe().readAll("delivery.events").stream()
            .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(key))
            .toList();
    assertThat(published).hasSize(2);
    assertThat(published).allSatisfy(record -> assertThat(record.value()).isEqualTo(payload));
    assertThat(published.getLast().partition()).isEqualTo(published.getFirst().partition());
    assertThat(published.getLast().headers())
        .extracting(header -> header.key())
        .containsExactlyInAnyOrder("ce_type", "more", "fanfare_requeues");

    // Refused again it comes back as another one, counted, and nobody requeues that by itself.
    JsonNode again = await("&state=open", 1).getFirst();
    assertThat(again.get("requeues").asInt()).isEqualTo(1);
    assertThat(again.get("id").asString()).isNotEqualTo(id);
    assertThat(retries.operate("POST", EVENTS + "/" + id + "/requeue", "").code())
        .isEqualTo("undecodable_event_not_open");
    assertThat(retries.operate("POST", EVENTS + "/" + id + "/discard", "").status()).isEqualTo(409);
    String second = again.get("id").asString();
    assertThat(retries.operate("POST", EVENTS + "/" + second + "/discard", "").status())
        .isEqualTo(200);
    assertThat(await("", 2)).allMatch(one -> !one.get("state").asString().equals("open"));
    assertThat(audited(id)).containsExactly("requeue");
    assertThat(audited(second)).containsExactly("discard");
  }

  @Test
  void manyAreRequeuedOnceEachAndThenDiscarded() {
    Topic topic = Topics.DELIVERY_EVENTS;
    for (int i = 0; i < 150; i++) {
      poison(topic, ("{ " + i).getBytes(StandardCharsets.UTF_8));
    }
    await("&state=open", 150);
    String selection = "{\"topic\": \"delivery.events\", \"group\": \"retry-service.delivery\"}";
    Answer requeued = retries.operate("POST", EVENTS + "/requeue", selection);
    assertThat(requeued.status()).isEqualTo(202);
    assertThat(requeued.body().get("requeued").asInt()).isEqualTo(150);
    assertThat(await("&state=open", 150)).allMatch(one -> one.get("requeues").asInt() == 1);
    Answer discarded = retries.operate("POST", EVENTS + "/discard", selection);
    assertThat(discarded.body().get("discarded").asInt()).isEqualTo(150);
    assertThat(of("&state=open")).isEmpty();
  }

  @Test
  void anOldStateNeverTakesThePlaceOfANewerOne() {
    poison(Topics.BROADCAST_CONTROL, "{ no JSON".getBytes(StandardCharsets.UTF_8));
    JsonNode event = await("", 1).getFirst();
    String id = event.get("id").asString();
    Answer answer = retries.operate("POST", EVENTS + "/" + id + "/requeue", "");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("topic_keeps_newest");
    assertThat(retries.operate("GET", EVENTS + "/" + id, "").body().get("state").asString())
        .isEqualTo("open");
    String selection = "{\"topic\": \"broadcast.control\"}";
    assertThat(retries.operate("POST", EVENTS + "/requeue", selection).status()).isEqualTo(409);
    assertThat(retries.operate("POST", EVENTS + "/" + id + "/discard", "").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"VIEWER", "ADMIN"})
  void onlyTheOperatorMay(Role role) {
    for (String path : List.of(EVENTS, EVENTS + "/" + UUID.randomUUID())) {
      assertThat(retries.exchange(TENANT, role, "GET", path, "").status()).isEqualTo(403);
    }
    String selection = "{\"topic\": \"delivery.events\"}";
    assertThat(retries.exchange(TENANT, role, "POST", EVENTS + "/discard", selection).status())
        .isEqualTo(403);
  }

  @Test
  void refusesWhatCannotBe() {
    UUID unknown = UUID.randomUUID();
    assertThat(retries.operate("GET", EVENTS + "/" + unknown, "").status()).isEqualTo(404);
    assertThat(retries.operate("POST", EVENTS + "/" + unknown + "/requeue", "").status())
        .isEqualTo(404);
    assertThat(retries.operate("GET", EVENTS + "?state=lost", "").status()).isEqualTo(422);
    assertThat(retries.operate("POST", EVENTS + "/requeue", "{\"topic\": \"none\"}").status())
        .isEqualTo(422);
  }

  private void poison(Topic topic, byte[] payload) {
    retries
        .probe()
        .produce(
            topic.name(), key, payload, Map.of("ce_type", "broadcast.message_sent", "more", "ä"));
  }

  private List<JsonNode> await(String filter, int count) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> of(filter), found -> found.size() == count);
  }

  private List<JsonNode> of(String filter) {
    return retries
        .operate("GET", EVENTS + "?limit=200" + filter, "")
        .body()
        .get("items")
        .valueStream()
        .filter(event -> event.path("key").asString("").equals(key))
        .toList();
  }

  private List<String> audited(String resource) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                retries.probe().readAll(Topics.AUDIT_RECORDED.name()).stream()
                    .map(record -> EventCodec.decode(AuditRecorded.class, record.value()))
                    .filter(entry -> entry.resourceId().equals(resource))
                    .map(AuditRecorded::action)
                    .toList(),
            actions -> !actions.isEmpty());
  }
}
