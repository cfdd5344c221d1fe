package io.fanfare.analytics.abtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fanfare.analytics.AnalyticsUnderTest;
import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.Topics;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.VariantSize;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import io.fanfare.support.kafka.EventProducer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import tools.jackson.databind.JsonNode;

class AbTestLifeTest {

  private static final UUID TENANT = UUID.randomUUID();
  private static final Identity SENDER = new Identity(TENANT, "key:sender", Role.SENDER);
  private static final Identity VIEWER = new Identity(TENANT, "key:viewer", Role.VIEWER);
  private static final Duration DURATION = Duration.ofHours(10);

  private static AnalyticsUnderTest analytics;
  private static EventProducer producer;
  private static KafkaConsumer<String, byte[]> consumer;
  private static final List<BroadcastSignal> SIGNALS = new ArrayList<>();

  private final UUID broadcast = UUID.randomUUID();

  @BeforeAll
  static void open() {
    TestInfrastructure.resetTopics();
    analytics = new AnalyticsUnderTest();
    analytics.start(1_000, AbTestLifeTest::lookOften);
    producer = new EventProducer(TestInfrastructure.bootstrapServers(), "test-ab");
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(
        consumer.partitionsFor(Topics.BROADCAST_SIGNAL.name()).stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList());
    consumer.seekToBeginning(consumer.assignment());
  }

  private static void lookOften(ConfigurableApplicationContext context) {
    context
        .getEnvironment()
        .getPropertySources()
        .addFirst(
            new MapPropertySource("often", Map.of("fanfare.analytics.look-interval", "PT0.1S")));
  }

  @AfterAll
  static void close() {
    consumer.close();
    producer.close();
    analytics.close();
  }

  @Test
  void itsTimeCountsFromWhenItsLastVariantMayBeSent() {
    AbTest plain = plan(AbTest.Decision.AUTO, "a", "b");
    AbTest later =
        new AbTest(
            List.of(
                plain.variants().getFirst(),
                new AbTest.Variant("b", "Later", 10, Duration.ofHours(2))),
            plain.holdBackPercent(),
            plain.channel(),
            plain.metric(),
            null,
            plain.looks(),
            DURATION,
            100,
            0.05,
            AbTest.Decision.AUTO,
            "a");
    start(later, 0.6);
    awaitState("running");
    Instant first = Instant.parse(get().at("/next_look/at").asString());
    assertThat(Duration.between(Instant.now(), first))
        .isBetween(Duration.ofMinutes(58), Duration.ofMinutes(60));
    assertThat(get().path("looks")).isEmpty();
  }

  @Test
  void isWonAtItsSecondLook() throws SQLException {
    figures("a", 1_000, 50);
    figures("b", 1_000, 60);
    // Who waited for the winner is not in the test.
    figures(AbTest.HOLD_BACK, 50_000, 40_000);
    start(plan(AbTest.Decision.AUTO, "a", "b"), 0.6);
    awaitLooks(1);
    JsonNode running = get();
    assertThat(running.get("state").asString()).isEqualTo("running");
    assertThat(running.at("/looks/0/verdict").asString()).isEqualTo("wait");
    assertThat(running.at("/looks/0/reason").asString()).isEqualTo("not_significant");
    assertThat(running.at("/looks/0/comparisons/0/boundary").asDouble())
        .isCloseTo(2.963, within(0.001));
    assertThat(running.at("/next_look/look").asInt()).isEqualTo(2);
    assertThat(running.at("/plan/channel").asString()).isEqualTo("email");
    assertThat(running.at("/plan/duration").asString()).isEqualTo("PT10H");
    // The formula of R's power.prop.test solved by scipy.optimize.brentq: with n = 1000, p1 = 0.05
    // and power 0.8 p2 is 0.08098; two looks add 0.4 % to the difference.
    assertThat(running.get("detectable_effect").asDouble()).isCloseTo(0.0311, within(0.0001));

    figures("a", 2_000, 100);
    figures("b", 2_000, 140);
    JsonNode between = get();
    assertThat(between.at("/variants/1/rate").asDouble()).isCloseTo(0.07, within(1e-9));
    assertThat(between.at("/comparisons/0").has("significant")).isFalse();
    assertThat(between.at("/comparisons/0/difference").asDouble()).isCloseTo(0.02, within(1e-9));

    later(0.5);
    awaitState("decided");
    JsonNode decided = get();
    assertThat(decided.get("winner").asString()).isEqualTo("b");
    assertThat(decided.get("decided_by").asString()).isEqualTo("winner");
    JsonNode found = decided.at("/looks/1/comparisons/0");
    assertThat(found.get("significant").asBoolean()).isTrue();
    assertThat(found.get("z").asDouble()).isGreaterThan(found.get("boundary").asDouble());
    assertThat(found.get("p_value").asDouble()).isBetween(0.005, 0.05);
    assertThat(found.get("low").asDouble()).isPositive();
    assertThat(found.get("high").asDouble()).isBetween(0.03, 0.05);
    assertThat(awaitSignal().variant()).isEqualTo("b");

    figures("b", 2_000, 150);
    assertThat(get().at("/variants/1/converted").asInt()).isEqualTo(150);
    assertThat(
            analytics.number(
                """
                select count(*) from ab_test_results_summary where broadcast_id = '%s'
                  and (variant, is_winner, converted, significant) = ('b', true, 150, true)
                """
                    .formatted(broadcast)))
        .isEqualTo(1);
  }

