package io.fanfare.dispatch;

import static io.fanfare.localstack.simulator.Channel.TELEGRAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Lane;
import io.fanfare.contract.Topics;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.contract.contact.ContactPreference;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.contact.ListConfirmed;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.engagement.AddressCheck;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementReported;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.engagement.bounce.Reports;
import io.fanfare.dispatch.engagement.link.LinkTracker;
import io.fanfare.dispatch.engagement.link.TrackedContent;
import io.fanfare.dispatch.engagement.preference.SignedPreferenceLinks;
import io.fanfare.dispatch.engagement.token.BounceTokens;
import io.fanfare.localstack.simulator.Simulators;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.ServiceLauncher;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import io.fanfare.support.identity.Role;
import io.fanfare.support.kafka.EventProducer;
import io.fanfare.support.secret.SecretBox;
import io.fanfare.template.Escaping;
import io.fanfare.template.TemplateEngine;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

class DispatchApplicationTest {

  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
  private static final UUID TENANT = UUID.randomUUID();

  private static ConfigurableApplicationContext service;
  private static HttpClient http;
  private static HttpServer audience;

  /** What audience-service says of the choices of contact 42; by others nothing is known. */
  private static volatile String choices = "";

  @BeforeAll
  static void start() throws IOException {
    audience = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    audience.createContext("/", DispatchApplicationTest::answerChoices);
    audience.start();
    TestInfrastructure.resetTopics();
    var database = TestInfrastructure.freshDatabase();
    service =
        ServiceLauncher.builder(DispatchApplication.class, "dispatch-worker")
            .run(
                "--FANFARE_DATABASE_URL=" + database.jdbcUrl(),
                "--FANFARE_DATABASE_USERNAME=" + database.username(),
                "--FANFARE_DATABASE_PASSWORD=" + database.password(),
                "--FANFARE_KAFKA_BOOTSTRAP_SERVERS=" + TestInfrastructure.bootstrapServers(),
                "--FANFARE_SECRET_KEYS=k1:" + KEY,
                "--FANFARE_IDENTITY_KEY=" + KEY,
                "--FANFARE_PUBLIC_URL=http://localhost/",
                "--FANFARE_AUDIENCE_URL=http://localhost:" + audience.getAddress().getPort(),
                "--FANFARE_TOPIC_PARTITIONS=4",
                "--FANFARE_ALLOW_PRIVATE_TARGETS=true",
                "--fanfare.bounces.renew=100ms",
                "--fanfare.bounces.poll=100ms",
                "--FANFARE_PORT=0");
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    service.close();
    audience.stop(0);
  }

  private static void answerChoices(HttpExchange exchange) throws IOException {
    var identity =
        service
            .getBean(IdentityTokens.class)
            .verify(
                exchange
                    .getRequestHeaders()
                    .getFirst("Authorization")
                    .substring(IdentityTokens.SCHEME.length()));
    boolean known =
        exchange.getRequestURI().getPath().equals("/internal/v1/contacts/42/preferences")
            && identity.filter(who -> TENANT.equals(who.tenantId())).isPresent();
    byte[] body = choices.getBytes(UTF_8);
    int status = !known ? 404 : body.length == 0 ? 500 : 200;
    exchange.sendResponseHeaders(status, status == 200 ? body.length : -1);
    if (status == 200) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Test
  void triesAnAccountAndSaysWhyItDoesNotWork() throws Exception {
    UUID account = publishAccount(1);
    var answer = post("/internal/v1/channel-accounts/" + account + "/test?version=1", TENANT);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"ok\":false", "\"code\":", "\"milliseconds\":");
  }

