package io.fanfare.audience.suppression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.AudienceService.Answer;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.contact.ContactSuppression;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.engagement.AddressCheck;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(AudienceExtension.class)
class SuppressionTest {

  private static final String LIST = "/api/v1/suppressions";

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  SuppressionTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void keepsAddressesWithTheirReasonUntilTheyAreLifted() {
    Answer added =
        post(
            LIST,
            "{\"channel\": \"email\", \"address\": \"Ada@Example.org\", \"source\": \"call\"}");
    assertThat(added.status()).isEqualTo(201);
    String path = LIST + "/" + added.body().path("id").asString();
    assertThat(added.location()).isEqualTo(path);
    assertThat(added.body().path("address").asString()).isEqualTo("ada@example.org");
    assertThat(added.body().path("reason").asString()).isEqualTo("manual");
    assertThat(added.body().path("actor").asString()).isEqualTo("key:test");
    // What stands already stays as it is.
    Answer again =
        post(
            LIST,
            "{\"channel\": \"email\", \"address\": \"ada@example.org\", \"reason\": \"complaint\"}");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(added.body());
    Answer batch =
        post(
            LIST + "/batch",
            "{\"suppressions\": ["
                + "{\"channel\": \"telegram\", \"address\": \"0042\"},"
                + "{\"channel\": \"email\", \"address\": \"nowhere\"}, null,"
                + "{\"channel\": \"email\", \"address\": \"ADA@example.org\"},"
                + "{\"channel\": \"email\", \"address\": \"b@example.org\","
                + " \"reason\": \"hard_bounce\", \"status\": \"5.1.1\", \"evidence\": \"550 gone\"}]}");
    assertThat(batch.status()).isEqualTo(200);
    assertThat(batch.body().path("added").asInt()).isEqualTo(2);
    assertThat(batch.body().path("existing").asInt()).isEqualTo(1);
    assertThat(batch.body().path("errors").valueStream().map(e -> e.path("pointer").asString()))
        .containsExactly("/suppressions/1/address", "/suppressions/2");

    assertThat(addresses("")).containsExactly("ada@example.org", "b@example.org", "42");
    assertThat(addresses("?channel=telegram")).containsExactly("42");
    assertThat(addresses("?reason=hard_bounce")).containsExactly("b@example.org");
    assertThat(addresses("?address=ADA@example.org")).containsExactly("ada@example.org");
    assertThat(addresses("?address=42")).containsExactly("42");
    JsonNode page = audience.get(scenario.tenant(), LIST + "?limit=2").body();
    assertThat(addresses("?limit=2&after=" + page.path("next").asString())).containsExactly("42");
    assertThat(audience.get(scenario.tenant(), path).body()).isEqualTo(added.body());

    UUID stranger = Ids.next();
    assertThat(audience.get(stranger, LIST).body().path("items")).isEmpty();
    assertThat(audience.get(stranger, path).status()).isEqualTo(404);
    assertThat(request(stranger, Role.ADMIN, "DELETE", path, null).status()).isEqualTo(404);
    assertThat(request(scenario.tenant(), Role.VIEWER, "DELETE", path, null).status())
        .isEqualTo(403);
    assertThat(request(scenario.tenant(), Role.VIEWER, "POST", LIST, "{}").status()).isEqualTo(403);
    assertThat(delete(path).status()).isEqualTo(204);
    assertThat(delete(path).code()).isEqualTo("suppression_not_found");
    assertThat(addresses("?channel=email")).containsExactly("b@example.org");
    assertThat(audited())
        .hasSize(4)
        .contains(
            "create suppression {} {channel=email, reason=manual}",
            "delete suppression {channel=email, reason=manual} {}")
        .noneMatch(entry -> entry.contains("example.org"));
  }

