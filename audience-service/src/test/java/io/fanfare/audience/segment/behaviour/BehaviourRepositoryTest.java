package io.fanfare.audience.segment.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.support.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AudienceExtension.class)
class BehaviourRepositoryTest {

  private final AudienceService audience;
  private final Scenario scenario;

  BehaviourRepositoryTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
  }

  @Test
  void forgetsBroadcastsThatWereMadeTooLongAgo() {
    long contact = scenario.contacts(1).getFirst();
    Instant cutOff = Instant.now().minus(Duration.ofDays(400));
    UUID old = new UUID(cutOff.minusSeconds(1).toEpochMilli() << 16 | 0x7000, -1);
    UUID young = new UUID(cutOff.plusSeconds(1).toEpochMilli() << 16 | 0x7000, 0);
    merge(old, contact, cutOff, 1);
    merge(young, contact, cutOff, 1);
    assertThat(audience.bean(BehaviourRepository.class).forgetBroadcastsOf(cutOff)).isFalse();
    assertThat(kept(contact)).containsExactly(young);
  }

  @Test
  void takesTheFirstOfEachWhateverTheOrderAndNothingOfStrangers() {
    long contact = scenario.contacts(1).getFirst();
    long foreign = new Scenario(audience).contacts(1).getFirst();
    UUID broadcast = Ids.next();
    Instant first = Instant.parse("2026-03-01T00:00:00Z");
    merge(broadcast, contact, first.plusSeconds(60), 2);
    merge(broadcast, contact, first, 1);
    merge(broadcast, contact, first.plusSeconds(90), 2);
    merge(broadcast, foreign, first, 1);
    assertThat(kept(foreign)).isEmpty();
    assertThat(
            audience
                .jdbc()
                .queryForObject(
                    "select clicked_at = ?::timestamptz and links = '{1,2}'"
                        + " from contact_behaviour where contact_id = ?",
                    Boolean.class,
                    first.toString(),
                    contact))
        .isTrue();
    assertThat(
            audience
                .jdbc()
                .queryForObject(
                    "select clicked_at = ?::timestamptz and active_at = clicked_at"
                        + " from contact_activity where contact_id = ?",
                    Boolean.class,
                    first.plusSeconds(90).toString(),
                    contact))
        .isTrue();
  }

  private List<UUID> kept(long contact) {
    return audience
        .jdbc()
        .queryForList(
            "select broadcast_id from contact_behaviour where contact_id = ?", UUID.class, contact);
  }

  private void merge(UUID broadcast, long contact, Instant at, int link) {
    String json =
        """
        {"event_id": "%s", "kind": "clicked", "tenant_id": "%s", "broadcast_id": "%s",
         "contact_id": %d, "channel": "email", "variant": "a", "link": %d, "at": "%s"}
        """
            .formatted(Ids.next(), scenario.tenant(), broadcast, contact, link, at);
    BehaviourTally tally = new BehaviourTally();
    tally.add(EventCodec.decode(EngagementEvent.class, json.getBytes(StandardCharsets.UTF_8)));
    audience.bean(BehaviourRepository.class).merge(tally);
  }
}
