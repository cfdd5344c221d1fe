package io.fanfare.audience.segment.filter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The served JSON Schema, and as much of JSON Schema as it makes use of. */
final class FilterSchema {

  private static final Set<String> KEYWORDS =
      Set.of(
          "$schema",
          "$id",
          "$defs",
          "title",
          "description",
          "examples",
          "$ref",
          "oneOf",
          "const",
          "enum",
          "type",
          "pattern",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "items",
          "minItems",
          "maxItems",
          "properties",
          "required",
          "additionalProperties",
          "minProperties",
          "maxProperties");
  private static final JsonNode SCHEMA = read();

  private FilterSchema() {}

  static List<JsonNode> examples() {
    return SCHEMA.get("examples").valueStream().toList();
  }

  static boolean accepts(String json) {
    return valid(JsonMapper.shared().readTree(json), SCHEMA);
  }

  static boolean accepts(JsonNode filter) {
    return valid(filter, SCHEMA);
  }

  private static boolean valid(JsonNode value, JsonNode schema) {
    return schema.properties().stream().allMatch(rule -> holds(value, rule, schema));
  }

  private static boolean holds(JsonNode value, Map.Entry<String, JsonNode> rule, JsonNode schema) {
    JsonNode of = rule.getValue();
    if (!KEYWORDS.contains(rule.getKey())) {
      throw new IllegalArgumentException("a keyword this does not know: " + rule.getKey());
    }
    return switch (rule.getKey()) {
      case "$ref" -> valid(value, SCHEMA.at(of.stringValue().substring(1)));
      case "oneOf" -> of.valueStream().filter(one -> valid(value, one)).count() == 1;
      case "const" -> value.equals(of);
      case "enum" -> of.valueStream().anyMatch(value::equals);
      case "type" -> isA(value, of.stringValue());
      case "pattern" ->
          !value.isString()
              || Pattern.compile(of.stringValue()).matcher(value.stringValue()).find();
      case "minLength" -> !value.isString() || value.stringValue().length() >= of.intValue();
      case "maxLength" -> !value.isString() || value.stringValue().length() <= of.intValue();
      case "minimum" -> !value.isNumber() || value.decimalValue().compareTo(of.decimalValue()) >= 0;
      case "maximum" -> !value.isNumber() || value.decimalValue().compareTo(of.decimalValue()) <= 0;
      case "items" -> !value.isArray() || value.valueStream().allMatch(one -> valid(one, of));
      case "minItems" -> !value.isArray() || value.size() >= of.intValue();
      case "maxItems" -> !value.isArray() || value.size() <= of.intValue();
      case "minProperties" -> !value.isObject() || value.size() >= of.intValue();
      case "maxProperties" -> !value.isObject() || value.size() <= of.intValue();
      case "required" -> of.valueStream().allMatch(name -> value.has(name.stringValue()));
      case "properties" ->
          of.properties().stream()
              .allMatch(property ->
                  !value.has(property.getKey())
                      || valid(value.get(property.getKey()), property.getValue()));
      case "additionalProperties" ->
          value.properties().stream()
              .filter(member -> !schema.path("properties").has(member.getKey()))
              .allMatch(member -> of.isObject() && valid(member.getValue(), of));
      default -> true;
    };
  }

  private static boolean isA(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "number" -> value.isNumber();
      case "integer" -> value.isIntegralNumber();
      case "boolean" -> value.isBoolean();
      default -> throw new IllegalArgumentException("a type this does not know: " + type);
    };
  }

  private static JsonNode read() {
    try (InputStream file = FilterSchema.class.getResourceAsStream("/segment-filter.schema.json")) {
      return JsonMapper.shared().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