  @Test
  void namesTheFallbackWhenNothingIsSignificant() {
    figures("a", 2_000, 100);
    figures("b", 2_000, 104);
    // Nobody was there for the first look: it is passed over, and nothing is spent on it.
    start(plan(AbTest.Decision.AUTO, "a", "b"), 1.1);
    awaitState("decided");
    JsonNode decided = get();
    assertThat(decided.get("winner").asString()).isEqualTo("a");
    assertThat(decided.get("decided_by").asString()).isEqualTo("fallback");
    assertThat(decided.get("looks")).hasSize(1);
    assertThat(decided.at("/looks/0/look").asInt()).isEqualTo(2);
    assertThat(decided.at("/looks/0/reason").asString()).isEqualTo("not_significant");
    assertThat(decided.at("/looks/0/comparisons/0/boundary").asDouble())
        .isCloseTo(1.96, within(0.001));
    assertThat(awaitSignal().variant()).isEqualTo("a");
  }

  @Test
  void decidesNothingOnTooFew() {
    figures("a", 99, 5);
    figures("b", 2_000, 400);
    start(plan(AbTest.Decision.AUTO, "a", "b"), 0.6);
    awaitLooks(1);
    assertThat(get().at("/looks/0/reason").asString()).isEqualTo("too_small");
    assertThat(get().at("/looks/0/comparisons/0/significant").asBoolean()).isFalse();
    later(0.5);
    awaitState("decided");
    assertThat(get().get("decided_by").asString()).isEqualTo("fallback");
  }

  @Test
  void blocksOnSizesThatAreNotAsPlannedUntilSomebodyDecides() {
    figures("a", 2_000, 100);
    figures("b", 2_300, 400);
    start(plan(AbTest.Decision.AUTO, "a", "b"), 0.6);
    awaitLooks(1);
    assertThat(get().at("/looks/0/reason").asString()).isEqualTo("sample_ratio");
    later(0.5);
    awaitState("blocked");
    JsonNode blocked = get();
    assertThat(blocked.has("winner")).isFalse();
    assertThat(blocked.at("/sample_ratio/mismatch").asBoolean()).isTrue();

    var decided = decide(SENDER, "{\"variant\": \"a\"}");
    assertThat(decided.status()).as(decided.body().toString()).isEqualTo(200);
    assertThat(decided.body().get("decided_by").asString()).isEqualTo("operator");
    assertThat(decided.body().get("decided_actor").asString()).isEqualTo("key:sender");
    assertThat(awaitSignal().variant()).isEqualTo("a");
  }

