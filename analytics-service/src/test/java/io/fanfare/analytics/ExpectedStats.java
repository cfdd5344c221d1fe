package io.fanfare.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The figures by recount: the last bucket of each recipient, the events of each outcome. */
public final class ExpectedStats {

  private ExpectedStats() {}

  /** Compares an answer with what the events of one broadcast, each once, come to. */
  public static void assertMatches(JsonNode stats, List<DeliveryEvent> events) {
    for (var bucket : Bucket.values()) {
      if (bucket != Bucket.PENDING && bucket != Bucket.IN_FLIGHT) {
        assertThat(stats.at("/counts/" + bucket.id()).asLong())
            .as(bucket.id())
            .isEqualTo(standing(events, bucket));
      }
    }
    for (var outcome : Outcome.values()) {
      assertThat(stats.at("/attempts/" + outcome.id()).asLong())
          .as("attempts " + outcome.id())
          .isEqualTo(events.stream().filter(event -> event.outcome() == outcome).count());
    }
    assertMinutes(stats, events);
    assertChannels(stats, events);
  }

  private static void assertMinutes(JsonNode stats, List<DeliveryEvent> events) {
    var sent = new ArrayList<Long>();
    stats.at("/minutes").forEach(minute -> sent.add(minute.get("sent").asLong()));
    var expected =
        events.stream()
            .collect(
                Collectors.groupingBy(
                    event -> event.at().getEpochSecond() / 60,
                    java.util.TreeMap::new,
                    Collectors.filtering(
                        event -> event.outcome() == Outcome.SENT, Collectors.counting())));
    assertThat(sent).containsExactlyElementsOf(expected.values());
  }

  private static void assertChannels(JsonNode stats, List<DeliveryEvent> events) {
    var byChannel = events.stream().collect(Collectors.groupingBy(event -> event.channel().name()));
    byChannel.forEach((channel, its) -> {
      assertThat(stats.at("/channels/" + channel + "/sent").asLong())
          .isEqualTo(standing(its, Bucket.SENT));
      assertThat(stats.at("/channels/" + channel + "/variants/a/sent").asLong())
          .isEqualTo(
              standing(
                  its.stream().filter(event -> event.variant().equals("a")).toList(), Bucket.SENT));
      assertThat(stats.at("/channels/" + channel + "/causes/code_1").asLong())
          .isEqualTo(
              its.stream()
                  .filter(e -> e.cause() != null && e.cause().code().equals("code_1"))
                  .count());
    });
  }

  private static long standing(List<DeliveryEvent> events, Bucket bucket) {
    return events.stream()
        .collect(
            Collectors.groupingBy(
                event -> event.contactId() + ":" + event.channel(),
                Collectors.maxBy(Comparator.comparingInt(DeliveryEvent::issue))))
        .values()
        .stream()
        .filter(last -> last.orElseThrow().bucketAfter() == bucket)
        .count();
  }
}
