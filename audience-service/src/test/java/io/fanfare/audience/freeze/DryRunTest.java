package io.fanfare.audience.freeze;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.AudienceService.Answer;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Role;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A dry run decides what the freeze of the same audience decides, and leaves nothing behind. */
@ExtendWith(AudienceExtension.class)
class DryRunTest {

  private final AudienceService audience;
  private final Scenario scenario;

  DryRunTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void saysWhatTheFreezeThenDecides(boolean fallback) {
    List<Long> contacts = scenario.contacts(60);
    change("email = null", contacts, 0, 7);
    change("telegram_chat_id = null", contacts, 4, 12);
    change("email = 'Same@Example.org'", contacts, 20, 25);
    change("email = 'same@example.org'", contacts, 25, 30);
    change("telegram_chat_id = 4711", contacts, 28, 33);
    optOut(contacts, 33, 38, "*");
    optOut(contacts, 38, 41, "email");
    ChannelPlan email = Scenario.plan(Channel.EMAIL, scenario.account(Channel.EMAIL, 4, 100), 4);
    ChannelPlan telegram =
        Scenario.plan(Channel.TELEGRAM, scenario.account(Channel.TELEGRAM, 1, 30), 1);
    UUID list = scenario.list(contacts);
    BroadcastControl draft =
        with(control(list, email, telegram), fallback ? ChannelMode.FALLBACK : null);

    JsonNode dry = dryRun(draft).body();
    BroadcastControl real =
        fallback ? scenario.fallback(list, email, telegram) : scenario.start(list, email, telegram);
    scenario.awaitFrozen(real);

    assertThat(dry.get("contacts").asLong()).isEqualTo(60);
    for (String channel : List.of("email", "telegram")) {
      Map<String, Long> skipped = new TreeMap<>();
      audience
          .jdbc()
          .query(
              """
              select reason, sum(size) as n from skipped
              where broadcast_id = ? and channel = ? group by reason
              """,
              row -> {
                skipped.put(row.getString(1), row.getLong(2));
              },
              real.broadcastId(),
              channel);
      assertThat(longs(dry.at("/channels/" + channel + "/skipped"))).isEqualTo(skipped);
      assertThat(dry.at("/channels/" + channel + "/reachable").asLong())
          .isEqualTo(
              audience
                  .jdbc()
                  .queryForObject(
                      "select sum(planned - skipped) from run_lane where broadcast_id = ?"
                          + " and channel = ?",
                      Long.class,
                      real.broadcastId(),
                      channel));
    }
    assertThat(dry.get("messages").asLong())
        .isEqualTo(
            dry.at("/channels/email/reachable").asLong()
                + dry.at("/channels/telegram/reachable").asLong());
    assertThat(dry.get("estimated_seconds").asLong()).isPositive();
  }

  @Test
  void writesNothingAndReservesNothing() {
    List<Long> contacts = scenario.contacts(20);
    put("/api/v1/frequency-cap", "{\"per_day\": 1}");
    ChannelPlan email = Scenario.plan(Channel.EMAIL, scenario.account(Channel.EMAIL, 1, 10), 1);
    BroadcastControl draft = control(scenario.list(contacts), email);

    assertThat(dryRun(draft).body().get("messages").asLong()).isEqualTo(20);
    assertThat(dryRun(draft).body().get("messages").asLong()).isEqualTo(20);

    for (String table :
        List.of(
            "broadcast_run",
            "audience_freeze",
            "run_lane",
            "chunk",
            "skipped",
            "held_back",
            "audience_member",
            "address_taken",
            "cap_use")) {
      assertThat(
              audience
                  .jdbc()
                  .queryForObject(
                      "select count(*) from " + table + " where broadcast_id = ?",
                      Long.class,
                      draft.broadcastId()))
          .as(table)
          .isZero();
    }
  }

  @Test
  void whoHasHadHisMessagesIsOverCapInBoth() {
    List<Long> contacts = scenario.contacts(30);
    put("/api/v1/frequency-cap", "{\"per_day\": 2}");
    Long[] had = contacts.subList(0, 10).toArray(Long[]::new);
    audience
        .jdbc()
        .update(
            """
            insert into cap_use (tenant_id, contact_id, broadcast_id, channel, at)
            select ?, unnest(?), ?, 'email', now()
            """,
            scenario.tenant(),
            had,
            Ids.next());
    UUID list = scenario.list(contacts);
    ChannelPlan email = Scenario.plan(Channel.EMAIL, scenario.account(Channel.EMAIL, 1, 0), 1);
    ChannelPlan telegram =
        Scenario.plan(Channel.TELEGRAM, scenario.account(Channel.TELEGRAM, 1, 1_000), 1);

    JsonNode dry = dryRun(control(list, email, telegram)).body();

    assertThat(longs(dry.get("skipped"))).isEqualTo(Map.of("over_cap", 10L));
    assertThat(dry.at("/channels/telegram/skipped/over_cap").asLong()).isEqualTo(10);
    assertThat(dry.get("messages").asLong()).isEqualTo(50);
    try (FakeWorker worker = new FakeWorker(audience)) {
      BroadcastControl real = scenario.start(list, email, telegram);
      worker.follow(real);
      List<SendMessage> sent = worker.await(50);
      worker.end(sent, Outcome.SENT);
      JsonNode progress = scenario.awaitProgress(real, p -> p.path("sent").asLong() == 50);
      assertThat(longs(progress.get("skipped_by_reason"))).isEqualTo(longs(dry.get("skipped")));
    }
  }