  /** Nobody is wrongly left out: some of them are only not sent to yet. */
  @Test
  void sizesThatAreOffWhileSendingGoesOnAreNoMismatch() {
    frozen(new VariantSize("a", Channel.EMAIL, 2_000), new VariantSize("b", Channel.EMAIL, 2_050));
    figures("a", 2_000, 100);
    figures("b", 1_500, 120);
    start(plan(AbTest.Decision.AUTO, "a", "b"), 0.6);
    awaitLooks(1);
    JsonNode sending = get();
    assertThat(sending.at("/looks/0/verdict").asString()).isEqualTo("wait");
    assertThat(sending.at("/looks/0/reason").asString()).isEqualTo("sending");
    assertThat(sending.at("/looks/0/variants/1/unsent").asLong()).isEqualTo(550);
    for (String of : List.of("", "/looks/0")) {
      assertThat(sending.at(of + "/sample_ratio/p_value").asDouble()).isLessThan(0.001);
      assertThat(sending.at(of + "/sample_ratio/mismatch").asBoolean()).isFalse();
      assertThat(sending.at(of + "/sample_ratio/sending").asBoolean()).isTrue();
    }
    // Whoever was refused is not sent to any more: now something is wrong.
    analytics.execute(
        List.of(
            "update recipient_count set failed = 550 where broadcast_id = '%s' and variant = 'b'"
                .formatted(broadcast)));
    assertThat(get().at("/sample_ratio/mismatch").asBoolean()).isTrue();
    figures("b", 2_050, 200);
    analytics.execute(
        List.of(
            "update recipient_count set failed = 0 where broadcast_id = '%s'"
                .formatted(broadcast)));
    later(0.5);
    awaitState("decided");
    assertThat(get().get("winner").asString()).isEqualTo("b");
  }

  @Test
  void warnsOfAnAudienceTooSmallToDecideAndGoesOn() {
    // Known before the test is, as the two come by topics of their own.
    frozen(
        new VariantSize("a", Channel.EMAIL, 1_000),
        new VariantSize("b", Channel.EMAIL, 1_020),
        new VariantSize("a", Channel.TELEGRAM, 5),
        new VariantSize("winner", Channel.EMAIL, 8_000));
    Awaitility.await()
        .until(() ->
            analytics.number(
                    "select count(*) from ab_audience where broadcast_id = '%s'"
                        .formatted(broadcast))
                == 4);
    AbTest plan = expecting(AbTest.Metric.CLICK, 100, 0.05, 0.2);
    start(plan, 0.1);
    await("state = 'running'");
    JsonNode small = get();
    assertThat(small.at("/power/recipients").asLong()).isEqualTo(1_000);
    // Both as in statistics-reference.json, of five looks.
    assertThat(small.at("/power/power").asDouble()).isCloseTo(0.161412, within(1e-5));
    assertThat(small.at("/power/needed_per_variant").asLong()).isBetween(8_359L, 8_361L);
    assertThat(small.at("/power/baseline_from").asString()).isEqualTo("declared");
    assertThat(small.at("/power/detectable_effect").asDouble()).isBetween(0.0305, 0.0325);
    assertThat(small.get("warnings").findValuesAsString("code"))
        .containsExactly("ab_test_underpowered");
    assertThat(small.at("/warnings/0/detail").asString())
        .contains("1,000 recipients", "lift of 20.0 %", "rate of 5.00 %", "16.1 %", "needed");
    // Others do not see it.
    var stranger = new Identity(UUID.randomUUID(), "key:other", Role.ADMIN);
    String path = "/api/v1/broadcasts/" + broadcast + "/ab-test";
    assertThat(analytics.get(path, analytics.authorization(stranger)).status()).isEqualTo(404);
    figures("a", 1_000, 50);
    figures("b", 1_020, 60);
    later(1);
    awaitState("decided");
    assertThat(get().get("decided_by").asString()).isEqualTo("fallback");
  }

  @Test
  void warnsOfNothingWhereTheAudienceIsLargeEnough() {
    AbTest plan = expecting(AbTest.Metric.OPEN, 100, null, null);
    start(plan, 0.1);
    await("state = 'running'");
    assertThat(get().has("power")).as("nothing is known before the freeze").isFalse();
    assertThat(get().get("warnings").isEmpty()).isTrue();
    frozen(
        new VariantSize("a", Channel.EMAIL, 20_000), new VariantSize("b", Channel.EMAIL, 20_100));
    Awaitility.await().until(() -> get().has("power"));
    assertThat(get().at("/power/baseline_from").asString()).isEqualTo("default");
    assertThat(get().at("/power/lift").asDouble()).isEqualTo(AbTestPower.DEFAULT_LIFT);
    assertThat(get().at("/power/power").asDouble()).isGreaterThan(0.99);
    assertThat(get().get("warnings").isEmpty()).isTrue();
  }

