package io.fanfare.broadcast.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.TestTenant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.JsonNode;

@ExtendWith(ApiExtension.class)
class RecurringBroadcastsTest {

  private static final String PATH = "/api/v1/recurring-broadcasts";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Nothing comes by itself before this: tests say what time it is. */
  private final Instant start =
      Instant.now().truncatedTo(ChronoUnit.DAYS).plus(30, ChronoUnit.DAYS);

  private final ApiUnderTest api;
  private Fixture fixture;

  RecurringBroadcastsTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeFixture() {
    fixture = new Fixture(api);
  }

  @AfterEach
  void end() {
    api.jdbc().sql("delete from recurring_broadcast").update();
    api.jdbc()
        .sql("delete from broadcast where state = 'scheduled' and recurring_id is not null")
        .update();
  }

  @Test
  void itShowsItsNextTenTimesAndSoDoesAPreview() {
    Map<String, Object> schedule = schedule("0 9 * * *", "Asia/Kathmandu");
    Reply made = make(schedule);
    assertThat(made.status()).isEqualTo(201);
    JsonNode view = made.json();
    assertThat(view.path("state").asString()).isEqualTo("active");
    assertThat(view.path("next_fires").size()).isEqualTo(10);
    assertThat(view.at("/next_fires/0/at").asString()).isEqualTo(at(start, 3, 15));
    assertThat(view.at("/next_fires/0/local").asString()).endsWith("T09:00:00+05:45");
    assertThat(view.at("/next_fires/9/at").asString())
        .isEqualTo(at(start.plus(9, ChronoUnit.DAYS), 3, 15));
    assertThat(view.at("/schedule/misfire").asString()).isEqualTo("skip");
    assertThat(view.at("/broadcast/name").asString()).isEqualTo("Weekly");

    schedule.put("max_fires", 3);
    JsonNode preview = fixture.tenant.post("/api/v1/schedules/preview", schedule).json();
    assertThat(preview.path("next_fires").size()).isEqualTo(3);
    assertThat(preview.at("/next_fires/0")).isEqualTo(view.at("/next_fires/0"));
    Reply never = fixture.tenant.post("/api/v1/schedules/preview", schedule("0 0 30 2 *", "UTC"));
    assertThat(never.status()).isEqualTo(422);
    assertThat(never.json().at("/errors/0/pointer").asString()).isEqualTo("/cron");

    assertThat(fixture.tenant.get(PATH).json().at("/items/0/id")).isEqualTo(view.path("id"));
    assertThat(fixture.tenant.get(path(made)).json()).isEqualTo(view);
  }

  @Test
  void eachTimeMakesABroadcastOfItsOwnWhichStartsByItself() {
    Reply made = make(schedule("0 9 * * *", "UTC"));
    // As if its time were a moment ago.
    api.jdbc()
        .sql("update recurring_broadcast set next_fire_at = now() - interval '1 s' where id = :id")
        .param("id", id(made))
        .update();
    await().atMost(PATIENCE).until(() -> states(made).equals(List.of("running")));
    JsonNode broadcast = broadcasts(made).getFirst();
    assertThat(broadcast.path("recurring_id")).isEqualTo(made.json().path("id"));
    assertThat(broadcast.path("fire_at")).isEqualTo(broadcast.path("scheduled_at"));
    assertThat(broadcast.path("name").asString()).isEqualTo("Weekly");
    JsonNode view = fixture.tenant.get(path(made)).json();
    assertThat(view.path("fired").asInt()).isEqualTo(1);
    assertThat(view.path("last_fire_at")).isEqualTo(broadcast.path("fire_at"));
    assertThat(view.at("/next_fires/0/at").asString()).isEqualTo(at(start, 9, 0));
  }

  @Test
  void aTimeThatCannotBeStartedFailsWithTheReasonAndTheNextOneIsTried() {
    Reply made = make(schedule("0 9 * * *", "UTC"));
    api.jdbc()
        .sql("update channel_account set channel = 'telegram' where id = :id")
        .param("id", fixture.email)
        .update();
    api.jdbc()
        .sql("update recurring_broadcast set next_fire_at = now() - interval '1 s' where id = :id")
        .param("id", id(made))
        .update();
    await().atMost(PATIENCE).until(() -> states(made).equals(List.of("failed")));
    assertThat(broadcasts(made).getFirst().at("/reason/code").asString())
        .isEqualTo("not_startable");
    assertThat(fixture.tenant.get(path(made)).json().path("state").asString()).isEqualTo("active");
  }

  @Test
  void whatItIsMadeOfStaysUntilItHasEnded() {
    Reply made = make(schedule("0 9 * * *", "UTC"));
    String template = "/api/v1/templates/" + fixture.template;
    String account = "/api/v1/channel-accounts/" + fixture.email;
    assertThat(fixture.tenant.delete(template).code()).isEqualTo("template_in_use");
    assertThat(fixture.tenant.delete(account).status()).isEqualTo(409);
    fixture.tenant.delete(path(made));
    assertThat(fixture.tenant.delete(template).status()).isEqualTo(204);
    assertThat(fixture.tenant.delete(account).status()).isEqualTo(204);
  }

