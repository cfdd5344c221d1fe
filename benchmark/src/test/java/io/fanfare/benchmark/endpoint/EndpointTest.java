package io.fanfare.benchmark.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Channel;
import io.fanfare.contract.engagement.EngagementEvent;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EndpointTest {

  private static final Endpoint BY_CONTACT =
      new Endpoint("open", 200, number -> new byte[0], number -> number % 2, null);
  private static final Endpoint BY_ID =
      new Endpoint(
          "report",
          202,
          number -> new byte[0],
          number -> number % 2,
          number -> new UUID(0, number));

  private final BitSet accepted = new BitSet();

  EndpointTest() {
    accepted.set(10, 13);
  }

  @Test
  void everyAcceptedRequestIsThereOnce() {
    assertThat(BY_CONTACT.wrong(accepted, List.of(event(1, 0), event(2, 1), event(3, 0)))).isZero();
    assertThat(BY_ID.wrong(accepted, List.of(event(12, 0), event(11, 1), event(10, 0)))).isZero();
  }

  @Test
  void whatIsMissingTwiceOrForeignIsSeen() {
    assertThat(BY_CONTACT.wrong(accepted, List.of(event(1, 0), event(2, 1)))).isPositive();
    assertThat(BY_CONTACT.wrong(accepted, List.of(event(1, 0), event(2, 1), event(1, 0))))
        .isPositive();
    assertThat(
            BY_CONTACT.wrong(accepted, List.of(event(1, 0), event(2, 1), event(3, 0), event(4, 1))))
        .isPositive();
    assertThat(BY_ID.wrong(accepted, List.of(event(12, 0), event(11, 1), event(9, 0))))
        .isPositive();
  }

  private static EngagementEvent event(long id, long contact) {
    return new EngagementEvent(
        new UUID(0, id),
        EngagementEvent.Kind.OPENED,
        new UUID(1, 1),
        new UUID(1, 2),
        contact,
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
  }
}