  @Test
  void warnsWhereNoLookCanDecide() {
    frozen(new VariantSize("a", Channel.EMAIL, 60));
    start(expecting(AbTest.Metric.CUSTOM_VALUE, 100, null, null), 0.1);
    await("state = 'running'");
    Awaitility.await().until(() -> !get().get("warnings").isEmpty());
    assertThat(get().get("warnings").findValuesAsString("code"))
        .containsExactly("ab_test_below_minimum_sample");
    assertThat(get().has("power")).as("of mean values").isFalse();
    // Nobody at all got the second variant.
    assertThat(get().at("/warnings/0/detail").asString()).contains("has 0 recipients on email");
  }

  @Test
  void countsTheNamedButtonAlone() {
    for (String name : List.of("", "more", "less")) {
      analytics.execute(
          List.of(
              sent("a", 2_000),
              sent("b", 2_000),
              engaged("a", "button", name, name.equals("more") ? 100 : 700, 0, 0),
              engaged("b", "button", name, name.equals("more") ? 190 : 690, 0, 0)));
    }
    AbTest any = plan(AbTest.Decision.AUTO, "a", "b");
    start(
        new AbTest(
            any.variants(),
            any.holdBackPercent(),
            any.channel(),
            AbTest.Metric.BUTTON,
            null,
            List.of(1.0),
            DURATION,
            100,
            0.05,
            AbTest.Decision.AUTO,
            "a",
            "more",
            null,
            null),
        1.1);
    awaitState("decided");
    assertThat(get().get("winner").asString()).isEqualTo("b");
    assertThat(get().at("/variants/1/converted").asLong()).isEqualTo(190);
    assertThat(get().at("/plan/button").asString()).isEqualTo("more");
  }

  private void frozen(VariantSize... sizes) {
    producer
        .send(
            Topics.BROADCAST_SIGNAL,
            broadcast.toString(),
            new BroadcastSignal(
                broadcast,
                TENANT,
                BroadcastSignal.Signal.FROZEN,
                1,
                10_000L,
                null,
                Instant.now(),
                null,
                List.of(sizes)))
        .join();
  }

  private static AbTest expecting(
      AbTest.Metric metric, int sample, @Nullable Double baseline, @Nullable Double effect) {
    return new AbTest(
        variants("a", "b"),
        80,
        Channel.EMAIL,
        metric,
        metric == AbTest.Metric.CUSTOM_VALUE ? "purchase" : null,
        List.of(0.2, 0.4, 0.6, 0.8, 1.0),
        DURATION,
        sample,
        0.05,
        AbTest.Decision.AUTO,
        "a",
        null,
        baseline,
        effect);
  }

  @Test
  void waitsForAPersonWhereThatWasDeclared() {
    figures("a", 2_000, 100);
    figures("b", 2_000, 300);
    figures("c", 2_000, 290);
    start(plan(AbTest.Decision.MANUAL, "a", "b", "c"), 0.6);
    awaitState("awaiting_decision");
    assertThat(get().get("recommended").asString()).isEqualTo("b");
    assertThat(get().at("/looks/0/comparisons/1/significant").asBoolean()).isTrue();
    assertThat(get().has("next_look")).isFalse();

    assertThat(decide(VIEWER, "{\"variant\": \"c\"}").status()).isEqualTo(403);
    var stranger = new Identity(UUID.randomUUID(), "key:other", Role.ADMIN);
    assertThat(decide(stranger, "{\"variant\": \"c\"}").status()).isEqualTo(404);
    var unknown = decide(SENDER, "{\"variant\": \"winner\"}");
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(unknown.body().at("/errors/0/pointer").asString()).isEqualTo("/variant");
    assertThat(decide(SENDER, "{}").status()).isEqualTo(422);
    assertThat(decide(SENDER, "{\"variant\": \"c\"}").status()).isEqualTo(200);
    var twice = decide(SENDER, "{\"variant\": \"b\"}");
    assertThat(twice.status()).isEqualTo(409);
    assertThat(twice.body().get("code").asString()).isEqualTo("ab_test_decided");
    assertThat(awaitSignal().variant()).isEqualTo("c");
    assertThat(
            analytics
                .get(
                    "/api/v1/broadcasts/" + broadcast + "/ab-test",
                    analytics.authorization(stranger))
                .status())
        .isEqualTo(404);
  }

