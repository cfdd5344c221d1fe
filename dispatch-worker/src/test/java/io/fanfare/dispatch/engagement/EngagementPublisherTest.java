package io.fanfare.dispatch.engagement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.contract.Channel;
import io.fanfare.contract.engagement.EngagementEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EngagementPublisherTest {

  private static final EngagementEvent EVENT =
      new EngagementEvent(
          new UUID(1, 1),
          EngagementEvent.Kind.OPENED,
          new UUID(1, 2),
          new UUID(1, 3),
          42,
          Channel.EMAIL,
          "a",
          null,
          null,
          null,
          null,
          Instant.EPOCH,
          null,
          null,
          null);

  @Test
  void whatNobodyConfirmsFailsInTimeAndMakesRoomAgain() {
    var settings = new EngagementSettings(Duration.ofMillis(200), 2, Duration.ofSeconds(2));
    try (var publisher = new EngagementPublisher("localhost:1", "test", settings)) {
      for (int i = 0; i < 3; i++) {
        assertThat(publisher.publish(List.of(EVENT, EVENT)))
            .failsWithin(Duration.ofSeconds(5))
            .withThrowableThat()
            .withMessageContaining("did not confirm in time");
      }
    }
  }

  @Test
  void moreThanMayBeUnderWayIsRefusedAtOnce() {
    var settings = new EngagementSettings(Duration.ofMillis(200), 2, Duration.ofSeconds(2));
    try (var publisher = new EngagementPublisher("localhost:1", "test", settings)) {
      var refused = publisher.publish(List.of(EVENT, EVENT, EVENT));
      assertThat(refused).isCompletedExceptionally();
      assertThatThrownBy(refused::join)
          .hasCauseInstanceOf(EngagementPublisher.NotConfirmed.class)
          .hasMessageContaining("too many events");
    }
  }
}
