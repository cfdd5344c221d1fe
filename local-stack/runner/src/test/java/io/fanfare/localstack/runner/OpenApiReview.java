package io.fanfare.localstack.runner;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads an OpenAPI document as a client's author would, and notes what is missing or untrue. */
final class OpenApiReview {

  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";
  private static final Set<String> OTHERS =
      Set.of(
          "text/event-stream",
          "text/csv",
          "application/x-ndjson",
          "application/octet-stream",
          "message/rfc822");
  private static final Pattern SNAKE_CASE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
  private static final Pattern PARAMETER = Pattern.compile("[{]([^}]*)[}]");

  private final JsonNode document;
  private final List<String> faults = new ArrayList<>();

  OpenApiReview(JsonNode document) {
    this.document = document;
  }

  /** Everything wrong with the document. */
  List<String> faults() {
    faults.clear();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      reviewPath(path.getKey());
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        review(operation.getKey() + " " + path.getKey(), operation.getValue());
      }
    }
    for (Map.Entry<String, JsonNode> schema : document.at("/components/schemas").properties()) {
      reviewNames(schema.getKey(), schema.getValue());
    }
    return List.copyOf(faults);
  }

  /** Everything that keeps an answer from being one the document tells of. */
  List<String> faultsOfAnswer(
      String path, String method, int status, String contentType, JsonNode body) {
    faults.clear();
    JsonNode response =
        document
            .path("paths")
            .path(path)
            .path(method.toLowerCase(Locale.ROOT))
            .path("responses")
            .path(Integer.toString(status));
    if (response.isMissingNode()) {
      return List.of("the status " + status + " is not in the document");
    }
    if (body.isMissingNode()) {
      return response.has("content") ? List.of("the answer has no body") : List.of();
    }
    JsonNode media = response.path("content").path(contentType.replaceAll(";.*", ""));
    if (media.isMissingNode()) {
      return List.of("the media type " + contentType + " is not in the document");
    }
    compare("", body, media.path("schema"));
    return List.copyOf(faults);
  }

  private void compare(String at, JsonNode value, JsonNode schema) {
    JsonNode resolved = resolve(schema);
    if (value.isArray()) {
      for (JsonNode element : value) {
        compare(at + "/*", element, resolved.path("items"));
      }
    } else if (value.isObject() && resolved.has("properties")) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        JsonNode known = resolved.get("properties").path(field.getKey());
        if (known.isMissingNode()) {
          faults.add("the field " + at + "/" + field.getKey() + " is not in the document");
        } else {
          compare(at + "/" + field.getKey(), field.getValue(), known);
        }
      }
    } else if (value.isObject() && resolved.isMissingNode()) {
      faults.add("the object " + at + " has no schema");
    }
  }

  private void reviewPath(String path) {
    Matcher parameter = PARAMETER.matcher(path);
    while (parameter.find()) {
      if (!SNAKE_CASE.matcher(parameter.group(1)).matches()) {
        faults.add(path + ": parameters are in snake case");
      }
    }
    // What stands behind a collection is its id, in every service.
    String first = path.replaceAll("^(/api/v1/[a-z-]+/)([^/]*).*", "$2");
    if (first.startsWith("{") && !first.equals("{id}")) {
      faults.add(path + ": the first parameter is {id}");
    }
  }

  private void review(String what, JsonNode operation) {
    for (String text : List.of("summary", "description")) {
      if (operation.path(text).asString("").isBlank()) {
        faults.add(what + ": no " + text);
      }
    }
    JsonNode body = operation.path("requestBody");
    if (!body.isMissingNode()) {
      reviewContent(what + ": the body", body.path("content"), JSON);
    }
    boolean success = false;
    for (Map.Entry<String, JsonNode> response : operation.path("responses").properties()) {
      String code = response.getKey();
      String answer = what + ": " + code;
      JsonNode content = response.getValue().path("content");
      if (!code.startsWith("2")) {
        reviewContent(answer, content, PROBLEM);
      } else if (code.equals("204")) {
        success = true;
        if (!content.isMissingNode()) {
          faults.add(answer + " has a body");
        }
      } else {
        success = true;
        reviewContent(answer, content, JSON);
      }
    }
    if (!success) {
      faults.add(what + ": no answer of success");
    }
    reviewRefusals(what, operation);
  }

  private void reviewRefusals(String what, JsonNode operation) {
    Set<String> needed = new HashSet<>(Set.of("401", "403", "429"));
    Set<String> parameters = new HashSet<>();
    for (JsonNode parameter : operation.path("parameters")) {
      parameters.add(parameter.path("in").asString() + " " + parameter.path("name").asString());
      if (parameter.path("in").asString().equals("path")) {
        needed.add("404");
      }
    }
    if (operation.has("requestBody")) {
      needed.add("422");
    }
    if (parameters.contains("header If-Match")) {
      needed.add("412");
    }
    if (what.startsWith("post ") && !parameters.contains("header Idempotency-Key")) {
      faults.add(what + ": no Idempotency-Key");
    }
    for (String code : needed) {
      if (!operation.path("responses").has(code)) {
        faults.add(what + ": no " + code);
      }
    }
  }

  private void reviewContent(String what, JsonNode content, String expected) {
    if (content.isMissingNode() || content.isEmpty()) {
      faults.add(what + " has no content");
    }
    for (Map.Entry<String, JsonNode> media : content.properties()) {
      String type = media.getKey();
      if (!type.equals(expected) && !OTHERS.contains(type)) {
        faults.add(what + " is " + type);
      }
      JsonNode schema = resolve(media.getValue().path("schema"));
      if (schema.isMissingNode()) {
        faults.add(what + " has no schema");
      }
      if (!media.getValue().has("example")
          && !media.getValue().has("examples")
          && !showsAnExample(schema, new HashSet<>())) {
        faults.add(what + " shows no example");
      }
    }
  }

  /** In itself, or in a schema it refers to. */
  private boolean showsAnExample(JsonNode schema, Set<String> seen) {
    if (schema.has("example") || schema.has("examples")) {
      return true;
    }
    String reference = schema.path("$ref").asString("");
    if (!reference.isEmpty()) {
      return seen.add(reference) && showsAnExample(resolve(schema), seen);
    }
    for (JsonNode part : schema) {
      if (part.isContainer() && showsAnExample(part, seen)) {
        return true;
      }
    }
    return false;
  }

  private void reviewNames(String schema, JsonNode node) {
    for (Map.Entry<String, JsonNode> property : node.path("properties").properties()) {
      if (!SNAKE_CASE.matcher(property.getKey()).matches()) {
        faults.add("schema " + schema + ": " + property.getKey() + " is not in snake case");
      }
      reviewNames(schema, property.getValue());
    }
    if (node.path("items").isObject()) {
      reviewNames(schema, node.get("items"));
    }
  }

  private JsonNode resolve(JsonNode schema) {
    JsonNode resolved = schema;
    while (resolved.has("$ref")) {
      resolved = document.at(resolved.get("$ref").asString().substring(1));
    }
    return resolved;
  }
}
