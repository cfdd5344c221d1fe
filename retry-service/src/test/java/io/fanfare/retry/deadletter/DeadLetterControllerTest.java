package io.fanfare.retry.deadletter;

import static io.fanfare.retry.Deliveries.SHORT;
import static io.fanfare.retry.Deliveries.TENANT;
import static io.fanfare.retry.Deliveries.control;
import static io.fanfare.retry.Deliveries.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.retry.RetryUnderTest;
import io.fanfare.support.identity.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterControllerTest {

  private static final String LETTERS = "/api/v1/dead-letters";
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

  @BeforeEach
  void start() {
    publishState(1, BroadcastState.RUNNING);
  }

  @Test
  void listsInPagesAndFilters() {
    giveUp(1, 2, 3, 4, 5);
    retries.publish(event(broadcast, 6, 4, Bucket.RETRYING, Outcome.DEAD));
    awaitLetters("open", 6);

    var seen = new ArrayList<Long>();
    var path = LETTERS + "?limit=4&broadcast_id=" + broadcast;
    var first = retries.get(TENANT, path);
    assertThat(first.body().get("items")).hasSize(4);
    first.body().get("items").forEach(letter -> seen.add(letter.get("contact_id").asLong()));
    var second = retries.get(TENANT, path + "&after=" + first.body().get("next").asString());
    second.body().get("items").forEach(letter -> seen.add(letter.get("contact_id").asLong()));
    assertThat(second.body().has("next")).isFalse();
    assertThat(seen).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);

    assertThat(count("&outcome=dead")).isEqualTo(1);
    assertThat(count("&outcome=failed&code=code_1")).isEqualTo(3);
    assertThat(count("&channel=telegram")).isZero();
    assertThat(count("&state=discarded")).isZero();
    assertThat(retries.get(TENANT, LETTERS + "?state=lost").status()).isEqualTo(422);
    assertThat(retries.get(TENANT, LETTERS + "?after=xyz").status()).isEqualTo(422);
    assertThat(retries.get(TENANT, LETTERS + "?broadcast_id=xyz").status()).isEqualTo(422);
  }

  @Test
  void showsOneWithEveryTry() {
    retries.publish(
        event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING),
        event(broadcast, 1, 2, Bucket.RETRYING, Outcome.FAILED));
    var letter = retries.get(TENANT, LETTERS + "/" + awaitLetter(1)).body();
    assertThat(letter.at("/cause/code").asString()).isEqualTo("code_1");
    assertThat(letter.at("/cause/provider_code").asString()).isEqualTo("4.2.2");
    assertThat(letter.get("attempts").asInt()).isEqualTo(2);
    assertThat(letter.at("/history/0/outcome").asString()).isEqualTo("retrying");
    assertThat(letter.at("/history/1/outcome").asString()).isEqualTo("failed");
    assertThat(letter.get("history")).hasSize(2);
  }

  @Test
  void requeuedOneIsOrderedAtOnceAndResolvedByItsEnd() {
    giveUp(1);
    var id = awaitLetter(1);
    var answer = retries.post(TENANT, LETTERS + "/" + id + "/requeue", "");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body().get("state").asString()).isEqualTo("requeued");

    var due = retries.awaitAnnouncements(broadcast, all -> !all.isEmpty()).getFirst().due();
    assertThat(due.granted()).isTrue();
    assertThat(due.bucket()).isEqualTo(Bucket.FAILED);
    assertThat(due.issue()).isEqualTo(2);
    assertThat(due.attempt()).isEqualTo(1);

    assertConflict(id, "requeue");
    assertConflict(id, "discard");

    // A further failure that may pass is no end; the first result was.
    retries.publish(
        event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.FAILED),
        event(broadcast, 1, 2, 1, Bucket.FAILED, Outcome.RETRYING, null));
    retries.awaitAnnouncements(broadcast, all -> all.size() == 2);
    assertThat(letter(id).get("state").asString()).isEqualTo("requeued");
    retries.publish(event(broadcast, 1, 3, 2, Bucket.RETRYING, Outcome.SENT, null));
    awaitLetters("resolved", 1);
    assertThat(letter(id).get("resolution").asString()).isEqualTo("sent");
    assertThat(count("")).isEqualTo(1);
    assertThat(audited(id)).containsExactly("requeue");
    var history =
        retries.get(TENANT, "/internal/v1/broadcasts/" + broadcast + "/recipients/1").body();
    assertThat(history.at("/dead_letters/0/id").asString()).isEqualTo(id);
    assertThat(history.at("/orders/0/what").asString()).isEqualTo("requeue");
    assertThat(history.at("/orders/0/actor").asString()).isEqualTo("key:test");
    assertThat(history.at("/orders/0/issue").asInt()).isEqualTo(2);
    assertThat(history.get("due")).isEmpty();
  }

  @Test
  void thoseOfADeletedBroadcastAreDiscarded() {
    giveUp(1, 2);
    awaitLetters("open", 2);
    retries.probe().produce(Topics.BROADCAST_CONTROL.name(), broadcast.toString(), null);
    awaitLetters("discarded", 2);
    retries.await(
        "select count(*) from broadcast_policy where broadcast_id = '" + broadcast + "'", 0);
  }

  @Test
  void givenUpAgainOpensAnotherOne() {
    giveUp(1);
    var id = awaitLetter(1);
    retries.post(TENANT, LETTERS + "/" + id + "/requeue", "");
    retries.publish(event(broadcast, 1, 2, 1, Bucket.FAILED, Outcome.FAILED, null));
    awaitLetters("resolved", 1);
    assertThat(letter(id).get("resolution").asString()).isEqualTo("failed");
    awaitLetters("open", 1);
    var again = retries.get(TENANT, LETTERS + "?state=open&broadcast_id=" + broadcast).body();
    var answer =
        retries.post(TENANT, LETTERS + "/" + again.at("/items/0/id").asString() + "/requeue", "");
    assertThat(answer.status()).isEqualTo(202);
    var announced =
        retries.awaitAnnouncements(
            broadcast, all -> all.stream().anyMatch(one -> one.due().issue() == 3));
    assertThat(announced).hasSize(2);
  }

  @Test
  void pausedBroadcastHoldsWhatIsRequeued() throws Exception {
    giveUp(1);
    var id = awaitLetter(1);
    publishState(2, BroadcastState.PAUSED);
    assertThat(retries.post(TENANT, LETTERS + "/" + id + "/requeue", "").status()).isEqualTo(202);
    var summary = retries.get(TENANT, "/api/v1/broadcasts/" + broadcast + "/retries").body();
    assertThat(summary.get("waiting").asLong()).isEqualTo(1);
    assertThat(summary.at("/dead_letters/requeued").asLong()).isEqualTo(1);
    publishState(3, BroadcastState.COMPLETED);
    retries.awaitAnnouncements(broadcast, all -> all.size() == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cancelled", "failed"})
  void endedBroadcastTakesNoRequeue(String state) {
    giveUp(1);
    var id = awaitLetter(1);
    publishState(2, BroadcastState.valueOf(state.toUpperCase(java.util.Locale.ROOT)));
    var one = retries.post(TENANT, LETTERS + "/" + id + "/requeue", "");
    assertThat(one.status()).isEqualTo(409);
    assertThat(one.code()).isEqualTo("broadcast_ended");
    assertThat(retries.post(TENANT, LETTERS + "/requeue", selection("")).status()).isEqualTo(409);
    assertThat(retries.post(TENANT, LETTERS + "/" + id + "/discard", "").status()).isEqualTo(200);
    assertThat(letter(id).get("state").asString()).isEqualTo("discarded");
  }

  @Test
  void requeuesAndDiscardsManyAtOnce() {
    giveUp(1, 2, 3, 4, 5, 6);
    awaitLetters("open", 6);
    var requeued = retries.post(TENANT, LETTERS + "/requeue", selection(", \"code\": \"code_1\""));
    assertThat(requeued.status()).isEqualTo(202);
    assertThat(requeued.body().get("requeued").asLong()).isEqualTo(3);
    var again = retries.post(TENANT, LETTERS + "/requeue", selection(", \"code\": \"code_1\""));
    assertThat(again.body().get("requeued").asLong()).isZero();

    var some = ", \"outcome\": \"failed\", \"ids\": [\"%s\"]".formatted(awaitLetter(2));
    var discarded = retries.post(TENANT, LETTERS + "/discard", selection(some));
    assertThat(discarded.body().get("discarded").asLong()).isEqualTo(1);
    assertThat(count("&state=open")).isEqualTo(2);
    retries.awaitAnnouncements(broadcast, all -> all.size() == 3);
    assertThat(audited("broadcast:" + broadcast)).containsExactly("requeue", "discard");
  }

  @Test
  void refusesSelectionsThatCannotBe() {
    var path = LETTERS + "/requeue";
    var missing = retries.post(TENANT, path, "{}");
    assertThat(missing.status()).isEqualTo(422);
    assertThat(missing.body().at("/errors/0/pointer").asString()).isEqualTo("/broadcast_id");
    assertThat(retries.post(TENANT, path, "{").code()).isEqualTo("malformed_json");
    var ids =
        "\"" + UUID.randomUUID() + "\"" + ",\"%s\"".formatted(UUID.randomUUID()).repeat(1_000);
    assertThat(retries.post(TENANT, path, selection(", \"ids\": [" + ids + "]")).status())
        .isEqualTo(413);
    assertThat(retries.post(TENANT, path, selection(", \"outcome\": \"lost\"")).status())
        .isEqualTo(422);
  }

  static Stream<Arguments> endpoints() {
    return Stream.of(
        Arguments.of("GET", LETTERS + "/{id}", ""),
        Arguments.of("POST", LETTERS + "/{id}/requeue", ""),
        Arguments.of("POST", LETTERS + "/{id}/discard", ""),
        Arguments.of("POST", LETTERS + "/requeue", "{\"broadcast_id\": \"{broadcast}\"}"),
        Arguments.of("POST", LETTERS + "/discard", "{\"broadcast_id\": \"{broadcast}\"}"),
        Arguments.of("GET", "/api/v1/broadcasts/{broadcast}/in-doubt", ""),
        Arguments.of("POST", "/api/v1/broadcasts/{broadcast}/retry", "{\"what\": [\"failed\"]}"),
        Arguments.of("GET", "/api/v1/broadcasts/{broadcast}/retries", ""));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void anotherTenantFindsNothing(String method, String path, String body) {
    giveUp(1);
    var id = awaitLetter(1);
    var itsPath = path.replace("{id}", id).replace("{broadcast}", broadcast.toString());
    var itsBody = body.replace("{broadcast}", broadcast.toString());
    var answer = retries.exchange(UUID.randomUUID(), Role.ADMIN, method, itsPath, itsBody);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(retries.withoutIdentity(method, itsPath).status()).isEqualTo(401);
    if (method.equals("POST")) {
      var editor = retries.exchange(TENANT, Role.EDITOR, method, itsPath, itsBody);
      assertThat(editor.status()).isEqualTo(403);
    }
    assertThat(letter(id).get("state").asString()).isEqualTo("open");
  }

  @Test
  void anotherTenantListsNothing() {
    giveUp(1);
    awaitLetter(1);
    var list = retries.get(UUID.randomUUID(), LETTERS + "?broadcast_id=" + broadcast);
    assertThat(list.status()).isEqualTo(200);
    assertThat(list.body().get("items")).isEmpty();
  }

  @Test
  void describesItselfAndMeasures() {
    giveUp(1);
    awaitLetter(1);
    var description = retries.withoutIdentity("GET", "/v3/api-docs");
    assertThat(description.status()).isEqualTo(200);
    assertThat(description.body().get("paths")).hasSize(15);
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() ->
            retries
                .metrics()
                .lines()
                .anyMatch(line -> line.matches("fanfare_dead_letters_open\\{.*} [1-9].*")));
  }

  private void publishState(long epoch, BroadcastState state) {
    var control = control(broadcast, epoch, state, SHORT, SHORT, SHORT);
    retries.publish(control);
    retries.awaitPolicy(control);
  }

  private void giveUp(long... contacts) {
    var events = new ArrayList<DeliveryEvent>();
    for (var contact : contacts) {
      events.add(event(broadcast, contact, 1, Bucket.IN_FLIGHT, Outcome.FAILED));
    }
    retries.publish(events);
  }

  private void awaitLetters(String state, long count) {
    retries.await(
        "select count(*) from dead_letter where state = '%s' and broadcast_id = '%s'"
            .formatted(state, broadcast),
        count);
  }

  private String awaitLetter(long contact) {
    var where =
        " from dead_letter where broadcast_id = '%s' and contact_id = %d"
            .formatted(broadcast, contact);
    retries.await("select count(*)" + where, 1);
    try {
      return retries.text("select id" + where);
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private tools.jackson.databind.JsonNode letter(String id) {
    return retries.get(TENANT, LETTERS + "/" + id).body();
  }

  private int count(String filter) {
    return retries
        .get(TENANT, LETTERS + "?limit=200&broadcast_id=" + broadcast + filter)
        .body()
        .get("items")
        .size();
  }

  private void assertConflict(String id, String action) {
    var answer = retries.post(TENANT, LETTERS + "/" + id + "/" + action, "");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("dead_letter_not_open");
  }

  private String selection(String more) {
    return "{\"broadcast_id\": \"" + broadcast + "\"" + more + "}";
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