  /** Two instances look at every moment at once. */
  @Test
  void noTimeIsLostOrUsedTwiceHoweverManyInstancesLook() throws Exception {
    int steps = 12;
    List<Reply> recurring = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      recurring.add(make(schedule(i + "/5 * * * *", "Australia/Lord_Howe")));
      recurring.add(make(schedule("*/" + (5 + 5 * (i % 3)) + " * * * *", "Europe/Berlin")));
    }
    CyclicBarrier together = new CyclicBarrier(2);
    try (ExecutorService instances = Executors.newFixedThreadPool(2)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int instance = 0; instance < 2; instance++) {
        RecurringFires fires =
            new RecurringFires(
                api.bean(RecurringRepository.class),
                api.bean(BroadcastMoves.class),
                api.bean(PlatformTransactionManager.class),
                Clock.systemUTC());
        ends.add(
            instances.submit(() -> {
              for (int step = 0; step < steps * 5; step++) {
                together.await();
                fires.fireDue(start.plusSeconds(60L * step));
              }
              return null;
            }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    Instant last = start.plusSeconds(60L * (steps * 5 - 1));
    for (Reply made : recurring) {
      List<Instant> expected =
          api
              .bean(RecurringRepository.class)
              .byId(fixture.tenant.id(), id(made))
              .orElseThrow()
              .times()
              .upcoming(start.minusNanos(1), 1_000)
              .stream()
              .filter(at -> !at.isAfter(last))
              .toList();
      assertThat(fireTimes(made)).containsExactlyElementsOf(expected);
      JsonNode view = fixture.tenant.get(path(made)).json();
      assertThat(view.path("fired").asInt()).isEqualTo(expected.size());
      assertThat(view.path("missed").asInt()).isZero();
    }
  }

  @Test
  void whatPassedInADowntimeFollowsThePolicyAndThePauseMakesUpForNothing() {
    Map<String, Object> hourly = schedule("0 * * * *", "UTC");
    Reply skips = make(hourly);
    hourly.put("misfire", "fire_once");
    Reply once = make(hourly);
    Reply paused = make(hourly);
    assertThat(fixture.tenant.post(path(paused) + "/pause", "").status()).isEqualTo(200);
    assertThat(fixture.tenant.post(path(paused) + "/pause", "").code()).isEqualTo("illegal_state");
    assertThat(fixture.tenant.get(path(paused)).json().path("next_fires").size()).isZero();

    // Back after almost ten hours.
    api.bean(RecurringFires.class).fireDue(start.plus(9, ChronoUnit.HOURS).plusSeconds(1_800));
    assertThat(fireTimes(skips)).isEmpty();
    assertThat(fixture.tenant.get(path(skips)).json().path("missed").asInt()).isEqualTo(10);
    assertThat(fireTimes(once)).containsExactly(start.plus(9, ChronoUnit.HOURS));
    assertThat(fixture.tenant.get(path(once)).json().path("missed").asInt()).isEqualTo(9);
    assertThat(fireTimes(paused)).isEmpty();
    assertThat(fixture.tenant.post(path(paused) + "/resume", "").json().at("/next_fires/0/at"))
        .isEqualTo(make(hourly).json().at("/next_fires/0/at"));

    // The next one is on time for all of them.
    Instant ten = start.plus(10, ChronoUnit.HOURS);
    api.bean(RecurringFires.class).fireDue(ten.plusSeconds(1));
    assertThat(fireTimes(skips)).containsExactly(ten);
    assertThat(fireTimes(once)).containsExactly(ten.minus(1, ChronoUnit.HOURS), ten);
  }

  @Test
  void itEndsWithTheLastOneItIsToMakeAndGoesOnWhenMoreAreAllowed() {
    Map<String, Object> schedule = schedule("0 * * * *", "UTC");
    schedule.put("max_fires", 2);
    Reply made = make(schedule);
    assertThat(made.json().path("next_fires").size()).isEqualTo(2);
    for (int hour = 0; hour < 4; hour++) {
      api.bean(RecurringFires.class).fireDue(start.plus(hour, ChronoUnit.HOURS));
    }
    assertThat(fireTimes(made)).containsExactly(start, start.plus(1, ChronoUnit.HOURS));
    JsonNode ended = fixture.tenant.get(path(made)).json();
    assertThat(ended.path("state").asString()).isEqualTo("ended");
    assertThat(ended.path("next_fires").size()).isZero();
    assertThat(fixture.tenant.post(path(made) + "/resume", "").status()).isEqualTo(409);

    schedule.put("max_fires", 3);
    Reply more = patch(made, Map.of("schedule", schedule));
    assertThat(more.json().path("state").asString()).isEqualTo("active");
    assertThat(more.json().path("next_fires").size()).isEqualTo(1);
    assertThat(more.json().path("version").asInt()).isEqualTo(2);
    Reply stale =
        api.call(fixture.tenant.adminKey(), "DELETE", path(made), "", "If-Match", "\"1\"");
    assertThat(stale.status()).isEqualTo(412);
    assertThat(fixture.tenant.delete(path(made)).status()).isEqualTo(204);
    assertThat(fixture.tenant.get(path(made)).status()).isEqualTo(404);
  }

  @Test
  void aTenantHasABoundedNumber() {
    Reply made = make(schedule("0 9 * * *", "UTC"));
    api.jdbc()
        .sql(
            """
            insert into recurring_broadcast
              (id, tenant_id, broadcast, schedule, state, fired, missed, version, created_at, created_by)
            select gen_random_uuid(), tenant_id, broadcast, schedule, 'ended', 0, 0, 1, now(), 'x'
            from recurring_broadcast, generate_series(2, :most) where id = :id
            """)
        .param("id", id(made))
        .param("most", RecurringBroadcasts.MAX_OF_A_TENANT)
        .update();
    assertThat(make(schedule("0 9 * * *", "UTC")).code())
        .isEqualTo("too_many_recurring_broadcasts");
  }

  @Test
  void whatCannotBeIsRefusedWithAPointerAndAStrangerFindsNothing() {
    assertThat(pointers(make(schedule("0 0 30 2 *", "Mars/Base"))))
        .containsExactly("/schedule/zone", "/schedule/cron");
    Map<String, Object> broadcast = fixture.wanted("Weekly");
    broadcast.put("template_id", UUID.randomUUID().toString());
    broadcast.put("scheduled_at", start.toString());
    broadcast.put("send_time", Map.of("local_time", "2030-01-01T09:00", "zone", "UTC"));
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("schedule", schedule("0 9 * * *", "UTC"));
    wanted.put("broadcast", broadcast);
    assertThat(pointers(fixture.tenant.post(PATH, wanted)))
        .containsExactly(
            "/broadcast/scheduled_at", "/broadcast/send_time/local_time", "/broadcast/template_id");
    assertThat(pointers(fixture.tenant.post(PATH, Map.of())))
        .containsExactlyInAnyOrder("/schedule", "/broadcast");
    wanted.put("broadcast", Map.of("name", " "));
    assertThat(pointers(fixture.tenant.post(PATH, wanted)))
        .contains("/broadcast/name", "/broadcast/template_id", "/broadcast/list_id");

    Reply made = make(schedule("0 9 * * *", "UTC"));
    TestTenant stranger = api.newTenant();
    assertThat(stranger.get(path(made)).status()).isEqualTo(404);
    assertThat(stranger.get(path(made) + "/broadcasts").status()).isEqualTo(404);
    assertThat(stranger.post(path(made) + "/pause", "").status()).isEqualTo(404);
    assertThat(stranger.delete(path(made)).status()).isEqualTo(404);
    assertThat(stranger.get(PATH).json().path("items").size()).isZero();
  }

  private static List<String> pointers(Reply refusal) {
    assertThat(refusal.status()).isEqualTo(422);
    List<String> pointers = new ArrayList<>();
    refusal.json().path("errors").forEach(error -> pointers.add(error.path("pointer").asString()));
    return pointers;
  }

  private Reply make(Map<String, Object> schedule) {
    return fixture.tenant.post(
        PATH, Map.of("schedule", schedule, "broadcast", fixture.wanted("Weekly")));
  }

  private Reply patch(Reply made, Map<String, Object> patch) {
    return api.call(fixture.tenant.adminKey(), "PATCH", path(made), patch);
  }

  private Map<String, Object> schedule(String cron, String zone) {
    Map<String, Object> schedule = new LinkedHashMap<>();
    schedule.put("cron", cron);
    schedule.put("zone", zone);
    schedule.put("starts_at", start.toString());
    return schedule;
  }

  private static String path(Reply made) {
    return made.header("Location");
  }

  private static UUID id(Reply made) {
    return Fixture.idOf(path(made));
  }

  private static String at(Instant day, int hour, int minute) {
    return day.plus(hour, ChronoUnit.HOURS).plus(minute, ChronoUnit.MINUTES).toString();
  }

  private List<JsonNode> broadcasts(Reply made) {
    List<JsonNode> broadcasts = new ArrayList<>();
    fixture.tenant.get(path(made) + "/broadcasts").json().path("items").forEach(broadcasts::add);
    return broadcasts;
  }

  private List<String> states(Reply made) {
    return broadcasts(made).stream().map(each -> each.path("state").asString()).toList();
  }

  private List<Instant> fireTimes(Reply made) {
    return api.jdbc()
        .sql("select fire_at from broadcast where recurring_id = :id order by fire_at")
        .param("id", id(made))
        .query((row, number) -> row.getTimestamp("fire_at").toInstant())
        .list();
  }
}
