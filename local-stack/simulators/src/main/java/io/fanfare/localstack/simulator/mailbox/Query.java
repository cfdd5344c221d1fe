package io.fanfare.localstack.simulator.mailbox;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The parameters of a query; the last one wins. */
record Query(Map<String, String> parameters) {

  static Query of(URI uri) {
    var parameters = new HashMap<String, String>();
    var raw = uri.getRawQuery();
    for (var pair : raw == null ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return new Query(parameters);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequest(400, "invalid_query", "Not percent-encoded: " + text);
    }
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  String required(String name) {
    return text(name)
        .orElseThrow(() -> new BadRequest(400, "invalid_query", "Missing parameter " + name));
  }

  long number(String name, long least, long most, long otherwise) {
    return text(name)
        .map(value -> {
          if (!value.matches("\\d{1,18}")
              || Long.parseLong(value) < least
              || Long.parseLong(value) > most) {
            throw new BadRequest(
                400, "invalid_query", name + " is a number from " + least + " to " + most);
          }
          return Long.parseLong(value);
        })
        .orElse(otherwise);
  }
}
