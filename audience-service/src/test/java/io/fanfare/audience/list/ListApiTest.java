package io.fanfare.audience.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.AudienceService.Answer;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.contract.contact.ContactListChanged;
import io.fanfare.contract.contact.ContactListChanged.Change;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.support.identity.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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
