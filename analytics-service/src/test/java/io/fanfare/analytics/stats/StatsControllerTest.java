package io.fanfare.analytics.stats;

import static io.fanfare.analytics.DeliveryHistory.TENANT;
import static io.fanfare.analytics.EngagementHistory.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.analytics.AnalyticsUnderTest;
import io.fanfare.analytics.DeliveryHistory;
import io.fanfare.contract.Channel;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.contract.broadcast.Audience.Part;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.localstack.testing.TestInfrastructure;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StatsControllerTest {

  private static final UUID BROADCAST = UUID.randomUUID();
  private static final UUID ENGAGED = UUID.randomUUID();
  private static final UUID LIST = UUID.randomUUID();
  private static final UUID SEGMENT = UUID.randomUUID();
  private static final UUID UNSENT = UUID.randomUUID();
  private static AnalyticsUnderTest analytics;

  @BeforeAll
  static void open() {
    TestInfrastructure.resetTopics();
    analytics = new AnalyticsUnderTest();
    analytics.start(1_000);
    analytics.publish(DeliveryHistory.random(new Random(2), BROADCAST, 50));
    for (int contact = 1; contact <= 10; contact++) {
      analytics.publish(List.of(delivery(ENGAGED, contact, Outcome.SENT)));
    }
    analytics.publish(List.of(delivery(UNSENT, 1, Outcome.FAILED)));
    analytics.publishEngagement(
        List.of(
            event(ENGAGED, 2, Kind.OPENED, 0, Duration.ofMinutes(60)),
            event(ENGAGED, 2, Kind.CLICKED, 1, Duration.ofMinutes(61)),
            event(ENGAGED, 2, Kind.CLICKED, 1, Duration.ofMinutes(120)),
            event(ENGAGED, 4, Kind.OPENED, 0, Duration.ofHours(25)),
            event(ENGAGED, 6, Kind.CLICKED, 1, Duration.ofSeconds(10)),
            event(ENGAGED, 6, Kind.CLICKED, 2, Duration.ofSeconds(11)),
            event(ENGAGED, 6, Kind.CLICKED, 3, Duration.ofSeconds(12)),
            event(ENGAGED, 8, Kind.BOUNCED, 0, Duration.ofSeconds(12)),
            purchase()));
    analytics.publish(control());
    analytics.awaitCounted();
    await().until(() -> analytics.number("select count(*) from audience_part") == 3);
  }

  private static DeliveryEvent delivery(UUID broadcast, int contact, Outcome outcome) {
    return DeliveryHistory.event(broadcast, contact, Channel.EMAIL, 1, Bucket.IN_FLIGHT, outcome);
  }

  private static BroadcastControl control() {
    return new BroadcastControl(
        ENGAGED,
        TENANT,
        "Parts",
        1,
        BroadcastState.RUNNING,
        null,
        List.of(),
        DeliveryPolicy.NEVER_TWICE,
        SendClass.BULK,
        DeliveryHistory.DAY,
        List.of(),
        Map.of(),
        DeliveryHistory.firstInstant(),
        null,
        null,
        null,
        null,
        new Audience(
            List.of(
                new Part(Audience.Kind.LIST, LIST),
                new Part(Audience.Kind.SEGMENT, SEGMENT),
                new Part(Audience.Kind.LIST, UUID.randomUUID())),
            List.of()));
  }

  private static EngagementEvent purchase() {
    var event = event(ENGAGED, 2, Kind.CUSTOM, 0, Duration.ofHours(3));
    return new EngagementEvent(
        event.eventId(),
        event.kind(),
        event.tenantId(),
        event.broadcastId(),
        event.contactId(),
        event.channel(),
        event.variant(),
        null,
        null,
        "purchase",
        new BigDecimal("19.99"),
        event.at(),
        event.sentAt(),
        event.utcOffset(),
        null,
        event.segment());
  }

  @AfterAll
  static void close() {
    analytics.close();
  }

  @Test
  void showsCountsToTheirTenant() {
    var stats = analytics.stats(TENANT, BROADCAST);
    assertThat(stats.status()).isEqualTo(200);
    assertThat(stats.body().get("broadcast_id").asString()).isEqualTo(BROADCAST.toString());
    assertThat(stats.body().at("/channels/email/attempts/sent").isNumber()).isTrue();
    assertThat(stats.body().at("/minutes/0/at").asString())
        .isEqualTo(DeliveryHistory.firstInstant().toString());
    assertThat(stats.body().get("first_at").asString())
        .isEqualTo(DeliveryHistory.firstInstant().plusSeconds(1).toString());
  }

  @Test
  void hidesTheCountsOfAnotherTenant() {
    var answer = analytics.stats(UUID.randomUUID(), BROADCAST);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body().get("code").asString()).isEqualTo("broadcast_not_found");
  }

  @Test
  void knowsNothingOfABroadcastWithoutResults() {
    assertThat(analytics.stats(TENANT, UUID.randomUUID()).status()).isEqualTo(404);
  }

  @Test
  void tellsTheFrontDoorWhatOneContactDidAndNothingOfAnotherTenants() {
    String path = "/internal/v1/broadcasts/" + ENGAGED + "/recipients/6";
    var doings = analytics.get(path, TENANT).body();
    assertThat(doings.get("events"))
        .extracting(event -> event.get("kind").asString() + " " + event.path("link").asInt())
        .containsExactly("clicked 1", "clicked 2", "clicked 3");
    assertThat(doings.get("forgotten").asBoolean()).isFalse();
    assertThat(analytics.get(path, UUID.randomUUID()).body().get("events")).isEmpty();
  }

  @Test
  void answersNobodyWithoutAnIdentity() {
    assertThat(analytics.get("/api/v1/broadcasts/" + BROADCAST + "/stats", "Bearer x").status())
        .isEqualTo(401);
  }

  @Test
  void describesItself() {
    var description = analytics.get("/v3/api-docs", "none");
    assertThat(description.status()).isEqualTo(200);
    assertThat(description.body().get("paths").propertyNames())
        .containsExactlyInAnyOrder(
            "/api/v1/broadcasts/{id}/stats",
            "/api/v1/broadcasts/{id}/ab-test",
            "/api/v1/broadcasts/{id}/ab-test/decision",
            "/api/v1/ab-tests/sample-size",
            "/api/v1/broadcasts/{id}/timeseries",
            "/api/v1/broadcasts/{id}/links",
            "/api/v1/broadcasts/{id}/segments",
            "/api/v1/analytics/top",
            "/api/v1/analytics/compare",
            "/api/v1/analytics/cohorts",
            "/api/v1/analytics/heatmap",
            "/api/v1/operations/analytics/rebuild");
  }

  @Test
  void showsWhatRecipientsDidWithRatesOfThoseItWasSentTo() {
    var engagement = analytics.stats(TENANT, ENGAGED).body().get("engagement");
    assertThat(engagement.at("/kinds/clicked").toString())
        .isEqualTo(
            """
            {"events":2,"recipients":1,"machine_events":3,"machine_recipients":1}\
            """);
    assertThat(engagement.at("/rates").toString())
        .isEqualTo(
            """
            {"open":0.2,"click":0.1,"click_to_open":0.5,"reply":0.0,"bounce":0.1,\
            "complaint":0.0,"unsubscribe":0.0}\
            """);
    assertThat(engagement.at("/channels/email/variants/a/rates/open").asDouble()).isEqualTo(0.4);
    assertThat(engagement.at("/channels/email/variants/b/kinds/opened/events").asLong()).isZero();
    assertThat(engagement.at("/custom/purchase/value_sum").asDouble()).isEqualTo(19.99);
  }

  @Test
  void hasNoRatesWhereNothingWasSent() {
    var rates = analytics.stats(TENANT, UNSENT).body().at("/engagement/rates");
    assertThat(rates.get("open").isNull()).isTrue();
    assertThat(rates.get("click_to_open").isNull()).isTrue();
  }

  @Test
  void showsWhenItWasDoneAndCountsARecipientWhereHeFirstDidIt() {
    var path = "/api/v1/broadcasts/" + ENGAGED + "/timeseries?step=hour";
    var points = analytics.ask(TENANT, path + "&kind=clicked").body().get("points");
    assertThat(points.valueStream().map(Object::toString))
        .containsExactly(point(0, 0, 0, 3, 1), point(1, 1, 1, 0, 0), point(2, 1, 0, 0, 0));
    assertThat(analytics.ask(TENANT, path + "&kind=sent").body().at("/points/0/events").asLong())
        .isEqualTo(10);
    var hour = DeliveryHistory.firstInstant().plusSeconds(3_600);
    assertThat(
            analytics
                .ask(TENANT, path + "&kind=clicked&from=" + hour + "&to=" + hour.plusSeconds(3_600))
                .body()
                .get("points")
                .size())
        .isEqualTo(1);
  }

  @Test
  void showsHowThePartsOfTheAudienceDid() {
    var segments = analytics.ask(TENANT, "/api/v1/broadcasts/" + ENGAGED + "/segments").body();
    assertThat(
            segments
                .get("segments")
                .valueStream()
                .map(part ->
                    "%s %s sent %s opened %s clicked %s"
                        .formatted(
                            part.get("segment"),
                            part.path("part").asString("unknown"),
                            part.get("sent"),
                            part.at("/engagement/kinds/opened/recipients"),
                            part.at("/engagement/kinds/clicked/recipients"))))
        .containsExactly(
            "0 unknown sent 3 opened 0 clicked 0",
            "1 list sent 4 opened 1 clicked 0",
            "2 segment sent 3 opened 1 clicked 1",
            "3 list sent 0 opened 0 clicked 0");
    assertThat(segments.at("/segments/1/part_id").asString()).isEqualTo(LIST.toString());
    assertThat(segments.at("/segments/1/engagement/rates/open").asDouble()).isEqualTo(0.25);
    assertThat(segments.at("/segments/2/engagement/custom/purchase/value_sum").asDouble())
        .isEqualTo(19.99);
    assertThat(
            analytics.rows(
                """
                select segment, part_kind, part_id, sent, opened, clicked_by_machines,
                  round(open_rate, 2)
                from segment_performance where broadcast_id = '%s' order by segment
                """
                    .formatted(ENGAGED)))
        .containsExactly(
            "0 null null 3 0 1 0.00",
            "1 list " + LIST + " 4 1 0 0.25",
            "2 segment " + SEGMENT + " 3 1 0 0.33");
  }

  @Test
  void showsWhenItWasDoneInAPartOfTheBroadcast() {
    var path = "/api/v1/broadcasts/" + ENGAGED + "/timeseries?step=hour&kind=clicked";
    assertThat(points(path + "&segment=2"))
        .containsExactly(point(1, 1, 1, 0, 0), point(2, 1, 0, 0, 0));
    assertThat(points(path + "&link=2&variant=a&channel=email"))
        .containsExactly(point(0, 0, 0, 1, 0));
    assertThat(points(path + "&segment=1")).isEmpty();
    assertThat(points(path + "&channel=telegram")).isEmpty();
  }

  private static List<String> points(String path) {
    return analytics
        .ask(TENANT, path)
        .body()
        .get("points")
        .valueStream()
        .map(Object::toString)
        .toList();
  }

  private static String point(int hour, int events, int recipients, int machine, int machines) {
    return "{\"at\":\"%s\",\"events\":%d,\"recipients\":%d,\"machine_events\":%d,\"machine_recipients\":%d}"
        .formatted(
            DeliveryHistory.firstInstant().plusSeconds(hour * 3_600L),
            events,
            recipients,
            machine,
            machines);
  }

  @Test
  void showsTheClicksOfEachLinkWithItsTarget() {
    var links = analytics.ask(TENANT, "/api/v1/broadcasts/" + ENGAGED + "/links").body();
    assertThat(links.at("/links/0").toString())
        .isEqualTo(
            """
            {"channel":"email","variant":"a","link":1,"target":"https://example.org/1","events":2,\
            "recipients":1,"machine_events":1,"machine_recipients":1,"click_rate":0.2}\
            """);
    assertThat(links.get("links").size()).isEqualTo(3);
  }

  @Test
  void putsBroadcastsInOrderAndBesideEachOther() {
    var top = analytics.ask(TENANT, "/api/v1/analytics/top?by=click_rate&limit=2").body();
    assertThat(top.get("broadcasts").size()).isEqualTo(2);
    assertThat(top.at("/broadcasts/0/broadcast_id").asString()).isEqualTo(ENGAGED.toString());
    assertThat(top.at("/broadcasts/0/recipients/opened").asLong()).isEqualTo(2);
    var longAgo = "/api/v1/analytics/top?from=2024-01-01T00:00:00Z&to=2024-02-01T00:00:00Z";
    assertThat(analytics.ask(TENANT, longAgo).body().get("broadcasts").isEmpty()).isTrue();

    var compared =
        analytics.ask(TENANT, "/api/v1/analytics/compare?broadcasts=" + BROADCAST + "," + ENGAGED);
    assertThat(compared.body().at("/broadcasts/0/broadcast_id").asString())
        .isEqualTo(BROADCAST.toString());
    assertThat(compared.body().at("/broadcasts/1/rates/open").asDouble()).isEqualTo(0.2);
  }

  @Test
  void showsHowSoonAndAtWhichHoursOfTheWeek() {
    var cohorts = analytics.ask(TENANT, "/api/v1/analytics/cohorts?kind=opened").body();
    assertThat(cohorts.get("cohorts").size()).isEqualTo(1);
    assertThat(cohorts.at("/cohorts/0/broadcasts").asLong()).isEqualTo(3);
    var sent = cohorts.at("/cohorts/0/sent").asDouble();
    assertThat(cohorts.at("/cohorts/0/days").size()).isEqualTo(2);
    assertThat(cohorts.at("/cohorts/0/days/1/share").asDouble()).isEqualTo(2 / sent);

    var hours = analytics.ask(TENANT, "/api/v1/analytics/heatmap?broadcast=" + ENGAGED).body();
    assertThat(hours.get("hours").valueStream().map(hour -> hour.get("hour").asInt()))
        .containsExactly(3, 3);
    assertThat(analytics.ask(TENANT, "/api/v1/analytics/heatmap?kind=opened").body().get("hours"))
        .isEqualTo(hours.get("hours"));
  }

  @Test
  void answersTablesToSpreadsheets() {
    var links = "/api/v1/broadcasts/" + ENGAGED + "/links";
    var accepted = analytics.askFor("text/csv", TENANT, links);
    assertThat(accepted.contentType()).isEqualTo("text/csv;charset=UTF-8");
    assertThat(accepted.text())
        .startsWith("channel,variant,link,target,events,")
        .contains("\r\nemail,a,1,https://example.org/1,2,1,1,1,0.2\r\n");
    assertThat(analytics.askFor("*/*", TENANT, links + "?format=csv").text())
        .isEqualTo(accepted.text());
    for (var path :
        List.of(
            "/api/v1/broadcasts/" + ENGAGED + "/stats",
            "/api/v1/broadcasts/" + ENGAGED + "/timeseries",
            "/api/v1/broadcasts/" + ENGAGED + "/segments",
            "/api/v1/analytics/top",
            "/api/v1/analytics/compare?broadcasts=" + ENGAGED,
            "/api/v1/analytics/cohorts",
            "/api/v1/analytics/heatmap")) {
      var table = analytics.askFor("text/csv", TENANT, path);
      assertThat(table.status()).as(path).isEqualTo(200);
      var lines = table.text().split("\r\n");
      assertThat(lines).as(path).hasSizeGreaterThan(1);
      assertThat(lines[1].split(",", -1)).as(path).hasSameSizeAs(lines[0].split(","));
      assertThat(analytics.askFor("*/*", TENANT, path).contentType())
          .startsWith("application/json");
    }
    assertThat(analytics.askFor("text/csv", UUID.randomUUID(), links).contentType())
        .isEqualTo("application/problem+json");
  }

  @Test
  void refusesWhatItCannotAnswer() {
    var series = "/api/v1/broadcasts/" + ENGAGED + "/timeseries";
    refuses(series + "?kind=seen", "kind");
    refuses(series + "?step=second", "step");
    refuses(series + "?from=yesterday", "from");
    refuses(series + "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to");
    refuses(series + "?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z", "to");
    refuses(series + "?from=-999999999-01-01T00:00:00Z", "from");
    refuses(series + "?segment=1", "step");
    refuses(series + "?step=hour&kind=sent&segment=1", "kind");
    refuses(series + "?step=hour&segment=21", "segment");
    refuses(series + "?step=hour&kind=opened&link=1", "kind");
    refuses(series + "?step=hour&link=1", "channel");
    refuses(series + "?step=hour&variant=%00", "variant");
    refuses(series + "?step=hour&channel=" + "x".repeat(101), "channel");
    refuses(series + "?step=hour&link=1&channel=email", "variant");
    refuses(series + "?step=hour&link=1&channel=email&variant=a&segment=1", "segment");
    refuses("/api/v1/analytics/top?by=name", "by");
    refuses("/api/v1/analytics/top?limit=0", "limit");
    refuses("/api/v1/analytics/top?limit=201", "limit");
    refuses("/api/v1/analytics/top?from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to");
    refuses("/api/v1/analytics/compare", "broadcasts");
    refuses("/api/v1/analytics/compare?broadcasts=x", "broadcasts");
    var many =
        java.util.stream.Stream.generate(() -> UUID.randomUUID().toString())
            .limit(21)
            .collect(java.util.stream.Collectors.joining(","));
    refuses("/api/v1/analytics/compare?broadcasts=" + many, "broadcasts");
    refuses("/api/v1/analytics/cohorts?days=91", "days");
    refuses("/api/v1/analytics/heatmap?kind=sent", "kind");
  }

  private static void refuses(String path, String pointer) {
    var answer = analytics.ask(TENANT, path);
    assertThat(answer.status()).as(path).isEqualTo(422);
    assertThat(answer.body().at("/errors/0/pointer").asString()).as(path).isEqualTo(pointer);
  }

  @Test
  void reportsSeeTheSameFiguresInAViewWhoseColumnsAreExplained() {
    assertThat(
            analytics.rows(
                """
                select variant, sent, opened, clicked, clicked_by_machines, bounced,
                  round(open_rate, 2), round(click_to_open_rate, 2)
                from broadcast_engagement_summary where broadcast_id = '%s' order by variant
                """
                    .formatted(ENGAGED)))
        .containsExactly("a 5 2 1 1 1 0.40 0.50", "b 5 0 0 0 0 0.00 null");
    assertThat(
            analytics.rows(
                """
                select c.column_name from information_schema.columns c
                join pg_class t on t.relname = c.table_name
                where c.table_name in ('broadcast_engagement_summary', 'segment_performance')
                  and col_description(t.oid, c.ordinal_position) is null
                """))
        .isEmpty();
  }

  @Test
  void hidesEverythingOfAnotherTenant() {
    var stranger = UUID.randomUUID();
    for (var path :
        List.of(
            "/api/v1/broadcasts/" + ENGAGED + "/timeseries",
            "/api/v1/broadcasts/" + ENGAGED + "/links",
            "/api/v1/broadcasts/" + ENGAGED + "/segments",
            "/api/v1/analytics/compare?broadcasts=" + ENGAGED,
            "/api/v1/analytics/heatmap?broadcast=" + ENGAGED)) {
      assertThat(analytics.ask(stranger, path).status()).as(path).isEqualTo(404);
    }
    for (var path : List.of("top", "cohorts", "heatmap")) {
      var text = analytics.ask(stranger, "/api/v1/analytics/" + path).body().toString();
      assertThat(text).contains("[]");
    }
  }
}
