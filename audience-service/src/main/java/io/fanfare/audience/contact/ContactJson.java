package io.fanfare.audience.contact;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Contacts as JSON towards the database, where they travel as one document per statement. */
final class ContactJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private ContactJson() {}

  static ObjectNode tree(ContactFields fields) {
    return MAPPER.valueToTree(fields);
  }

  static ObjectNode empty() {
    return MAPPER.createObjectNode();
  }

  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  static Map<String, Object> object(@Nullable String json) {
    return json == null ? Map.of() : MAPPER.readValue(json, OBJECT);
  }

  static Map<String, Object> object(JsonNode node) {
    return MAPPER.convertValue(node, OBJECT);
  }
}
