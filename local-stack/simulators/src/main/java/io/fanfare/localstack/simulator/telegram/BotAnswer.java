package io.fanfare.localstack.simulator.telegram;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * An answer as the Bot API writes it: {@code ok} with a result, or an error code with its
 * description.
 *
 * @param status 0 when the connection is closed without an answer
 */
record BotAnswer(int status, String reason, byte[] body, int retryAfterSeconds, int stallMillis) {

  static final BotAnswer DROPPED = new BotAnswer(0, "", new byte[0], 0, 0);

  static BotAnswer ok(JsonNode result) {
    var body = JsonNodeFactory.instance.objectNode();
    body.put("ok", true);
    body.set("result", result);
    return new BotAnswer(200, "OK", body.toString().getBytes(StandardCharsets.UTF_8), 0, 0);
  }

  static BotAnswer error(int status, String description) {
    return error(status, description, 0);
  }

  static BotAnswer tooManyRequests(int retryAfterSeconds) {
    return error(429, "Too Many Requests: retry after " + retryAfterSeconds, retryAfterSeconds);
  }

  private static BotAnswer error(int status, String description, int retryAfterSeconds) {
    var body = JsonNodeFactory.instance.objectNode();
    body.put("ok", false);
    body.put("error_code", status);
    body.put("description", description);
    if (retryAfterSeconds > 0) {
      body.putObject("parameters").put("retry_after", retryAfterSeconds);
    }
    return new BotAnswer(
        status,
        reasonOf(status),
        body.toString().getBytes(StandardCharsets.UTF_8),
        retryAfterSeconds,
        0);
  }

  private static String reasonOf(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 409 -> "Conflict";
      case 429 -> "Too Many Requests";
      default -> "Bad Gateway";
    };
  }

  BotAnswer stalled(int millis) {
    return new BotAnswer(status, reason, body, retryAfterSeconds, millis);
  }

  boolean isDropped() {
    return status == 0;
  }
}
