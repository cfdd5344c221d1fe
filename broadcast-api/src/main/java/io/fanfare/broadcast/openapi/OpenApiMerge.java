package io.fanfare.broadcast.openapi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes one OpenAPI document of those of several services: what is under {@code /api/v1} and the
 * components it uses, sorted, so that the same services always give the same document.
 */
public final class OpenApiMerge {

  private static final String PREFIX = "/api/v1/";
  private static final String REFERENCE = "#/components/";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper WRITER =
      JsonMapper.builder()
          .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head", "options", "trace");

  private final SortedMap<String, JsonNode> paths = new TreeMap<>();
  private final SortedMap<String, SortedMap<String, JsonNode>> components = new TreeMap<>();
  private final SortedMap<String, JsonNode> tags = new TreeMap<>();
  private final List<String> conflicts = new ArrayList<>();

  private OpenApiMerge() {}

  /**
   * The merged document.
   *
   * @param documents each service's document, by the name of the service
   * @throws IllegalStateException when two services describe the same operation, or different
   *     components by the same name; the message lists every such case
   */
  public static ObjectNode merge(Map<String, ? extends JsonNode> documents) {
    OpenApiMerge merge = new OpenApiMerge();
    new TreeMap<>(documents).forEach(merge::add);
    if (!merge.conflicts.isEmpty()) {
      throw new IllegalStateException(
          "the services' documents contradict each other: " + String.join("; ", merge.conflicts));
    }
    return merge.document();
  }

  /** A document as it is checked in: indented, every object's fields sorted. */
  public static String text(JsonNode document) {
    return WRITER.writeValueAsString(document) + "\n";
  }

  private void add(String service, JsonNode document) {
    Set<String> usedTags = new TreeSet<>();
    Deque<String> references = new ArrayDeque<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      if (path.getKey().startsWith(PREFIX)) {
        addPath(service, path.getKey(), path.getValue(), usedTags);
        collectReferences(path.getValue(), references);
      }
    }
    addComponents(service, document, references);
    for (JsonNode tag : document.path("tags")) {
      String name = tag.path("name").asString();
      if (usedTags.contains(name)) {
        keep(tags, name, tag, service, "tag " + name);
      }
    }
  }

  private void addPath(String service, String path, JsonNode item, Set<String> usedTags) {
    ObjectNode merged = paths.get(path) instanceof ObjectNode known ? known : NODES.objectNode();
    for (Map.Entry<String, JsonNode> operation : item.properties()) {
      String method = operation.getKey();
      if (merged.has(method)) {
        conflicts.add(service + " describes " + method + " " + path + " once more");
      }
      JsonNode described = operation.getValue().deepCopy();
      if (METHODS.contains(method) && described instanceof ObjectNode fields) {
        // Generated ids are unique within one service only.
        fields.put("operationId", operationId(method, path));
        fields.path("tags").forEach(tag -> usedTags.add(tag.asString()));
        if (method.equals("post")) {
          // Kept by the front door, whichever service the operation belongs to.
          fields.withArrayProperty("parameters").add(idempotencyKey());
        }
      }
      merged.set(method, described);
    }
    paths.put(path, merged);
  }

  private static ObjectNode idempotencyKey() {
    ObjectNode header = NODES.objectNode();
    header
        .put("name", "Idempotency-Key")
        .put("in", "header")
        .put("required", false)
        .put("example", "order-4711")
        .put(
            "description",
            "With the same key the same request is done once in 24 hours: its answer is given again,"
                + " with `Idempotency-Replayed: true`. 409 `idempotency_in_progress` while it is"
                + " being done, 409 `idempotency_outcome_unknown` when its answer was lost, 422"
                + " `idempotency_key_reused` with another request.");
    header.putObject("schema").put("type", "string").put("pattern", "^[\\x21-\\x7e]{1,255}$");
    return header;
  }

  private void addComponents(String service, JsonNode document, Deque<String> references) {
    Set<String> seen = new LinkedHashSet<>();
    while (!references.isEmpty()) {
      String reference = references.pop();
      if (!reference.startsWith(REFERENCE) || !seen.add(reference)) {
        continue;
      }
      String[] parts = reference.substring(REFERENCE.length()).split("/", 2);
      JsonNode component = document.path("components").path(parts[0]).path(parts[1]);
      if (component.isMissingNode()) {
        conflicts.add(service + " refers to " + reference + ", which it does not describe");
        continue;
      }
      keep(
          components.computeIfAbsent(parts[0], kind -> new TreeMap<>()),
          parts[1],
          component,
          service,
          parts[0] + " " + parts[1]);
      collectReferences(component, references);
    }
  }

  private void keep(
      SortedMap<String, JsonNode> known,
      String name,
      JsonNode value,
      String service,
      String described) {
    JsonNode before = known.putIfAbsent(name, value);
    if (before != null && !before.equals(value)) {
      conflicts.add(service + " describes " + described + " differently");
    }
  }

  private static void collectReferences(JsonNode node, Deque<String> references) {
    JsonNode reference = node.path("$ref");
    if (reference.isString()) {
      references.push(reference.asString());
    }
    for (JsonNode child : node) {
      collectReferences(child, references);
    }
  }

  private ObjectNode document() {
    ObjectNode document = NODES.objectNode();
    document.put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Fanfare")
        .put("version", "v1")
        .put(
            "description",
            "Sends a message to very many people, each their own, and can prove what happened to"
                + " every one of them. Errors are problem details (RFC 9457) with a stable `code`;"
                + " collections come in pages (`limit`, `after`, `next`); every POST takes an"
                + " `Idempotency-Key`.");
    document.putArray("servers").addObject().put("url", "/");
    document.putArray("security").addObject().putArray("bearer");
    tags.values().forEach(document.putArray("tags")::add);
    paths.forEach(document.putObject("paths")::set);
    ObjectNode all = document.putObject("components");
    components.forEach((kind, named) -> named.forEach(all.withObjectProperty(kind)::set));
    all.withObjectProperty("securitySchemes")
        .putObject("bearer")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("description", "An API key, ff_…; for tenants the operator's key");
    return document;
  }

  /** {@code get /api/v1/contacts/{id}} becomes {@code getContactsById}. */
  static String operationId(String method, String path) {
    StringBuilder id = new StringBuilder(method);
    for (String segment : path.substring(PREFIX.length()).split("/")) {
      @Nullable String parameter =
          segment.startsWith("{") ? segment.substring(1, segment.length() - 1) : null;
      id.append(parameter == null ? "" : "By");
      for (String word : (parameter == null ? segment : parameter).split("[^A-Za-z0-9]+")) {
        if (!word.isEmpty()) {
          id.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
      }
    }
    return id.toString();
  }
}
