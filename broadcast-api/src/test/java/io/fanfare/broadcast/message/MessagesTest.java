package io.fanfare.broadcast.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.TestTenant;
import io.fanfare.broadcast.broadcast.Fixture;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Lane;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.message.MessageAccepted;
import io.fanfare.contract.message.MessageRequested;
import io.fanfare.localstack.testing.KafkaProbe;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;

@ExtendWith(ApiExtension.class)
class MessagesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String MESSAGES = "/api/v1/messages";
  private static final AtomicLong CONTACTS = new AtomicLong(1_000_000);

  private final ApiUnderTest api;
  private Fixture fixture;

  MessagesTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeFixture() {
    fixture = new Fixture(api);
    api.backend().answer("/internal/v1/recipients", 200, "[]");
    api.backend().answer("/internal/v1/messages/skipped", 200, "{}");
  }

  /** A contact that audience-service knows, by id and as {@code ext-<id>}. */
  private long contact() {
    long id = CONTACTS.incrementAndGet();
    api.backend().answer("/api/v1/contacts/" + id, 200, "{\"id\": %d}".formatted(id));
    api.backend()
        .answer(
            "/api/v1/contacts?external_id=ext-" + id,
            200,
            "{\"items\": [{\"id\": %d}]}".formatted(id));
    return id;
  }

  private Map<String, Object> wanted(long contact) {
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("contact_id", contact);
    wanted.put("account_id", fixture.email.toString());
    wanted.put("template_id", fixture.template);
    wanted.put("variables", Map.of("price", 12));
    return wanted;
  }

  private JsonNode send(Map<String, Object> wanted) {
    Reply reply = fixture.tenant.post(MESSAGES, wanted);
    assertThat(reply.status()).as(reply.body()).isEqualTo(202);
    assertThat(reply.header("Location"))
        .isEqualTo(MESSAGES + "/" + reply.json().get("id").asString());
    return reply.json();
  }

  @Test
  void isOneMoreRecipientOfABroadcastThatNobodySees() {
    long contact = contact();
    JsonNode message = send(wanted(contact));
    assertThat(message.get("state").asString()).isEqualTo("accepted");
    assertThat(message.get("channel").asString()).isEqualTo("email");
    assertThat(message.get("template_version").asLong()).isEqualTo(1);
    assertThat(message.get("policy").asString()).isEqualTo("at-least-once");
    UUID carrier = carrier(message);

    BroadcastControl control = awaitControl(carrier, 1);
    assertThat(control.carriesMessages()).isTrue();
    assertThat(control.sendClass()).isEqualTo(SendClass.PRIORITY);
    assertThat(control.policy()).isEqualTo(DeliveryPolicy.AT_LEAST_ONCE);
    assertThat(control.state()).isEqualTo(BroadcastState.RUNNING);
    assertThat(control.channels().getFirst().variables())
        .containsExactly("contact.name", "vars.price");
    assertThat(read(Topics.BROADCAST_CONTENT, BroadcastContent.class))
        .anyMatch(content -> content.broadcastId().equals(carrier));
    MessageAccepted accepted = awaitAccepted(message);
    assertThat(accepted.contactId()).isEqualTo(contact);
    assertThat(accepted.broadcastId()).isEqualTo(carrier);
    assertThat(accepted.lane()).isEqualTo(Lane.of(fixture.email, contact, 8));
    assertThat(accepted.variables()).isEqualTo(Map.of("price", 12));
    assertThat(fixture.tenant.get("/api/v1/broadcasts").json().get("items")).isEmpty();
  }

  @Test
  void sharesABroadcastWithOthersAndGoesIntoTheNextWhenTheContactIsInIt() {
    long ada = contact();
    long bob = contact();
    UUID first = carrier(send(wanted(ada)));
    assertThat(carrier(send(wanted(bob)))).isEqualTo(first);
    UUID second = carrier(send(wanted(ada)));
    assertThat(second).isNotEqualTo(first);
    assertThat(carrier(send(wanted(bob)))).isEqualTo(second);
    // Another policy, version or account is another broadcast.
    Map<String, Object> careful = wanted(contact());
    careful.put("policy", "never-twice");
    assertThat(carrier(send(careful))).isNotIn(first, second);
    assertThat(
            api.jdbc()
                .sql("select count(*) from message_run where tenant_id = :tenant")
                .param("tenant", fixture.tenant.id())
                .query(Long.class)
                .single())
        .isEqualTo(3);
  }

  @Test
  void isSentToAContactByItsExternalId() {
    long contact = contact();
    Map<String, Object> wanted = wanted(contact);
    wanted.remove("contact_id");
    wanted.put("external_id", "ext-" + contact);
    JsonNode message = send(wanted);
    assertThat(message.get("contact_id").asLong()).isEqualTo(contact);
    assertThat(message.get("external_id").asString()).isEqualTo("ext-" + contact);
  }

  @Test
  void anIdempotencyKeySendsOnce() {
    Map<String, Object> wanted = wanted(contact());
    Reply first = fixture.tenant.post(MESSAGES, wanted, "Idempotency-Key", "m-1");
    Reply again = fixture.tenant.post(MESSAGES, wanted, "Idempotency-Key", "m-1");
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(fixture.tenant.get(MESSAGES).json().get("items")).hasSize(1);
  }

  @Test
  void aContactGetsSoManyOfATemplateADayAndOthersGoOn() {
    long contact = contact();
    for (int i = 0; i < ApiUnderTest.MESSAGES_PER_CONTACT; i++) {
      send(wanted(contact));
    }
    Reply tooMany = fixture.tenant.post(MESSAGES, wanted(contact));
    assertThat(tooMany.status()).isEqualTo(429);
    assertThat(tooMany.code()).isEqualTo("too_many_messages");
    send(wanted(contact()));
  }

  @Test
  void saysWhatIsWrong() {
    long contact = contact();
    refused(wanted(contact), "contact_id", 999_999_999L, "/contact_id");
    refused(wanted(contact), "external_id", "both", "/contact_id");
    refused(wanted(contact), "contact_id", null, "/contact_id");
    refused(wanted(contact), "account_id", UUID.randomUUID(), "/account_id");
    refused(wanted(contact), "account_id", null, "/account_id");
    refused(wanted(contact), "template_id", UUID.randomUUID(), "/template_id");
    refused(wanted(contact), "template_version", 2, "/template_version");
    refused(wanted(contact), "variables", Map.of("a b", 1), "/variables/a b");
    refused(wanted(contact), "variables", Map.of("nul", "\0"), "/variables");
    Map<String, Object> telegramOnly = wanted(contact);
    telegramOnly.put(
        "template_id",
        fixture
            .tenant
            .post(
                "/api/v1/templates",
                Map.of("name", "T", "channels", Map.of("telegram", Map.of("text", "Hi"))))
            .json()
            .get("id")
            .asString());
    Reply reply = fixture.tenant.post(MESSAGES, telegramOnly);
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.body()).contains("the template says nothing on email");
    Map<String, Object> nobody = wanted(contact);
    nobody.remove("contact_id");
    nobody.put("external_id", "nobody");
    api.backend().answer("/api/v1/contacts?external_id=nobody", 200, "{\"items\": []}");
    assertThat(fixture.tenant.post(MESSAGES, nobody).pointers()).containsExactly("/external_id");
    Reply viewer = api.call(fixture.tenant.key("editor"), "POST", MESSAGES, wanted(contact));
    assertThat(viewer.status()).isEqualTo(403);
    assertThat(fixture.tenant.get(MESSAGES).json().get("items")).isEmpty();
  }

  private void refused(Map<String, Object> wanted, String field, Object value, String pointer) {
    wanted.put(field, value instanceof UUID id ? id.toString() : value);
    Reply reply = fixture.tenant.post(MESSAGES, wanted);
    assertThat(reply.status()).as("%s %s", field, reply.body()).isEqualTo(422);
    assertThat(reply.pointers()).containsExactly(pointer);
  }

  @ParameterizedTest
  @CsvSource({
    "in_flight, accepted",
    "retrying, retrying",
    "sent, sent",
    "failed, failed",
    "dead, dead",
    "in_doubt, in_doubt",
    "skipped, skipped",
    "cancelled, cancelled"
  })
  void standsWhereTheLedgerSaysItDoes(String bucket, String state) {
    long contact = contact();
    JsonNode message = send(wanted(contact));
    api.backend()
        .answer(
            "/internal/v1/recipients",
            200,
            """
            [{"broadcast_id": "%s", "contact_id": %d, "channel": "email", "issue": 2, "attempt": 2,
              "bucket": "%s", "at": "2026-11-23T07:00:00Z",
              "cause": {"code": "mailbox_unknown", "detail": "550 no such user"}}]
            """
                .formatted(carrier(message), contact, bucket));
    JsonNode shown = fixture.tenant.get(MESSAGES + "/" + message.get("id").asString()).json();
    assertThat(shown.get("state").asString()).isEqualTo(state);
    assertThat(shown.get("attempt").asLong()).isEqualTo(2);
    assertThat(shown.at("/cause/code").asString()).isEqualTo("mailbox_unknown");
    JsonNode listed = fixture.tenant.get(MESSAGES + "?contact_id=" + contact).json();
    assertThat(listed.get("items")).hasSize(1);
    assertThat(listed.at("/items/0/state").asString()).isEqualTo(state);
  }

  @Test
  void saysWhyItWasSkippedBeforeTheLedgerSawIt() {
    JsonNode message = send(wanted(contact()));
    String id = message.get("id").asString();
    api.backend()
        .answer("/internal/v1/messages/skipped", 200, "{\"%s\": \"no_address\"}".formatted(id));
    JsonNode shown = fixture.tenant.get(MESSAGES + "/" + id).json();
    assertThat(shown.get("state").asString()).isEqualTo("skipped");
    assertThat(shown.at("/cause/code").asString()).isEqualTo("no_address");
  }

  @Test
  void listsNewestFirstInPagesAndShowsNothingToOthers() {
    List<String> sent =
        List.of(
            idOf(send(wanted(contact()))),
            idOf(send(wanted(contact()))),
            idOf(send(wanted(contact()))));
    JsonNode first = fixture.tenant.get(MESSAGES + "?limit=2").json();
    assertThat(first.get("items").valueStream().map(MessagesTest::idOf))
        .containsExactly(sent.get(2), sent.get(1));
    JsonNode rest =
        fixture.tenant.get(MESSAGES + "?limit=2&after=" + first.get("next").asString()).json();
    assertThat(rest.get("items").valueStream().map(MessagesTest::idOf))
        .containsExactly(sent.get(0));
    TestTenant stranger = api.newTenant();
    assertThat(stranger.get(MESSAGES).json().get("items")).isEmpty();
    assertThat(stranger.get(MESSAGES + "/" + sent.get(0)).code()).isEqualTo("message_not_found");
    assertThat(stranger.post(MESSAGES, wanted(contact())).pointers())
        .containsExactly("/template_id", "/account_id");
  }

  @Test
  void aMessageOfACategoryIsCarriedByABroadcastOfTheCategory() {
    api.backend().answer("/api/v1/categories?name=", 200, "{\"items\": []}");
    api.backend()
        .answer("/api/v1/categories?name=bills", 200, "{\"items\": [{\"name\": \"bills\"}]}");
    UUID plain = carrier(send(wanted(contact())));
    Map<String, Object> wanted = wanted(contact());
    wanted.put("category", "unknown");
    assertThat(fixture.tenant.post(MESSAGES, wanted).pointers()).containsExactly("/category");
    wanted.put("category", "bills");
    JsonNode message = send(wanted);
    assertThat(message.path("category").asString()).isEqualTo("bills");
    assertThat(carrier(message)).isNotEqualTo(plain);
    Map<String, Object> another = wanted(contact());
    another.put("category", "bills");
    assertThat(carrier(send(another))).isEqualTo(carrier(message));
    assertThat(awaitControl(carrier(message), 1).category()).isEqualTo("bills");
    assertThat(awaitControl(plain, 1).category()).isNull();
  }

  @Test
  void anEventSendsOnceHoweverOftenItComes() {
    long contact = contact();
    MessageRequested requested =
        new MessageRequested(
            null,
            "ext-" + contact,
            fixture.email,
            UUID.fromString(fixture.template),
            1L,
            Map.of("price", 3),
            DeliveryPolicy.NEVER_TWICE);
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      publish(probe, event("e-1"), requested);
      publish(probe, event("e-1"), requested);
      publish(probe, event("e-2"), requested);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> fixture.tenant.get(MESSAGES).json().get("items").size() == 2);
    JsonNode message = fixture.tenant.get(MESSAGES).json().at("/items/0");
    assertThat(message.get("created_by").asString()).isEqualTo("event:/shop");
    assertThat(message.get("policy").asString()).isEqualTo("never-twice");
    assertThat(awaitAccepted(message).variables()).isEqualTo(Map.of("price", 3));
  }

  @Test
  void aBadEventIsADeadLetterWithTheReason() {
    long contact = contact();
    MessageRequested good =
        new MessageRequested(
            contact, null, fixture.email, UUID.fromString(fixture.template), null, null, null);
    MessageRequested noAccount =
        new MessageRequested(
            contact, null, UUID.randomUUID(), UUID.fromString(fixture.template), null, null, null);
    Map<String, String> noTenant = event("b-1");
    noTenant.put("ce_tenantid", UUID.randomUUID().toString());
    Map<String, String> noId = event("b-2");
    noId.remove("ce_id");
    Map<String, String> unknown = event("b-3");
    unknown.put("ce_type", "message.request");
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      publish(probe, noTenant, good);
      publish(probe, noId, good);
      publish(probe, unknown, good);
      publish(probe, event("b-4"), noAccount);
      probe.produce("external.events", "k", "{".getBytes(UTF_8), event("b-5"));
      Map<String, String> ofOthers = event("b-7");
      ofOthers.put("ce_type", "engagement.reported");
      probe.produce("external.events", "k", "{".getBytes(UTF_8), ofOthers);
      publish(probe, event("b-6"), good);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(
                      probe.readAll("external.events.broadcast-api.external.dlt").stream()
                          .map(record -> header(record, "fanfare_reason")))
                  .anyMatch(reason -> reason.startsWith("there is no tenant"))
                  .anyMatch(reason -> reason.contains("no ce_id header"))
                  .anyMatch(reason -> reason.contains("unknown event type message.request"))
                  .anyMatch(reason ->
                      reason.equals(
                          "invalid_request: /account_id there is no such channel account"))
                  .anyMatch(reason -> reason.startsWith("not a MessageRequested"))
                  .noneMatch(reason -> reason.contains("engagement.reported")));
    }
    await()
        .atMost(PATIENCE)
        .until(() -> fixture.tenant.get(MESSAGES).json().get("items").size() == 1);
  }

  @Test
  void waitsWhileTheAccountIsRefusedAndIsTriedAgainAMinuteLater() {
    JsonNode message = send(wanted(contact()));
    UUID carrier = carrier(message);
    apply(carrier, Signal.PAUSE, 1, null);
    assertThat(awaitControl(carrier, 2).state()).isEqualTo(BroadcastState.PAUSED);
    // More may come meanwhile.
    assertThat(carrier(send(wanted(contact())))).isEqualTo(carrier);
    MessageRuns runs = api.bean(MessageRuns.class);
    runs.resume(Instant.now().plusSeconds(30));
    assertThat(awaitControl(carrier, 2).state()).isEqualTo(BroadcastState.PAUSED);
    runs.resume(Instant.now().plusSeconds(70));
    assertThat(awaitControl(carrier, 3).state()).isEqualTo(BroadcastState.RUNNING);

    apply(carrier, Signal.PAUSE, 3, null);
    api.jdbc()
        .sql("delete from channel_account where id = :id")
        .param("id", fixture.email)
        .update();
    runs.resume(Instant.now().plusSeconds(70));
    assertThat(awaitControl(carrier, 5).state()).isEqualTo(BroadcastState.FAILED);
    JsonNode shown = fixture.tenant.get(MESSAGES + "/" + idOf(message)).json();
    assertThat(shown.get("state").asString()).isEqualTo("cancelled");
    assertThat(shown.at("/cause/code").asString()).isEqualTo("account_deleted");
  }

  @Test
  void itsBroadcastEndsAfterItsDayAndIsForgottenAfterAWeek() {
    JsonNode message = send(wanted(contact()));
    UUID carrier = carrier(message);
    MessageRuns runs = api.bean(MessageRuns.class);
    apply(carrier, Signal.COMPLETE, 1, 1L);
    assertThat(awaitControl(carrier, 1).state()).isEqualTo(BroadcastState.RUNNING);

    Instant tomorrow = Instant.now().plus(Duration.ofHours(25));
    runs.close(tomorrow);
    assertThat(awaitControl(carrier, 2).state()).isEqualTo(BroadcastState.RUNNING);
    apply(carrier, Signal.COMPLETE, 2, 0L);
    assertThat(stateOf(carrier)).as("a message is on its way").isEqualTo("running");
    apply(carrier, Signal.COMPLETE, 2, 1L);
    assertThat(awaitControl(carrier, 3).state()).isEqualTo(BroadcastState.COMPLETED);

    runs.forget(Instant.now().plus(Duration.ofDays(6)));
    assertThat(fixture.tenant.get(MESSAGES + "/" + idOf(message)).status()).isEqualTo(200);
    runs.forget(Instant.now().plus(Duration.ofDays(9)));
    assertThat(fixture.tenant.get(MESSAGES + "/" + idOf(message)).status()).isEqualTo(404);
    for (Topic topic : List.of(Topics.BROADCAST_CONTROL, Topics.BROADCAST_CONTENT)) {
      try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
        probe.await(
            topic.name(),
            PATIENCE,
            records ->
                records.stream()
                    .anyMatch(record ->
                        record.value() == null
                            && new String(record.key(), UTF_8).startsWith(carrier.toString())));
      }
    }
  }

  @Test
  void messagesThatCannotBeSentForThreeDaysAreCancelled() {
    JsonNode message = send(wanted(contact()));
    UUID carrier = carrier(message);
    apply(carrier, Signal.PAUSE, 1, null);
    api.bean(MessageRuns.class).close(Instant.now().plus(Duration.ofDays(4)));
    assertThat(awaitControl(carrier, 3).state()).isEqualTo(BroadcastState.FAILED);
    JsonNode shown = fixture.tenant.get(MESSAGES + "/" + idOf(message)).json();
    assertThat(shown.get("state").asString()).isEqualTo("cancelled");
    assertThat(shown.at("/cause/code").asString()).isEqualTo("expired");
  }

  private void apply(UUID carrier, Signal signal, long epoch, Long planned) {
    BroadcastSignal told =
        new BroadcastSignal(
            carrier,
            fixture.tenant.id(),
            signal,
            epoch,
            planned,
            signal == Signal.PAUSE ? new StateReason("account_refused", "535 no") : null,
            Instant.now());
    api.bean(TransactionOperations.class)
        .executeWithoutResult(status -> api.bean(MessageRuns.class).apply(told, Instant.now()));
  }

  private String stateOf(UUID carrier) {
    return api.jdbc()
        .sql("select state from message_run where id = :id")
        .param("id", carrier)
        .query(String.class)
        .single();
  }

  private Map<String, String> event(String id) {
    Map<String, String> headers = new HashMap<>();
    headers.put("ce_specversion", "1.0");
    headers.put("ce_type", "message.requested");
    headers.put("ce_source", "/shop");
    headers.put("ce_id", id);
    headers.put("ce_tenantid", fixture.tenant.id().toString());
    return headers;
  }

  private static void publish(
      KafkaProbe probe, Map<String, String> headers, MessageRequested requested) {
    probe.produce("external.events", "k", EventCodec.encode(requested), headers);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  private static UUID carrier(JsonNode message) {
    return UUID.fromString(message.get("broadcast_id").asString());
  }

  private static String idOf(JsonNode message) {
    return message.get("id").asString();
  }

  private static BroadcastControl awaitControl(UUID broadcast, long epoch) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                read(Topics.BROADCAST_CONTROL, BroadcastControl.class).stream()
                    .filter(control -> control.broadcastId().equals(broadcast))
                    .reduce((before, after) -> after)
                    .filter(control -> control.epoch() == epoch),
            Optional::isPresent)
        .orElseThrow();
  }

  private static MessageAccepted awaitAccepted(JsonNode message) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                read(Topics.MESSAGE_ACCEPTED, MessageAccepted.class).stream()
                    .filter(accepted -> accepted.messageId().toString().equals(idOf(message)))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static <E extends Record> List<E> read(Topic topic, Class<E> type) {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return probe.readAll(topic.name()).stream()
          .filter(record -> record.value() != null)
          // The operator's stop lies among the broadcasts.
          .filter(record -> !GlobalStop.KEY.equals(new String(record.key(), UTF_8)))
          .map(record -> EventCodec.decode(type, record.value()))
          .toList();
    }
  }
}
