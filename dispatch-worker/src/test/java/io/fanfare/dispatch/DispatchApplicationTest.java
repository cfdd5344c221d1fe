package io.fanfare.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Topics;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.ServiceLauncher;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import io.fanfare.support.identity.Role;
import io.fanfare.support.kafka.EventProducer;
import io.fanfare.support.secret.SecretBox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

class DispatchApplicationTest {

  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
  private static final UUID TENANT = UUID.randomUUID();

  private static ConfigurableApplicationContext service;
  private static HttpClient http;

  @BeforeAll
  static void start() {
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
                "--FANFARE_TOPIC_PARTITIONS=4",
                "--FANFARE_ALLOW_PRIVATE_TARGETS=true",
                "--FANFARE_PORT=0");
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    service.close();
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
    var identity = new Identity(tenant, "key:test", Role.EDITOR);
    var request =
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", service.getBean(IdentityTokens.class).authorization(identity))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
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