  @Test
  void refusesWhatCannotBe() {
    refuses("{\"channel\": \"pigeon\", \"address\": \"a@example.org\"}", "/channel");
    refuses("{\"address\": \"a@example.org\"}", "/channel");
    refuses("{\"channel\": \"email\"}", "/address");
    refuses("{\"channel\": \"email\", \"address\": \"a\\r\\nb@example.org\"}", "/address");
    refuses("{\"channel\": \"telegram\", \"address\": \"a@example.org\"}", "/address");
    String good = "{\"channel\": \"email\", \"address\": \"a@example.org\", ";
    refuses(good + "\"reason\": \"because\"}", "/reason");
    refuses(good + "\"status\": \"bad\"}", "/status");
    refuses(good + "\"source\": \"" + "x".repeat(101) + "\"}", "/source");
    refuses(good + "\"evidence\": \"" + "x".repeat(501) + "\"}", "/evidence");
    refuses(good + "\"evidence\": \"a\\u0000\"}", "/evidence");
    String row = "{\"channel\": \"email\", \"address\": \"a@example.org\"},";
    String many = "{\"suppressions\": [" + row.repeat(1_000) + row.replace("},", "}]}");
    assertThat(post(LIST + "/batch", many).status()).isEqualTo(413);
    assertThat(post(LIST + "/batch", "{\"suppressions\": []}").status()).isEqualTo(422);
    for (String query :
        List.of("?channel=pigeon", "?reason=x", "?address=nowhere", "?after=nonsense")) {
      assertThat(audience.get(scenario.tenant(), LIST + query).status()).as(query).isEqualTo(422);
    }
    assertThat(addresses("")).isEmpty();
  }

  @Test
  void suppressedAddressesAreSkippedAtTheFreezeAndAtTheRelease() {
    List<Long> contacts = scenario.contacts(130);
    suppress(Channel.EMAIL, email(contacts.get(0)).toUpperCase(Locale.ROOT));
    suppress(Channel.TELEGRAM, chat(contacts.get(1)));
    UUID telegram = scenario.account(Channel.TELEGRAM, 1, 30);
    // In fallback order whoever is held on one channel is reached on the other.
    BroadcastControl broadcast =
        scenario.fallback(
            scenario.list(contacts),
            Scenario.plan(Channel.TELEGRAM, telegram, 1),
            Scenario.plan(Channel.EMAIL, Ids.next(), 1));
    worker.follow(broadcast);
    List<SendMessage> first = worker.await(90);
    assertThat(first).allMatch(command -> command.suppressed() == null);
    assertThat(planned(broadcast)).isEqualTo(List.of("email 1 0", "telegram 129 0"));

    // Now of those that wait: one falls back to its address, the other has none left.
    suppress(Channel.TELEGRAM, chat(contacts.get(120)));
    suppress(Channel.TELEGRAM, chat(contacts.get(121)));
    suppress(Channel.EMAIL, email(contacts.get(121)));
    // And of those that are the ledger's: the worker is told, and a retry is left to it to skip.
    SendMessage retried =
        first.stream().filter(each -> each.contactId() == contacts.get(5)).findAny().orElseThrow();
    worker.end(List.of(retried), Outcome.RETRYING);
    suppress(Channel.TELEGRAM, chat(contacts.get(5)));
    assertThat(told(contacts.get(5))).containsExactly("telegram suppressed");
    worker.announce(FakeWorker.retryOf(retried, Bucket.RETRYING, false));
    await().atMost(Duration.ofSeconds(20)).until(() -> dueRetries(broadcast) == 1);
    worker.end(first.stream().filter(each -> each != retried).toList(), Outcome.SENT);
    List<SendMessage> rest = worker.await(38);
    assertThat(rest)
        .filteredOn(command -> command.suppressed() != null)
        .singleElement()
        .extracting(SendMessage::contactId, SendMessage::suppressed, SendMessage::address)
        .containsExactly(contacts.get(5), "suppressed", null);
    assertThat(rest)
        .extracting(SendMessage::contactId)
        .doesNotContain(contacts.get(120), contacts.get(121));
    assertThat(skipped(broadcast)).hasToString("{\"suppressed\":1}");
    assertThat(planned(broadcast)).isEqualTo(List.of("email 2 0", "telegram 128 1"));

    BroadcastControl everywhere =
        scenario.start(
            scenario.list(List.of(contacts.get(0), contacts.get(121))),
            Scenario.plan(Channel.EMAIL, Ids.next(), 1),
            Scenario.plan(Channel.TELEGRAM, Ids.next(), 1));
    scenario.awaitFrozen(everywhere);
    assertThat(skipped(everywhere)).hasToString("{\"suppressed\":3}");
  }

