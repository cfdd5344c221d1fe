package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broadcast.openapi.OpenApiMerge;
import io.fanfare.localstack.client.RestClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The checked-in document is what the five services serve. Run with {@code -Dgolden.write=true} to
 * write it anew.
 */
class OpenApiDocumentTest {

  private static final Path DOCUMENT = Path.of("../../docs/api/openapi.json");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void isWhatTheServicesServe() throws IOException {
    JsonNode merged = merged();
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(
          DOCUMENT, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(merged) + "\n");
    }
    assertThat(JSON.readTree(Files.readString(DOCUMENT))).isEqualTo(merged);
  }

  @Test
  void explainsEveryOperationAndShowsAnExample() {
    List<String> bare = new ArrayList<>();
    merged()
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> {
                          if (operation.getValue().path("summary").asString("").isBlank()
                              || !operation.getValue().toString().contains("\"example")) {
                            bare.add(operation.getKey() + " " + path.getKey());
                          }
                        }));
    assertThat(bare).as("operations without a summary or an example").isEmpty();
  }

  private static JsonNode merged() {
    LocalStack stack = SharedStack.get().stack();
    Map<String, JsonNode> documents = new LinkedHashMap<>();
    for (LocalStack.Service service : LocalStack.Service.values()) {
      documents.put(
          service.serviceName(),
          new RestClient(URI.create(stack.url(service.serviceName())), "none")
              .get("/v3/api-docs"));
    }
    return OpenApiMerge.merge(documents);
  }
}
