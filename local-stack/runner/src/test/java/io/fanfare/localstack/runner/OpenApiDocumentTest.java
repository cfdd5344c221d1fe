package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broadcast.openapi.OpenApiMerge;
import io.fanfare.localstack.client.RestClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The checked-in document is what the five services serve, says all a client needs, and says the
 * truth. Run with {@code -Dgolden.write=true} to write it anew.
 */
class OpenApiDocumentTest {

  private static final Path DOCUMENT = Path.of("../../docs/api/openapi.json");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void isWhatTheServicesServe() throws IOException {
    JsonNode merged = merged();
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(DOCUMENT, OpenApiMerge.text(merged));
    }
    assertThat(JSON.readTree(Files.readString(DOCUMENT))).isEqualTo(merged);
  }

  @Test
  void saysOfEveryOperationWhatAClientNeeds() {
    assertThat(new OpenApiReview(merged()).faults()).isEmpty();
  }

  /** The review would see each of these. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/paths/~1api~1v1~1broadcasts/post/summary",
        "/paths/~1api~1v1~1broadcasts/post/parameters",
        "/paths/~1api~1v1~1broadcasts/post/requestBody/content/application~1json/schema",
        "/paths/~1api~1v1~1broadcasts/post/responses/201",
        "/paths/~1api~1v1~1broadcasts/post/responses/201/content/application~1json/schema",
        "/paths/~1api~1v1~1broadcasts~1{id}~1progress/get/responses/200/content/application~1json/example",
        "/paths/~1api~1v1~1broadcasts/post/responses/422",
        "/paths/~1api~1v1~1broadcasts~1{id}/get/responses/404/content/application~1problem+json",
      })
  void reviewFindsWhatIsMissing(String pointer) {
    JsonNode document = merged();
    int slash = pointer.lastIndexOf('/');
    String field = pointer.substring(slash + 1).replace("~1", "/");
    ObjectNode parent = (ObjectNode) document.at(pointer.substring(0, slash));
    assertThat(parent.has(field)).as(pointer).isTrue();
    parent.remove(field);
    assertThat(new OpenApiReview(document).faults()).isNotEmpty();
  }

  @Test
  void reviewFindsNamesAndMediaTypesThatAreNotOurs() {
    ObjectNode document = (ObjectNode) merged();
    ObjectNode contact = (ObjectNode) document.at("/components/schemas/Contact/properties");
    contact.putObject("externalId").put("type", "string");
    ObjectNode content =
        (ObjectNode) document.at("/paths/~1api~1v1~1contacts/get/responses/200/content");
    content.set("*/*", content.remove("application/json"));
    ObjectNode paths = (ObjectNode) document.get("paths");
    paths.set("/api/v1/broadcasts/{broadcastId}", paths.remove("/api/v1/broadcasts/{id}"));

    assertThat(new OpenApiReview(document).faults())
        .anyMatch(fault -> fault.contains("externalId"))
        .anyMatch(fault -> fault.contains("*/*"))
        .anyMatch(fault -> fault.contains("{broadcastId}"));
  }

  /** Statuses and fields of real answers are those of the document. */
  @Test
  void saysTheTruth() {
    RestClient api = SharedStack.get().newTenant("Reader of documents");
    OpenApiReview document = new OpenApiReview(merged());
    Described described = new Described(api, document);

    Object ada = Map.of("external_id", "d-1", "name", "Ada", "email", "ada@example.org");
    JsonNode contact = described.is("POST", "/api/v1/contacts", Map.of(), ada, 201);
    Map<String, Object> contactId = Map.of("id", contact.get("id").asString());
    Map<String, Object> external = Map.of("external_id", "d-2");
    described.is("GET", "/api/v1/contacts/{id}", contactId, null, 200);
    described.is("PATCH", "/api/v1/contacts/{id}", contactId, Map.of("name", "Bo"), 200);
    described.is("PATCH", "/api/v1/contacts/{id}", contactId, Map.of("x", 1), 422);
    String byExternalId = "/api/v1/contacts/by-external-id/{external_id}";
    described.is("PUT", byExternalId, external, Map.of("name", "Cy"), 201);
    described.is("PUT", byExternalId, external, Map.of("name", "Di"), 200);
    described.is("GET", "/api/v1/contacts", Map.of(), null, 200);
    Object batch = Map.of("contacts", List.of(Map.of("external_id", "d-3"), Map.of("x", 1)));
    described.is("POST", "/api/v1/contacts/batch", Map.of(), batch, 200);

    JsonNode list = described.is("POST", "/api/v1/lists", Map.of(), Map.of("name", "All"), 201);
    Map<String, Object> listId = Map.of("id", list.get("id").asString());
    Object members = Map.of("external_ids", List.of("d-1", "d-2", "d-3"));
    described.is("POST", "/api/v1/lists/{id}/contacts", listId, members, 200);
    described.is("GET", "/api/v1/lists/{id}/contacts", listId, null, 200);
    described.is("GET", "/api/v1/lists", Map.of(), null, 200);

    Object listed = Map.of("list", list.get("id").asString());
    JsonNode segment =
        described.is(
            "POST", "/api/v1/segments", Map.of(), Map.of("name", "On it", "filter", listed), 201);
    Map<String, Object> segmentId = Map.of("id", segment.get("id").asString());
    described.is("GET", "/api/v1/segments", Map.of(), null, 200);
    described.is("PATCH", "/api/v1/segments/{id}", segmentId, Map.of("name", "Them"), 200);
    described.is("POST", "/api/v1/segments/estimate", Map.of(), Map.of("filter", listed), 200);
    described.is("POST", "/api/v1/segments/{id}/refresh", segmentId, null, 200);
    described.is("GET", "/api/v1/segments/{id}/explain", segmentId, null, 200);
    described.is("GET", "/api/v1/segments/schema", Map.of(), null, 200);

    Object content =
        Map.of(
            "name",
            "Hello",
            "channels",
            Map.of("email", Map.of("subject", "Hello", "text", "Hello {{ contact.name }}")));
    JsonNode template = described.is("POST", "/api/v1/templates", Map.of(), content, 201);
    Map<String, Object> templateId = Map.of("id", template.get("id").asString());
    described.is("GET", "/api/v1/templates", Map.of(), null, 200);
    described.is("PUT", "/api/v1/templates/{id}", templateId, content, 200);
    described.is("GET", "/api/v1/templates/{id}/versions", templateId, null, 200);
    described.is("POST", "/api/v1/templates/check", Map.of(), content, 200);
    described.is("POST", "/api/v1/templates/{id}/preview", templateId, Map.of(), 200);

    Map<String, Object> settings =
        Map.of(
            "host",
            "localhost",
            "port",
            SharedStack.get().simulators().smtp().port(),
            "security",
            "none",
            "from",
            "a@example.org");
    Object server = Map.of("channel", "email", "name", "Server", "settings", settings);
    JsonNode account = described.is("POST", "/api/v1/channel-accounts", Map.of(), server, 201);
    Map<String, Object> accountId = Map.of("id", account.get("id").asString());
    described.is("GET", "/api/v1/channel-accounts", Map.of(), null, 200);
    described.is("PUT", "/api/v1/channel-accounts/{id}", accountId, server, 200);
    described.is("POST", "/api/v1/channel-accounts/{id}/test", accountId, null, 200);

    Object draft =
        Map.of(
            "name",
            "First",
            "template_id",
            template.get("id").asString(),
            "list_id",
            list.get("id").asString(),
            "channels",
            List.of(Map.of("channel", "email", "account_id", account.get("id").asString())));
    JsonNode broadcast = described.is("POST", "/api/v1/broadcasts", Map.of(), draft, 201);
    Map<String, Object> id = Map.of("id", broadcast.get("id").asString());
    described.is("PATCH", "/api/v1/broadcasts/{id}", id, Map.of("name", "Second"), 200);
    described.is("POST", "/api/v1/broadcasts/{id}/clone", id, Map.of(), 201);
    described.is("POST", "/api/v1/broadcasts/{id}/pause", id, null, 409);
    described.is("POST", "/api/v1/broadcasts/{id}/start", id, null, 202);
    MainJobTest.awaitEnd(api, broadcast.get("id").asString());
    described.is("GET", "/api/v1/broadcasts", Map.of(), null, 200);
    described.is("GET", "/api/v1/broadcasts/{id}", id, null, 200);
    described.is("GET", "/api/v1/broadcasts/{id}/progress", id, null, 200);
    described.is("GET", "/api/v1/broadcasts/{id}/skipped", id, null, 200);
    described.is("GET", "/api/v1/broadcasts/{id}/retries", id, null, 200);
    described.is("GET", "/api/v1/broadcasts/{id}/in-doubt", id, null, 200);
    String stats = "/api/v1/broadcasts/" + broadcast.get("id").asString() + "/stats";
    await().until(() -> api.exchange("GET", stats, null).status() == 200);
    described.is("GET", "/api/v1/broadcasts/{id}/stats", id, null, 200);
    Object planned = Map.of("baseline", 0.05, "effect", 0.01, "sample", 5_000);
    described.is("POST", "/api/v1/ab-tests/sample-size", Map.of(), planned, 200);
    described.is("GET", "/api/v1/broadcasts/{id}/ab-test", id, null, 404);
    described.is("GET", "/api/v1/dead-letters", Map.of(), null, 200);
    described.is("GET", "/api/v1/audit-entries", Map.of(), null, 200);
    Object key = Map.of("name", "Reader", "role", "viewer");
    JsonNode made = described.is("POST", "/api/v1/api-keys", Map.of(), key, 201);
    described.is("GET", "/api/v1/api-keys", Map.of(), null, 200);
    described.is(
        "DELETE", "/api/v1/api-keys/{id}", Map.of("id", made.get("id").asString()), null, 204);
    described.is("GET", "/api/v1/undecodable-events", Map.of(), null, 403);
  }

  /** Requests whose answers are held against the document. */
  private record Described(RestClient api, OpenApiReview document) {

    JsonNode is(String method, String path, Map<String, Object> ids, Object body, int status) {
      String real = path;
      for (Map.Entry<String, Object> id : ids.entrySet()) {
        real = real.replace("{" + id.getKey() + "}", id.getValue().toString());
      }
      RestClient.Answer answer = api.exchange(method, real, body);
      String what = method + " " + path + " answered " + answer.status() + " " + answer.text();
      assertThat(answer.status()).as(what).isEqualTo(status);
      assertThat(
              document.faultsOfAnswer(
                  path, method, status, answer.header("Content-Type"), answer.body()))
          .as(what)
          .isEmpty();
      return answer.body();
    }
  }

  private static JsonNode merged() {
    LocalStack stack = SharedStack.get().stack();
    Map<String, JsonNode> documents = new LinkedHashMap<>();
    for (LocalStack.Service service : LocalStack.Service.values()) {
      documents.put(
          service.serviceName(),
          new RestClient(URI.create(stack.url(service.serviceName())), "none").get("/v3/api-docs"));
    }
    return OpenApiMerge.merge(documents);
  }
}
