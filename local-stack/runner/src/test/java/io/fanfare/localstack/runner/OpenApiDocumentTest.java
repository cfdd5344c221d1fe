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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
      Files.writeString(DOCUMENT, OpenApiMerge.text(merged));
    }
    assertThat(JSON.readTree(Files.readString(DOCUMENT))).isEqualTo(merged);
  }

  @Test
  void explainsEveryOperationAndShowsAnExample() {
    List<String> bare = new ArrayList<>();
    JsonNode document = merged();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(operation -> {
                  if (operation.getValue().path("summary").asString("").isBlank()
                      || !showsAnExample(document, operation.getValue().toString())) {
                    bare.add(operation.getKey() + " " + path.getKey());
                  }
                }));
    assertThat(bare).as("operations without a summary or an example").isEmpty();
  }

  /** In itself, or in a schema it refers to. */
  private static boolean showsAnExample(JsonNode document, String operation) {
    if (operation.contains("\"example")) {
      return true;
    }
    Matcher reference = Pattern.compile("#/components/schemas/([A-Za-z0-9_.]+)").matcher(operation);
    while (reference.find()) {
      JsonNode schema = document.at("/components/schemas/" + reference.group(1));
      if (showsAnExample(document, schema.toString())) {
        return true;
      }
    }
    return false;
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
