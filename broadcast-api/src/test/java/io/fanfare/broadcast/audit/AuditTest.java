package io.fanfare.broadcast.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.TestTenant;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.support.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(ApiExtension.class)
class AuditTest {

  private static final String ENTRIES = "/api/v1/audit-entries";
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final ApiUnderTest api;
  private TestTenant tenant;

  AuditTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeTenant() {
    tenant = api.newTenant();
  }

  @Test
  void everyChangeIsFoundWithBeforeAndAfter() {
    tenant.delete(
        tenant
            .post("/api/v1/api-keys", Map.of("name", "Gone soon", "role", "viewer"))
            .header("Location"));

    List<JsonNode> entries = awaitEntries("", 4);

    assertThat(entries)
        .extracting(
            entry -> entry.get("action").asString() + " " + entry.get("resource").asString())
        .containsExactly("revoke api_key", "create api_key", "create api_key", "create tenant");
    JsonNode revoked = entries.getFirst();
    assertThat(revoked.get("actor").asString()).startsWith("key:");
    assertThat(revoked.get("before").get("name").asString()).isEqualTo("Gone soon");
    assertThat(revoked.has("after")).isFalse();
    assertThat(entries.getLast().get("actor").asString()).isEqualTo("operator");
    assertThat(api.newTenant().get(ENTRIES).body()).doesNotContain("Gone soon");
  }

  @Test
  void filtersAndPages() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < 5; i++) {
      record(Ids.next(), i % 2 == 0 ? "key:a" : "key:b", "list", "id-" + i, start.plusSeconds(i));
    }
    awaitEntries("?resource=list", 5);

    assertThat(ids("?resource=list&actor=key:b")).containsExactly("id-3", "id-1");
    assertThat(ids("?resource=list&action=update&resource_id=id-2")).containsExactly("id-2");
    assertThat(ids("?resource=list&from=2026-01-01T00:00:01Z&to=2026-01-01T00:00:03Z"))
        .containsExactly("id-2", "id-1");
    JsonNode first = tenant.get(ENTRIES + "?resource=list&limit=3").json();
    assertThat(first.get("items")).hasSize(3);
    assertThat(ids("?resource=list&limit=3&after=" + first.get("next").asString()))
        .containsExactly("id-1", "id-0");
    assertThat(tenant.get(ENTRIES + "?from=yesterday").pointers()).containsExactly("from");
    assertThat(tenant.get(ENTRIES + "?after=bm9uc2Vuc2U").pointers()).containsExactly("after");
  }

  @Test
  void anEntryDeliveredTwiceIsKeptOnce() {
    UUID id = Ids.next();
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    record(id, "key:a", "list", "twice", at);
    record(id, "key:a", "list", "twice", at);
    record(Ids.next(), "key:a", "list", "last", at.minusSeconds(1));

    assertThat(awaitEntries("?resource=list", 2))
        .extracting(entry -> entry.get("resource_id").asString())
        .containsExactly("twice", "last");
  }

  @Test
  void anEntryThatCannotBeReadIsSetAside() {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      probe.produce("audit.recorded", tenant.id().toString(), "no entry".getBytes());
      record(Ids.next(), "key:a", "list", "after it", Instant.parse("2026-01-01T00:00:00Z"));

      awaitEntries("?resource=list", 1);
      probe.awaitCount("audit.recorded.broadcast-api.audit.dlt", 1, PATIENCE);
    }
  }

  private void record(UUID id, String actor, String resource, String resourceId, Instant at) {
    AuditRecorded entry =
        new AuditRecorded(
            id, tenant.id(), actor, "update", resource, resourceId, null, Map.of("n", 1), at);
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      probe.produce(
          "audit.recorded",
          tenant.id().toString(),
          EventCodec.encode(entry),
          Map.of(EventCodec.TYPE_HEADER, "audit.recorded"));
    }
  }

  private List<JsonNode> awaitEntries(String query, int count) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> tenant.get(ENTRIES + query).json().get("items").valueStream().toList(),
            entries -> entries.size() >= count);
  }

  private List<String> ids(String query) {
    return tenant
        .get(ENTRIES + query)
        .json()
        .get("items")
        .valueStream()
        .map(entry -> entry.get("resource_id").asString())
        .toList();
  }
}
