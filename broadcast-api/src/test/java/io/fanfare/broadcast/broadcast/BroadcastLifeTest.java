package io.fanfare.broadcast.broadcast;

import static io.fanfare.broadcast.broadcast.Fixture.BROADCASTS;
import static io.fanfare.broadcast.broadcast.Fixture.idOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastLifecycle;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.broadcast.SendTime;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.localstack.testing.KafkaProbe;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(ApiExtension.class)
class BroadcastLifeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What people may do in each state. */
  private static final Map<BroadcastState, Set<String>> ALLOWED =
      Map.of(
          BroadcastState.DRAFT, Set.of("edit", "delete", "schedule", "start"),
          BroadcastState.SCHEDULED, Set.of("unschedule", "start", "cancel"),
          BroadcastState.RUNNING, Set.of("pause", "cancel"),
          BroadcastState.PAUSED, Set.of("resume", "cancel"),
          BroadcastState.COMPLETED, Set.of(),
          BroadcastState.FAILED, Set.of(),
          BroadcastState.CANCELLED, Set.of());

  private static final List<String> ACTIONS =
      List.of("edit", "delete", "schedule", "unschedule", "start", "pause", "resume", "cancel");

  private final ApiUnderTest api;
  private Fixture fixture;

  BroadcastLifeTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeFixture() {
    fixture = new Fixture(api);
  }

  private String broadcastIn(BroadcastState state) {
    String path = fixture.draft("In " + state.id());
    switch (state) {
      case DRAFT -> {}
      case SCHEDULED -> fixture.act(path, "schedule");
      case RUNNING -> fixture.act(path, "start");
      case PAUSED -> {
        fixture.act(path, "start");
        fixture.act(path, "pause");
      }
      case CANCELLED -> {
        fixture.act(path, "start");
        fixture.act(path, "cancel");
      }
      case COMPLETED -> {
        fixture.act(path, "start");
        apply(fixture.signal(path, Signal.COMPLETE, 1));
      }
      case FAILED -> {
        fixture.act(path, "start");
        apply(fixture.signal(path, Signal.FAIL, 1));
      }
    }
    assertThat(fixture.stateOf(path)).isEqualTo(state.id());
    return path;
  }

  private void apply(BroadcastSignal signal) {
    api.bean(BroadcastSignals.class).apply(List.of(signal));
  }

  @ParameterizedTest
  @EnumSource
  void everyActionIsAllowedOrRefusedWithTheReason(BroadcastState state) {
    for (String action : ACTIONS) {
      String path = broadcastIn(state);
      Reply reply = fixture.act(path, action);
      if (ALLOWED.get(state).contains(action)) {
        assertThat(reply.status()).as("%s in %s", action, state).isBetween(200, 204);
      } else {
        assertThat(reply.status()).as("%s in %s", action, state).isEqualTo(409);
        assertThat(reply.code()).isEqualTo("illegal_state");
        assertThat(reply.json().get("detail").asString()).startsWith("a " + state.id());
        assertThat(fixture.stateOf(path)).isEqualTo(state.id());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "cancel"})
  void aStopIsAnsweredWith200OnlyOnceTheBrokerHasIt(String action) throws Exception {
    String path = fixture.running("Stopped");
    try (RelayHold relay = new RelayHold()) {
      Reply kept = fixture.act(path, action);
      assertThat(kept.status()).isEqualTo(202);
      assertThat(kept.json().at("/not_yet_effective/code").asString())
          .isEqualTo("control_not_published");
      assertThat(controls(path)).noneMatch(control -> !control.state().maySend());
      assertThat(fixture.tenant.get(path).json().has("not_yet_effective")).isTrue();
    }
    await().atMost(PATIENCE).until(() -> !fixture.tenant.get(path).json().has("not_yet_effective"));
    assertThat(fixture.tenant.get(path).json().path("state").asString()).startsWith(action);

    String other = fixture.running("Stopped at once");
    Reply done = fixture.act(other, action);
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.json().has("not_yet_effective")).isFalse();
    assertThat(controls(other)).anyMatch(control -> !control.state().maySend());
  }

  @Test
  void takesBroadcastsThatEndedLongAgoOffTheTopics() {
    String path = broadcastIn(BroadcastState.COMPLETED);
    String recent = broadcastIn(BroadcastState.CANCELLED);
    api.jdbc()
        .sql("update broadcast set completed_at = now() - interval '93 days' where id = :id")
        .param("id", idOf(path))
        .update();
    api.bean(BroadcastForgetting.class).forget();
    api.bean(BroadcastForgetting.class).forget();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(tombstones(Topics.BROADCAST_CONTROL)).containsOnlyOnce(idOf(path).toString());
          assertThat(tombstones(Topics.BROADCAST_CONTENT))
              .containsOnlyOnce(idOf(path) + ":a:email", idOf(path) + ":a:telegram");
        });
    assertThat(tombstones(Topics.BROADCAST_CONTROL)).doesNotContain(idOf(recent).toString());
  }

  private static List<String> tombstones(Topic topic) {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return probe.readAll(topic.name()).stream()
          .filter(record -> record.value() == null)
          .map(record -> new String(record.key(), StandardCharsets.UTF_8))
          .toList();
    }
  }

  private static List<BroadcastControl> controls(String path) {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return probe.readAll(Topics.BROADCAST_CONTROL.name()).stream()
          .filter(record -> record.value() != null)
          .filter(record ->
              new String(record.key(), StandardCharsets.UTF_8).equals(idOf(path).toString()))
          .map(record -> EventCodec.decode(BroadcastControl.class, record.value()))
          .toList();
    }
  }

  /** Nothing leaves the outbox while it is open, as when the broker is away. */
  private final class RelayHold implements AutoCloseable {

    private final Connection connection = api.bean(DataSource.class).getConnection();

    RelayHold() throws SQLException {
      connection
          .createStatement()
          .execute("select pg_advisory_lock(hashtext('outbox:' || current_schema()))");
    }

    @Override
    public void close() throws SQLException {
      connection.createStatement().execute("select pg_advisory_unlock_all()");
      connection.close();
    }
  }

  @Test
  void tellsAWholeLifeInOrder() {
    String path = fixture.draft("A life");
    fixture.act(path, "edit");
    fixture.act(path, "schedule");
    fixture.act(path, "unschedule");
    Reply started = fixture.act(path, "start");
    assertThat(started.status()).isEqualTo(202);
    assertThat(started.header("Location")).isEqualTo(path + "/progress");
    fixture.act(path, "pause");
    fixture.act(path, "resume");
    apply(fixture.signal(path, Signal.COMPLETE, 3));

    List<BroadcastLifecycle> life = lifecycle(path, 8);
    assertThat(life)
        .extracting(event -> event.change().id())
        .containsExactly(
            "created", "scheduled", "unscheduled", "started", "paused", "resumed", "completed");
    assertThat(life)
        .extracting(BroadcastLifecycle::version)
        .containsExactly(1L, 3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(life.get(1).scheduledAt()).isNotNull();
    assertThat(life.get(4).reason().code()).isEqualTo("by_request");
    assertThat(life.get(3).actor()).startsWith("key:");
    assertThat(life.getLast().actor()).isEqualTo("system");
    assertThat(life.getFirst().channels()).containsExactly(Channel.EMAIL, Channel.TELEGRAM);

    List<BroadcastControl> controls =
        events(Topics.BROADCAST_CONTROL, BroadcastControl.class, path);
    assertThat(controls)
        .extracting(control -> control.epoch() + control.state().id())
        .containsExactly("1running", "2paused", "3running", "4completed");
    assertThat(auditActions(path))
        .containsExactly(
            "create", "update", "schedule", "unschedule", "start", "pause", "resume", "complete");
  }

  @Test
  void freezesContentAndPlanAtTheStart() {
    String path = fixture.draft("Frozen");
    fixture.act(path, "start");
    fixture.tenant.put(
        "/api/v1/templates/" + fixture.template,
        Map.of("name", "T", "channels", Map.of("telegram", Map.of("text", "changed"))));

    BroadcastControl control = control(path);
    assertThat(control.state()).isEqualTo(BroadcastState.RUNNING);
    assertThat(control.listId()).isEqualTo(fixture.list);
    assertThat(control.policy()).isEqualTo(DeliveryPolicy.NEVER_TWICE);
    assertThat(control.ledgerDay())
        .isEqualTo(LocalDate.ofInstant(control.startedAt(), ZoneOffset.UTC));
    assertThat(control.retryDelays())
        .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(300));
    assertThat(control.variables()).isEqualTo(Map.of("price", 12));
    assertThat(control.channels())
        .containsExactly(
            new ChannelPlan(Channel.EMAIL, fixture.email, 8, List.of("contact.name", "vars.price")),
            new ChannelPlan(Channel.TELEGRAM, fixture.telegram, 1, List.of("contact.custom.city")));

    List<BroadcastContent> contents =
        events(Topics.BROADCAST_CONTENT, BroadcastContent.class, path);
    assertThat(contents)
        .contains(
            new BroadcastContent(
                idOf(path),
                "a",
                Channel.TELEGRAM,
                new MessageContent.Telegram("{{ contact.custom.city }}", null, null)))
        .hasSize(2);
    assertThat(fixture.tenant.get(path).json().get("template_version").asInt()).isEqualTo(1);
  }

  /** A broadcast under test that runs: a says what the fixture's template says, b {@code Long}. */
  private String tested(int held) {
    String other =
        fixture.template(
            Map.of("email", Map.of("subject", "Long {{ contact.city }}", "text", "Long")));
    Map<String, Object> wanted = fixture.tested("Tested");
    wanted.put(
        "ab_test",
        Map.of(
            "variants",
            List.of(
                Fixture.variant("Short", 90 - held, fixture.template),
                Fixture.variant("Long", 10, other)),
            "hold_back_percent",
            held,
            "duration",
            "PT1H"));
    String path = fixture.tenant.post(BROADCASTS, wanted).header("Location");
    assertThat(fixture.act(path, "start").status()).isEqualTo(202);
    // What was frozen counts, whatever becomes of the template.
    fixture.tenant.put(
        "/api/v1/templates/" + other,
        Map.of("name", "T", "channels", Map.of("email", Map.of("subject", "New", "text", "New"))));
    return path;
  }

  private BroadcastSignal winner(String path, String variant) {
    return new BroadcastSignal(
        idOf(path), fixture.tenant.id(), Signal.WINNER, 1, null, null, Instant.now(), variant);
  }

  private static final MessageContent LONG =
      new MessageContent.Email("Long {{ contact.city }}", null, "Long");

  @Test
  void freezesTheContentOfEveryVariantAndThePlanOfTheTest() {
    String path = tested(80);
    BroadcastControl control = control(path);
    assertThat(control.abTest())
        .isEqualTo(
            new AbTest(
                List.of(
                    new AbTest.Variant("a", "Short", 10, null),
                    new AbTest.Variant("b", "Long", 10, null)),
                80,
                Channel.EMAIL,
                AbTest.Metric.CLICK,
                null,
                List.of(0.2, 0.4, 0.6, 0.8, 1.0),
                Duration.ofHours(1),
                100,
                0.05,
                AbTest.Decision.AUTO,
                "a"));
    assertThat(control.winner()).isNull();
    assertThat(control.holdsBack()).isTrue();
    assertThat(control.channels())
        .containsExactly(
            new ChannelPlan(
                Channel.EMAIL,
                fixture.email,
                8,
                List.of("contact.city", "contact.name", "vars.price")));
    assertThat(events(Topics.BROADCAST_CONTENT, BroadcastContent.class, path))
        .extracting(BroadcastContent::variant)
        .containsExactlyInAnyOrder("a", "b");
  }

  /** Subject, either body, text, call to action, time of sending: each is a test of its own. */
  @Test
  void aVariantMayDifferInAnyPartOfItsContentOrInItsTime() {
    Map<String, Object> mail = Map.of("subject", "S", "html", "<p>H</p>", "text", "T");
    Map<String, Object> chat = chat("C", "Read", "https://example.org/a");
    List<Map<String, Object>> said =
        List.of(
            Map.of("email", mail, "telegram", chat),
            Map.of(
                "email",
                Map.of("subject", "S2", "html", "<p>H</p>", "text", "T"),
                "telegram",
                chat),
            Map.of(
                "email",
                Map.of("subject", "S", "html", "<p>H2</p>", "text", "T"),
                "telegram",
                chat),
            Map.of(
                "email",
                Map.of("subject", "S", "html", "<p>H</p>", "text", "T2"),
                "telegram",
                chat),
            Map.of("email", mail, "telegram", chat("C2", "Read", "https://example.org/a")),
            Map.of("email", mail, "telegram", chat("C", "Read now", "https://example.org/b")));
    List<Map<String, Object>> variants = new ArrayList<>();
    for (Map<String, Object> channels : said) {
      variants.add(onBoth("V" + variants.size(), fixture.template(channels)));
    }
    Map<String, Object> later = onBoth("Later", fixture.template(said.getFirst()));
    later.put("delay", "PT30M");
    variants.add(later);
    Map<String, Object> wanted = fixture.wanted("Everything");
    wanted.put(
        "ab_test", Map.of("variants", variants, "hold_back_percent", 30, "duration", "PT1H"));
    String path = fixture.tenant.post(BROADCASTS, wanted).header("Location");
    assertThat(fixture.act(path, "start").status()).isEqualTo(202);

    BroadcastControl control = control(path);
    Map<String, MessageContent> contents = new HashMap<>();
    events(Topics.BROADCAST_CONTENT, BroadcastContent.class, path)
        .forEach(each -> contents.put(each.variant() + " " + each.channel(), each.content()));
    assertThat(contents)
        .hasSize(14)
        .containsEntry("a email", new MessageContent.Email("S", "<p>H</p>", "T"))
        .containsEntry("b email", new MessageContent.Email("S2", "<p>H</p>", "T"))
        .containsEntry("c email", new MessageContent.Email("S", "<p>H2</p>", "T"))
        .containsEntry("d email", new MessageContent.Email("S", "<p>H</p>", "T2"))
        .containsEntry("g email", contents.get("a email"))
        .containsEntry("g telegram", contents.get("a telegram"));
    assertThat(List.of("a", "b", "c", "d", "e", "f"))
        .extracting(variant -> (MessageContent.Telegram) contents.get(variant + " telegram"))
        .extracting(telegram -> telegram.text() + " " + telegram.buttons().getFirst())
        .containsExactly(
            "C [Button[text=Read, url=https://example.org/a, data=null]]",
            "C [Button[text=Read, url=https://example.org/a, data=null]]",
            "C [Button[text=Read, url=https://example.org/a, data=null]]",
            "C [Button[text=Read, url=https://example.org/a, data=null]]",
            "C2 [Button[text=Read, url=https://example.org/a, data=null]]",
            "C [Button[text=Read now, url=https://example.org/b, data=null]]");
    assertThat(control.abTest().variants())
        .extracting(AbTest.Variant::delay)
        .containsExactly(null, null, null, null, null, null, Duration.ofMinutes(30));
  }

  private static Map<String, Object> chat(String text, String label, String url) {
    return Map.of("text", text, "buttons", List.of(List.of(Map.of("text", label, "url", url))));
  }

  private static Map<String, Object> onBoth(String name, String template) {
    Map<String, Object> variant = Fixture.variant(name, 10, template);
    Map<String, Object> content = Map.of("template_id", template);
    variant.put("channels", Map.of("email", content, "telegram", content));
    return variant;
  }

  @Test
  void theWinnersContentIsPublishedForTheHoldBackBeforeTheControlThatNamesItAndOnce()
      throws Exception {
    String path = tested(80);
    fixture.act(path, "pause");
    apply(winner(path, "x"));
    assertThat(fixture.tenant.get(path).json().at("/ab_test/winner").isMissingNode()).isTrue();
    await().atMost(PATIENCE).until(() -> waiting(path).isEmpty());
    try (RelayHold relay = new RelayHold()) {
      apply(winner(path, "b"));
      apply(winner(path, "b"));
      apply(winner(path, "a"));
      assertThat(waiting(path))
          .containsExactly("broadcast.content", "broadcast.control", "broadcast.lifecycle");
    }
    assertThat(fixture.tenant.get(path).json().at("/ab_test/winner").asString()).isEqualTo("b");
    assertThat(fixture.stateOf(path)).isEqualTo("paused");
    assertThat(
            fixture.tenant.post(path + "/clone", "").json().at("/ab_test/winner").isMissingNode())
        .isTrue();
    fixture.act(path, "resume");
    fixture.act(path, "cancel");

    assertThat(lifecycle(path, 6))
        .extracting(event -> event.change().id() + " " + event.version())
        .containsExactly(
            "created 1", "started 2", "paused 3", "winner_decided 4", "resumed 5", "cancelled 6");
    assertThat(events(Topics.BROADCAST_CONTROL, BroadcastControl.class, path))
        .extracting(control -> control.epoch() + control.state().id() + " " + control.winner())
        .containsExactly(
            "1running null", "2paused null", "3paused b", "4running b", "5cancelled b");
    List<BroadcastContent> contents =
        events(Topics.BROADCAST_CONTENT, BroadcastContent.class, path);
    assertThat(contents)
        .extracting(BroadcastContent::variant)
        .containsExactlyInAnyOrder("a", "b", "winner");
    assertThat(contents).contains(new BroadcastContent(idOf(path), "winner", Channel.EMAIL, LONG));

    api.jdbc()
        .sql("update broadcast set completed_at = now() - interval '93 days' where id = :id")
        .param("id", idOf(path))
        .update();
    api.bean(BroadcastForgetting.class).forget();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(tombstones(Topics.BROADCAST_CONTENT))
                .contains(
                    idOf(path) + ":a:email",
                    idOf(path) + ":b:email",
                    idOf(path) + ":winner:email"));
  }

  /** The topics of what the outbox has of a broadcast, in the order in which it goes out. */
  private List<String> waiting(String path) {
    return api.jdbc()
        .sql(
            """
            select topic from outbox
            where starts_with(record_key, :id) and topic like 'broadcast.%' order by id
            """)
        .param("id", idOf(path).toString())
        .query(String.class)
        .list();
  }

  @Test
  void aWinnerChangesNothingWhereNobodyIsHeldBackOrAllHasEnded() {
    String everybody = tested(0);
    apply(winner(everybody, "b"));
    String cancelled = tested(80);
    fixture.act(cancelled, "cancel");
    apply(winner(cancelled, "b"));
    String untested = fixture.running("Untested");
    apply(winner(untested, "a"));
    for (String path : List.of(everybody, cancelled, untested)) {
      JsonNode broadcast = fixture.tenant.get(path).json();
      assertThat(broadcast.at("/ab_test/winner").isMissingNode()).isTrue();
    }
    Long kept =
        api.jdbc()
            .sql("select count(*) from variant_content where broadcast_id = any(:ids)")
            .param("ids", new UUID[] {idOf(everybody), idOf(cancelled), idOf(untested)})
            .query(Long.class)
            .single();
    assertThat(kept).isZero();
  }

  @Test
  void aRateIsPartOfTheDraftAndMayBeChangedUnderWay() {
    Map<String, Object> wanted = fixture.wanted("Paced");
    wanted.put("rate_per_minute", 600);
    String path = fixture.tenant.post(BROADCASTS, wanted).header("Location");
    assertThat(rateOf(path)).isEqualTo(600);
    assertThat(patch(path, Map.of("rate_per_minute", 300)).status()).isEqualTo(200);
    fixture.act(path, "start");
    assertThat(control(path).ratePerMinute()).isEqualTo(300);

    assertThat(patch(path, Map.of("rate_per_minute", 0)).status()).isEqualTo(200);
    assertThat(rateOf(path)).isZero();
    assertThat(patch(path, Map.of("rate_per_minute", 60, "name", "No")).status()).isEqualTo(409);
    assertThat(patch(path, Map.of("rate_per_minute", -1)).pointers())
        .containsExactly("/rate_per_minute");
    fixture.act(path, "pause");
    assertThat(patch(path, Map.of("rate_per_minute", 60)).status()).isEqualTo(200);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(events(Topics.BROADCAST_CONTROL, BroadcastControl.class, path))
                .extracting(control -> control.epoch() + " " + control.ratePerMinute())
                .containsExactly("1 300", "2 null", "3 null", "4 60"));
    assertThat(fixture.stateOf(path)).isEqualTo("paused");
    fixture.act(path, "cancel");
    assertThat(patch(path, Map.of("rate_per_minute", 60)).status()).isEqualTo(409);
  }

  private Reply patch(String path, Map<String, Object> fields) {
    return api.call(fixture.tenant.adminKey(), "PATCH", path, fields);
  }

  private int rateOf(String path) {
    return fixture.tenant.get(path).json().get("rate_per_minute").asInt();
  }

  @Test
  void doesWhatServicesAskForOverKafka() {
    String path = fixture.running("Signalled");
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      probe.produce(
          Topics.BROADCAST_SIGNAL.name(),
          idOf(path).toString(),
          "garbage".getBytes(StandardCharsets.UTF_8));
      send(probe, fixture.signal(path, Signal.FROZEN, 1));
      send(probe, fixture.signal(path, Signal.PAUSE, 1));
      await().atMost(PATIENCE).until(() -> fixture.stateOf(path).equals("paused"));
      var paused = fixture.tenant.get(path).json();
      assertThat(paused.get("planned").asInt()).isEqualTo(1_000);
      assertThat(paused.get("reason").toString())
          .isEqualTo("{\"code\":\"account_refused\",\"detail\":\"535 wrong password\"}");

      fixture.act(path, "resume");
      send(probe, fixture.signal(path, Signal.PAUSE, 1));
      send(probe, fixture.signal(path, Signal.COMPLETE, 2));
      send(probe, fixture.signal(path, Signal.COMPLETE, 3));
      await().atMost(PATIENCE).until(() -> fixture.stateOf(path).equals("completed"));
      assertThat(lifecycle(path, 5).stream().map(event -> event.change().id()))
          .containsExactly("created", "started", "paused", "resumed", "completed");
      probe.await(
          Topics.BROADCAST_SIGNAL.deadLetterTopic(Topics.Groups.BROADCAST_SIGNAL),
          PATIENCE,
          records -> !records.isEmpty());
    }
    var completed = fixture.tenant.get(path).json();
    assertThat(completed.has("completed_at")).isTrue();
    assertThat(completed.has("reason")).isFalse();
  }

  @Test
  void startsAScheduledBroadcastWithinASecond() {
    String path = fixture.draft("On time");
    Instant at = Instant.now().plusMillis(1_200);
    fixture.tenant.post(path + "/schedule", Map.of("at", at.toString()));

    await().atMost(PATIENCE).until(() -> fixture.stateOf(path).equals("running"));

    Instant started = Instant.parse(fixture.tenant.get(path).json().get("started_at").asString());
    assertThat(started).isBetween(at.minusMillis(1), at.plusMillis(1_000));
    assertThat(lifecycle(path, 3).getLast().actor()).isEqualTo("system");
  }

  @Test
  void scheduledBroadcastThatCannotStartFailsWithTheReason() {
    String path = fixture.draft("Too late");
    fixture.tenant.post(
        path + "/schedule", Map.of("at", Instant.now().plusSeconds(3_600).toString()));
    api.jdbc()
        .sql("delete from channel_account where id = :id")
        .param("id", fixture.telegram)
        .update();
    api.jdbc()
        .sql("update broadcast set scheduled_at = now() where id = :id")
        .param("id", idOf(path))
        .update();

    await().atMost(PATIENCE).until(() -> fixture.stateOf(path).equals("failed"));

    assertThat(fixture.tenant.get(path).json().get("reason").toString())
        .isEqualTo(
            "{\"code\":\"not_startable\",\"detail\":\"/channels/1/account_id: there is no such"
                + " channel account\"}");
    assertThat(events(Topics.BROADCAST_CONTROL, BroadcastControl.class, path)).isEmpty();
  }

  @Test
  void twoPollersStartABroadcastOnce() throws Exception {
    String path = fixture.draft("Once");
    fixture.tenant.post(
        path + "/schedule", Map.of("at", Instant.now().plusSeconds(3_600).toString()));
    api.jdbc()
        .sql("update broadcast set scheduled_at = now() where id = :id")
        .param("id", idOf(path))
        .update();
    ScheduledStarts starts = api.bean(ScheduledStarts.class);
    List<Thread> pollers =
        List.of(
            Thread.startVirtualThread(starts::startDue),
            Thread.startVirtualThread(starts::startDue));
    for (Thread poller : pollers) {
      poller.join();
    }

    await().atMost(PATIENCE).until(() -> fixture.stateOf(path).equals("running"));
    assertThat(lifecycle(path, 3).stream().map(event -> event.change().id()))
        .containsExactly("created", "scheduled", "started");
  }

  @Test
  void timesMustBeAhead() {
    String path = fixture.draft("When");

    for (Instant at :
        List.of(Instant.now().minusSeconds(1), Instant.now().plusSeconds(40_000_000))) {
      Reply refused = fixture.tenant.post(path + "/schedule", Map.of("at", at.toString()));
      assertThat(refused.pointers()).containsExactly("/at");
    }
    assertThat(fixture.tenant.post(path + "/schedule", Map.of("at", "soon")).pointers())
        .containsExactly("/at");
    Map<String, Object> past = fixture.wanted("Past");
    past.put("scheduled_at", Instant.now().minusSeconds(1).toString());
    assertThat(fixture.tenant.post(BROADCASTS, past).pointers()).containsExactly("/scheduled_at");
  }

  private BroadcastControl control(String path) {
    await()
        .atMost(PATIENCE)
        .until(() -> !events(Topics.BROADCAST_CONTROL, BroadcastControl.class, path).isEmpty());
    return events(Topics.BROADCAST_CONTROL, BroadcastControl.class, path).getFirst();
  }

  /** The events of a broadcast once its version's has come. */
  private List<BroadcastLifecycle> lifecycle(String path, long version) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            events(Topics.BROADCAST_LIFECYCLE, BroadcastLifecycle.class, path).stream()
                .anyMatch(event -> event.version() >= version));
    return events(Topics.BROADCAST_LIFECYCLE, BroadcastLifecycle.class, path);
  }

  private static <E extends Record> List<E> events(Topic topic, Class<E> type, String path) {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return probe.readAll(topic.name()).stream()
          .filter(record -> keyOf(record).startsWith(idOf(path).toString()))
          .map(record -> EventCodec.decode(type, record.value()))
          .toList();
    }
  }

  private static String keyOf(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  private List<String> auditActions(String path) {
    String query =
        """
        select action from audit_entry
        where resource = 'broadcast' and resource_id = :id order by at, id
        """;
    var read = api.jdbc().sql(query).param("id", idOf(path).toString()).query(String.class);
    await().atMost(PATIENCE).until(() -> read.list().contains("complete"));
    return read.list();
  }

  private static void send(KafkaProbe probe, BroadcastSignal signal) {
    probe.produce(
        Topics.BROADCAST_SIGNAL.name(),
        signal.broadcastId().toString(),
        EventCodec.encode(signal),
        Map.of(EventCodec.TYPE_HEADER, EventCodec.typeOf(signal)));
  }

  @Test
  void aSendTimeGoesWithTheBroadcastAndMustBeWithinAMonthOfItsStart() {
    Map<String, Object> wanted = fixture.wanted("Local");
    String soon = Instant.now().plus(Duration.ofDays(2)).toString().substring(0, 16);
    Map<String, Object> time = Map.of("local_time", soon, "past", "skip", "zone", "Asia/Kathmandu");
    wanted.put("send_time", time);
    Reply draft = fixture.tenant.post(BROADCASTS, wanted);
    assertThat(draft.json().at("/send_time/zone").asString()).isEqualTo("Asia/Kathmandu");
    String path = draft.header("Location");
    assertThat(fixture.act(path, "start").status()).isEqualTo(202);
    SendTime told = control(path).sendTime();
    assertThat(told.localTime()).hasToString(soon);
    assertThat(told.skipsPast()).isTrue();
    assertThat(told.zone()).isEqualTo("Asia/Kathmandu");
    assertThat(told.preferredHour()).isNull();

    for (int days : List.of(-2, 31)) {
      String wrong = Instant.now().plus(Duration.ofDays(days)).toString().substring(0, 16);
      wanted.put("send_time", Map.of("local_time", wrong, "zone", "UTC"));
      String other = fixture.tenant.post(BROADCASTS, wanted).header("Location");
      for (String action : List.of("start", "schedule")) {
        Reply refused = fixture.act(other, action);
        assertThat(refused.status()).as(action + " " + days).isEqualTo(422);
        assertThat(refused.json().at("/errors/0/pointer").asString())
            .isEqualTo("/send_time/local_time");
      }
    }
    wanted.put("send_time", Map.of("at_preferred_hour", true, "default_hour", 18, "zone", "UTC"));
    String preferred = fixture.tenant.post(BROADCASTS, wanted).header("Location");
    fixture.act(preferred, "start");
    assertThat(control(preferred).sendTime()).isEqualTo(new SendTime(null, null, 18, "UTC"));
  }
}