  @Test
  void anotherTenantsAccountIsNotFound() throws Exception {
    UUID account = publishAccount(1);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> test(account, 1, TENANT).statusCode() == 200);
    var answer = test(account, 1, UUID.randomUUID());
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("channel_account_not_found");
  }

  @Test
  void aVersionThatDoesNotArriveIsUnavailable() throws Exception {
    UUID account = publishAccount(1);
    assertThat(test(account, 2, TENANT).statusCode()).isEqualTo(503);
  }

  @Test
  void withoutAnIdentityNothingIsTried() throws Exception {
    var request =
        HttpRequest.newBuilder(uri("/internal/v1/channel-accounts/" + TENANT + "/test"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void tellsItsBoundsHealthAndMetrics() throws Exception {
    assertThat(get("/actuator/info"))
        .contains(
            "\"max_in_flight\":256",
            "\"open_claims\":0",
            "\"broadcast_max_workers_per_pool\":3000",
            "\"broadcast_worker_queue_size\":1000",
            "\"broadcast_pool_cleanup_minutes\":5",
            "\"broadcast_progress_log_seconds\":30");
    assertThat(get("/actuator/health/readiness")).contains("UP");
    assertThat(get("/actuator/prometheus"))
        .contains(
            "fanfare_claims_open{",
            "fanfare_claims_total{",
            "fanfare_commands_lag{",
            "fanfare_slots_unused{",
            "fanfare_lanes_lost_total{",
            "fanfare_control_latency_seconds_bucket{",
            "fanfare_lanes_slowed",
            "fanfare_pools_live",
            "fanfare_window_fill_ratio",
            "fanfare_control_confirmed_age_seconds",
            "fanfare_duplicates_suppressed_total",
            "fanfare_in_doubt_total",
            "fanfare_result_flush_seconds",
            "fanfare_send_latency_seconds",
            "fanfare_suppression_latency_seconds",
            "fanfare_claim_batch_size");
  }

  @Test
  void saysWhereRecipientsStandAndTellsNoOtherTenant() throws Exception {
    UUID broadcast = UUID.randomUUID();
    JdbcTemplate jdbc = service.getBean(JdbcTemplate.class);
    jdbc.queryForObject("select ensure_ledger_day('2026-11-23')", Boolean.class);
    claim(jdbc, broadcast, 1, 1, 2);
    result(jdbc, broadcast, 1, 1, 4);
    claim(jdbc, broadcast, 1, 2, 3);
    result(jdbc, broadcast, 1, 2, 2);
    claim(jdbc, broadcast, 2, 1, 2);
    String asked =
        """
        [{"ledger_day": "2026-11-23", "broadcast_id": "%1$s", "contact_id": 1, "channel": "email"},
         {"ledger_day": "2026-11-23", "broadcast_id": "%1$s", "contact_id": 2, "channel": "email"},
         {"ledger_day": "2026-11-23", "broadcast_id": "%1$s", "contact_id": 3, "channel": "email"}]
        """
            .formatted(broadcast);
    var answer = post("/internal/v1/recipients", TENANT, asked);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .contains(
            "\"contact_id\":1", "\"bucket\":\"failed\"", "\"issue\":2", "\"code\":\"refused\"")
        .contains("\"contact_id\":2", "\"bucket\":\"in_flight\"")
        .doesNotContain("\"contact_id\":3");
    assertThat(post("/internal/v1/recipients", UUID.randomUUID(), asked).body()).isEqualTo("[]");
  }

  @Test
  void listsRecipientsByTheResultThatMovedThemLast() throws Exception {
    UUID broadcast = UUID.randomUUID();
    JdbcTemplate jdbc = service.getBean(JdbcTemplate.class);
    jdbc.queryForObject("select ensure_ledger_day('2026-11-23')", Boolean.class);
    // Sent; failed and in doubt; sent at the second try; failed, and an order under way by hand;
    // retrying, then given back untried; never ended; given back alone; fallen back.
    int[][] results = {{1}, {2}, {6}, {4, 1}, {2, 0}, {4, 7}, {0}, {7}, {10}};
    for (int contact = 1; contact <= results.length; contact++) {
      int bucket = 2;
      for (int issue = 1; issue <= results[contact - 1].length; issue++) {
        int outcome = results[contact - 1][issue - 1];
        claim(jdbc, broadcast, contact, issue, bucket);
        if (outcome > 0) {
          result(jdbc, broadcast, contact, issue, outcome);
        }
        bucket = outcome == 4 ? 3 : outcome == 2 ? 5 : bucket;
      }
    }
    // One that was tried so often that nobody looks at all of it for one page.
    claim(jdbc, broadcast, 50, 1, 3);
    result(jdbc, broadcast, 50, 1, 5);
    jdbc.update(
        """
        insert into claim (ledger_day, broadcast_id, contact_id, channel, issue, attempt, incarnation,
          batch, position, bucket, shard, tenant_id, account_id, variant)
        select ledger_day, broadcast_id, contact_id, channel, i, attempt, incarnation, batch,
          position, bucket, shard, tenant_id, account_id, variant
        from claim, generate_series(2, 6000) i where broadcast_id = ? and contact_id = 50
        """,
        broadcast);
    jdbc.update(
        """
        insert into result (ledger_day, broadcast_id, contact_id, channel, issue, outcome, position,
          incarnation, sequence, at)
        select ledger_day, broadcast_id, contact_id, channel, i, case i when 6000 then 3 else 5 end,
          position, incarnation, i, at
        from result, generate_series(2, 6000) i where broadcast_id = ? and contact_id = 50
        """,
        broadcast);
    assertThat(contacts(broadcast, "&state=sent", 1)).containsExactly(1L, 4L);
    assertThat(contacts(broadcast, "&state=failed", 1)).containsExactly(2L, 5L);
    assertThat(contacts(broadcast, "&state=in_doubt", 10)).containsExactly(3L);
    assertThat(contacts(broadcast, "&state=retrying", 10)).containsExactly(6L);
    assertThat(contacts(broadcast, "&state=fell_back", 10)).containsExactly(9L);
    assertThat(contacts(broadcast, "&state=dead", 10)).containsExactly(50L);
    assertThat(contacts(broadcast, "&state=sent&channel=telegram", 10)).isEmpty();
    assertThat(contacts(broadcast, "", 2)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 9L, 50L);
    String path = "/internal/v1/broadcasts/" + broadcast + "/recipients?day=2026-11-23&limit=9";
    assertThat(get(path + "&state=failed", TENANT))
        .contains("\"variant\":\"a\"", "\"attempt\":1", "\"code\":\"refused\"");
    assertThat(get(path, UUID.randomUUID())).contains("\"items\":[]");
    String one = "/internal/v1/broadcasts/" + broadcast + "/recipients/6?day=2026-11-23";
    assertThat(get(one, TENANT))
        .containsSubsequence(
            "\"issue\":1",
            "\"bucket\":\"in_flight\"",
            "\"outcome\":\"retrying\"",
            "\"issue\":2",
            "\"outcome\":\"returned\"");
    assertThat(get(one, UUID.randomUUID())).contains("\"orders\":[]");
    assertThat(get(one.replace("2026-11-23", "1999-01-01"), TENANT)).contains("\"expired\":true");
    assertThat(get(path.replace("2026-11-23", "1999-01-01"), TENANT)).contains("\"expired\":true");
    assertThat(
            post(
                    "/internal/v1/broadcasts/"
                        + broadcast
                        + "/recipients/unended?day=2026-11-23&channel=email",
                    TENANT,
                    "[1, 5, 7, 8, 90]")
                .body())
        .isEqualTo("[7,8,90]");
  }

  private static List<Long> contacts(UUID broadcast, String filter, int limit) throws Exception {
    List<Long> contacts = new ArrayList<>();
    String after = "";
    while (true) {
      var page =
          JsonMapper.shared()
              .readTree(
                  get(
                      "/internal/v1/broadcasts/"
                          + broadcast
                          + "/recipients?day=2026-11-23&limit="
                          + limit
                          + filter
                          + after,
                      TENANT));
      page.get("items").forEach(item -> contacts.add(item.get("contact_id").asLong()));
      if (!page.has("next")) {
        return contacts;
      }
      after =
          "&after_contact="
              + page.at("/next/contact_id").asLong()
              + "&after_channel="
              + page.at("/next/channel").asString();
    }
  }

  private static void claim(
      JdbcTemplate jdbc, UUID broadcast, long contact, int issue, int bucket) {
    jdbc.update(
        """
        insert into claim (ledger_day, broadcast_id, contact_id, channel, issue, attempt,
          incarnation, batch, position, bucket, shard, tenant_id, account_id, variant)
        values ('2026-11-23', ?, ?, 'email', ?, 1, 0, 0, 0, ?, 0, ?, ?, 'a')
        """,
        broadcast,
        contact,
        issue,
        bucket,
        TENANT,
        broadcast);
  }

  private static void result(
      JdbcTemplate jdbc, UUID broadcast, long contact, int issue, int outcome) {
    jdbc.update(
        """
        insert into result (ledger_day, broadcast_id, contact_id, channel, issue, outcome, position,
          incarnation, sequence, at, cause_code, cause_detail)
        values ('2026-11-23', ?, ?, 'email', ?, ?, 0, 0, ?, now(), 'refused', 'no such user')
        """,
        broadcast,
        contact,
        issue,
        outcome,
        issue);
  }

  @Test
  void forgetsTheCountersOfADeletedBroadcastAndEndsTheirKeys() {
    UUID broadcast = UUID.randomUUID();
    UUID account = UUID.randomUUID();
    JdbcTemplate jdbc = service.getBean(JdbcTemplate.class);
    UUID incarnation =
        jdbc.queryForObject(
            """
            with newest as (select number, id from incarnation order by number desc limit 1),
            counted as (
              insert into counter (broadcast_id, account_id, shard, incarnation, channel, sequence,
                sent, failed, dead, in_doubt, retrying, skipped, cancelled, results)
              select ?, ?, 3, number, 'email', 1, 1, 0, 0, 0, 0, 0, 0, 1 from newest)
            select id from newest
            """,
            UUID.class,
            broadcast,
            account);
    String key = broadcast + ":" + account + ":3:" + incarnation;
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      probe.produce(Topics.BROADCAST_CONTROL.name(), broadcast.toString(), null);
      probe.await(
          Topics.DELIVERY_PROGRESS.name(),
          Duration.ofSeconds(20),
          records ->
              records.stream()
                  .anyMatch(record ->
                      record.value() == null && key.equals(new String(record.key(), UTF_8))));
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            jdbc.queryForObject(
                    "select count(*) from counter where broadcast_id = ?", Long.class, broadcast)
                == 0);
  }

  @Test
  void opensClicksAndUnsubscriptionsAreOnTheTopicBeforeTheyAreAnswered() throws Exception {
    UUID broadcast = UUID.randomUUID();
    String html = trackedHtml(broadcast);
    var clicks = hrefs(html);
    assertThat(clicks).hasSize(4);
    assertThat(clicks.get(2)).isEqualTo("mailto:a@example.org");
    String pixel = pathOf(html.substring(html.indexOf("src=\"") + 5, html.lastIndexOf('"')));
    assertThat(html).endsWith("></body>").contains("/t/o/");

    var opened = visit("GET", pixel);
    assertThat(opened.statusCode()).isEqualTo(200);
    assertThat(opened.headers().firstValue("content-type")).contains("image/gif");
    assertThat(opened.headers().firstValue("cache-control")).contains("no-store");
    assertThat(opened.headers().firstValue("content-length")).contains("43");
    var stored = visit("GET", pathOf(clicks.get(0)));
    assertThat(stored.statusCode()).isEqualTo(302);
    assertThat(stored.headers().firstValue("location")).contains("https://a.example/?x=1&y=2");
    var rendered = visit("HEAD", pathOf(clicks.get(1)));
    assertThat(rendered.statusCode()).isEqualTo(302);
    assertThat(rendered.headers().firstValue("location")).contains("https://b.example/K%C3%B6ln");
    String unsubscribe = pathOf(clicks.get(3));
    assertThat(visit("GET", unsubscribe).body()).contains("<form method=\"post\">");
    assertThat(visit("POST", unsubscribe).statusCode()).isEqualTo(200);

    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      var seen =
          probe
              .await(
                  Topics.ENGAGEMENT_EVENTS.name(),
                  Duration.ofSeconds(20),
                  records -> engagement(records, broadcast).size() >= 4)
              .stream()
              .toList();
      var events = engagement(seen, broadcast);
      assertThat(events)
          .extracting(event -> event.kind().id() + " " + event.link() + " " + event.machine())
          .containsExactlyInAnyOrder(
              "opened null null",
              "clicked 1 before_delivery",
              "clicked 2 head_request",
              "unsubscribed null null");
      assertThat(events)
          .allSatisfy(event -> {
            assertThat(event.tenantId()).isEqualTo(TENANT);
            assertThat(event.contactId()).isEqualTo(42);
            assertThat(event.variant()).isEqualTo("a");
            assertThat(event.utcOffset()).isEqualTo(345);
          });
    }
  }

  @Test
  void whatAContactChoosesIsOnTheTopicBeforeItIsAnsweredAndLookingChangesNothing()
      throws Exception {
    var content =
        new MessageContent.Telegram(
            "{{ unsubscribe_link }} {{ preferences_link }}",
            MessageContent.ParseMode.PLAIN,
            List.of());
    var facts = new BroadcastFacts(UUID.randomUUID(), TENANT, "spring", "a", Map.of(), "news");
    var tracked = service.getBean(LinkTracker.class).track(content, facts);
    var message =
        tracked.prepared(
            new PreparedMessage(
                command(facts.broadcastId(), Map.of()), new CompiledContent() {}, Map.of()),
            Instant.now());
    String[] links =
        new TemplateEngine()
            .compile(content.text(), Escaping.NONE)
            .render(message.data())
            .split(" ");
    String page = pathOf(links[1]);
    choices = "";
    var unavailable = visit("GET", page);
    assertThat(unavailable.statusCode()).isEqualTo(503);
    assertThat(unavailable.headers().firstValue("retry-after")).isPresent();
    choices =
        """
        {"seen": 7, "stopped": false, "channels": [{"channel": "email", "stopped": false}],
         "categories": [{"name": "news", "title": "News <b>", "mandatory": false, "stopped": false}]}
        """;
    var shown = visit("GET", page);
    assertThat(shown.statusCode()).isEqualTo(200);
    assertThat(shown.body()).contains("News &lt;b&gt;", "<form method=\"post\">");
    assertThat(shown.body()).doesNotContain("<script", "<b>");
    assertThat(shown.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none'; style-src 'sha256-")
        .contains("frame-ancestors 'none'", "form-action 'self'")
        .doesNotContain("unsafe");
    assertThat(shown.headers().firstValue("referrer-policy")).contains("no-referrer");
    assertThat(shown.headers().firstValue("cache-control")).contains("no-store");
    assertThat(visit("HEAD", page).statusCode()).isEqualTo(200);
    String form = "seen=7&was.category.news=receive&category.news=stop&was.everything=receive";
    for (int i = 0; i < 2; i++) {
      var saved = sendForm(page, form + "&everything=receive");
      assertThat(saved.statusCode()).as(saved.body()).isEqualTo(200);
      assertThat(saved.body()).contains("Saved");
    }
    assertThat(sendForm(page, form + "&everything=maybe").statusCode()).isEqualTo(400);
    assertThat(sendForm(page, "").statusCode()).isEqualTo(400);
    // Who unsubscribes is led on to the page, and unsubscribes from the category.
    String done = visit("POST", pathOf(links[0])).body();
    String led = URI.create(links[0]).resolve(hrefs(done).getFirst()).toString();
    assertThat(visit("GET", pathOf(led)).statusCode()).isEqualTo(200);
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      var chosen =
          probe.readAll(Topics.CONTACT_PREFERENCE.name()).stream()
              .filter(record ->
                  new String(record.headers().lastHeader(EventCodec.TYPE_HEADER).value(), UTF_8)
                      .equals("contact.preference"))
              .map(record -> EventCodec.decode(ContactPreference.class, record.value()))
              .toList();
      assertThat(chosen).hasSize(2).allMatch(one -> one.contactId() == 42 && one.seen() == 7);
      assertThat(chosen).allMatch(one -> one.tenantId().equals(TENANT));
      assertThat(chosen.getFirst().choices())
          .containsExactly(new ContactPreference.Choice(null, "news", false));
      assertThat(chosen.stream().map(ContactPreference::eventId).distinct()).hasSize(1);
      assertThat(engagement(probe.readAll(Topics.ENGAGEMENT_EVENTS.name()), facts.broadcastId()))
          .singleElement()
          .satisfies(event -> {
            assertThat(event.kind()).isEqualTo(EngagementEvent.Kind.UNSUBSCRIBED);
            assertThat(event.name()).isEqualTo("news");
          });
    }
  }

  @Test
  void aListIsConfirmedByTheButtonAndNotByFollowingTheLink() throws Exception {
    var content =
        new MessageContent.Telegram(
            "{{ confirm_link }}", MessageContent.ParseMode.PLAIN, List.of());
    var facts = new BroadcastFacts(UUID.randomUUID(), TENANT, "spring", "a", Map.of());
    var tracked = service.getBean(LinkTracker.class).track(content, facts);
    UUID list = UUID.randomUUID();
    String link = confirmLink(tracked, facts, list, Instant.now().plusSeconds(60));
    assertThat(visit("GET", pathOf(link)).body()).contains("<form method=\"post\">");
    assertThat(visit("HEAD", pathOf(link)).statusCode()).isEqualTo(200);
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      assertThat(confirmed(probe, list)).isEmpty();
      assertThat(visit("POST", pathOf(link)).statusCode()).isEqualTo(200);
      assertThat(confirmed(probe, list))
          .singleElement()
          .satisfies(one -> {
            assertThat(one.tenantId()).isEqualTo(TENANT);
            assertThat(one.contactId()).isEqualTo(42);
          });
      String old = confirmLink(tracked, facts, list, Instant.now().minusSeconds(1));
      assertThat(visit("POST", pathOf(old)).statusCode()).isEqualTo(410);
      assertThat(visit("POST", pathOf(link) + "A").statusCode()).isEqualTo(404);
      assertThat(confirmed(probe, list)).hasSize(1);
    }
  }

  private static String confirmLink(
      TrackedContent tracked, BroadcastFacts facts, UUID list, Instant until) {
    var variables = Map.of("confirm_list", list.toString(), "confirm_until", until.toString());
    var message =
        tracked.prepared(
            new PreparedMessage(
                command(facts.broadcastId(), Map.of()),
                new CompiledContent() {},
                Map.of("vars", variables)),
            Instant.now());
    return new TemplateEngine().compile("{{ confirm_link }}", Escaping.NONE).render(message.data());
  }

  private static List<ListConfirmed> confirmed(KafkaProbe probe, UUID list) {
    return probe.readAll(Topics.CONTACT_PREFERENCE.name()).stream()
        .filter(record ->
            new String(record.headers().lastHeader(EventCodec.TYPE_HEADER).value(), UTF_8)
                .equals("contact.confirmed"))
        .map(record -> EventCodec.decode(ListConfirmed.class, record.value()))
        .filter(one -> one.listId().equals(list))
        .toList();
  }

  @Test
  void aLinkToPreferencesThatIsForgedOrOldGetsAPageAndTellsNothing() throws Exception {
    var links = service.getBean(SignedPreferenceLinks.class);
    String old = links.path(TENANT, 42, Instant.now().minusSeconds(1));
    String good = links.path(TENANT, 42, Instant.now().plusSeconds(60));
    String stranger = links.path(UUID.randomUUID(), 42, Instant.now().plusSeconds(60));
    String forged = good.substring(0, good.length() - 1) + (good.endsWith("A") ? "B" : "A");
    for (String method : List.of("GET", "POST")) {
      var answers =
          List.of(old, forged, "/t/p/x").stream()
              .map(path -> method.equals("GET") ? tried(path) : triedForm(path))
              .toList();
      assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(410, 404, 404);
      assertThat(answers)
          .allSatisfy(answer -> {
            assertThat(answer.body()).contains("<h1>").doesNotContain("<form");
            assertThat(answer.headers().firstValue("content-security-policy")).isPresent();
          });
    }
    // Whose contact is gone, or was another tenant's.
    assertThat(visit("GET", stranger).statusCode()).isEqualTo(410);
  }

  private static HttpResponse<String> tried(String path) {
    try {
      return visit("GET", path);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpResponse<String> triedForm(String path) {
    try {
      return sendForm(path, "seen=1&everything=stop");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpResponse<String> sendForm(String path, String form)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whatOthersReportIsOnTheTopicBeforeItIsAccepted() throws Exception {
    UUID broadcast = sentBroadcast();
    String body =
        """
        {"events": [
          {"event_id": "o-1", "contact_id": 1, "channel": "email", "kind": "custom",
           "name": "purchase", "value": 19.90},
          {"event_id": "b-1", "contact_id": 4, "channel": "email", "kind": "bounced", "name": "hard"},
          {"event_id": "c-1", "contact_id": 5, "channel": "email", "kind": "complained",
           "at": "%s"}]}
        """
            .formatted(Instant.now().plusSeconds(240));
    var answer = report(broadcast, TENANT, Role.SENDER, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("{\"accepted\":3}");
    assertThat(report(broadcast, TENANT, Role.ADMIN, body).statusCode()).isEqualTo(202);
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      var events = engagement(probe.readAll(Topics.ENGAGEMENT_EVENTS.name()), broadcast);
      assertThat(events)
          .extracting(e -> e.kind().id() + " " + e.contactId() + " " + e.name() + " " + e.value())
          .containsExactlyInAnyOrder(
              "custom 1 purchase 19.9",
              "custom 1 purchase 19.9",
              "bounced 4 hard null",
              "bounced 4 hard null",
              "complained 5 null null",
              "complained 5 null null");
      assertThat(events).extracting(EngagementEvent::eventId).doesNotContainNull();
      assertThat(events.stream().map(EngagementEvent::eventId).distinct()).hasSize(3);
      assertThat(events)
          .allSatisfy(event -> {
            assertThat(event.tenantId()).isEqualTo(TENANT);
            assertThat(event.variant()).isEqualTo("a");
            assertThat(event.sentAt()).isNotNull();
          });
    }
  }

  @Test
  void whatIsWrongWithAReportIsNamedAndNothingOfItIsTaken() throws Exception {
    UUID broadcast = sentBroadcast();
    String right =
        "{\"event_id\": \"o-1\", \"contact_id\": 1, \"channel\": \"email\", \"kind\": \"replied\"}";
    String body =
        """
        {"events": [%s,
          {"event_id": "x", "contact_id": 2, "channel": "email", "kind": "replied"},
          {"event_id": "x", "contact_id": 3, "channel": "email", "kind": "replied"},
          {"event_id": "x", "contact_id": 1, "channel": "telegram", "kind": "opened"},
          {"event_id": "x", "contact_id": 1, "channel": "email", "kind": "replied",
           "at": "%s"},
          {"contact_id": 1, "kind": "custom"}]}
        """
            .formatted(right, Instant.now().minusSeconds(3_600));
    var answer = report(broadcast, TENANT, Role.SENDER, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(pointers(answer.body()))
        .containsExactly(
            // Refused for good; nobody of that number; another channel.
            "/events/1/contact_id",
            "/events/2/contact_id",
            "/events/3/kind",
            "/events/3/contact_id",
            "/events/4/at",
            "/events/5/channel",
            "/events/5/event_id",
            "/events/5/name");
    String nobody = right.replace("\"contact_id\": 1", "\"contact_id\": 9");
    String most = String.join(",", java.util.Collections.nCopies(1_000, nobody));
    assertThat(pointers(report(broadcast, TENANT, Role.SENDER, events(most)).body())).hasSize(100);
    assertThat(report(broadcast, TENANT, Role.SENDER, events(most + "," + right)).statusCode())
        .isEqualTo(413);
    assertThat(pointers(report(broadcast, TENANT, Role.SENDER, events("")).body()))
        .containsExactly("/events");
    assertThat(pointers(report(broadcast, TENANT, Role.SENDER, events("null")).body()))
        .containsExactly("/events/0");
    assertThat(report(broadcast, TENANT, Role.EDITOR, events(right)).statusCode()).isEqualTo(403);
    assertThat(report(broadcast, UUID.randomUUID(), Role.ADMIN, events(right)).body())
        .contains("broadcast_not_found");
    assertThat(report(UUID.randomUUID(), TENANT, Role.SENDER, events(right)).statusCode())
        .isEqualTo(404);
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      assertThat(engagement(probe.readAll(Topics.ENGAGEMENT_EVENTS.name()), broadcast)).isEmpty();
    }
  }

  @Test
  void aBroadcastHasAHundredNamesOfCustomEvents() throws Exception {
    UUID broadcast = sentBroadcast();
    JdbcTemplate jdbc = service.getBean(JdbcTemplate.class);
    jdbc.update(
        "insert into custom_name select ?, 'n' || n, '2026-11-23' from generate_series(1, 99) n",
        broadcast);
    String known = custom("n7");
    var answer =
        report(
            broadcast,
            TENANT,
            Role.SENDER,
            events(custom("new") + "," + known + "," + custom("newer")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(pointers(answer.body())).containsExactly("/events/2/name");
    String last = events(custom("newer") + "," + known);
    assertThat(report(broadcast, TENANT, Role.SENDER, last).statusCode()).isEqualTo(202);
    assertThat(report(broadcast, TENANT, Role.SENDER, last).statusCode()).isEqualTo(202);
    assertThat(pointers(report(broadcast, TENANT, Role.SENDER, events(custom("new"))).body()))
        .containsExactly("/events/0/name");
  }

  @Test
  void internalSystemsReportByKafkaAndHearWhyTheyAreNotHeard() {
    UUID broadcast = sentBroadcast();
    String group = Topics.Groups.DISPATCH_EXTERNAL;
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      probe.produce("external.events", "k", reported(broadcast, 1, "right"), ce(TENANT));
      probe.produce("external.events", "k", reported(broadcast, 3, "x"), ce(TENANT));
      probe.produce("external.events", "k", reported(broadcast, 1, "x"), ce(broadcast));
      probe.produce("external.events", "k", "{".getBytes(UTF_8), ce(TENANT));
      probe.produce(
          "external.events",
          "k",
          reported(broadcast, 1, "x"),
          Map.of("ce_type", "engagement.reported"));
      probe.produce(
          "external.events", "k", "{".getBytes(UTF_8), Map.of("ce_type", "message.requested"));
      probe.produce("external.events", "k", reported(broadcast, 5, "last"), ce(TENANT));
      var seen =
          probe.await(
              Topics.ENGAGEMENT_EVENTS.name(),
              Duration.ofSeconds(20),
              records -> engagement(records, broadcast).size() >= 2);
      assertThat(engagement(List.copyOf(seen), broadcast))
          .extracting(event -> event.kind().id() + " " + event.contactId() + " " + event.eventId())
          .containsExactlyInAnyOrder(
              "replied 1 " + EngagementReported.idOf(TENANT, broadcast, "right"),
              "replied 5 " + EngagementReported.idOf(TENANT, broadcast, "last"));
      String deadLetters = Topics.EXTERNAL_EVENTS.deadLetterTopic(group);
      assertThat(probe.awaitCount(deadLetters, 4, Duration.ofSeconds(20)))
          .extracting(
              record -> new String(record.headers().lastHeader("fanfare_reason").value(), UTF_8))
          .satisfiesExactlyInAnyOrder(
              reason -> assertThat(reason).startsWith("undecodable: not a EngagementReported"),
              reason -> assertThat(reason).startsWith("undecodable: no ce_tenantid"),
              reason -> assertThat(reason).startsWith("broadcast_not_found: "),
              reason -> assertThat(reason).startsWith("invalid_request: /contact_id nothing of"));
    }
  }

  private static byte[] reported(UUID broadcast, long contact, String eventId) {
    return EventCodec.encode(
        new EngagementReported(
            broadcast,
            contact,
            Channel.EMAIL,
            EngagementEvent.Kind.REPLIED,
            eventId,
            null,
            null,
            null));
  }

  private static Map<String, String> ce(UUID tenant) {
    return Map.of("ce_type", "engagement.reported", "ce_tenantid", tenant.toString());
  }

  /**
   * To contact 1 something was sent, to 2 not for good, to 4 it is on its way, of 5 nobody knows.
   */
  private static UUID sentBroadcast() {
    UUID broadcast = UUID.randomUUID();
    JdbcTemplate jdbc = service.getBean(JdbcTemplate.class);
    jdbc.queryForObject("select ensure_ledger_day('2026-11-23')", Boolean.class);
    claim(jdbc, broadcast, 1, 1, 2);
    result(jdbc, broadcast, 1, 1, 4);
    claim(jdbc, broadcast, 1, 2, 3);
    result(jdbc, broadcast, 1, 2, 1);
    claim(jdbc, broadcast, 2, 1, 2);
    result(jdbc, broadcast, 2, 1, 2);
    claim(jdbc, broadcast, 4, 1, 2);
    claim(jdbc, broadcast, 5, 1, 2);
    result(jdbc, broadcast, 5, 1, 6);
    return broadcast;
  }

  private static String custom(String name) {
    return "{\"event_id\": \"%1$s\", \"contact_id\": 1, \"channel\": \"email\", \"kind\": \"custom\", \"name\": \"%1$s\"}"
        .formatted(name);
  }

  private static String events(String events) {
    return "{\"events\": [" + events + "]}";
  }

  private static List<String> pointers(String problem) {
    return JsonMapper.shared()
        .readTree(problem)
        .get("errors")
        .valueStream()
        .map(error -> error.get("pointer").asString())
        .toList();
  }

  private static HttpResponse<String> report(UUID broadcast, UUID tenant, Role role, String body)
      throws IOException, InterruptedException {
    return post("/api/v1/broadcasts/" + broadcast + "/engagement", tenant, role, body);
  }

  @Test
  void answersAndPressesInTelegramBecomeEventsOnceHoweverOftenTheyAreTold() throws Exception {
    UUID broadcast = UUID.randomUUID();
    UUID account = UUID.randomUUID();
    JdbcTemplate jdbc = service.getBean(JdbcTemplate.class);
    jdbc.queryForObject("select ensure_ledger_day(current_date)", Boolean.class);
    try (Simulators simulators = Simulators.start(Simulators.Settings.local());
        KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      sentToChat(jdbc, account, broadcast, 42, 7701);
      sentToChat(jdbc, UUID.randomUUID(), UUID.randomUUID(), 43, 7702);
      var updates = simulators.telegram().updates();
      updates.answer("4242", "7701", "Yes");
      updates.reply("4242", "7701", "And thanks");
      updates.reply("4242", "7702", "To another bot's message");
      updates.press("4242", "7701", "seat:2");
      updates.reply("4242", "7701", "/stop");
      publishBot(account, 1, simulators.telegram().baseUrl(), "poll");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> updates.answeredPresses() == 1 && updates.unconfirmed("4242") == 0);
      // The bot has answered whom it did not understand and who wants no more, one after the other.
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() ->
              assertThat(answers(simulators))
                  .containsExactlyInAnyOrder(
                      "7702: That was not understood. /help says what this bot can do.",
                      "7701: No more messages come here. Write /start to get them again."));
      long[] arrivals = simulators.log().arrivals(TELEGRAM, "");
      assertThat(Duration.ofNanos(arrivals[1] - arrivals[0])).isGreaterThan(Duration.ofSeconds(1));
      // As after a worker that died before it confirmed what it had published.
      publishBot(account, 2, simulators.telegram().baseUrl(), "off");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() ->
              jdbc.queryForObject(
                      "select count(*) from poller_lease where bot like ?",
                      Long.class,
                      "%:" + simulators.telegram().port() + "/%")
                  == 0);
      assertThat(updates.again("4242")).isEqualTo(5);
      publishBot(account, 3, simulators.telegram().baseUrl(), "poll");
      await().atMost(Duration.ofSeconds(20)).until(() -> updates.answeredPresses() == 2);
      var events =
          engagement(
              probe.await(
                  Topics.ENGAGEMENT_EVENTS.name(),
                  Duration.ofSeconds(20),
                  records -> engagement(records, broadcast).size() >= 6),
              broadcast);
      assertThat(events).hasSize(6);
      assertThat(Set.copyOf(events))
          .hasSize(3)
          .allSatisfy(event -> {
            assertThat(event.contactId()).isEqualTo(42);
            assertThat(event.tenantId()).isEqualTo(TENANT);
            assertThat(event.variant()).isEqualTo("b");
            assertThat(event.channel()).isEqualTo(Channel.TELEGRAM);
          });
      assertThat(Set.copyOf(events))
          .extracting(event -> event.kind().id() + " " + event.name())
          .containsExactlyInAnyOrder("replied null", "replied null", "button seat:2");
      var signals =
          signals(
              probe.await(
                  Topics.CONTACT_SIGNAL.name(),
                  Duration.ofSeconds(20),
                  records -> signals(records, "7701").size() >= 2),
              "7701");
      assertThat(Set.copyOf(signals))
          .singleElement()
          .satisfies(signal -> {
            assertThat(signal.kind()).isEqualTo(ContactSignal.Kind.STOPPED);
            assertThat(signal.tenantId()).isEqualTo(TENANT);
          });
      assertThat(get("/actuator/prometheus"))
          .contains("fanfare_telegram_bots", "became=\"unknown_message\"");
    }
  }

  private static List<String> answers(Simulators simulators) {
    return simulators.log().newest(message -> true, Long.MAX_VALUE, 10).stream()
        .map(message ->
            message.address()
                + ": "
                + JsonMapper.shared().readTree(message.content()).path("text").asString())
        .toList();
  }

  @Test
  void aWebhookTakesUpdatesOfItsOwnSecretAndALinkConnectsItsContact() throws Exception {
    UUID account = UUID.randomUUID();
    String path = "/t/telegram/" + account;
    try (Simulators simulators = Simulators.start(Simulators.Settings.local());
        KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      assertThat(bring(path, "x", "{}").statusCode()).isEqualTo(404);
      publishBot(account, 1, simulators.telegram().baseUrl(), "webhook");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> bring(path, "x", "{}").statusCode() == 401);
      var answer =
          post("/internal/v1/channel-accounts/" + account + "/telegram-link?contact_id=43", TENANT);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      var link = Pattern.compile("https://t.me/simulated_4242_bot\\?start=([\\w-]+)");
      var token = link.matcher(answer.body());
      assertThat(token.find()).as(answer.body()).isTrue();
      assertThat(
              post(
                      "/internal/v1/channel-accounts/" + account + "/telegram-link?contact_id=43",
                      UUID.randomUUID())
                  .statusCode())
          .isEqualTo(404);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !simulators.telegram().updates().webhookSecret("4242").isEmpty());
      String secret = simulators.telegram().updates().webhookSecret("4242");
      String start =
          "{\"update_id\":1,\"message\":{\"message_id\":1,\"chat\":{\"id\":7703,\"type\":\"private\"},"
              + "\"from\":{\"id\":7703},\"text\":\"/start %s\"}}";
      assertThat(bring(path, secret, start.formatted(token.group(1))).statusCode()).isEqualTo(200);
      assertThat(bring(path, secret, start.replace(":1,", ":2,").formatted("forged")).statusCode())
          .isEqualTo(200);
      assertThat(bring(path, secret, "{nonsense").statusCode()).isEqualTo(200);
      assertThat(bring(path, secret, " ".repeat(262_145)).statusCode()).isEqualTo(413);
      assertThat(bring("/t/telegram/x", secret, "{}").statusCode()).isEqualTo(404);
      var signals =
          probe.await(
              Topics.CONTACT_SIGNAL.name(),
              Duration.ofSeconds(20),
              records -> signals(records, "7703").size() >= 2);
      assertThat(signals(signals, "7703"))
          .extracting(signal -> signal.kind().id() + " " + signal.contactId())
          .containsExactly("linked 43", "started null");
      publishBot(account, 2, simulators.telegram().baseUrl(), "off");
    }
  }

  private static List<ContactSignal> signals(
      List<ConsumerRecord<byte[], byte[]>> records, String chat) {
    return records.stream()
        .map(record -> EventCodec.decode(ContactSignal.class, record.value()))
        .filter(signal -> signal.address().equals(chat))
        .toList();
  }

  private static HttpResponse<String> bring(String path, String secret, String update)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(path))
            .header("X-Telegram-Bot-Api-Secret-Token", secret)
            .POST(HttpRequest.BodyPublishers.ofString(update))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** A message of number 1, which is that of the simulator's chats where nothing was sent. */
  private static void sentToChat(
      JdbcTemplate jdbc, UUID account, UUID broadcast, long contact, long chat) {
    jdbc.update(
        """
        with claimed as (
          insert into claim (ledger_day, broadcast_id, contact_id, channel, issue, attempt,
            incarnation, batch, position, bucket, shard, tenant_id, account_id, variant)
          values (current_date, ?, ?, 'telegram', 1, 1, 0, 0, 0, 2, 0, ?, ?, 'b') returning *)
        insert into result (ledger_day, broadcast_id, contact_id, channel, issue, outcome, position,
          incarnation, sequence, at, provider_message_id, chat)
        select ledger_day, broadcast_id, contact_id, channel, issue, 1, 0, 0, 1, now(), '1', ?
        from claimed
        """,
        broadcast,
        contact,
        TENANT,
        account,
        chat);
  }

  private static void publishBot(UUID id, long version, String apiUrl, String updates) {
    var account =
        new ChannelAccount(
            id,
            TENANT,
            Channel.TELEGRAM,
            "a bot",
            version,
            1,
            30,
            Map.of("api_url", apiUrl, "updates", updates),
            service.getBean(SecretBox.class).seal("{\"token\":\"4242:secret\"}"));
    service
        .getBean(EventProducer.class)
        .send(Topics.CHANNEL_ACCOUNT, id.toString(), account)
        .join();
  }

  @Test
  void whatWasNotSignedHereIsNotFound() throws Exception {
    var clicks = hrefs(trackedHtml(UUID.randomUUID()));
    String click = pathOf(clicks.get(0));
    String token = click.substring("/t/c/".length());
    String to = pathOf(clicks.get(1));
    for (String forged :
        new String[] {
          "/t/c/x",
          click.substring(0, click.length() - 2),
          click + "?u=https%3A%2F%2Fevil.example%2F",
          to.substring(0, to.indexOf('?')),
          to.replace("b.example", "evil.example"),
          "/t/o/" + token,
          "/t/u/" + token
        }) {
      var answer = visit("GET", forged);
      assertThat(answer.statusCode()).as(forged).isEqualTo(404);
      assertThat(answer.body()).as(forged).isEmpty();
    }
    assertThat(visit("POST", "/t/u/" + token).statusCode()).isEqualTo(404);
  }

  @Test
  void anEmailOnItsWayHasItsLinksItsPixelAndItsHeader() throws Exception {
    try (Simulators simulators = Simulators.start(Simulators.Settings.local())) {
      var account =
          new OpenedAccount(
              UUID.randomUUID(),
              TENANT,
              Channel.EMAIL,
              1,
              0,
              Map.of(
                  "host", "localhost",
                  "port", Integer.toString(simulators.smtp().port()),
                  "security", "none",
                  "from", "a@example.org"),
              Map.of());
      ChannelSender sender =
          service.getBeansOfType(ChannelSender.class).values().stream()
              .filter(each -> each.channel().equals(Channel.EMAIL))
              .findFirst()
              .orElseThrow();
      UUID broadcast = UUID.randomUUID();
      var content =
          new MessageContent.Email(
              "s",
              "<p><a href=\"https://a.example/\">a</a></p>",
              "See https://a.example/ or {{ unsubscribe_link }}");
      var compiled =
          sender.compile(
              content, account, new BroadcastFacts(broadcast, TENANT, "spring", "a", Map.of()));
      List<SendOutcome> outcomes = new ArrayList<>();
      sender.send(
          account,
          List.of(new PreparedMessage(command(broadcast, Map.of()), compiled, Map.of())),
          message -> true,
          (message, outcome) -> outcomes.add(outcome));
      assertThat(outcomes).singleElement().isInstanceOf(SendOutcome.Sent.class);
      byte[] received =
          simulators.log().newest(mail -> true, Long.MAX_VALUE, 1).getFirst().content();
      String mail = new String(received, UTF_8).replace("=\r\n", "").replace("=3D", "=");
      assertThat(mail)
          .containsPattern("List-Unsubscribe:\\s+<http://localhost/t/u/[\\w-]+>")
          .containsPattern("<a href=\"http://localhost/t/c/[\\w-]+\">a</a>")
          .containsPattern("<img width=\"1\" [^>]*src=\"http://localhost/t/o/[\\w-]+\">")
          .containsPattern("See http://localhost/t/c/[\\w-]+ or http://localhost/t/u/[\\w-]+");
      String click = hrefs(mail).getFirst();
      assertThat(visit("GET", pathOf(click)).headers().firstValue("location"))
          .contains("https://a.example/");
    }
  }

  @Test
  void linksOfATelegramTextAreTrackedWhereTheReaderDoesNotSeeThem() {
    var content =
        new MessageContent.Telegram(
            "<b>News</b> <a href=\"https://a.example/?x=1&amp;y=2\">here</a> https://b.example/",
            MessageContent.ParseMode.HTML,
            List.of(
                List.of(
                    new MessageContent.Button("Open", "https://c.example/"),
                    new MessageContent.Button("Yes", null, "https://d.example/"))));
    var facts = new BroadcastFacts(UUID.randomUUID(), TENANT, "spring", "a", Map.of());
    LinkTracker tracker = service.getBean(LinkTracker.class);
    var tracked = (MessageContent.Telegram) tracker.track(content, facts).content();
    assertThat(tracked.text())
        .isEqualTo("<b>News</b> <a href=\"{{ fanfare_link.l2 }}\">here</a> https://b.example/");
    assertThat(tracked.buttons().getFirst().getFirst().url()).isEqualTo("{{ fanfare_link.l1 }}");
    assertThat(tracked.buttons().getFirst().getLast())
        .isEqualTo(content.buttons().getFirst().getLast());
    var plain =
        new MessageContent.Telegram(content.text(), MessageContent.ParseMode.PLAIN, List.of());
    assertThat(tracker.track(plain, facts).content()).isEqualTo(plain);
  }

  @Test
  void linksBeyondTheBoundsAreSentAsTheyAre() {
    LinkTracker tracker = service.getBean(LinkTracker.class);
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 201; i++) {
      text.append("https://a.example/").append(i).append('\n');
    }
    var facts = new BroadcastFacts(UUID.randomUUID(), TENANT, "spring", "a", Map.of());
    var many = new MessageContent.Email("s", null, text + "https://a.example/1\n");
    String tracked = ((MessageContent.Email) tracker.track(many, facts).content()).text();
    assertThat(tracked)
        .endsWith("{{ fanfare_link.l200 }}\nhttps://a.example/201\n{{ fanfare_link.l1 }}\n");
    var places = new MessageContent.Email("s", null, "https://a.example/1 ".repeat(501));
    assertThat(((MessageContent.Email) tracker.track(places, facts).content()).text())
        .endsWith("}} {{ fanfare_link.l1 }} https://a.example/1 ");
    var large = new MessageContent.Email("s", null, "https://a.example/1" + " ".repeat(150_000));
    assertThat(tracker.track(large, facts).content()).isEqualTo(large);
    var name = new BroadcastFacts(UUID.randomUUID(), TENANT, "spring", "v".repeat(33), Map.of());
    assertThat(tracker.track(many, name).content()).isEqualTo(many);
  }

  /** The same content twice, as two workers compile it: the second finds what the first wrote. */
  private static String trackedHtml(UUID broadcast) {
    var content =
        new MessageContent.Email(
            "s",
            "<body><a href=\"https://a.example/?x=1&amp;y=2\">a</a>"
                + "<a href=\"https://b.example/{{ contact.custom.city }}\">b</a>"
                + "<a href=\"mailto:a@example.org\">c</a>"
                + "<a href=\"{{ unsubscribe_link }}\">d</a></body>",
            null);
    var facts = new BroadcastFacts(broadcast, TENANT, "spring", "a", Map.of());
    LinkTracker tracker = service.getBean(LinkTracker.class);
    tracker.track(content, facts);
    TrackedContent tracked = tracker.track(content, facts);
    Map<String, Object> contact = Map.of("custom", Map.of("city", "Köln"));
    var command = command(broadcast, contact);
    var message =
        tracked.prepared(
            new PreparedMessage(command, new CompiledContent() {}, Map.of("contact", contact)),
            Instant.now());
    String html = ((MessageContent.Email) tracked.content()).html();
    return new TemplateEngine().compile(html, Escaping.HTML).render(message.data());
  }

  private static SendMessage command(UUID broadcast, Map<String, Object> contact) {
    return new SendMessage(
        TENANT,
        broadcast,
        42,
        Channel.EMAIL,
        1,
        1,
        Bucket.IN_FLIGHT,
        false,
        LocalDate.of(2026, 3, 4),
        new Lane(TENANT, 0),
        "a",
        1,
        "a@example.org",
        Instant.EPOCH,
        contact,
        null,
        null,
        "Asia/Kathmandu",
        null,
        null);
  }

  private static List<String> hrefs(String html) {
    return Pattern.compile("href=\"([^\"]*)\"")
        .matcher(html)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private static List<EngagementEvent> engagement(
      List<ConsumerRecord<byte[], byte[]>> records, UUID broadcast) {
    return records.stream()
        .map(record -> EventCodec.decode(EngagementEvent.class, record.value()))
        .filter(event -> event.broadcastId().equals(broadcast))
        .toList();
  }

  private static String pathOf(String url) {
    assertThat(url).startsWith("http://localhost/t/");
    return url.substring("http://localhost".length());
  }

  private static HttpResponse<String> visit(String method, String path)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(path))
            .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void bouncesAndComplaintsAreMatchedByTheirTokenAlone() throws Exception {
    UUID broadcast = sentBroadcast();
    String gone =
        Reports.postfix(returnPath(broadcast, 4), "failed", "5.1.1", "smtp; 550 no <a@b.org>");
    var taken = bring(gone, TENANT);
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
    assertThat(taken.body()).isEqualTo("{\"became\":\"hard\"}");
    assertThat(bring(gone, TENANT).body()).isEqualTo("{\"became\":\"hard\"}");
    String late = Reports.postfix(returnPath(broadcast, 4), "delayed", "4.4.1", "smtp; later");
    assertThat(bring(late, TENANT).body()).isEqualTo("{\"became\":\"soft\"}");
    String full = Reports.postfix(returnPath(broadcast, 1), "failed", "5.2.2", "smtp; 552 full");
    assertThat(bring(full, TENANT).body()).isEqualTo("{\"became\":\"soft\"}");
    assertThat(bring(Reports.complaint(returnPath(broadcast, 5), "abuse"), TENANT).body())
        .isEqualTo("{\"became\":\"complaint\"}");
    assertThat(bring(Reports.complaint(returnPath(broadcast, 1), "not-spam"), TENANT).body())
        .isEqualTo("{\"became\":\"nothing\"}");

    String forged = Reports.postfix("bounces+" + "a".repeat(52) + "@b.c", "failed", "5.1.1", "");
    refuses(bring(forged, TENANT), 422, "no_token");
    refuses(bring("Subject: Out of office\r\n\r\nBack on Monday", TENANT), 422, "no_report");
    refuses(bring("", TENANT), 422, "no_report");
    refuses(bring(gone + "x".repeat(1_000_000), TENANT), 413, "too_large");
    // Another tenant's token, and one of a contact to whom nothing was sent.
    refuses(bring(gone, UUID.randomUUID()), 422, "unknown_message");
    String nobody = Reports.postfix(returnPath(broadcast, 4_711), "failed", "5.1.1", "");
    refuses(bring(nobody, TENANT), 422, "unknown_message");
    assertThat(post("/api/v1/bounces", TENANT, Role.SENDER, "{}").statusCode()).isEqualTo(415);
    assertThat(bring(gone, TENANT, Role.EDITOR).statusCode()).isEqualTo(403);

    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      var events = engagement(probe.readAll(Topics.ENGAGEMENT_EVENTS.name()), broadcast);
      assertThat(events)
          .extracting(e ->
              String.join(" ", e.kind().id(), "" + e.contactId(), e.name(), e.status(), e.detail()))
          .containsExactlyInAnyOrder(
              "bounced 4 hard 5.1.1 smtp; 550 no <recipient>",
              "bounced 4 hard 5.1.1 smtp; 550 no <recipient>",
              "bounced 4 soft 4.4.1 smtp; later",
              "bounced 1 soft 5.2.2 smtp; 552 full",
              "complained 5 null null abuse");
      assertThat(events.stream().map(EngagementEvent::eventId).distinct()).hasSize(4);
      assertThat(events)
          .allSatisfy(event -> {
            assertThat(event.tenantId()).isEqualTo(TENANT);
            assertThat(event.variant()).isEqualTo("a");
            assertThat(event.sentAt()).isNotNull();
            assertThat(event.addressCheck()).isEqualTo(AddressCheck.of("ada@example.org"));
          });
    }
    assertThat(get("/actuator/prometheus"))
        .contains("fanfare_bounces_reports_total{", "became=\"no_token\"");
  }

  @Test
  void mailboxesAreEmptiedOfBouncesAndNothingStandsInTheWay() throws Exception {
    UUID broadcast = sentBroadcast();
    GreenMail server =
        new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP).dynamicPort());
    server.start();
    try {
      GreenMailUser kept = server.setUser("kept@b.c", "kept", "pass \"word\\");
      GreenMailUser emptied = server.setUser("emptied@b.c", "emptied", "secret");
      String gone = Reports.postfix(returnPath(broadcast, 4), "failed", "5.1.1", "smtp; 550 no");
      String complaint = Reports.complaint(returnPath(broadcast, 5), "abuse");
      deliver(kept, "Subject: Out of office\r\n\r\nBack on Monday");
      deliver(kept, Reports.postfix("b+" + "a".repeat(52) + "@b.c", "failed", "5.1.1", "forged"));
      deliver(kept, "Subject: x\r\n\r\n" + "x".repeat(1_000_100));
      deliver(kept, gone);
      deliver(kept, complaint);
      deliver(emptied, complaint);
      int port = server.getImap().getPort();
      mailbox(port, Map.of("bounce_username", "kept", "bounce_processed_folder", "Done"), kept);
      mailbox(port, Map.of("bounce_username", "emptied"), emptied);
      // One whose server refuses us, and one that nobody answers for.
      mailbox(port, Map.of("bounce_username", "nobody"), emptied);
      mailbox(1, Map.of("bounce_username", "nobody"), emptied);

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            assertThat(mails(server, kept, "INBOX")).isZero();
            assertThat(mails(server, kept, "Done")).isEqualTo(2);
            assertThat(mails(server, kept, "Fanfare unmatched")).isEqualTo(3);
            assertThat(mails(server, emptied, "INBOX")).isZero();
          });
      try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
        var events = engagement(probe.readAll(Topics.ENGAGEMENT_EVENTS.name()), broadcast);
        assertThat(events)
            .extracting(e -> e.kind().id() + " " + e.contactId() + " " + e.name())
            .containsOnly("bounced 4 hard", "complained 5 null");
        assertThat(events.stream().map(EngagementEvent::eventId).distinct()).hasSize(2);
      }
      // What comes later is found too.
      deliver(emptied, gone);
      await().atMost(Duration.ofSeconds(30)).until(() -> mails(server, emptied, "INBOX") == 0);
      assertThat(get("/actuator/prometheus"))
          .contains(
              "fanfare_bounces_mailboxes{",
              "fanfare_bounces_mailboxes_failing{",
              "cause=\"login_refused\"",
              "cause=\"unreachable\"",
              "became=\"too_large\"",
              "via=\"mailbox\"");
    } finally {
      server.stop();
    }
  }

  @Test
  void mailboxesAreEmptiedByPop3TooAndWhatIsNoBounceIsPassedOver() throws Exception {
    UUID broadcast = sentBroadcast();
    GreenMail server =
        new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_POP3).dynamicPort());
    server.start();
    try {
      GreenMailUser kept = server.setUser("kept@b.c", "pop-kept", "pass\"word\\");
      GreenMailUser emptied = server.setUser("emptied@b.c", "pop-emptied", "secret");
      String gone = Reports.postfix(returnPath(broadcast, 4), "failed", "5.1.1", "smtp; 550 no");
      String complaint = Reports.complaint(returnPath(broadcast, 5), "abuse");
      for (GreenMailUser user : List.of(kept, emptied)) {
        deliver(user, "Subject: Out of office\r\n\r\nBack on Monday\r\n.");
        deliver(user, "Subject: x\r\n\r\n" + "x".repeat(1_000_100));
        deliver(user, gone);
      }
      deliver(kept, complaint);
      int port = server.getPop3().getPort();
      Map<String, String> pop3 = Map.of("bounce_protocol", "pop3", "bounce_username", "pop-kept");
      mailbox(port, pop3, kept);
      Map<String, String> deleting = new HashMap<>(pop3);
      deleting.put("bounce_username", "pop-emptied");
      deleting.put("bounce_delete_unmatched", "true");
      mailbox(port, deleting, emptied);

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            assertThat(mails(server, kept, "INBOX")).isEqualTo(2);
            assertThat(mails(server, emptied, "INBOX")).isZero();
          });
      try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
        assertThat(engagement(probe.readAll(Topics.ENGAGEMENT_EVENTS.name()), broadcast))
            .extracting(e -> e.kind().id() + " " + e.contactId() + " " + e.name())
            .containsOnly("bounced 4 hard", "complained 5 null");
      }
      // What comes later is found too, and what is known to be nothing is not read again.
      double passedOver = noReports();
      deliver(kept, gone);
      await().atMost(Duration.ofSeconds(30)).until(() -> mails(server, kept, "INBOX") == 2);
      assertThat(noReports()).isEqualTo(passedOver);
    } finally {
      server.stop();
    }
  }

  private static double noReports() {
    return service
        .getBean(MeterRegistry.class)
        .get("fanfare.bounces.reports")
        .tags("via", "mailbox", "became", "no_report")
        .counter()
        .count();
  }

  private static void deliver(GreenMailUser user, String mail) {
    user.deliver(GreenMailUtil.newMimeMessage(mail));
  }

  private static int mails(GreenMail server, GreenMailUser user, String folder) {
    MailFolder found = server.getManagers().getImapHostManager().getFolder(user, folder);
    return found == null ? 0 : found.getMessageCount();
  }

  private static void mailbox(int port, Map<String, String> settings, GreenMailUser user) {
    UUID id = UUID.randomUUID();
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(Map.of("host", "localhost", "port", "1", "security", "none", "from", "a@b.c"));
    all.putAll(
        Map.of(
            "bounce_host", "localhost",
            "bounce_port", Integer.toString(port),
            "bounce_security", "none"));
    String secret =
        JsonMapper.shared().writeValueAsString(Map.of("bounce_password", user.getPassword()));
    var account =
        new ChannelAccount(
            id,
            TENANT,
            Channel.EMAIL,
            "with bounces",
            1,
            1,
            0,
            all,
            service.getBean(SecretBox.class).seal(secret));
    service
        .getBean(EventProducer.class)
        .send(Topics.CHANNEL_ACCOUNT, id.toString(), account)
        .join();
  }

  private static String returnPath(UUID broadcast, long contact) {
    StringBuilder sender = new StringBuilder("bounces+");
    service.getBean(BounceTokens.class).of(broadcast).append(contact, "ada@example.org", sender);
    return sender.append("@bounces.example.com").toString();
  }

  private static HttpResponse<String> bring(String report, UUID tenant) throws Exception {
    return bring(report, tenant, Role.SENDER);
  }

  private static HttpResponse<String> bring(String report, UUID tenant, Role role)
      throws Exception {
    var identity = new Identity(tenant, "key:test", role);
    var request =
        HttpRequest.newBuilder(uri("/api/v1/bounces"))
            .header("Authorization", service.getBean(IdentityTokens.class).authorization(identity))
            .header("Content-Type", "message/rfc822")
            .POST(HttpRequest.BodyPublishers.ofString(report))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static void refuses(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
  }

  private static UUID publishAccount(long version) {
    UUID id = UUID.randomUUID();
    var account =
        new ChannelAccount(
            id,
            TENANT,
            Channel.EMAIL,
            "nobody listens",
            version,
            1,
            0,
            Map.of("host", "localhost", "port", "1", "security", "none", "from", "a@example.org"),
            service.getBean(SecretBox.class).seal("{\"password\":\"x\"}"));
    service
        .getBean(EventProducer.class)
        .send(Topics.CHANNEL_ACCOUNT, id.toString(), account)
        .join();
    return id;
  }

  private static HttpResponse<String> test(UUID account, long version, UUID tenant)
      throws IOException, InterruptedException {
    return post("/internal/v1/channel-accounts/" + account + "/test?version=" + version, tenant);
  }

  private static HttpResponse<String> post(String path, UUID tenant)
      throws IOException, InterruptedException {
    return post(path, tenant, "");
  }

  private static HttpResponse<String> post(String path, UUID tenant, String body)
      throws IOException, InterruptedException {
    return post(path, tenant, Role.EDITOR, body);
  }

  private static HttpResponse<String> post(String path, UUID tenant, Role role, String body)
      throws IOException, InterruptedException {
    var identity = new Identity(tenant, "key:test", role);
    var request =
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", service.getBean(IdentityTokens.class).authorization(identity))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String get(String path, UUID tenant) throws IOException, InterruptedException {
    var identity = new Identity(tenant, "key:test", Role.VIEWER);
    var request =
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", service.getBean(IdentityTokens.class).authorization(identity))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static String get(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri(path)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static URI uri(String path) {
    return URI.create(
        "http://localhost:" + service.getEnvironment().getProperty("local.server.port") + path);
  }
}