  @Test
  void whoeverGetsASuppressedAddressIsHeldAndWhoLosesItIsNot() {
    List<Long> contacts = scenario.contacts(2);
    String address = email(contacts.get(0));
    suppress(Channel.EMAIL, address);
    optOut(contacts.get(0));
    change(contacts.get(0), "{\"email\": \"right@example.org\"}");
    assertThat(told(contacts.get(0)))
        .containsExactly(
            "email suppressed", "telegram opted_out + email suppressed", "telegram opted_out");
    change(contacts.get(1), "{\"email\": \"" + address.toUpperCase(Locale.ROOT) + "\"}");
    change(contacts.get(1), "{\"name\": \"Other\"}");
    assertThat(told(contacts.get(1))).containsExactly("email suppressed");
    JsonNode created =
        post(
                "/api/v1/contacts/batch",
                "{\"contacts\": [{\"external_id\": \"new\", \"email\": \"" + address + "\"}]}")
            .body();
    long third = created.path("ids").get(0).asLong();
    assertThat(told(third)).containsExactly("email suppressed");

    String id = items("").getFirst().path("id").asString();
    assertThat(delete(LIST + "/" + id).status()).isEqualTo(204);
    assertThat(told(third)).containsExactly("email suppressed", "");
    assertThat(told(contacts.get(1))).containsExactly("email suppressed", "");
  }

  @Test
  void hardBouncesAndComplaintsSuppressTheAddressTheMessageWentTo() {
    List<Long> contacts = scenario.contacts(5);
    happened(scenario.tenant(), contacts.get(0), Kind.BOUNCED, "soft", null);
    happened(Ids.next(), contacts.get(0), Kind.BOUNCED, "hard", null);
    // Its address was corrected before the bounce came.
    happened(scenario.tenant(), contacts.get(1), Kind.BOUNCED, "hard", "wrong@example.org");
    happened(scenario.tenant(), Long.MAX_VALUE, Kind.BOUNCED, "hard", null);
    happened(scenario.tenant(), contacts.get(2), Kind.BOUNCED, "hard", email(contacts.get(2)));
    happened(scenario.tenant(), contacts.get(2), Kind.BOUNCED, "hard", null);
    happened(scenario.tenant(), contacts.get(3), Kind.COMPLAINED, null, null);
    await().atMost(Duration.ofSeconds(20)).until(() -> items("").size() == 2);
    // Everything told before is handled by the time the last one of each contact is.
    for (long contact : contacts) {
      happened(scenario.tenant(), contact, Kind.COMPLAINED, null, null);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> items("?reason=complaint").size() == 4);
    assertThat(items("?reason=hard_bounce"))
        .extracting(
            item -> item.path("address").asString(),
            item -> item.path("contact_id").asLong(),
            item -> item.path("status").asString(),
            item -> item.path("evidence").asString(),
            item -> item.path("source").asString(),
            item -> item.path("actor").asString())
        .containsExactly(
            tuple(
                email(contacts.get(2)),
                contacts.get(2),
                "5.1.1",
                "smtp; 550 5.1.1 no such user",
                "engagement",
                "system"));
  }

