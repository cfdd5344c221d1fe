package io.fanfare.analytics.delivery;

import static io.fanfare.analytics.DeliveryHistory.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.analytics.AnalyticsUnderTest;
import io.fanfare.analytics.DeliveryHistory;
import io.fanfare.analytics.ExpectedStats;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.localstack.testing.TestInfrastructure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PoisonRecordTest {

  private static final String TOPIC = Topics.DELIVERY_EVENTS.name();
  private static final String DEAD_LETTERS =
      Topics.DELIVERY_EVENTS.deadLetterTopic(Topics.Groups.ANALYTICS_DELIVERY);

  @Test
  void goesToTheDeadLetterTopicAndTheOthersAreCounted() {
    TestInfrastructure.resetTopics();
    var broadcast = UUID.randomUUID();
    var events = DeliveryHistory.random(new Random(1), broadcast, 200);
    try (var analytics = new AnalyticsUnderTest();
        var probe = KafkaProbe.ofTestBroker()) {
      analytics.start(50);
      analytics.publish(events.subList(0, 100));
      var example = new String(EventCodec.encode(events.getFirst()), StandardCharsets.UTF_8);
      produce(probe, "{ no JSON");
      produce(probe, "{}");
      produce(probe, example.replace(DeliveryHistory.DAY.toString(), "2999-01-01"));
      // Decodes, and yet no text column takes it.
      produce(probe, withVariant(example, "\\u0000"));
      analytics.publish(events.subList(100, events.size()));
      analytics.awaitCounted();

      var letters = probe.awaitCount(DEAD_LETTERS, 4, Duration.ofSeconds(10));
      assertThat(letters)
          .hasSize(4)
          .allSatisfy(
              letter -> assertThat(letter.headers().lastHeader("fanfare_reason")).isNotNull());
      ExpectedStats.assertMatches(analytics.stats(TENANT, broadcast).body(), events);
    }
  }

  private static String withVariant(String event, String variant) {
    // With an id of its own, or it would be a duplicate and never reach the figures.
    return event
        .replaceFirst(
            "\"variant\":\"[ab]\"", "\"variant\":\"" + variant.replace("\\", "\\\\") + "\"")
        .replaceFirst("\"event_id\":\"[^\"]*\"", "\"event_id\":\"" + UUID.randomUUID() + "\"");
  }

  private static void produce(KafkaProbe probe, String value) {
    probe.produce(TOPIC, "1", value.getBytes(StandardCharsets.UTF_8));
  }
}
