package io.fanfare.localstack.simulator.mailbox;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Status, type, policy and bytes of an answer. */
record Response(int status, String type, String policy, byte[] body) {

  static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

  static Response json(Object value) {
    return new Response(200, "application/json", NOTHING, JSON.writeValueAsBytes(value));
  }

  static Response text(String type, byte[] body) {
    return new Response(200, type, NOTHING, body);
  }

  static Response empty() {
    return new Response(204, "", NOTHING, new byte[0]);
  }

  /** RFC 9457. */
  static Response problem(int status, String code, String detail) {
    var problem = Map.of("status", status, "code", code, "title", code, "detail", detail);
    return new Response(
        status, "application/problem+json", NOTHING, JSON.writeValueAsBytes(problem));
  }

  static Response html(String policy, String html) {
    return new Response(
        200, "text/html; charset=utf-8", policy, html.getBytes(StandardCharsets.UTF_8));
  }

  void writeTo(HttpExchange exchange) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Security-Policy", policy);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cache-Control", "no-store");
    if (!type.isEmpty()) {
      headers.set("Content-Type", type);
    }
    boolean bodyless = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, bodyless ? -1 : body.length);
    if (!bodyless) {
      exchange.getResponseBody().write(body);
    }
  }
}