  @Test
  void addressesRefusedWhileSendingAreSuppressedOnceWithTheirCauseAndBroadcast() {
    List<Long> contacts = scenario.contacts(4);
    UUID broadcast = Ids.next();
    unreachable(scenario.tenant(), contacts.get(0), email(contacts.get(0)), broadcast);
    unreachable(scenario.tenant(), contacts.get(0), email(contacts.get(0)), broadcast);
    // The address was corrected meanwhile; another tenant's; of nobody any more.
    unreachable(scenario.tenant(), contacts.get(1), "wrong@example.org", broadcast);
    unreachable(Ids.next(), contacts.get(2), email(contacts.get(2)), broadcast);
    unreachable(scenario.tenant(), Long.MAX_VALUE, "gone@example.org", broadcast);
    await().atMost(Duration.ofSeconds(20)).until(() -> items("").size() == 1);
    // Everything told of an address before is handled by the time the last of it is.
    for (long contact : contacts) {
      unreachable(scenario.tenant(), contact, email(contact), Ids.next());
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> items("").size() == contacts.size());

    assertThat(items("?address=" + email(contacts.get(0))))
        .extracting(
            item -> item.path("contact_id").asLong(),
            item -> item.path("reason").asString(),
            item -> item.path("source").asString(),
            item -> item.path("status").asString(),
            item -> item.path("evidence").asString())
        .containsExactly(
            tuple(
                contacts.get(0),
                "hard_bounce",
                "broadcast:" + broadcast,
                "5.1.1",
                "550 5.1.1 no such user"));
    assertThat(told(contacts.get(0))).containsExactly("email suppressed");
    BroadcastControl next =
        scenario.start(scenario.list(contacts), Scenario.plan(Channel.EMAIL, Ids.next(), 1));
    scenario.awaitFrozen(next);
    assertThat(skipped(next)).hasToString("{\"suppressed\":4}");
  }

  @Test
  void theAddressOfAnErasedContactIsHeldWithoutBeingKnown() {
    List<Long> contacts = scenario.contacts(3);
    String address = email(contacts.get(0));
    String old = "old-" + address;
    suppress(Channel.EMAIL, address);
    // Another contact has this one too.
    suppress(Channel.TELEGRAM, chat(contacts.get(1)));
    change(contacts.get(0), "{\"telegram_chat_id\": " + chat(contacts.get(1)) + "}");
    // And this one was its own once.
    happened(scenario.tenant(), contacts.get(2), Kind.BOUNCED, "hard", null);
    await().atMost(Duration.ofSeconds(20)).until(() -> items("").size() == 3);
    String former = email(contacts.get(2));
    change(contacts.get(2), "{\"email\": \"" + old + "\"}");

    assertThat(delete("/api/v1/contacts/" + contacts.get(0)).status()).isEqualTo(204);
    assertThat(delete("/api/v1/contacts/" + contacts.get(2)).status()).isEqualTo(204);
    assertThat(addresses("")).containsExactlyInAnyOrder("", "", chat(contacts.get(1)));
    assertThat(items("?reason=hard_bounce"))
        .allMatch(item -> !item.has("evidence") && !item.has("contact_id"));
    assertThat(items("?address=" + address)).hasSize(1);
    assertThat(items("?address=" + former)).hasSize(1);
    assertThat(post(LIST, "{\"channel\": \"email\", \"address\": \"" + former + "\"}").status())
        .isEqualTo(200);

    JsonNode contact = post("/api/v1/contacts", "{\"email\": \"" + address + "\"}").body();
    assertThat(told(contact.path("id").asLong())).containsExactly("email suppressed");
    assertThat(addresses("?channel=email")).containsExactlyInAnyOrder(address, former);
  }

  private void refuses(String body, String pointer) {
    Answer answer = post(LIST, body);
    assertThat(answer.status()).as(body).isEqualTo(422);
    assertThat(answer.pointer(0)).as(body).isEqualTo(pointer);
  }

  private void suppress(Channel channel, String address) {
    Answer added =
        post(LIST, "{\"channel\": \"" + channel.name() + "\", \"address\": \"" + address + "\"}");
    assertThat(added.status()).isEqualTo(201);
  }

  private void optOut(long contact) {
    String path = "/api/v1/contacts/" + contact + "/opt-outs";
    assertThat(
            request(scenario.tenant(), Role.EDITOR, "PUT", path, "{\"channel\": \"telegram\"}")
                .status())
        .isEqualTo(200);
  }

  private void change(long contact, String patch) {
    String path = "/api/v1/contacts/" + contact;
    assertThat(request(scenario.tenant(), Role.EDITOR, "PATCH", path, patch).status())
        .isEqualTo(200);
  }

