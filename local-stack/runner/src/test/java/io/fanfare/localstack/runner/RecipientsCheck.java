package io.fanfare.localstack.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.localstack.client.RestClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The recipients of a broadcast that has come to rest are those its progress counts, state by
 * state, and what each went through ends where it is listed.
 */
final class RecipientsCheck {

  private static final List<String> STATES =
      List.of(
          "pending",
          "in_flight",
          "retrying",
          "sent",
          "failed",
          "dead",
          "in_doubt",
          "skipped",
          "cancelled");

  /** What is told of a recipient after its end. */
  private static final Set<String> AFTERWARDS =
      Set.of("dead_letter", "opened", "clicked", "replied", "button", "unsubscribed");

  private static final int TIMELINES_OF_A_STATE = 12;

  private final RestClient api;
  private final String path;

  private RecipientsCheck(RestClient api, String broadcast) {
    this.api = api;
    this.path = "/api/v1/broadcasts/" + broadcast + "/recipients";
  }

  static void mustEqual(RestClient api, String broadcast, JsonNode progress) {
    new RecipientsCheck(api, broadcast).mustEqual(progress);
  }

  private void mustEqual(JsonNode progress) {
    Map<String, String> stateOf = new HashMap<>();
    for (String state : STATES) {
      List<JsonNode> recipients = all("?state=" + state + "&limit=200");
      assertThat(recipients).as(state).hasSize(progress.get(state).asInt());
      for (JsonNode recipient : recipients) {
        assertThat(stateOf.put(name(recipient), state)).as("two states: %s", recipient).isNull();
      }
      recipients.stream().limit(TIMELINES_OF_A_STATE).forEach(this::endsAsListed);
    }
    assertThat(stateOf).hasSize(progress.get("planned").asInt());
    Map<String, String> together = new HashMap<>();
    all("?limit=200")
        .forEach(recipient -> together.put(name(recipient), recipient.get("state").asString()));
    assertThat(together).isEqualTo(stateOf);
    assertThat(
            api.exchange("GET", path + "?format=csv", null, Map.of("Accept", "text/csv"))
                .text()
                .lines())
        .hasSize(stateOf.size() + 1);
    assertThat(api.exchange("GET", path + "/1000000000000", null).status()).isEqualTo(404);
  }

  private void endsAsListed(JsonNode recipient) {
    JsonNode timeline = api.get(path + "/" + recipient.get("contact_id").asLong());
    String channel = recipient.get("channel").asString();
    String state = recipient.get("state").asString();
    assertThat(timeline.get("recipients").valueStream())
        .as("%s", timeline)
        .anyMatch(one ->
            one.get("channel").asString().equals(channel)
                && one.get("state").asString().equals(state));
    List<String> events =
        timeline
            .get("events")
            .valueStream()
            .filter(event -> event.get("channel").asString().equals(channel))
            .map(event -> event.get("what").asString())
            .filter(what -> !AFTERWARDS.contains(what))
            .toList();
    assertThat(events.getFirst()).as("%s", timeline).isEqualTo("planned");
    assertThat(events.getLast()).as("%s", timeline).isEqualTo(state);
  }

  private List<JsonNode> all(String query) {
    List<JsonNode> all = new ArrayList<>();
    String after = "";
    while (true) {
      JsonNode page = api.get(path + query + after);
      page.get("items").forEach(all::add);
      if (!page.has("next")) {
        return all;
      }
      after = "&after=" + page.get("next").asString();
    }
  }

  private static String name(JsonNode recipient) {
    return recipient.get("contact_id").asLong() + " " + recipient.get("channel").asString();
  }
}
