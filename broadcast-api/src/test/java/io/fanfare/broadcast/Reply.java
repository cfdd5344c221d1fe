package io.fanfare.broadcast;

import java.net.http.HttpHeaders;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer of the API. */
public record Reply(int status, HttpHeaders headers, String body) {

  public JsonNode json() {
    return JsonMapper.shared().readTree(body);
  }

  /** A header's value; empty when it is missing. */
  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** The code of a problem; empty when the answer is none. */
  public String code() {
    return header("Content-Type").startsWith("application/problem+json")
        ? json().path("code").asString()
        : "";
  }

  /** The pointers of an answer that refuses fields. */
  public List<String> pointers() {
    return json().path("errors").valueStream().map(e -> e.get("pointer").asString()).toList();
  }
}