  @Test
  void comparesMeanValues() {
    values("a", 2_000, 100, 1_000, 15_000);
    values("b", 2_000, 110, 2_000, 42_000);
    start(
        new AbTest(
            variants("a", "b"),
            80,
            new Channel("email"),
            AbTest.Metric.CUSTOM_VALUE,
            "purchase",
            List.of(1.0),
            DURATION,
            100,
            0.05,
            AbTest.Decision.AUTO,
            "a"),
        1.1);
    awaitState("decided");
    assertThat(get().get("winner").asString()).isEqualTo("b");
    assertThat(get().at("/variants/1/value").asDouble()).isCloseTo(1, within(1e-9));
    assertThat(get().at("/looks/0/comparisons/0/difference").asDouble())
        .isCloseTo(0.5, within(1e-9));
  }

  @Test
  void stopsTheClockWhileTheBroadcastIsPaused() throws SQLException {
    figures("a", 2_000, 100);
    figures("b", 2_000, 300);
    AbTest plan = plan(AbTest.Decision.AUTO, "a", "b");
    send(plan, 0.1, 1, BroadcastState.RUNNING, null);
    send(plan, 0.1, 2, BroadcastState.PAUSED, null);
    await("paused_at is not null");
    later(0.6);
    // What would have taken its look, too, takes another's.
    new AbTestLifeTest().isDecidedByTheWay();
    assertThat(get().get("looks")).isEmpty();
    assertThat(get().at("/next_look").has("at")).isFalse();

    analytics.execute(
        List.of(
            "update ab_test set paused_at = paused_at - interval '1 hour' where broadcast_id = '%s'"
                .formatted(broadcast)));
    send(plan, 0.1, 3, BroadcastState.RUNNING, null);
    awaitState("decided");
    assertThat(
            analytics.number(
                "select count(*) from ab_test where paused_ms between 3600000 and 3700000"))
        .isEqualTo(1);
  }

  private void isDecidedByTheWay() {
    figures("a", 2_000, 100);
    figures("b", 2_000, 300);
    start(plan(AbTest.Decision.AUTO, "a", "b"), 0.6);
    awaitState("decided");
  }

