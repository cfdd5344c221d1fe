package io.fanfare.audience.segment.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BehaviourTallyTest {

  private static final UUID TENANT = new UUID(1, 1);
  private static final UUID BROADCAST = new UUID(2, 2);

  @Test
  void ordersAndRepeatsChangeNothing() {
    List<EngagementEvent> events =
        new ArrayList<>(
            List.of(
                event(Kind.OPENED, 10, null, null),
                event(Kind.OPENED, 20, null, null),
                event(Kind.CLICKED, 15, 2, null),
                event(Kind.CLICKED, 30, 1, null),
                event(Kind.BUTTON, 25, null, null),
                event(Kind.OPENED, 1, null, "prefetch"),
                event(Kind.UNSUBSCRIBED, 99, null, null)));
    events.addAll(events.subList(1, 4));
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(events, new Random(seed));
      BehaviourTally tally = new BehaviourTally();
      events.forEach(tally::add);
      assertThat(tally.messages())
          .singleElement()
          .satisfies(row -> {
            assertThat(row.sentAt()).isNull();
            assertThat(row.openedAt()).isEqualTo(at(10));
            assertThat(row.clickedAt()).isEqualTo(at(15));
            assertThat(row.repliedAt()).isEqualTo(at(25));
            assertThat(row.links()).containsExactly(1, 2);
          });
      assertThat(tally.contacts())
          .containsExactly(
              new BehaviourTally.ContactRow(TENANT, 7, at(20), at(30), at(25), at(30)));
    }
  }

  private static EngagementEvent event(
      Kind kind, int second, @Nullable Integer link, @Nullable String machine) {
    String json =
        """
        {"event_id": "%s", "kind": "%s", "tenant_id": "%s", "broadcast_id": "%s", "contact_id": 7,
         "channel": "email", "variant": "a", "link": %s, "at": "%s", "machine": %s}
        """
            .formatted(
                UUID.randomUUID(),
                kind.id(),
                TENANT,
                BROADCAST,
                link,
                at(second),
                machine == null ? null : "\"" + machine + "\"");
    return EventCodec.decode(EngagementEvent.class, json.getBytes(StandardCharsets.UTF_8));
  }

  private static Instant at(int second) {
    return Instant.ofEpochSecond(second);
  }
}
