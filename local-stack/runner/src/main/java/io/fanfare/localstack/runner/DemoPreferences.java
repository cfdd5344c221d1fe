package io.fanfare.localstack.runner;

import io.fanfare.localstack.client.RestClient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What some of the demo's contacts want: no Telegram, no more than one message a day, and nothing
 * before a while from now.
 */
final class DemoPreferences {

  static final int EACH = 20;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int LOOKED_AT = 200;
  private static final Duration QUIET = Duration.ofSeconds(15);
  private static final Duration QUIET_SINCE = Duration.ofHours(1);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final RestClient api;
  private final RestClient simulators;
  private final List<String> quiet = new ArrayList<>();
  private Instant quietUntil = Instant.EPOCH;

  DemoPreferences(RestClient api, RestClient simulators) {
    this.api = api;
    this.simulators = simulators;
  }

  /** Sets them for contacts of a list that have both addresses. */
  void set(String list) {
    List<JsonNode> contacts =
        api.get("/api/v1/lists/" + list + "/contacts?limit=" + LOOKED_AT)
            .get("items")
            .valueStream()
            .filter(contact -> contact.has("email") && contact.has("telegram_chat_id"))
            .limit(3L * EACH)
            .toList();
    quietUntil = Instant.now().plus(QUIET).truncatedTo(ChronoUnit.SECONDS);
    for (int i = 0; i < contacts.size(); i++) {
      JsonNode contact = contacts.get(i);
      String path = "/api/v1/contacts/" + contact.get("id").asLong();
      switch (i % 3) {
        case 0 -> api.put(path + "/opt-outs", Map.of("channel", "telegram", "source", "demo"));
        case 1 -> api.put(path + "/frequency-cap", Map.of("per_day", 1));
        default -> {
          ZoneId zone = ZoneId.of(contact.get("time_zone").asString());
          api.put(
              path + "/quiet-hours",
              Map.of(
                  "from", TIME.format(quietUntil.minus(QUIET_SINCE).atZone(zone)),
                  "to", TIME.format(quietUntil.atZone(zone))));
          quiet.add(contact.get("email").asString());
        }
      }
    }
  }

  /**
   * How the mail provider saw the quiet hours of a broadcast.
   *
   * @param contacts who had some
   * @param before those of them it reached before the hours were over
   * @param after those it reached afterwards
   */
  record Quiet(int contacts, long before, long after) {}

  /** By the provider's own count, which has every recipient however many messages it keeps. */
  Quiet quiet(String broadcast) {
    long before = 0;
    long after = 0;
    String path = "/simulator/recipients?channel=email&marker=" + broadcast;
    for (String line :
        simulators
            .exchange("GET", path, null, Map.of("Accept", "application/x-ndjson"))
            .text()
            .lines()
            .toList()) {
      JsonNode recipient = JSON.readTree(line);
      if (quiet.contains(recipient.get("address").asString())) {
        Instant first = Instant.EPOCH.plusNanos(recipient.get("first_nanos").asLong());
        if (first.isBefore(quietUntil)) {
          before++;
        } else {
          after++;
        }
      }
    }
    return new Quiet(quiet.size(), before, after);
  }
}