  @Test
  void endsWithItsBroadcast() {
    AbTest plan = plan(AbTest.Decision.AUTO, "a", "b");
    send(plan, 0.1, 1, BroadcastState.RUNNING, null);
    send(plan, 0.1, 2, BroadcastState.CANCELLED, null);
    awaitState("cancelled");
    var late = decide(SENDER, "{\"variant\": \"b\"}");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.body().get("code").asString()).isEqualTo("ab_test_cancelled");
  }

  @Test
  void followsADecisionThatWasMadeElsewhere() {
    AbTest plan = plan(AbTest.Decision.AUTO, "a", "b");
    send(plan, 0.1, 5, BroadcastState.RUNNING, "b");
    awaitState("decided");
    // An older control says nothing any more.
    send(plan, 0.1, 4, BroadcastState.CANCELLED, null);
    new AbTestLifeTest().isDecidedByTheWay();
    assertThat(get().get("winner").asString()).isEqualTo("b");
    assertThat(get().get("decided_by").asString()).isEqualTo("operator");
  }

  @Test
  void manyAtOnceAreDecidedOnceEachByTwoInstancesWhoseTransactionsFailNowAndThen()
      throws SQLException {
    analytics.execute(
        List.of(
            "create sequence if not exists hit",
            """
            create or replace function fail_each_fourth() returns trigger language plpgsql as $$
            begin
              if nextval('analytics_service.hit') % 4 = 0 then
                raise exception 'injected' using errcode = '40001';
              end if;
              return null;
            end $$
            """,
            "create trigger fail after insert on outbox"
                + " for each statement execute function fail_each_fourth()"));
    analytics.start(1_000, AbTestLifeTest::lookOften);
    List<AbTestLifeTest> many =
        IntStream.range(0, LookSchedule.MOST + 10).mapToObj(each -> new AbTestLifeTest()).toList();
    for (AbTestLifeTest each : many) {
      each.figures("a", 2_000, 100);
      each.figures("b", 2_000, 300);
      each.start(plan(AbTest.Decision.AUTO, "a", "b"), 0.1);
    }
    for (AbTestLifeTest each : many) {
      each.await("state = 'running'");
    }
    analytics.execute(
        List.of(
            """
            update ab_test set started_at = started_at - interval '5 hours',
              next_look_at = next_look_at - interval '5 hours' where state = 'running'
            """));
    for (AbTestLifeTest each : many) {
      each.await("state = 'decided'");
      assertThat(each.awaitSignal().variant()).isEqualTo("b");
    }
    analytics.execute(List.of("drop trigger fail on outbox"));
    Awaitility.await().until(() -> analytics.number("select count(*) from outbox") == 0);
    for (AbTestLifeTest each : many) {
      assertThat(each.signals()).hasSize(1);
      assertThat(
              analytics.number(
                  "select count(*) from ab_look where broadcast_id = '%s'"
                      .formatted(each.broadcast)))
          .isEqualTo(1);
    }
  }

  @Test
  void computesSampleSizes() {
    var needed =
        size(
            """
            {"baseline": 0.05, "effect": 0.2, "effect_kind": "relative", "looks": 5}
            """);
    assertThat(needed.status()).as(needed.body().toString()).isEqualTo(200);
    // R: power.prop.test(p1 = .05, p2 = .06, power = .8) gives 8,158; five looks cost some 2.5 %.
    assertThat(needed.body().get("per_variant").asLong()).isBetween(8_350L, 8_370L);
    assertThat(needed.body().get("total").asLong())
        .isEqualTo(2 * needed.body().get("per_variant").asLong());
    var found =
        size(
            """
            {"baseline": 0.05, "sample": %d, "looks": 5}
            """
                .formatted(needed.body().get("per_variant").asLong()));
    assertThat(found.body().get("detectable_effect").asDouble()).isCloseTo(0.01, within(0.0001));
    var power = size("{\"baseline\": 0.05, \"effect\": 0.01, \"sample\": 2000, \"variants\": 4}");
    assertThat(power.body().get("power").asDouble()).isBetween(0.05, 0.25);
  }

  @Test
  void refusesSampleSizesThatCannotBe() {
    var answer =
        size(
            """
            {"baseline": 1.5, "alpha": 0.9, "power": 0.1, "looks": 6, "variants": 1, "sample": 1}
            """);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().get("errors").findValuesAsString("pointer"))
        .containsExactly("/baseline", "/alpha", "/power", "/looks", "/variants", "/sample");
    assertThat(size("{\"baseline\": 0.9, \"effect\": 0.2}").status()).isEqualTo(422);
    assertThat(size("{\"baseline\": 0.9, \"effect\": 0}").status()).isEqualTo(422);
    assertThat(size("{\"baseline\": 0.9}").status()).isEqualTo(422);
    assertThat(size("{\"baseline\": 0.9, \"effect\": 0.01, \"effect_kind\": \"odd\"}").status())
        .isEqualTo(422);
  }

  private static AnalyticsUnderTest.Answer size(String body) {
    return analytics.post("/api/v1/ab-tests/sample-size", VIEWER, body);
  }

  private AnalyticsUnderTest.Answer decide(Identity who, String body) {
    return analytics.post("/api/v1/broadcasts/" + broadcast + "/ab-test/decision", who, body);
  }

  private JsonNode get() {
    return analytics
        .get("/api/v1/broadcasts/" + broadcast + "/ab-test", analytics.authorization(VIEWER))
        .body();
  }

  private static AbTest plan(AbTest.Decision decision, String... variants) {
    return new AbTest(
        variants(variants),
        100 - 10 * variants.length,
        new Channel("email"),
        AbTest.Metric.CLICK,
        null,
        List.of(0.5, 1.0),
        DURATION,
        100,
        0.05,
        decision,
        "a");
  }

  private static List<AbTest.Variant> variants(String... ids) {
    return Stream.of(ids).map(id -> new AbTest.Variant(id, "Subject " + id, 10, null)).toList();
  }

  /** Starts the broadcast, so long ago that this share of the test has passed. */
  private void start(AbTest plan, double passed) {
    send(plan, passed, 1, BroadcastState.RUNNING, null);
  }

  private void send(
      AbTest plan, double passed, long epoch, BroadcastState state, @Nullable String winner) {
    BroadcastControl control =
        new BroadcastControl(
            broadcast,
            TENANT,
            "Spring",
            epoch,
            state,
            UUID.randomUUID(),
            List.of(),
            DeliveryPolicy.NEVER_TWICE,
            SendClass.BULK,
            LocalDate.of(2026, 11, 28),
            List.of(),
            Map.of(),
            Instant.now().minusMillis(Math.round(passed * DURATION.toMillis())),
            null,
            null,
            plan,
            winner,
            null);
    producer.send(Topics.BROADCAST_CONTROL, broadcast.toString(), control).join();
  }

  /** Lets a share of the test's duration pass. */
  private void later(double share) {
    analytics.execute(
        List.of(
            """
            update ab_test set started_at = started_at - interval '%1$d seconds',
              next_look_at = next_look_at - interval '%1$d seconds'
            where broadcast_id = '%2$s'
            """
                .formatted(Math.round(share * DURATION.toSeconds()), broadcast)));
  }

  private void figures(String variant, long sent, long clicked) {
    analytics.execute(List.of(sent(variant, sent), engaged(variant, "clicked", "", clicked, 0, 0)));
  }

  private void values(String variant, long sent, long buyers, long sum, long squares) {
    analytics.execute(
        List.of(sent(variant, sent), engaged(variant, "custom", "purchase", buyers, sum, squares)));
  }

  private String sent(String variant, long sent) {
    return """
    insert into recipient_count (broadcast_id, channel, variant, tenant_id, sent, failed, dead,
      in_doubt, retrying, skipped, cancelled, first_at, last_at)
    values ('%s', 'email', '%s', '%s', %d, 0, 0, 0, 0, 0, 0, now(), now())
    on conflict (broadcast_id, channel, variant) do update set sent = excluded.sent
    """
        .formatted(broadcast, variant, TENANT, sent);
  }

  private String engaged(
      String variant, String kind, String name, long recipients, long sum, long squares) {
    return """
    insert into engagement_count (broadcast_id, channel, variant, kind, name, machine, tenant_id,
      events, recipients, value_sum, value_squares)
    values ('%1$s', 'email', '%2$s', '%3$s', '%4$s', false, '%5$s', %6$d, %6$d, %7$d, %8$d),
      ('%1$s', 'email', '%2$s', '%3$s', '%4$s', true, '%5$s', 900, 900, 0, 0)
    on conflict (broadcast_id, channel, variant, kind, name, machine)
      do update set recipients = excluded.recipients
    """
        .formatted(broadcast, variant, kind, name, TENANT, recipients, sum, squares);
  }

  private void awaitLooks(int looks) {
    await("(select count(*) from ab_look l where l.broadcast_id = t.broadcast_id) = " + looks);
  }

  private void awaitState(String state) {
    await("state = '" + state + "'");
  }

  private void await(String condition) {
    Awaitility.await(condition)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(() ->
            analytics.number(
                    "select count(*) from ab_test t where broadcast_id = '%s' and %s"
                        .formatted(broadcast, condition))
                == 1);
  }

  private BroadcastSignal awaitSignal() {
    Awaitility.await("a signal")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !signals().isEmpty());
    List<BroadcastSignal> found = signals();
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().signal()).isEqualTo(BroadcastSignal.Signal.WINNER);
    assertThat(found.getFirst().tenantId()).isEqualTo(TENANT);
    return found.getFirst();
  }

  /** Every one there is of the broadcast. */
  private List<BroadcastSignal> signals() {
    var records = consumer.poll(Duration.ofMillis(20));
    records.forEach(
        record -> SIGNALS.add(EventCodec.decode(BroadcastSignal.class, record.value())));
    return SIGNALS.stream()
        .filter(signal -> signal.broadcastId().equals(broadcast))
        .filter(signal -> signal.signal() != BroadcastSignal.Signal.FROZEN)
        .toList();
  }
}
