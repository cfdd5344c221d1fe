package io.fanfare.retry.doubt;

import static io.fanfare.retry.Deliveries.LONG;
import static io.fanfare.retry.Deliveries.SHORT;
import static io.fanfare.retry.Deliveries.TENANT;
import static io.fanfare.retry.Deliveries.control;
import static io.fanfare.retry.Deliveries.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.retry.RetryUnderTest;
import io.fanfare.retry.RetryUnderTest.Answer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InDoubtTest {

  private static RetryUnderTest retries;

  private final UUID broadcast = UUID.randomUUID();

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
  void listsInPagesWhoIsInDoubtUntilALateAnswerTells() {
    publish(BroadcastState.RUNNING, DeliveryPolicy.NEVER_TWICE, 1);
    doubt(1, 2, 3, 4, 5);
    JsonNode first = list("?limit=3");
    assertThat(first.get("items")).hasSize(3);
    JsonNode item = first.at("/items/0");
    assertThat(item.get("contact_id").asLong()).isEqualTo(1);
    assertThat(item.get("issue").asInt()).isEqualTo(1);
    assertThat(item.get("channel").asString()).isEqualTo("email");
    assertThat(item.get("resend").asString()).isEqualTo("none");
    assertThat(item.get("lane").asString()).endsWith(":1");
    assertThat(item.has("at")).isTrue();
    assertThat(item.at("/cause/code").asString()).isEqualTo("code_1");
    JsonNode second = list("?limit=3&after=" + first.get("next").asString());
    assertThat(second.get("items")).hasSize(2);
    assertThat(second.has("next")).isFalse();
    assertThat(list("?channel=telegram").get("items")).isEmpty();
    assertThat(retries.get(TENANT, path("/in-doubt?after=xyz")).status()).isEqualTo(422);

    retries.publish(
        event(broadcast, 2, 2, 1, Bucket.IN_DOUBT, Outcome.SENT, null),
        event(broadcast, 4, 2, 1, Bucket.IN_DOUBT, Outcome.FAILED, null));
    awaitInDoubt(3);
    assertThat(list("").get("items"))
        .extracting(one -> one.get("contact_id").asLong())
        .containsExactly(1L, 3L, 5L);
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() ->
            retries
                .metrics()
                .lines()
                .anyMatch(line -> line.matches("fanfare_in_doubt_recipients\\{.*} [1-9].*")));
  }

  @Test
  void tellsTheFrontDoorWhoIsTriedAgainAndWhen() {
    publish(BroadcastState.RUNNING, DeliveryPolicy.NEVER_TWICE, 1);
    retries.publish(
        event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING),
        event(broadcast, 2, 1, Bucket.IN_FLIGHT, Outcome.RETRYING),
        event(broadcast, 3, 1, Bucket.IN_FLIGHT, Outcome.RETRYING),
        event(broadcast, 3, 2, Bucket.RETRYING, Outcome.SENT));
    retries.await(
        "select count(*) from retry where broadcast_id = '%s' and bucket <> 'in_flight'"
            .formatted(broadcast),
        3);
    retries.await(
        "select count(*) from retry where broadcast_id = '%s' and bucket = 'sent'"
            .formatted(broadcast),
        1);
    String path = "/internal/v1/broadcasts/" + broadcast + "/recipients?limit=1";
    JsonNode first = retries.get(TENANT, path).body();
    assertThat(first.at("/items/0/contact_id").asLong()).isEqualTo(1);
    assertThat(first.at("/items/0/attempt").asInt()).isEqualTo(1);
    assertThat(first.at("/items/0/cause/code").asString()).isEqualTo("code_1");
    assertThat(first.at("/items/0").has("until")).isTrue();
    JsonNode rest =
        retries
            .get(
                TENANT,
                path.replace("=1", "=9")
                    + "&after_contact="
                    + first.at("/next/contact_id").asLong()
                    + "&after_channel=email")
            .body();
    assertThat(rest.get("items")).hasSize(1);
    assertThat(rest.has("next")).isFalse();
    assertThat(retries.get(UUID.randomUUID(), path).body().get("items")).isEmpty();
  }

  @Test
  void underNeverTwiceOnlyAnOrderSendsAgainAndOnce() {
    publish(BroadcastState.COMPLETED, DeliveryPolicy.NEVER_TWICE, 1);
    doubt(1, 2);
    assertThat(retries.announcements(broadcast)).isEmpty();
    Answer ordered = retry("{\"what\": [\"in_doubt\"]}");
    assertThat(ordered.status()).isEqualTo(202);
    assertThat(ordered.body().get("requeued").asLong()).isEqualTo(2);
    assertThat(retry("{\"what\": [\"in_doubt\"]}").body().get("requeued").asLong()).isZero();

    var announced = retries.awaitAnnouncements(broadcast, all -> all.size() == 2);
    assertThat(announced)
        .allSatisfy(one -> {
          assertThat(one.due().granted()).isTrue();
          assertThat(one.due().bucket()).isEqualTo(Bucket.IN_DOUBT);
          assertThat(one.due().issue()).isEqualTo(2);
          assertThat(one.due().attempt()).isEqualTo(1);
        });
    assertThat(list("").at("/items/0/resend").asString()).isEqualTo("ordered");
    JsonNode history =
        retries.get(TENANT, "/internal/v1/broadcasts/" + broadcast + "/recipients/1").body();
    assertThat(history.at("/orders/0/what").asString()).isEqualTo("resend");
    assertThat(history.at("/orders/0/actor").asString()).isEqualTo("key:test");
    assertThat(history.at("/orders/0/issue").asInt()).isEqualTo(2);
    assertThat(history.at("/due/0/by_hand").asBoolean()).isTrue();
    assertThat(
            retries
                .get(UUID.randomUUID(), "/internal/v1/broadcasts/" + broadcast + "/recipients/1")
                .body()
                .get("orders"))
        .isEmpty();
    retries.publish(
        event(broadcast, 1, 2, 1, Bucket.IN_DOUBT, Outcome.SENT, null),
        event(broadcast, 2, 2, 1, Bucket.IN_DOUBT, Outcome.IN_DOUBT, null));
    awaitInDoubt(1);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> {
          JsonNode item = list("").at("/items/0");
          assertThat(item.get("issue").asInt()).isEqualTo(2);
          assertThat(item.get("resend").asString()).isEqualTo("none");
        });
    assertThat(audited()).containsExactly("resend");
  }

  @Test
  void retriesEveryKindThatIsNamedAndNoOther() {
    publish(BroadcastState.PAUSED, DeliveryPolicy.NEVER_TWICE, 1);
    retries.publish(
        event(broadcast, 11, 1, Bucket.IN_FLIGHT, Outcome.FAILED),
        event(broadcast, 12, 1, Bucket.IN_FLIGHT, Outcome.FAILED),
        event(broadcast, 13, 4, Bucket.RETRYING, Outcome.DEAD));
    doubt(1);
    retries.await(
        "select count(*) from dead_letter where broadcast_id = '%s'".formatted(broadcast), 3);
    String telegram = "{\"what\": [\"failed\", \"dead\", \"in_doubt\"], \"channel\": \"telegram\"}";
    assertThat(retry(telegram).body().get("requeued").asLong()).isZero();
    assertThat(retry("{\"what\": [\"dead\"]}").body().get("requeued").asLong()).isEqualTo(1);
    String rest = "{\"what\": [\"failed\", \"dead\", \"in_doubt\"], \"channel\": \"email\"}";
    assertThat(retry(rest).body().get("requeued").asLong()).isEqualTo(3);
    publish(BroadcastState.RUNNING, DeliveryPolicy.NEVER_TWICE, 2);
    retries.awaitAnnouncements(broadcast, all -> all.size() == 4);
  }

  @ParameterizedTest
  @EnumSource(names = {"CANCELLED", "FAILED"})
  void whatHasEndedTakesNoOrder(BroadcastState state) {
    publish(state, DeliveryPolicy.NEVER_TWICE, 1);
    Answer answer = retry("{\"what\": [\"in_doubt\"]}");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("broadcast_ended");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"what\": []}", "{\"what\": [\"sent\"]}", "{\"what\": [null]}"})
  void refusesOrdersThatCannotBe(String body) {
    publish(BroadcastState.RUNNING, DeliveryPolicy.NEVER_TWICE, 1);
    assertThat(retry(body).status()).isEqualTo(422);
  }

  @Test
  void underAtLeastOnceOneIsSentAgainByItselfWhileItHasAttempts() {
    publish(BroadcastState.RUNNING, DeliveryPolicy.AT_LEAST_ONCE, 1);
    retries.publish(event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.IN_DOUBT));
    var due = retries.awaitAnnouncements(broadcast, all -> all.size() == 1).getFirst().due();
    assertThat(due.granted()).isFalse();
    assertThat(due.attempt()).isEqualTo(2);
    assertThat(list("").at("/items/0/resend").asString()).isEqualTo("scheduled");
    assertThat(retry("{\"what\": [\"in_doubt\"]}").body().get("requeued").asLong()).isZero();
    retries.publish(event(broadcast, 1, 2, Bucket.IN_DOUBT, Outcome.IN_DOUBT));
    retries.await(
        "select count(*) from retry where broadcast_id = '%s' and bucket = 'in_doubt' and due_at is null"
            .formatted(broadcast),
        1);
    assertThat(retry("{\"what\": [\"in_doubt\"]}").body().get("requeued").asLong()).isEqualTo(1);
    assertThat(
            retries.awaitAnnouncements(broadcast, all -> all.size() == 2).getLast().due().issue())
        .isEqualTo(3);
  }

  @Test
  void whatWasPlannedBeforeTheControlCameIsNotSentAgainUnderNeverTwice() {
    doubt(1);
    retries.await(
        "select count(*) from retry where broadcast_id = '%s' and due_at is not null"
            .formatted(broadcast),
        1);
    publish(BroadcastState.RUNNING, DeliveryPolicy.NEVER_TWICE, 1);
    retries.await(
        "select count(*) from retry where broadcast_id = '%s' and due_at is null"
            .formatted(broadcast),
        1);
    assertThat(list("").at("/items/0/resend").asString()).isEqualTo("none");
  }

  private void publish(BroadcastState state, DeliveryPolicy policy, long epoch) {
    Duration[] delays =
        policy == DeliveryPolicy.AT_LEAST_ONCE ? new Duration[] {SHORT} : new Duration[] {LONG};
    var control = control(broadcast, epoch, state, policy, delays);
    retries.publish(control);
    retries.awaitPolicy(control);
  }

  private void doubt(long... contacts) {
    retries.publish(
        LongStream.of(contacts)
            .mapToObj(contact -> event(broadcast, contact, 1, Bucket.IN_FLIGHT, Outcome.IN_DOUBT))
            .toList());
    awaitInDoubt(contacts.length);
  }

  private void awaitInDoubt(long count) {
    retries.await(
        "select count(*) from retry where broadcast_id = '%s' and bucket = 'in_doubt'"
            .formatted(broadcast),
        count);
  }

  private Answer retry(String body) {
    return retries.post(TENANT, path("/retry"), body);
  }

  private JsonNode list(String query) {
    Answer answer = retries.get(TENANT, path("/in-doubt" + query));
    assertThat(answer.status()).isEqualTo(200);
    return answer.body();
  }

  private String path(String rest) {
    return "/api/v1/broadcasts/" + broadcast + rest;
  }

  private List<String> audited() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                retries.probe().readAll(Topics.AUDIT_RECORDED.name()).stream()
                    .map(record -> EventCodec.decode(AuditRecorded.class, record.value()))
                    .filter(entry -> entry.resourceId().equals("broadcast:" + broadcast))
                    .map(AuditRecorded::action)
                    .toList(),
            actions -> !actions.isEmpty());
  }
}
