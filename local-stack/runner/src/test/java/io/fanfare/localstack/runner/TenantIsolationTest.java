package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.client.Walkthrough;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Walks every operation of the published document with the ids of one tenant, in paths and bodies,
 * and the key of another, and every collection for things that are not the caller's. At the end the
 * owner's things are as they were.
 */
class TenantIsolationTest {

  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
  private static final Map<String, String> ANY = Map.of("If-Match", "\"1\"", "Accept", "*/*");
  private static final SharedStack SHARED = SharedStack.get();

  private static RestClient owner;
  private static RestClient stranger;
  private static JsonNode document;
  private static final Map<String, String> IDS = new LinkedHashMap<>();
  private static final List<String> LIVE =
      List.of(
          "/stream",
          "/stats",
          "/ab-test",
          "/timeseries",
          "/links",
          "/{id}/segments",
          "/top",
          "/compare",
          "/cohorts",
          "/heatmap",
          "/retries",
          "/progress",
          "/contact-exports",
          // Not JSON; what it is cannot change.
          "/content",
          "/errors",
          "/recipients/{contact}");
  private static Map<String, JsonNode> before;

  /** Which of the owner's ids a field of a body could name. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "broadcast_id", "broadcasts",
          "template_id", "templates",
          "list_id", "lists",
          "segment_id", "segments",
          "account_id", "channel-accounts",
          "contact_id", "contacts",
          "contact_ids", "contacts",
          "ids", "dead-letters");

  @BeforeAll
  static void makeOneOfEverything() {
    owner = SHARED.newTenant("Owner");
    stranger = SHARED.newTenant("Stranger");
    document = stranger.get("/openapi.json");
    Walkthrough walkthrough = new Walkthrough(owner);
    walkthrough.importReachableContacts(0, 21, count -> {});
    String list = walkthrough.list("Theirs", 0, 20);
    String template = walkthrough.template("Theirs");
    String account =
        walkthrough.emailAccount("Theirs", "localhost", SHARED.simulators().smtp().port(), 0, 8);
    new RestClient(SHARED.stack().mailboxUrl(), "none")
        .put("/simulator/faults", Map.of("email", Map.of("refuse_share", 1)));
    String broadcast =
        walkthrough.broadcast("Theirs", template, list, Map.of("email", account), abTest(template));
    // Of a test of 20 contacts it says that they are too few.
    assertThat(owner.post("/api/v1/broadcasts/" + broadcast + "/dry-run", Map.of()).toString())
        .contains("ab_test_underpowered", "\"contacts\":20");
    walkthrough.start(broadcast);
    MainJobTest.awaitEnd(owner, broadcast);
    SHARED.simulators().reset();
    IDS.put("broadcasts", broadcast);
    IDS.put("messages", message(template, account));
    IDS.put("templates", template);
    IDS.put("lists", list);
    IDS.put("segments", segment(list));
    IDS.put("categories", category());
    IDS.put("channel-accounts", account);
    IDS.put("contacts", firstId("/api/v1/contacts"));
    IDS.put("recipients", IDS.get("contacts"));
    IDS.put("by-external-id", "sample-0000000");
    IDS.put("api-keys", firstId("/api/v1/api-keys"));
    IDS.put("audit-entries", firstId("/api/v1/audit-entries"));
    IDS.put("dead-letters", awaitFirstId("/api/v1/dead-letters"));
    IDS.put("undecodable-events", java.util.UUID.randomUUID().toString());
    IDS.put("versions", "1");
    IDS.put("tenants", tenantId("Owner"));
    IDS.put("contact-imports", contactImport());
    IDS.put("media", media());
    IDS.put("suppressions", suppression());
    IDS.put("recurring-broadcasts", recurring(template, list, account));
    before = thingsOfTheOwner();
  }

  @AfterAll
  static void ownersThingsAreAsTheyWere() {
    Map<String, JsonNode> after = thingsOfTheOwner();
    before.forEach((path, thing) -> {
      if (thing.has("items")) {
        // Audit entries and dead letters still come in from the owner's own broadcast.
        assertThat(after.get(path).get("items")).as(path).containsAll(thing.get("items"));
      } else {
        assertThat(after.get(path)).as(path).isEqualTo(thing);
      }
    });
  }

  /** Everything its owner may read, but for what changes by itself. */
  private static Map<String, JsonNode> thingsOfTheOwner() {
    Map<String, JsonNode> things = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      boolean live = LIVE.stream().anyMatch(path.getKey()::endsWith);
      if (path.getValue().has("get") && !live && !isForTheOperator(path.getKey())) {
        things.put(path.getKey(), withoutUse(owner.get(withIds(path.getKey()) + "?limit=200")));
      }
    }
    return things;
  }

  private static JsonNode withoutUse(JsonNode answer) {
    answer.findParents("last_used_at").forEach(key -> ((ObjectNode) key).remove("last_used_at"));
    return answer;
  }

  /** Of two variants that say the same; nobody waits for the winner. */
  private static Map<String, Object> abTest(String template) {
    Map<String, Object> content = Map.of("email", Map.of("template_id", template));
    return Map.of(
        "variants",
        List.of(
            Map.of("name", "One", "percent", 50, "channels", content),
            Map.of("name", "Other", "percent", 50, "channels", content)),
        "duration",
        "P1D");
  }

  private static String suppression() {
    return owner
        .post("/api/v1/suppressions", Map.of("channel", "email", "address", "theirs@example.org"))
        .get("id")
        .asString();
  }

  private static String segment(String list) {
    return owner
        .post("/api/v1/segments", Map.of("name", "Theirs", "filter", Map.of("list", list)))
        .get("id")
        .asString();
  }

  private static String category() {
    return owner
        .post("/api/v1/categories", Map.of("name", "theirs", "title", "Theirs"))
        .get("id")
        .asString();
  }

  /** Its next time is far away. */
  private static String recurring(String template, String list, String account) {
    Map<String, Object> channel = Map.of("channel", "email", "account_id", account);
    return owner
        .post(
            "/api/v1/recurring-broadcasts",
            Map.of(
                "schedule",
                Map.of("cron", "0 0 29 2 *", "zone", "Asia/Kathmandu"),
                "broadcast",
                Map.of(
                    "name",
                    "Theirs",
                    "template_id",
                    template,
                    "list_id",
                    list,
                    "channels",
                    List.of(channel))))
        .get("id")
        .asString();
  }

  /** To one who got no broadcast: the mailboxes of the others are known not to be there. */
  private static String message(String template, String account) {
    String id =
        owner
            .post(
                "/api/v1/messages",
                Map.of(
                    "external_id",
                    "sample-0000020",
                    "template_id",
                    template,
                    "account_id",
                    account))
            .get("id")
            .asString();
    // Until it stands still: what its owner sees is compared later. How soon is not asked here.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> owner.get("/api/v1/messages/" + id).get("state").asString().equals("sent"));
    return id;
  }

  @TestFactory
  List<DynamicTest> keepsStrangersOut() {
    List<DynamicTest> tests = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            METHODS.stream()
                .filter(method -> path.getValue().has(method))
                .filter(method -> path.getKey().contains("{"))
                // Names a contact of the caller's own, whoever else uses the same name.
                .filter(method -> !path.getKey().contains("by-external-id"))
                .forEach(method ->
                    tests.add(
                        DynamicTest.dynamicTest(
                            method + " " + path.getKey(),
                            () -> refuses(method, path.getKey(), path.getValue())))));
    assertThat(tests).as("endpoints with an id").hasSizeGreaterThan(25);
    return tests;
  }

  private void refuses(String method, String path, JsonNode item) {
    Object body = exampleBody(path, item.get(method));
    RestClient.Answer answer = stranger.exchange(method.toUpperCase(), withIds(path), body, ANY);
    // The stranger is an admin: what belongs to a tenant is not forbidden to it, it is not there.
    assertThat(answer.status()).as(answer.text()).isEqualTo(isForTheOperator(path) ? 403 : 404);
    // The ids are right: with their owner's key the same request finds the thing.
    if (method.equals("get")) {
      int found = owner.exchange("GET", withIds(path), null, ANY).status();
      assertThat(found).as("with the owner's key").isEqualTo(isForTheOperator(path) ? 403 : 200);
    }
  }

  private static boolean isForTheOperator(String path) {
    return path.contains("tenants")
        || path.contains("undecodable-events")
        || path.contains("/operations/")
        || path.equals("/api/v1/stop");
  }

  /** Operations without an id in their path may still name the owner's things in their body. */
  @TestFactory
  List<DynamicTest> refusesForeignIdsInBodies() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (String method : METHODS) {
        JsonNode operation = path.getValue().path(method);
        if (path.getKey().contains("{") || !operation.has("requestBody")) {
          continue;
        }
        Object body = exampleBody(path.getKey(), operation);
        if (!(withOwnersIds(body) instanceof Map<?, ?> foreign) || foreign.equals(body)) {
          continue;
        }
        tests.add(
            DynamicTest.dynamicTest(
                method + " " + path.getKey(),
                () -> {
                  RestClient.Answer answer =
                      stranger.exchange(method.toUpperCase(), path.getKey(), foreign, ANY);
                  assertThat(answer.status())
                      .as(answer.text())
                      .isIn(isForTheOperator(path.getKey()) ? List.of(403) : List.of(404, 422));
                }));
      }
    }
    assertThat(tests)
        .extracting(DynamicTest::getDisplayName)
        .contains(
            "post /api/v1/broadcasts",
            "post /api/v1/dead-letters/requeue",
            "post /api/v1/dead-letters/discard");
    return tests;
  }

  /** The same body with every id in it that of a thing of the owner. */
  private static Object withOwnersIds(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<Object, Object> changed = new LinkedHashMap<>();
        map.forEach((name, of) -> changed.put(name, ownersId(String.valueOf(name), of)));
        yield changed;
      }
      case List<?> list -> list.stream().map(TenantIsolationTest::withOwnersIds).toList();
      case null, default -> value;
    };
  }

  private static Object ownersId(String name, Object value) {
    String collection = FIELDS.get(name);
    if (collection == null) {
      return withOwnersIds(value);
    }
    String id = IDS.get(collection);
    Object typed = collection.equals("contacts") ? (Object) Long.valueOf(id) : id;
    return value instanceof List<?> ? List.of(typed) : typed;
  }

  @Test
  void showsNoTemplateToAContactOfOthers() {
    String template = new Walkthrough(stranger).template("For whom?");
    String path = "/api/v1/templates/" + template + "/preview";
    RestClient.Answer answer =
        stranger.exchange("POST", path, Map.of("contact_id", IDS.get("contacts")));
    assertThat(answer.status()).as(answer.text()).isIn(404, 422);
    assertThat(
            owner
                .exchange(
                    "POST",
                    "/api/v1/templates/" + IDS.get("templates") + "/preview",
                    Map.of("contact_id", IDS.get("contacts")))
                .status())
        .as("with the owner's key")
        .isEqualTo(200);
  }

  @Test
  void listsNothingOfOthers() {
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      if (!path.getValue().has("get") || path.getKey().contains("{")) {
        continue;
      }
      RestClient.Answer answer = stranger.exchange("GET", path.getKey() + "?limit=200", null);
      if (answer.status() == 200) {
        IDS.values().stream()
            .filter(id -> id.length() == 36)
            .forEach(id -> assertThat(answer.text()).as(path.getKey()).doesNotContain(id));
      } else {
        assertThat(answer.status()).as(path.getKey()).isIn(401, 403, 404, 422);
      }
    }
  }

  @Test
  void keepsTheSameExternalIdApart() {
    String path = "/api/v1/contacts/by-external-id/" + IDS.get("by-external-id");
    JsonNode mine = stranger.put(path, Map.of("name", "A stranger's contact"));
    assertThat(mine.get("id").asString()).isNotEqualTo(IDS.get("contacts"));
    assertThat(owner.get("/api/v1/contacts/" + IDS.get("contacts")).get("name").asString())
        .isNotEqualTo("A stranger's contact");
  }

  @Test
  void buildsNothingOnWhatBelongsToOthers() {
    Walkthrough walkthrough = new Walkthrough(stranger);
    String template = walkthrough.template("Mine");
    String account =
        walkthrough.emailAccount("Mine", "localhost", SHARED.simulators().smtp().port(), 0, 8);
    walkthrough.importReachableContacts(0, 1, count -> {});
    String list = walkthrough.list("Mine", 0, 1);
    assertThat(broadcastOf(IDS.get("templates"), list, account)).isIn(404, 422);
    assertThat(broadcastOf(template, list, IDS.get("channel-accounts"))).isIn(404, 422);
    assertThat(messageOf("sample-0000000", IDS.get("templates"), account)).isIn(404, 422);
    assertThat(messageOf("sample-0000000", template, IDS.get("channel-accounts"))).isIn(404, 422);
    assertThat(messageOf(IDS.get("contacts"), template, account)).isIn(404, 422);

    JsonNode added =
        stranger.post(
            "/api/v1/lists/" + list + "/contacts",
            Map.of("contact_ids", List.of(Long.parseLong(IDS.get("contacts")))));
    assertThat(added.get("added").asLong()).isZero();
    // The list is looked up where it lives, so a stranger's one is found missing at the start.
    String broadcast =
        walkthrough.broadcast("Mine", template, IDS.get("lists"), Map.of("email", account));
    walkthrough.start(broadcast);
    JsonNode end = MainJobTest.awaitEnd(stranger, broadcast).getLast();
    assertThat(end.get("state").asString()).isEqualTo("failed");
    assertThat(end.get("sent").asLong()).isZero();
  }

  @Test
  void answersNothingWithoutAKey() {
    RestClient nobody = stranger.withKey("ff_unknown_unknown");
    document
        .get("paths")
        .properties()
        .forEach(path ->
            METHODS.stream()
                .filter(method -> path.getValue().has(method))
                .forEach(method ->
                    assertThat(
                            nobody
                                .exchange(method.toUpperCase(), withIds(path.getKey()), null)
                                .status())
                        .as(method + " " + path.getKey())
                        .isEqualTo(401)));
  }

  private static int broadcastOf(String template, String list, String account) {
    return stranger
        .exchange(
            "POST",
            "/api/v1/broadcasts",
            Map.of(
                "name",
                "Mine",
                "template_id",
                template,
                "list_id",
                list,
                "channels",
                List.of(Map.of("channel", "email", "account_id", account))))
        .status();
  }

  /** By external id, or by id where it is a number. */
  private static int messageOf(String contact, String template, String account) {
    boolean byId = contact.chars().allMatch(Character::isDigit);
    return stranger
        .exchange(
            "POST",
            "/api/v1/messages",
            Map.of(
                byId ? "contact_id" : "external_id",
                byId ? (Object) Long.parseLong(contact) : contact,
                "template_id",
                template,
                "account_id",
                account))
        .status();
  }

  /** Every {@code {id}} becomes the owner's id of what stands before it. */
  private static String withIds(String path) {
    String[] segments = path.split("/");
    for (int i = 1; i < segments.length; i++) {
      if (segments[i].startsWith("{")) {
        String id = IDS.get(segments[i - 1]);
        assertThat(id).as("an id for %s in %s", segments[i - 1], path).isNotNull();
        segments[i] = id;
      }
    }
    return String.join("/", segments);
  }

  /** A body that would be accepted from the owner, so that nothing but the tenant is refused. */
  private static Object exampleBody(String path, JsonNode operation) {
    JsonNode content = operation.path("requestBody").path("content").path("application/json");
    if (content.isMissingNode()) {
      return null;
    }
    if (path.startsWith("/api/v1/lists/{id}/contacts")) {
      return Map.of("contact_ids", List.of(1));
    }
    JsonNode example = content.path("example");
    if (example.isMissingNode()) {
      example =
          content
              .path("examples")
              .valueStream()
              .findFirst()
              .map(e -> e.path("value"))
              .orElseGet(() -> exampleOf(content.path("schema")));
    }
    return JsonMapper.builder().build().treeToValue(example, Object.class);
  }

  private static JsonNode exampleOf(JsonNode schema) {
    JsonNode resolved =
        schema.has("$ref") ? document.at(schema.get("$ref").asString().substring(1)) : schema;
    if (resolved.has("example")) {
      return resolved.get("example");
    }
    ObjectNode body = JsonMapper.builder().build().createObjectNode();
    for (Map.Entry<String, JsonNode> property : resolved.path("properties").properties()) {
      if (property.getValue().has("example")) {
        body.set(property.getKey(), property.getValue().get("example"));
      }
    }
    return body;
  }

  private static String tenantId(String name) {
    return SHARED
        .operator()
        .get("/api/v1/tenants?limit=200")
        .get("items")
        .valueStream()
        .filter(tenant -> tenant.get("name").asString().equals(name))
        .findFirst()
        .orElseThrow()
        .get("id")
        .asString();
  }

  private static String media() {
    upload("/api/v1/media?file_name=theirs.txt", "text/plain", "Theirs");
    return firstId("/api/v1/media");
  }

  private static String contactImport() {
    upload("/api/v1/contact-imports", "text/csv", "external_id\nsample-0000000\n");
    String id = firstId("/api/v1/contact-imports");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            owner.get("/api/v1/contact-imports/" + id).get("state").asString().equals("completed"));
    return id;
  }

  private static void upload(String path, String type, String file) {
    HttpRequest request =
        HttpRequest.newBuilder(owner.base().resolve(path))
            .header("Authorization", owner.authorization())
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(file))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      http.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String firstId(String path) {
    return owner.get(path).get("items").get(0).get("id").asString();
  }

  private static String awaitFirstId(String path) {
    await().until(() -> owner.get(path).get("items").size() > 0);
    return firstId(path);
  }
}