  @Test
  void saysWhoWaitsWhatIsMissingAndWhoIsAhead() {
    List<Long> contacts = scenario.contacts(40);
    change("name = null", contacts, 0, 3);
    change("custom = '{}'", contacts, 0, 5);
    change("time_zone = 'Etc/GMT-12'", contacts, 0, 30);
    change("time_zone = 'UTC'", contacts, 30, 40);
    put("/api/v1/quiet-hours", "{\"from\": \"21:00\", \"to\": \"08:00\"}");
    UUID account = scenario.account(Channel.EMAIL, 1, 2);
    ChannelPlan email =
        new ChannelPlan(
            Channel.EMAIL,
            account,
            1,
            List.of("contact.name", "contact.custom.grade", "vars.price", "unsubscribe_link"));
    UUID list = scenario.list(contacts);
    try (FakeWorker worker = new FakeWorker(audience)) {
      // Another broadcast on the same account, which has as much to do.
      put("/api/v1/quiet-hours", "{}");
      BroadcastControl other = scenario.start(list, Scenario.plan(Channel.EMAIL, account, 1));
      worker.follow(other);
      worker.await(6);
      put("/api/v1/quiet-hours", "{\"from\": \"21:00\", \"to\": \"08:00\"}");

      JsonNode dry = dryRun(control(list, email), Instant.parse("2026-11-23T22:00:00Z")).body();

      assertThat(dry.get("put_off").asLong()).isEqualTo(10);
      assertThat(dry.get("put_off_until").asString()).isEqualTo("2026-11-24T08:00:00Z");
      assertThat(longs(dry.get("missing_variables")))
          .isEqualTo(Map.of("contact.name", 3L, "contact.custom.grade", 5L, "vars.price", 40L));
      assertThat(dry.at("/channels/email/rate_per_second").asDouble()).isEqualTo(2);
      assertThat(dry.at("/channels/email/ahead").asLong()).isEqualTo(40);
      assertThat(dry.at("/channels/email/estimated_seconds").asLong()).isEqualTo(40);
      assertThat(dry.get("bounded_by").asString()).isEqualTo("quiet_hours");
      assertThat(dry.get("estimated_seconds").asLong()).isEqualTo(10 * 3_600 + 10);
    }
  }

  @Test
  void anAudienceThatCannotBeUsedIsRefusedAndAStrangersIsNotThere() {
    ChannelPlan email = Scenario.plan(Channel.EMAIL, Ids.next(), 1);
    BroadcastControl draft = control(Ids.next(), email);
    Answer refused = dryRun(draft);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.pointer(0)).isEqualTo("/audience");
    assertThat(
            audience
                .request(
                    AudienceService.identity(Ids.next(), Role.ADMIN),
                    "POST",
                    path(Instant.now()),
                    body(draft),
                    Map.of())
                .status())
        .isEqualTo(404);
    assertThat(dryRun(control(scenario.list(List.of()), email)).body().get("contacts").asLong())
        .isZero();
  }

  private Answer dryRun(BroadcastControl control) {
    return dryRun(control, Instant.now());
  }

  private Answer dryRun(BroadcastControl control, Instant at) {
    return audience.post(scenario.tenant(), path(at), body(control));
  }

  private static String path(Instant at) {
    return "/internal/v1/dry-runs?starts_at=" + at;
  }

  private static String body(BroadcastControl control) {
    return new String(EventCodec.encode(control), StandardCharsets.UTF_8);
  }

  /** Of a broadcast nobody else has heard of. */
  private BroadcastControl control(UUID list, ChannelPlan... plans) {
    return scenario.testing(null, list, plans);
  }

  private static BroadcastControl with(BroadcastControl control, ChannelMode mode) {
    return new BroadcastControl(
        control.broadcastId(),
        control.tenantId(),
        control.name(),
        control.epoch(),
        control.state(),
        control.listId(),
        control.channels(),
        control.policy(),
        control.sendClass(),
        control.ledgerDay(),
        control.retryDelays(),
        control.variables(),
        control.startedAt(),
        null,
        mode,
        null,
        null,
        control.audience());
  }

  private void change(String what, List<Long> contacts, int from, int to) {
    audience
        .jdbc()
        .update(
            "update contact set " + what + " where id = any(?)",
            (Object) contacts.subList(from, to).toArray(Long[]::new));
  }

  private void optOut(List<Long> contacts, int from, int to, String channel) {
    audience
        .jdbc()
        .update(
            """
            insert into opt_out (tenant_id, contact_id, channel, actor, opted_out_at)
            select ?, unnest(?), ?, 'test', now()
            """,
            scenario.tenant(),
            contacts.subList(from, to).toArray(Long[]::new),
            channel);
  }

  private void put(String path, String body) {
    assertThat(
            audience
                .request(
                    AudienceService.identity(scenario.tenant(), Role.ADMIN),
                    "PUT",
                    path,
                    body,
                    Map.of())
                .status())
        .isLessThan(300);
  }

  private static Map<String, Long> longs(JsonNode counts) {
    Map<String, Long> longs = new TreeMap<>();
    counts.properties().forEach(count -> longs.put(count.getKey(), count.getValue().asLong()));
    return longs;
  }
}
