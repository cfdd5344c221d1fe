package io.fanfare.broadcast.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@ExtendWith(ApiExtension.class)
class OpenApiTest {

  private final ApiUnderTest api;

  OpenApiTest(ApiUnderTest api) {
    this.api = api;
  }

  @Test
  void everyOperationIsDescribedWithAnExample() {
    JsonNode document = api.call("", "GET", "/v3/api-docs").json();
    List<String> undescribed = new ArrayList<>();
    document
        .get("paths")
        .forEachEntry((path, item) ->
            item.forEachEntry((method, operation) -> {
              if (!operation.has("summary")
                  || !operation.has("description")
                  || !operation.has("tags")) {
                undescribed.add(method + " " + path);
              }
              boolean answers = operation.get("responses").toString().contains("\"20");
              String whole = operation.get("responses").toString();
              if (answers && !whole.contains("\"204\"") && !whole.contains("example")) {
                undescribed.add("no example: " + method + " " + path);
              }
            }));

    assertThat(undescribed).isEmpty();
    assertThat(document.get("paths").propertyNames())
        .contains("/api/v1/tenants", "/api/v1/api-keys/{id}", "/api/v1/channel-accounts/{id}/test")
        // What it forwards is described by whom it belongs to.
        .doesNotContain("/api/v1/contacts", "/api/v1/contacts/{id}")
        .noneMatch(path -> path.startsWith("/api/v1/lists"));
  }

  @Test
  void ownDocumentCanBeMerged() {
    ObjectNode merged =
        OpenApiMerge.merge(Map.of("broadcast-api", api.call("", "GET", "/v3/api-docs").json()));

    assertThat(merged.at("/info/title").asString()).isEqualTo("Fanfare");
    assertThat(merged.at("/paths").propertyNames()).contains("/api/v1/audit-entries");
  }

  @Test
  void checkedInDocumentIsServedToEverybody() throws Exception {
    Reply reply = api.call("", "GET", "/openapi.json");
    ClassPathResource document = new ClassPathResource("openapi/openapi.json");

    if (document.exists()) {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body())
          .isEqualTo(document.getContentAsString(java.nio.charset.StandardCharsets.UTF_8));
    } else {
      assertThat(reply.code()).isEqualTo("document_not_found");
    }
  }

  @Test
  void pageShowsTheDocumentUnderAPolicyOfItsOwn() {
    Reply entry = api.call("", "GET", "/swagger-ui.html");
    assertThat(entry.status()).isEqualTo(302);
    Reply page = api.call("", "GET", entry.header("Location"));

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("swagger-ui");
    assertThat(page.header("Content-Security-Policy"))
        .contains("style-src 'self' 'unsafe-inline'")
        .contains("script-src 'self';");
    assertThat(api.call("", "GET", "/v3/api-docs/swagger-config").json().get("url").asString())
        .isEqualTo("/openapi.json");
    // The page may have no inline script: the policy would stop it.
    assertThat(page.body()).doesNotContainPattern("<script(?![^>]*src=)[^>]*>");
  }

  @Test
  void mergeKeepsTheApiAndWhatItUses() {
    ObjectNode merged =
        OpenApiMerge.merge(
            Map.of(
                "a",
                json(
                    """
                    {"tags": [{"name": "Lists", "description": "l"}, {"name": "Inner"}],
                     "paths": {
                       "/api/v1/lists/{id}": {"get": {"operationId": "get", "tags": ["Lists"],
                         "responses": {"200": {"$ref": "#/components/schemas/List"}}}},
                       "/internal/v1/x": {"get": {"operationId": "x", "tags": ["Inner"]}}},
                     "components": {"schemas": {
                       "List": {"items": {"$ref": "#/components/schemas/Item"}},
                       "Item": {"type": "string"}, "Unused": {"type": "string"}}}}\
                    """),
                "b",
                json(
                    """
                    {"paths": {"/api/v1/lists/{id}": {"delete": {"operationId": "get"}},
                               "/api/v1/a-b/{c_d}/e": {"post": {
                                 "x": {"$ref": "#/components/schemas/Item"}}}},
                     "components": {"schemas": {"Item": {"type": "string"}}}}\
                    """)));

    assertThat(merged.at("/paths").propertyNames())
        .containsExactly("/api/v1/a-b/{c_d}/e", "/api/v1/lists/{id}");
    assertThat(merged.get("paths").get("/api/v1/lists/{id}").propertyNames())
        .containsExactlyInAnyOrder("get", "delete");
    assertThat(merged.get("paths").get("/api/v1/lists/{id}").at("/get/operationId").asString())
        .isEqualTo("getListsById");
    assertThat(merged.get("paths").get("/api/v1/a-b/{c_d}/e").at("/post/operationId").asString())
        .isEqualTo("postABByCDE");
    assertThat(
            merged.get("paths").get("/api/v1/a-b/{c_d}/e").at("/post/parameters/0/name").asString())
        .isEqualTo("Idempotency-Key");
    assertThat(merged.get("paths").get("/api/v1/lists/{id}").at("/get/parameters").isMissingNode())
        .isTrue();
    assertThat(merged.at("/components/schemas").propertyNames()).containsExactly("Item", "List");
    assertThat(merged.at("/tags")).hasSize(1);
    assertThat(merged.at("/components/securitySchemes/bearer/scheme").asString())
        .isEqualTo("bearer");
  }

  @Test
  void textIsSortedAndIndented() {
    assertThat(OpenApiMerge.text(json("{\"b\": {\"d\": 1, \"c\": 2}, \"a\": [1]}")))
        .isEqualToIgnoringWhitespace("{\"a\": [1], \"b\": {\"c\": 2, \"d\": 1}}")
        .contains("\n  \"b\"");
  }

  @Test
  void mergeNamesEveryContradiction() {
    JsonNode a =
        json(
            """
            {"paths": {"/api/v1/x": {"get": {"x": {"$ref": "#/components/schemas/S"}}}},
             "components": {"schemas": {"S": {"type": "string"}}}}\
            """);
    JsonNode b =
        json(
            """
            {"paths": {"/api/v1/x": {"get": {"x": {"$ref": "#/components/schemas/S"}}},
                       "/api/v1/y": {"get": {"x": {"$ref": "#/components/schemas/Missing"}}}},
             "components": {"schemas": {"S": {"type": "integer"}}}}\
            """);

    assertThatThrownBy(() -> OpenApiMerge.merge(Map.of("a", a, "b", b)))
        .hasMessageContaining("b describes get /api/v1/x once more")
        .hasMessageContaining("b describes schemas S differently")
        .hasMessageContaining("b refers to #/components/schemas/Missing");
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
