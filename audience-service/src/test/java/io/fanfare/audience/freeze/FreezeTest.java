package io.fanfare.audience.freeze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.support.Ids;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

@ExtendWith(AudienceExtension.class)
class FreezeTest {

  private final AudienceService audience;
  private final Scenario scenario;

  FreezeTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
  }

  @Test
  void aSmallBroadcastIsFrozenWhileALargeOneIs() {
    UUID slow = Ids.next();
    TransactionTemplate hold =
        new TransactionTemplate(audience.bean(PlatformTransactionManager.class));
    BroadcastControl large =
        hold.execute(status -> {
          // Its freeze waits for this row until the transaction ends.
          audience
              .bean(JdbcTemplate.class)
              .update("insert into lane (account_id, shard, channel) values (?, 0, 'email')", slow);
          status.setRollbackOnly();
          BroadcastControl begun =
              scenario.start(
                  scenario.list(scenario.contacts(50)), Scenario.plan(Channel.EMAIL, slow, 1));
          scenario.awaitProgress(begun, progress -> !progress.path("frozen").asBoolean());
          BroadcastControl small =
              scenario.start(
                  scenario.list(scenario.contacts(5)), Scenario.plan(Channel.EMAIL, Ids.next(), 1));
          scenario.awaitFrozen(small);
          assertThat(scenario.progress(begun).path("frozen").asBoolean()).isFalse();
          return begun;
        });
    scenario.awaitFrozen(large);
  }

  @Test
  void aListThatWasFilledAMomentAgoIsFrozenInSecondsWhateverTheStatisticsSay() {
    // They know of one contact of another tenant.
    new Scenario(audience).contacts(1);
    audience.jdbc().execute("analyze contact, list_member");
    int contacts = 40_000;
    UUID list = scenario.list(scenario.contacts(contacts));
    long begun = System.nanoTime();
    BroadcastControl broadcast = scenario.start(list, Scenario.plan(Channel.EMAIL, Ids.next(), 8));
    JsonNode frozen = scenario.awaitFrozen(broadcast);
    System.out.printf(
        "froze %,d contacts unknown to the statistics in %s%n",
        contacts, Duration.ofNanos(System.nanoTime() - begun));
    assertThat(frozen.path("planned").asLong()).isEqualTo(contacts);
  }

  @Test
  void plansEveryContactOnEveryChannelAndSkipsWithReasons() {
    List<Long> contacts = scenario.contacts(2_500);
    audience
        .jdbc()
        .update(
            "update contact set email = null where id = any(?)",
            (Object) contacts.subList(0, 100).toArray(Long[]::new));
    audience
        .jdbc()
        .update(
            "update contact set email = upper(?) where id = any(?)",
            "twice@example.org",
            contacts.subList(100, 103).toArray(Long[]::new));
    // Accounts nobody knows: nothing is released.
    BroadcastControl broadcast =
        scenario.start(
            scenario.list(contacts),
            Scenario.plan(Channel.EMAIL, Ids.next(), 4),
            Scenario.plan(Channel.TELEGRAM, Ids.next(), 1));
    JsonNode progress = scenario.awaitFrozen(broadcast);
    assertThat(progress.path("planned").asLong()).isEqualTo(5_000);
    assertThat(progress.path("skipped").asLong()).isEqualTo(102);
    assertThat(progress.path("pending").asLong()).isEqualTo(4_898);
    assertThat(progress.path("skipped_by_reason"))
        .hasToString("{\"duplicate_address\":2,\"no_address\":100}");
    assertThat(progress.at("/channels/email/skipped").asLong()).isEqualTo(102);
    assertThat(progress.at("/channels/telegram/pending").asLong()).isEqualTo(2_500);
    BroadcastSignal frozen = scenario.awaitSignal(broadcast, Signal.FROZEN);
    assertThat(frozen.planned()).isEqualTo(5_000);
    assertThat(frozen.epoch()).isEqualTo(1);
    JsonNode page =
        audience
            .get(
                scenario.tenant(),
                "/api/v1/broadcasts/" + broadcast.broadcastId() + "/skipped?limit=101")
            .body();
    String next = page.path("next").asString();
    JsonNode rest =
        audience
            .get(
                scenario.tenant(),
                "/api/v1/broadcasts/" + broadcast.broadcastId() + "/skipped?after=" + next)
            .body();
    assertThat(page.path("items")).hasSize(101);
    assertThat(rest.path("items")).hasSize(1);
  }

  @Test
  void whoIsInSeveralPartsOfAnAudienceIsARecipientOfTheFirstAndWhoIsExcludedOfNone() {
    List<Long> contacts = scenario.contacts(50);
    BroadcastControl broadcast =
        scenario.start(
            new Audience(
                List.of(list(contacts.subList(0, 30)), list(contacts.subList(20, 50))),
                List.of(list(contacts.subList(24, 45)))),
            Scenario.plan(Channel.EMAIL, Ids.next(), 1),
            Scenario.plan(Channel.TELEGRAM, Ids.next(), 1));
    assertThat(scenario.awaitFrozen(broadcast).path("planned").asLong()).isEqualTo(58);
    for (String channel : List.of("email", "telegram")) {
      assertThat(chunk(broadcast, channel, 1)).isEqualTo(contacts.subList(0, 24));
      assertThat(chunk(broadcast, channel, 2)).isEqualTo(contacts.subList(45, 50));
    }
    // Those whom nothing includes are not kept: there is no question about them.
    assertThat(
            audience
                .jdbc()
                .queryForList(
                    "select unnest(contact_ids) from audience_member where broadcast_id = ?"
                        + " and part = -1",
                    Long.class,
                    broadcast.broadcastId()))
        .isEqualTo(contacts.subList(24, 45));
  }

  private Audience.Part list(List<Long> contacts) {
    return new Audience.Part(Audience.Kind.LIST, scenario.list(contacts));
  }

  private List<Long> chunk(BroadcastControl broadcast, String channel, int segment) {
    return audience
        .jdbc()
        .queryForList(
            "select unnest(contact_ids) from chunk where broadcast_id = ? and channel = ?"
                + " and segment = ?",
            Long.class,
            broadcast.broadcastId(),
            channel,
            segment);
  }

  @Test
  void anEmptyListIsFrozenAndComplete() {
    BroadcastControl broadcast =
        scenario.start(scenario.list(List.of()), Scenario.plan(Channel.EMAIL, Ids.next(), 2));
    assertThat(scenario.awaitSignal(broadcast, Signal.FROZEN).planned()).isZero();
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
  }

  @Test
  void anUnknownOrForeignListFailsTheBroadcast() {
    UUID foreign = new Scenario(audience).list(List.of());
    for (UUID list : List.of(Ids.next(), foreign)) {
      BroadcastControl broadcast =
          scenario.start(list, Scenario.plan(Channel.EMAIL, Ids.next(), 1));
      BroadcastSignal failed = scenario.awaitSignal(broadcast, Signal.FAIL);
      assertThat(failed.reason().code()).isEqualTo("list_not_found");
      assertThat(scenario.signals(broadcast)).hasSize(1);
    }
  }

  @Test
  void aPausedBroadcastIsFrozenOnceItRuns() {
    UUID list = scenario.list(scenario.contacts(10));
    BroadcastControl paused =
        scenario.begin(BroadcastState.PAUSED, list, Scenario.plan(Channel.EMAIL, Ids.next(), 1));
    scenario.awaitProgress(paused, progress -> !progress.path("frozen").asBoolean());
    scenario.move(paused, BroadcastState.RUNNING);
    assertThat(scenario.awaitFrozen(paused).path("planned").asLong()).isEqualTo(10);
  }

  @Test
  void aBroadcastCancelledBeforeItsFreezeIsNeverFrozen() {
    UUID list = scenario.list(scenario.contacts(10));
    BroadcastControl paused =
        scenario.begin(BroadcastState.PAUSED, list, Scenario.plan(Channel.EMAIL, Ids.next(), 1));
    BroadcastControl cancelled = scenario.moveAndAwait(paused, BroadcastState.CANCELLED);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            audience
                .jdbc()
                .queryForObject(
                    "select not open from broadcast_run where broadcast_id = ?",
                    Boolean.class,
                    cancelled.broadcastId()));
    JsonNode progress = scenario.progress(cancelled);
    assertThat(progress.path("frozen").asBoolean()).isFalse();
    assertThat(progress.path("planned").asLong()).isZero();
    assertThat(scenario.signals(cancelled)).isEmpty();
  }

  @Test
  void aCrashInTheMiddleDiscardsTheFreezeAndItStartsAgain() {
    UUID list = scenario.list(scenario.contacts(3_000));
    BroadcastControl broadcast =
        new TransactionTemplate(audience.bean(PlatformTransactionManager.class))
            .execute(status -> {
              // Holds the freeze up after it has written its first chunks.
              audience.bean(JdbcTemplate.class).execute("lock table run_lane in exclusive mode");
              BroadcastControl started =
                  scenario.start(list, Scenario.plan(Channel.EMAIL, Ids.next(), 2));
              await().atMost(Duration.ofSeconds(20)).until(() -> killed("insert into run_lane"));
              return started;
            });
    JsonNode progress = scenario.awaitFrozen(broadcast);
    assertThat(progress.path("planned").asLong()).isEqualTo(3_000);
    assertThat(
            audience
                .jdbc()
                .queryForObject(
                    "select sum(size) from chunk where broadcast_id = ?",
                    Long.class,
                    broadcast.broadcastId()))
        .isEqualTo(3_000);
    assertThat(scenario.signals(broadcast)).hasSize(1);
  }

  private boolean killed(String statement) {
    return !audience
        .jdbc()
        .queryForList(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock' and query like ?
            """,
            Boolean.class,
            "%" + statement + "%")
        .isEmpty();
  }
}
