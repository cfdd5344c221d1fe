package io.fanfare.audience.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.AudienceService.Answer;
import io.fanfare.audience.Scenario;
import io.fanfare.audience.segment.sql.Sql;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(AudienceExtension.class)
class SegmentApiTest {

  private static final String SEGMENTS = "/api/v1/segments";

  private final AudienceService audience;
  private final Scenario scenario;
  private final UUID tenant;

  SegmentApiTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.tenant = scenario.tenant();
  }

  @Test
  void keepsEditsAndListsSegments() {
    Answer created = create("Old ones", "{'field':'custom.grade','op':'gte','value':7}");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.body().has("contacts")).isFalse();
    String path = created.location();
    assertThat(audience.get(tenant, path).etag()).isEqualTo("\"1\"");
    Answer patched = edit("PATCH", path, "{'filter':{'group':'everyone'}}", "\"1\"");
    assertThat(patched.body().at("/filter/group").asString()).isEqualTo("everyone");
    assertThat(patched.body().at("/name").asString()).isEqualTo("Old ones");
    assertThat(edit("PATCH", path, "{'name':'x'}", "\"1\"").status()).isEqualTo(412);
    create("Others", "{'group':'students'}");
    Answer page = audience.get(tenant, SEGMENTS + "?limit=1");
    String next = page.body().path("next").asString();
    assertThat(audience.get(tenant, SEGMENTS + "?after=" + next).body().path("items")).hasSize(1);
    assertThat(edit("DELETE", path, null, "\"2\"").status()).isEqualTo(204);
    assertThat(audience.get(tenant, path).code()).isEqualTo("segment_not_found");
    Answer reader =
        audience.request(
            AudienceService.identity(tenant, Role.VIEWER), "POST", SEGMENTS, "{}", Map.of());
    assertThat(reader.status()).isEqualTo(403);
  }

  @Test
  void countsExactlyAndKeepsTheCountOfASegment() {
    List<Long> contacts = scenario.contacts(30);
    optOut(contacts.get(9), "email");
    optOut(contacts.get(10), "*");
    String segment = create("High", "{'field':'custom.grade','op':'gt','value':8}").location();
    Answer estimate = estimate("{'filter':{'segment':'" + id(segment) + "'}}");
    assertThat(estimate.status()).as("%s", estimate.body()).isEqualTo(200);
    assertThat(estimate.body().path("contacts").asLong()).isEqualTo(22);
    assertThat(estimate.body().at("/reachable/email").asLong()).isEqualTo(20);
    assertThat(estimate.body().at("/reachable/telegram").asLong()).isEqualTo(21);
    assertThat(estimate.body().path("sample")).hasSize(10);
    assertThat(estimate.body().at("/sample/0/custom/grade").asLong()).isGreaterThan(8);
    assertThat(estimate("{'segment_id':'" + id(segment) + "'}").body().path("contacts").asLong())
        .isEqualTo(22);
    assertThat(estimate("{'filter':{'group':'students'}}").body().path("sample")).isEmpty();

    Answer refreshed = audience.post(tenant, segment + "/refresh", null);
    assertThat(refreshed.body().path("contacts").asLong()).isEqualTo(22);
    scenario.contacts(30);
    JsonNode kept = audience.get(tenant, segment).body();
    assertThat(kept.path("contacts").asLong()).isEqualTo(22);
    assertThat(kept.path("counted_at").asString()).isNotEmpty();
    assertThat(audience.post(tenant, segment + "/refresh", null).body().path("contacts").asLong())
        .isEqualTo(44);
    edit("PATCH", segment, "{'filter':{'group':'students'}}", null);
    assertThat(audience.get(tenant, segment).body().has("contacts")).isFalse();
  }

  @Test
  void exportsASegment() {
    scenario.contacts(30);
    String high = id(create("High", "{'field':'custom.grade','op':'gt','value':27}").location());
    String exports = "/api/v1/contact-exports?fields=custom.grade&segment_id=";
    assertThat(audience.download(tenant, exports + high))
        .isEqualTo("custom.grade\r\n28\r\n29\r\n30\r\n");
    assertThat(audience.download(tenant, exports + high + "&q=nobody"))
        .isEqualTo("custom.grade\r\n");
    assertThat(audience.get(tenant, exports + high + "&list_id=" + high).pointer(0))
        .isEqualTo("segment_id");
    assertThat(audience.get(tenant, exports + Ids.next()).code()).isEqualTo("segment_not_found");
    assertThat(audience.get(Ids.next(), exports + high).code()).isEqualTo("segment_not_found");
  }

  @Test
  void refusesWhatCannotBeAFilter() {
    assertThat(create("x", "{'field':'country','op':'in','value':['GB','UK']}").pointer(0))
        .isEqualTo("/filter/value/1");
    assertThat(audience.post(tenant, SEGMENTS, "{\"name\":\"x\"}").pointer(0)).isEqualTo("/filter");
    assertThat(estimate("{'filter':null}").pointer(0)).isEqualTo("/filter");
    assertThat(estimate("{}").status()).isEqualTo(422);
    assertThat(
            estimate("{'filter':" + "{'not':".repeat(49) + "{'group':'everyone'}" + "}".repeat(50))
                .body()
                .at("/errors/0/detail")
                .asString())
        .isEqualTo("is nested deeper than 20 levels");
    UUID foreign = new Scenario(audience).list(List.of());
    assertThat(create("x", "{'all':[{'not':{'list':'" + foreign + "'}}]}").pointer(0))
        .isEqualTo("/filter/all/0/not/list");
    assertThat(create("x", "{'segment':'" + Ids.next() + "'}").pointer(0)).isEqualTo("/filter");
    assertThat(estimate("{'segment_id':'" + Ids.next() + "'}").status()).isEqualTo(404);
  }

  @Test
  void segmentsAreMadeOfOthersButNotInCircles() {
    String first = create("First", "{'group':'everyone'}").location();
    String second = create("Second", "{'not':{'segment':'" + id(first) + "'}}").location();
    String third = create("Third", "{'segment':'" + id(second) + "'}").location();
    String filter = "{'filter':{'any':[{'segment':'" + id(third) + "'}]}}";
    Answer circle = edit("PATCH", first, filter, null);
    assertThat(circle.status()).isEqualTo(422);
    assertThat(circle.body().at("/errors/0/detail").asString())
        .containsSubsequence("First", "Third", "Second", "First");
    Answer used = edit("DELETE", second, null, null);
    assertThat(used.status()).isEqualTo(409);
    assertThat(used.code()).isEqualTo("segment_in_use");
    assertThat(used.body().path("detail").asString()).contains("Third", id(third));
    assertThat(edit("DELETE", third, null, null).status()).isEqualTo(204);
    assertThat(edit("DELETE", second, null, null).status()).isEqualTo(204);
  }

  @Test
  void anEditMustLeaveThoseMadeOfItUsable() {
    String leaf = "{'group':'students'}";
    String many = "{'any':[" + (leaf + ",").repeat(199) + leaf + "]}";
    String part = create("Part", leaf).location();
    String ref = "{'segment':'" + id(part) + "'}";
    create("Whole", "{'any':[" + (ref + ",").repeat(10) + ref + "]}");
    Answer tooLarge = edit("PATCH", part, "{'filter':" + many + "}", null);
    assertThat(tooLarge.body().at("/errors/0/detail").asString())
        .contains("Whole", "more than 2000 leaves");
  }

  @Test
  void keepsAThousandSegments() {
    audience
        .jdbc()
        .update(
            "insert into segment (id, tenant_id, name, filter) select gen_random_uuid(), ?, 'n',"
                + " '{\"group\":\"everyone\"}' from generate_series(1, 1000)",
            tenant);
    assertThat(create("one more", "{'group':'everyone'}").code()).isEqualTo("too_many_segments");
  }

  @Test
  void countsNoLongerThanAllowed() {
    scenario.contacts(1);
    Sql slow = new Sql("pg_sleep(5) is not null", List.of());
    assertThatThrownBy(
            () -> audience.bean(CountRepository.class).count(tenant, slow, Duration.ofMillis(50)))
        .extracting("code")
        .isEqualTo("segment_too_slow");
  }

  @Test
  void countsThreeAtOnce() {
    scenario.contacts(1);
    CountRepository counts = audience.bean(CountRepository.class);
    Sql slow = new Sql("pg_sleep(5) is not null", List.of());
    List<Thread> counting =
        IntStream.range(0, 3)
            .mapToObj(i -> Thread.ofVirtual().start(() -> countInVain(counts, slow)))
            .toList();
    await().until(() -> counts.free() == 0);
    assertThatThrownBy(() -> counts.count(tenant, slow, Duration.ofMillis(1)))
        .extracting("code")
        .isEqualTo("too_many_counts");
    await().until(() -> counting.stream().noneMatch(Thread::isAlive));
    assertThat(counts.free()).isEqualTo(3);
  }

  private void countInVain(CountRepository counts, Sql slow) {
    assertThatThrownBy(() -> counts.count(tenant, slow, Duration.ofMillis(400)))
        .extracting("code")
        .isEqualTo("segment_too_slow");
  }

  @Test
  void explainsLeafByLeaf() {
    List<Long> contacts = scenario.contacts(2);
    UUID list = scenario.list(contacts.subList(0, 1));
    String inner = create("Listed", "{'list':'" + list + "'}").location();
    String segment =
        create(
                "Both",
                "{'all':[{'segment':'%s'},{'not':{'group':'students'}},".formatted(id(inner))
                    + "{'field':'custom.grade','op':'gt','value':1}]}")
            .location();
    JsonNode why = explain(segment, contacts.get(0));
    assertThat(why.path("matched").asBoolean()).isFalse();
    assertThat(why.at("/parts/0/node").asString()).isEqualTo("segment");
    assertThat(why.at("/parts/0/parts/0/value").asBoolean()).isTrue();
    assertThat(why.at("/parts/1/matched").asBoolean()).isTrue();
    assertThat(why.at("/parts/1/parts/0/filter/field").asString()).isEqualTo("roles");
    assertThat(why.at("/parts/2/matched").asBoolean()).isFalse();
    assertThat(why.at("/parts/2/value").asInt()).isEqualTo(1);
    JsonNode other = explain(segment, contacts.get(1));
    assertThat(other.at("/parts/0/matched").asBoolean()).isFalse();
    assertThat(other.at("/parts/2/matched").asBoolean()).isTrue();
    assertThat(audience.get(tenant, segment + "/explain").body().has("matched")).isFalse();
    assertThat(audience.get(tenant, segment + "/explain?contact=1").code())
        .isEqualTo("contact_not_found");
  }

  @Test
  void servesTheSchemaOfFilters() {
    assertThat(audience.get(tenant, SEGMENTS + "/schema").body().path("$defs")).isNotEmpty();
  }

  @Test
  void remembersWhoDidWhatUntilItIsErased() {
    List<Long> contacts = scenario.contacts(4);
    UUID broadcast = Ids.next();
    Instant now = Instant.now();
    for (int i = 0; i < 3; i++) {
      sent(broadcast, contacts.get(i), now);
    }
    engaged("opened", broadcast, contacts.get(0), now, null);
    engaged("clicked", broadcast, contacts.get(0), now, 3);
    engaged("opened", broadcast, contacts.get(1), now, "prefetch");
    engaged("replied", broadcast, contacts.get(2), now.minus(Duration.ofDays(40)), null);
    await()
        .untilAsserted(() ->
            assertThat(ids("{'behaviour':'replied','broadcast':'%s'}", broadcast))
                .containsExactly(contacts.get(2)));
    await()
        .untilAsserted(() ->
            assertThat(ids("{'behaviour':'sent','broadcast':'%s'}", broadcast))
                .containsExactlyElementsOf(contacts.subList(0, 3)));
    assertThat(ids("{'behaviour':'not_opened','broadcast':'%s','channel':'email'}", broadcast))
        .containsExactly(contacts.get(1), contacts.get(2));
    assertThat(ids("{'behaviour':'clicked','broadcast':'%s','link':3}", broadcast))
        .containsExactly(contacts.get(0));
    assertThat(ids("{'behaviour':'clicked','broadcast':'%s','link':1}", broadcast)).isEmpty();
    assertThat(ids("{'behaviour':'replied','since':'-30d'}")).isEmpty();
    assertThat(ids("{'behaviour':'replied','since':'-41d'}")).containsExactly(contacts.get(2));
    assertThat(ids("{'inactive_for_days':30}")).as("known for less than that").isEmpty();
    audience
        .jdbc()
        .update(
            "update contact set created_at = now() - interval '1 year' where tenant_id = ?",
            tenant);
    assertThat(ids("{'inactive_for_days':30}")).containsExactlyElementsOf(contacts.subList(1, 4));
    edit("DELETE", "/api/v1/contacts/" + contacts.get(0), null, null);
    assertThat(
            audience
                .jdbc()
                .queryForObject(
                    "select count(*) from contact_behaviour where contact_id = ?",
                    Long.class,
                    contacts.get(0)))
        .isZero();
  }

  private void sent(UUID broadcast, long contact, Instant at) {
    String json =
        """
        {"event_id": "%s", "outcome": "sent", "tenant_id": "%s", "broadcast_id": "%s",
         "contact_id": %d, "channel": "email", "issue": 1, "attempt": 1,
         "bucket_before": "in_flight", "ledger_day": "2026-01-01",
         "lane": {"account_id": "%s", "shard": 0}, "variant": "a", "at": "%s"}
        """
            .formatted(Ids.next(), tenant, broadcast, contact, Ids.next(), at);
    audience.publish(
        Topics.DELIVERY_EVENTS,
        Long.toString(contact),
        EventCodec.decode(DeliveryEvent.class, json.getBytes(StandardCharsets.UTF_8)));
  }

  private void engaged(String kind, UUID broadcast, long contact, Instant at, Object extra) {
    String json =
        """
        {"event_id": "%s", "kind": "%s", "tenant_id": "%s", "broadcast_id": "%s",
         "contact_id": %d, "channel": "email", "variant": "a", "at": "%s", "link": %s,
         "machine": %s}
        """
            .formatted(
                Ids.next(),
                kind,
                tenant,
                broadcast,
                contact,
                at,
                extra instanceof Integer ? extra : null,
                extra instanceof String ? "\"" + extra + "\"" : null);
    audience.publish(
        Topics.ENGAGEMENT_EVENTS,
        Long.toString(contact),
        EventCodec.decode(EngagementEvent.class, json.getBytes(StandardCharsets.UTF_8)));
  }

  private List<Long> ids(String filter, Object... arguments) {
    Answer answer = estimate("{'filter':" + filter.formatted(arguments) + "}");
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
    return answer.body().path("sample").valueStream().map(one -> one.path("id").asLong()).toList();
  }

  private void optOut(long contact, String channel) {
    audience
        .jdbc()
        .update(
            "insert into opt_out (tenant_id, contact_id, channel, actor, opted_out_at)"
                + " values (?, ?, ?, 'test', now())",
            tenant,
            contact,
            channel);
  }

  private JsonNode explain(String segment, long contact) {
    return audience.get(tenant, segment + "/explain?contact=" + contact).body();
  }

  private Answer estimate(String body) {
    return audience.request(
        AudienceService.identity(tenant, Role.VIEWER),
        "POST",
        SEGMENTS + "/estimate",
        body.replace('\'', '"'),
        Map.of());
  }

  private Answer create(String name, String filter) {
    String body = "{'name':'" + name + "','filter':" + filter + "}";
    return audience.post(tenant, SEGMENTS, body.replace('\'', '"'));
  }

  private Answer edit(String method, String path, String body, String ifMatch) {
    Map<String, String> headers = ifMatch == null ? Map.of() : Map.of("If-Match", ifMatch);
    return audience.request(
        AudienceService.identity(tenant, Role.EDITOR),
        method,
        path,
        body == null ? null : body.replace('\'', '"'),
        headers);
  }

  private static String id(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