  private void happened(UUID tenant, long contact, Kind kind, String name, String sentTo) {
    EngagementEvent event =
        new EngagementEvent(
                Ids.next(),
                kind,
                tenant,
                Ids.next(),
                contact,
                Channel.EMAIL,
                "a",
                null,
                null,
                name,
                null,
                Instant.parse("2026-11-23T07:00:01Z"),
                null,
                null,
                null)
            .reported(
                "5.1.1",
                "smtp; 550 5.1.1 no such user",
                sentTo == null ? null : AddressCheck.of(sentTo.toUpperCase(Locale.ROOT)));
    audience.producer().send(Topics.ENGAGEMENT_EVENTS, Long.toString(contact), event);
  }

  private void unreachable(UUID tenant, long contact, String sentTo, UUID broadcast) {
    ContactSignal signal =
        new ContactSignal(
            Ids.next(),
            ContactSignal.Kind.UNREACHABLE,
            tenant,
            Ids.next(),
            Channel.EMAIL,
            sentTo,
            contact,
            Instant.parse("2026-11-23T07:00:01Z"),
            new ContactSignal.Refusal(broadcast, "5.1.1", "550 5.1.1 no such user"));
    audience.producer().send(Topics.CONTACT_SIGNAL, signal.key(), signal);
  }

  private String email(long contact) {
    return contact(contact).path("email").asString();
  }

  private String chat(long contact) {
    return contact(contact).path("telegram_chat_id").asString();
  }

  private JsonNode contact(long contact) {
    return audience.get(scenario.tenant(), "/api/v1/contacts/" + contact).body();
  }

  private Answer post(String path, String body) {
    return request(scenario.tenant(), Role.EDITOR, "POST", path, body);
  }

  private Answer delete(String path) {
    return request(scenario.tenant(), Role.EDITOR, "DELETE", path, null);
  }

  private Answer request(UUID tenant, Role role, String method, String path, String body) {
    return audience.request(AudienceService.identity(tenant, role), method, path, body, Map.of());
  }

  private List<JsonNode> items(String query) {
    return audience
        .get(scenario.tenant(), LIST + query)
        .body()
        .path("items")
        .valueStream()
        .toList();
  }

  private List<String> addresses(String query) {
    return items(query).stream().map(item -> item.path("address").asString("")).toList();
  }

  private JsonNode skipped(BroadcastControl broadcast) {
    return scenario.progress(broadcast).path("skipped_by_reason");
  }

  private List<String> planned(BroadcastControl broadcast) {
    return audience
        .jdbc()
        .queryForList(
            """
            select channel || ' ' || sum(planned) || ' ' || sum(skipped) from run_lane
            where broadcast_id = ? group by channel order by channel
            """,
            String.class,
            broadcast.broadcastId());
  }

  private long dueRetries(BroadcastControl broadcast) {
    return audience
        .jdbc()
        .queryForObject(
            "select count(*) from due_retry where broadcast_id = ?",
            Long.class,
            broadcast.broadcastId());
  }

  /** All that was told of a contact's suppressions; the outbox is empty by then. */
  private List<String> told(long contact) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> audience.jdbc().queryForObject("select count(*) from outbox", Long.class) == 0);
    String key = scenario.tenant() + ":" + contact;
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return probe.readAll("contact.suppression").stream()
          .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(key))
          .map(record -> EventCodec.decode(ContactSuppression.class, record.value()))
          .map(change ->
              String.join(
                  " + ",
                  change.suppressions().stream()
                      .map(each -> each.channel() + " " + each.code())
                      .toList()))
          .toList();
    }
  }

  private List<String> audited() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> audience.jdbc().queryForObject("select count(*) from outbox", Long.class) == 0);
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return probe.readAll("audit.recorded").stream()
          .map(record -> EventCodec.decode(AuditRecorded.class, record.value()))
          .filter(entry -> scenario.tenant().equals(entry.tenantId()))
          .map(entry ->
              entry.action()
                  + " "
                  + entry.resource()
                  + " "
                  + sorted(entry.before())
                  + " "
                  + sorted(entry.after()))
          .toList();
    }
  }

  private static Map<String, Object> sorted(Map<String, Object> fields) {
    return fields == null ? Map.of() : new TreeMap<>(fields);
  }
}
