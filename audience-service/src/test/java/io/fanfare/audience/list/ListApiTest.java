package io.fanfare.audience.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.AudienceService.Answer;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.contract.contact.ContactListChanged;
import io.fanfare.contract.contact.ContactListChanged.Change;
import io.fanfare.contract.contact.ListConfirmed;
import io.fanfare.contract.message.MessageRequested;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.transaction.support.TransactionOperations;

@ExtendWith(AudienceExtension.class)
class ListApiTest {

  private static final String LISTS = "/api/v1/lists";

  private final AudienceService audience;
  private final Scenario scenario;
  private final UUID tenant;

  ListApiTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.tenant = scenario.tenant();
  }

  @Test
  void countsAddedDuplicateAndUnknownContacts() {
    List<Long> contacts = scenario.contacts(5);
    List<Long> foreign = new Scenario(audience).contacts(1);
    String list = create();
    assertThat(audience.post(tenant, list + "/contacts", ids(contacts.subList(0, 3))).body())
        .hasToString("{\"added\":3,\"duplicates\":0,\"unknown\":0}");
    String mixed =
        ids(List.of(contacts.get(2), contacts.get(3), contacts.get(3), foreign.getFirst(), 0L));
    assertThat(audience.post(tenant, list + "/contacts", mixed).body())
        .hasToString("{\"added\":1,\"duplicates\":2,\"unknown\":2}");
    assertThat(audience.get(tenant, list).body().path("contacts").asInt()).isEqualTo(4);
    assertThat(audience.post(tenant, list + "/contacts/remove", mixed).body())
        .hasToString("{\"removed\":2,\"absent\":3}");
    assertThat(audience.get(tenant, list).body().path("contacts").asInt()).isEqualTo(2);
    assertThat(audience.get(tenant, list + "/contacts?limit=1").body().path("items")).hasSize(1);
  }

  @Test
  void whoHasToConfirmIsAskedOnceAndIsNoMemberBefore() {
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    UUID foreign = new Scenario(audience).account(Channel.EMAIL, 1, 0);
    UUID template = UUID.randomUUID();
    String half =
        "{\"name\": \"L\", \"double_opt_in\": {\"account_id\": \"%s\"}}".formatted(account);
    assertThat(audience.post(tenant, LISTS, half).pointer(0)).isEqualTo("/double_opt_in");
    String wrong =
        "{\"name\": \"L\", \"double_opt_in\": {\"account_id\": \"%s\", \"template_id\": \"%s\"}}"
            .formatted(foreign, template);
    assertThat(audience.post(tenant, LISTS, wrong).pointer(0))
        .isEqualTo("/double_opt_in/account_id");
    Answer made =
        audience.post(
            tenant,
            LISTS,
            "{\"name\": \"News\", \"double_opt_in\": {\"account_id\": \"%s\", \"template_id\": \"%s\"}}"
                .formatted(account, template));
    assertThat(made.body().at("/double_opt_in/template_id").asString())
        .isEqualTo(template.toString());
    String list = made.location();
    UUID listId = UUID.fromString(made.body().path("id").asString());
    List<Long> contacts = scenario.contacts(4);
    assertThat(audience.post(tenant, list + "/contacts", ids(contacts.subList(0, 3))).body())
        .hasToString("{\"added\":0,\"duplicates\":0,\"unknown\":0,\"pending\":3}");
    // Whoever adds them again, another request or a file, asks nobody again.
    assertThat(audience.post(tenant, list + "/contacts", ids(contacts.subList(2, 3))).body())
        .hasToString("{\"added\":0,\"duplicates\":0,\"unknown\":0,\"pending\":1}");
    audience
        .bean(TransactionOperations.class)
        .executeWithoutResult(status ->
            audience
                .bean(ListFilling.class)
                .add(
                    Identity.system(tenant),
                    listId,
                    contacts.stream().mapToLong(Long::longValue).toArray()));
    List<MessageRequested> asked = asked(4);
    assertThat(asked)
        .extracting(MessageRequested::contactId)
        .containsExactlyInAnyOrderElementsOf(contacts);
    assertThat(asked).allMatch(one -> one.accountId().equals(account));
    assertThat(asked)
        .allMatch(one -> one.variables().get("confirm_list").equals(listId.toString()));
    assertThat(audience.get(tenant, list).body().path("contacts").asInt()).isZero();

    audience
        .jdbc()
        .update(
            "update list_opt_in set expires_at = now() - interval '1 minute' where contact_id = ?",
            contacts.get(1));
    for (long contact : List.of(contacts.get(1), contacts.get(0), contacts.get(0))) {
      var confirmed = new ListConfirmed(tenant, contact, listId, Instant.now());
      audience.producer().send(Topics.CONTACT_PREFERENCE, confirmed.key(), confirmed);
    }
    var unasked = new ListConfirmed(tenant, Long.MAX_VALUE, listId, Instant.now());
    audience.producer().send(Topics.CONTACT_PREFERENCE, unasked.key(), unasked);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> audience.get(tenant, list).body().path("contacts").asInt() == 1);
    var last = new ListConfirmed(tenant, contacts.get(2), listId, Instant.now());
    audience.producer().send(Topics.CONTACT_PREFERENCE, last.key(), last);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> audience.get(tenant, list).body().path("contacts").asInt() == 2);
    assertThat(
            audience
                .get(tenant, list + "/opt-ins")
                .body()
                .path("items")
                .valueStream()
                .map(item -> item.path("state").asString()))
        .containsExactly("confirmed", "expired", "confirmed", "pending");
    // The consent stands: who is added again is a member.
    audience.post(tenant, list + "/contacts/remove", ids(contacts.subList(0, 1)));
    assertThat(audience.post(tenant, list + "/contacts", ids(contacts.subList(0, 1))).body())
        .hasToString("{\"added\":1,\"duplicates\":0,\"unknown\":0,\"pending\":0}");
    // A month later one may be asked again.
    audience
        .jdbc()
        .update(
            "update list_opt_in set asked_at = now() - interval '31 days' where contact_id = ?",
            contacts.get(1));
    audience.post(tenant, list + "/contacts", ids(contacts.subList(1, 2)));
    assertThat(asked(5)).hasSize(5);
    Answer ended =
        audience.request(
            AudienceService.identity(tenant, Role.EDITOR),
            "PATCH",
            list,
            "{\"double_opt_in\": {}}",
            Map.of());
    assertThat(ended.body().has("double_opt_in")).isFalse();
    assertThat(audience.get(java.util.UUID.randomUUID(), list + "/opt-ins").status())
        .isEqualTo(404);
  }

  /** The questions that were asked for, in the tenant's name. */
  private List<MessageRequested> asked(int count) {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return probe
          .await(
              Topics.EXTERNAL_EVENTS.name(),
              Duration.ofSeconds(20),
              records -> records.stream().filter(this::isOurs).count() >= count)
          .stream()
          .filter(this::isOurs)
          .map(record -> EventCodec.decode(MessageRequested.class, record.value()))
          .toList();
    }
  }

  private boolean isOurs(ConsumerRecord<byte[], byte[]> record) {
    var of = record.headers().lastHeader("ce_tenantid");
    return of != null && new String(of.value(), StandardCharsets.UTF_8).equals(tenant.toString());
  }

  @Test
  void takesExternalIdsToo() {
    audience.post(tenant, "/api/v1/contacts", "{\"external_id\": \"x-1\"}");
    String list = create();
    String body = "{\"external_ids\": [\"x-1\", \"x-2\", \"x-1\"]}";
    assertThat(audience.post(tenant, list + "/contacts", body).body())
        .hasToString("{\"added\":1,\"duplicates\":1,\"unknown\":1}");
    assertThat(audience.post(tenant, list + "/contacts/remove", body).body())
        .hasToString("{\"removed\":1,\"absent\":2}");
  }

  @Test
  void takesTenThousandAtOnceAndNotMore() {
    List<Long> contacts = scenario.contacts(10_000);
    String list = create();
    Answer added = audience.post(tenant, list + "/contacts", ids(contacts));
    assertThat(added.body().path("added").asInt()).isEqualTo(10_000);
    List<Long> more = LongStream.rangeClosed(1, 10_001).boxed().toList();
    Answer tooLarge = audience.post(tenant, list + "/contacts", ids(more));
    assertThat(tooLarge.status()).isEqualTo(413);
    assertThat(tooLarge.code()).isEqualTo("batch_too_large");
  }

  @Test
  void refusesWhatNamesNoContacts() {
    String list = create();
    for (String body :
        List.of(
            "{}",
            "{\"contact_ids\": []}",
            "{\"contact_ids\": [null]}",
            "{\"contact_ids\": [1], \"external_ids\": [\"a\"]}",
            "{\"contact_ids\": [\"a\"]}")) {
      assertThat(audience.post(tenant, list + "/contacts", body).status()).as(body).isEqualTo(422);
    }
    assertThat(audience.post(tenant, LISTS, "{\"name\": \" \"}").pointer(0)).isEqualTo("/name");
    assertThat(audience.get(tenant, LISTS + "/nonsense").status()).isEqualTo(404);
  }

  @Test
  void editsByVersionAndLists() {
    String list = create();
    Answer renamed = edit("PATCH", list, "{\"name\": \"New\"}", "\"1\"");
    assertThat(renamed.body().path("name").asString()).isEqualTo("New");
    assertThat(edit("PATCH", list, "{\"name\": \"Newer\"}", "\"1\"").status()).isEqualTo(412);
    create();
    Answer page = audience.get(tenant, LISTS + "?limit=1");
    assertThat(page.body().path("items")).hasSize(1);
    String next = page.body().path("next").asString();
    assertThat(audience.get(tenant, LISTS + "?after=" + next).body().path("items")).hasSize(1);
    assertThat(edit("DELETE", list, null, null).status()).isEqualTo(204);
    assertThat(audience.get(tenant, list).status()).isEqualTo(404);
  }

  @Test
  void tellsOfEveryChangeAndWritesItDown() {
    List<Long> contacts = scenario.contacts(2);
    String list = create();
    UUID id = UUID.fromString(list.substring(list.lastIndexOf('/') + 1));
    audience.post(tenant, list + "/contacts", ids(contacts));
    audience.post(tenant, list + "/contacts", ids(contacts));
    audience.post(tenant, list + "/contacts/remove", ids(contacts.subList(0, 1)));
    edit("PATCH", list, "{\"description\": \"d\"}", null);
    edit("DELETE", list, null, null);
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      List<ContactListChanged> changes =
          changes(
              id,
              probe.await(
                  "contact_list.lifecycle",
                  Duration.ofSeconds(20),
                  records -> changes(id, records).size() >= 5));
      assertThat(changes)
          .extracting(ContactListChanged::change)
          .containsExactly(
              Change.CREATED,
              Change.CONTACTS_ADDED,
              Change.CONTACTS_REMOVED,
              Change.UPDATED,
              Change.DELETED);
      assertThat(changes.get(1).contacts()).isEqualTo(2);
      assertThat(changes)
          .allMatch(c -> c.tenantId().equals(tenant) && c.actor().equals("key:test"));
      assertThat(
              probe
                  .await(
                      "audit.recorded",
                      Duration.ofSeconds(20),
                      records -> audits(id, records).size() >= 5)
                  .stream()
                  .map(r -> new String(r.value(), StandardCharsets.UTF_8)))
          .as("no personal data in the audit log")
          .noneMatch(text -> text.contains("@example.org"));
    }
  }

  private static List<ContactListChanged> changes(
      UUID list, List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(record -> EventCodec.decode(ContactListChanged.class, record.value()))
        .filter(change -> change.listId().equals(list))
        .toList();
  }

  private static List<AuditRecorded> audits(
      UUID list, List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(record -> EventCodec.decode(AuditRecorded.class, record.value()))
        .filter(entry -> entry.resourceId().equals(list.toString()))
        .toList();
  }

  private String create() {
    Answer created = audience.post(tenant, LISTS, "{\"name\": \"Students\"}");
    assertThat(created.status()).isEqualTo(201);
    return created.location();
  }

  private Answer edit(String method, String path, String body, String ifMatch) {
    Map<String, String> headers = ifMatch == null ? Map.of() : Map.of("If-Match", ifMatch);
    return audience.request(
        AudienceService.identity(tenant, Role.EDITOR), method, path, body, headers);
  }

  private static String ids(List<Long> ids) {
    return ids.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(",", "{\"contact_ids\": [", "]}"));
  }
}
