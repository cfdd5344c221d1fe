package io.fanfare.audience.cap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.support.identity.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

@ExtendWith(AudienceExtension.class)
class FrequencyCapTest {

  private static final int CONTACTS = 200;

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  FrequencyCapTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void nobodyGetsMoreThanTheCapHoweverManyBroadcastsLanesAndInstancesReleaseAtOnce() {
    cap("/api/v1/frequency-cap", "{\"per_day\": 2}");
    UUID mail = scenario.account(Channel.EMAIL, 4, 0);
    UUID bot = scenario.account(Channel.TELEGRAM, 2, 0);
    List<Long> contacts = scenario.contacts(CONTACTS);
    UUID list = scenario.list(contacts);
    Map<Long, Long> gotten;
    try (ConfigurableApplicationContext other = audience.another(Map.of())) {
      assertThat(other.isRunning()).isTrue();
      List<BroadcastControl> broadcasts = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        BroadcastControl broadcast =
            scenario.start(
                list,
                Scenario.plan(Channel.EMAIL, mail, 4),
                Scenario.plan(Channel.TELEGRAM, bot, 2));
        worker.follow(broadcast);
        broadcasts.add(broadcast);
      }
      List<SendMessage> commands = worker.await(2 * CONTACTS);
      gotten =
          commands.stream()
              .collect(Collectors.groupingBy(SendMessage::contactId, Collectors.counting()));
      // A lane that has all it may have out takes the next ones when results come.
      worker.end(commands, Outcome.SENT);
      long skipped = 0;
      for (BroadcastControl broadcast : broadcasts) {
        skipped += awaitReleased(broadcast).at("/skipped_by_reason/over_cap").asLong();
      }
      assertThat(skipped).isEqualTo(4 * CONTACTS);
    }
    assertThat(gotten).hasSize(CONTACTS);
    assertThat(gotten.values()).containsOnly(2L);
  }

  @Test
  void onlyWhatWasSentCountsAndAContactsOwnCapGoesBeforeTheTenants() {
    cap("/api/v1/frequency-cap", "{\"per_week\": 1}");
    UUID mail = scenario.account(Channel.EMAIL, 1, 0);
    List<Long> contacts = scenario.contacts(4);
    cap("/api/v1/contacts/" + contacts.get(3) + "/frequency-cap", "{\"per_week\": 3}");
    UUID list = scenario.list(contacts);
    List<SendMessage> first = released(list, mail);
    assertThat(first).hasSize(4);
    worker.end(first.subList(0, 1), Outcome.FAILED);
    worker.end(first.subList(1, 2), Outcome.RETURNED);
    List<SendMessage> again = worker.await(1);
    assertThat(again).extracting(SendMessage::issue).containsOnly(2);
    worker.end(again, Outcome.IN_DOUBT);
    worker.end(first.subList(2, 4), Outcome.SENT);
    awaitNothingOpen();

    // Refused the first time, or with a cap of his own.
    assertThat(released(list, mail))
        .extracting(SendMessage::contactId)
        .containsExactlyInAnyOrder(contacts.get(0), contacts.get(3));

    // A week and an hour later.
    audience
        .jdbc()
        .update(
            "update cap_use set at = at - interval '169 hours' where tenant_id = ?",
            scenario.tenant());
    assertThat(released(list, mail)).extracting(SendMessage::contactId).contains(contacts.get(2));
  }

  @Test
  void aCapThatIsNoneIsRefusedAndALiftedOneLimitsNothing() {
    assertThat(put(scenario.tenant(), "/api/v1/frequency-cap", "{\"per_day\": 0}").pointer(0))
        .isEqualTo("/per_day");
    assertThat(
            put(new Scenario(audience).tenant(), "/api/v1/contacts/1/frequency-cap", "{}").status())
        .isEqualTo(404);
    cap("/api/v1/frequency-cap", "{\"per_day\": 1}");
    cap("/api/v1/frequency-cap", "{}");
    assertThat(audience.get(scenario.tenant(), "/api/v1/frequency-cap").body()).isEmpty();
    UUID mail = scenario.account(Channel.EMAIL, 1, 0);
    UUID list = scenario.list(scenario.contacts(2));
    assertThat(released(list, mail)).hasSize(2);
    assertThat(released(list, mail)).hasSize(2);
  }

  private List<SendMessage> released(UUID list, UUID account) {
    BroadcastControl broadcast = scenario.start(list, Scenario.plan(Channel.EMAIL, account, 1));
    worker.follow(broadcast);
    return worker.await(awaitReleased(broadcast).path("in_flight").asInt());
  }

  /** Everybody is handed over or skipped. */
  private JsonNode awaitReleased(BroadcastControl broadcast) {
    return scenario.awaitProgress(
        broadcast, p -> p.path("frozen").asBoolean() && p.path("pending").asLong() == 0);
  }

  private void awaitNothingOpen() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            audience
                    .jdbc()
                    .queryForObject(
                        "select count(*) from cap_use where tenant_id = ? and at is null",
                        Long.class,
                        scenario.tenant())
                == 0);
  }

  private void cap(String path, String body) {
    assertThat(put(scenario.tenant(), path, body).status()).isEqualTo(200);
  }

  private AudienceService.Answer put(UUID tenant, String path, String body) {
    return audience.request(
        AudienceService.identity(tenant, Role.ADMIN), "PUT", path, body, Map.of());
  }
}
