package io.fanfare.broadcast.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.StubBackend;
import io.fanfare.broadcast.TestTenant;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import io.fanfare.support.secret.SecretBox;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

@ExtendWith(ApiExtension.class)
class ChannelAccountsTest {

  private static final String ACCOUNTS = "/api/v1/channel-accounts";
  private static final String PASSWORD = "hunter2-very-secret";

  private final ApiUnderTest api;
  private TestTenant tenant;

  ChannelAccountsTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeTenant() {
    tenant = api.newTenant();
  }

  @Test
  void mailServerGetsItsDefaults() {
    Reply created = tenant.post(ACCOUNTS, mailServer());

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    assertThat(created.json().get("shards").asInt()).isEqualTo(8);
    assertThat(created.json().get("rate_per_second").asInt()).isZero();
    assertThat(created.json().get("settings").get("port").asInt()).isEqualTo(587);
    assertThat(created.json().get("settings").get("security").asString()).isEqualTo("starttls");
    assertThat(created.json().get("has_secret").asBoolean()).isTrue();
    assertThat(tenant.get(created.header("Location")).json()).isEqualTo(created.json());
    assertThat(tenant.get(ACCOUNTS + "?channel=email").json().get("items")).hasSize(1);
    assertThat(tenant.get(ACCOUNTS + "?channel=telegram").json().get("items")).isEmpty();
  }

  @Test
  @SuppressWarnings("unchecked")
  void domainLimitsAreShownAsGivenAndDivideByTheShards() {
    Map<String, Object> server = mailServer();
    Map<String, Object> settings =
        new LinkedHashMap<>((Map<String, Object>) server.get("settings"));
    settings.put("domain_limits", Map.of("gmail.com", 40));
    server.put("settings", settings);
    Reply created = tenant.post(ACCOUNTS, server);
    assertThat(created.json().at("/settings/domain_limits/gmail.com").asInt()).isEqualTo(40);

    settings.put("domain_limits", Map.of("gmail.com", 7));
    assertThat(tenant.put(created.header("Location"), server).pointers())
        .containsExactly("/settings/domain_limits/gmail.com");
    server.put("shards", 4);
    assertThat(tenant.post(ACCOUNTS, server).status()).isEqualTo(201);
  }

  @Test
  void botGetsItsDefaults() {
    Reply created = tenant.post(ACCOUNTS, bot());

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json().get("shards").asInt()).isEqualTo(1);
    assertThat(created.json().get("rate_per_second").asInt()).isEqualTo(30);
  }

  @Test
  void everyWrongFieldIsNamed() {
    Map<String, Object> wrong = mailServer();
    wrong.put(
        "settings",
        Map.of("host", "a b", "port", 0, "security", "ssl", "from", "no\r\nmail", "hots", "x"));
    wrong.put("rate_per_second", -1);
    wrong.put("shards", 65);

    assertThat(tenant.post(ACCOUNTS, wrong).pointers())
        .containsExactlyInAnyOrder(
            "/settings/host",
            "/settings/port",
            "/settings/security",
            "/settings/from",
            "/settings/hots",
            "/settings/username",
            "/rate_per_second",
            "/shards");
    assertThat(tenant.post(ACCOUNTS, Map.of("channel", "pigeon")).pointers())
        .contains("/name", "/settings");
    Map<String, Object> pigeon = mailServer();
    pigeon.put("channel", "pigeon");
    assertThat(tenant.post(ACCOUNTS, pigeon).pointers()).containsExactly("/channel");
    Map<String, Object> tokenless = bot();
    tokenless.remove("secret");
    assertThat(tenant.post(ACCOUNTS, tokenless).pointers()).containsExactly("/secret");
  }

  @Test
  void accountsMayNotLeadIntoPrivateNetworks() {
    for (String host : List.of("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "localhost")) {
      Map<String, Object> inside = mailServer();
      inside.put("settings", Map.of("host", host, "username", "u", "from", "a@example.com"));
      Reply reply = tenant.post(ACCOUNTS, inside);
      assertThat(reply.status()).as(host).isEqualTo(422);
      assertThat(reply.pointers()).as(host).containsExactly("/settings/host");
    }
    Map<String, Object> inside = bot();
    inside.put("settings", Map.of("api_url", "https://192.168.1.1:8443/bots"));
    assertThat(tenant.post(ACCOUNTS, inside).pointers()).containsExactly("/settings/api_url");
    inside.put("settings", Map.of("api_url", "http://149.154.167.220"));
    assertThat(tenant.post(ACCOUNTS, inside).pointers()).containsExactly("/settings/api_url");
    assertThat(tenant.get(ACCOUNTS).json().get("items")).isEmpty();
  }

  @Test
  void passwordIsNeverToTravelInTheClear() {
    Map<String, Object> open = mailServer();
    open.put(
        "settings",
        Map.of(
            "host", "93.184.215.14", "security", "none", "username", "u", "from", "a@example.com"));
    assertThat(tenant.post(ACCOUNTS, open).pointers()).containsExactly("/settings/security");

    Map<String, Object> nameless = mailServer();
    nameless.remove("secret");
    nameless.put(
        "settings", Map.of("host", "93.184.215.14", "security", "none", "from", "a@example.com"));
    assertThat(tenant.post(ACCOUNTS, nameless).status()).isEqualTo(201);
  }

  @Test
  void everyChangeReachesTheOtherServices() {
    String location = tenant.post(ACCOUNTS, mailServer()).header("Location");
    UUID id = UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
    Map<String, Object> changed = mailServer();
    changed.put("rate_per_second", 50);
    tenant.put(location, changed);
    tenant.delete(location);

    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      List<ConsumerRecord<byte[], byte[]>> events =
          probe
              .await(
                  "channel.account",
                  Duration.ofSeconds(10),
                  records -> records.stream().filter(record -> isOf(id, record)).count() == 3)
              .stream()
              .filter(record -> isOf(id, record))
              .toList();
      ChannelAccount first = EventCodec.decode(ChannelAccount.class, events.get(0).value());
      ChannelAccount second = EventCodec.decode(ChannelAccount.class, events.get(1).value());
      assertThat(first.version()).isEqualTo(1);
      assertThat(first.tenantId()).isEqualTo(tenant.id());
      assertThat(first.settings()).containsEntry("port", "587");
      assertThat(api.bean(SecretBox.class).open(first.sealedSecret()))
          .isEqualTo("{\"password\":\"" + PASSWORD + "\"}");
      assertThat(second.version()).isEqualTo(2);
      assertThat(second.ratePerSecond()).isEqualTo(50);
      assertThat(events.get(2).value()).isNull();
    }
  }

  @Test
  void secretsAreNowhereToBeRead() {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    try {
      Reply created = tenant.post(ACCOUNTS, mailServer(), "Idempotency-Key", "with-a-secret");
      Map<String, Object> changed = mailServer();
      changed.put("name", "Another name");
      String answers =
          created.body()
              + tenant.get(created.header("Location")).body()
              + tenant.get(ACCOUNTS).body()
              + tenant.put(created.header("Location"), changed).body()
              + tenant
                  .post(ACCOUNTS, "{\"secret\": {\"password\": \"" + PASSWORD + "\"}, \"x\"")
                  .body();

      assertThat(answers).doesNotContain(PASSWORD);
    } finally {
      root.detachAppender(log);
    }
    assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage))
        .noneMatch(line -> line.contains(PASSWORD));
    assertThat(api.dump("channel_account", "audit_entry", "outbox", "idempotency_entry"))
        .doesNotContain(PASSWORD);
  }

  @Test
  void staleVersionIsRefused() {
    String location = tenant.post(ACCOUNTS, mailServer()).header("Location");

    assertThat(tenant.put(location, mailServer(), "If-Match", "\"1\"").header("ETag"))
        .isEqualTo("\"2\"");
    Reply stale = tenant.put(location, mailServer(), "If-Match", "\"1\"");
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.code()).isEqualTo("version_mismatch");
    assertThat(tenant.delete(location, "If-Match", "\"1\"").status()).isEqualTo(412);
    assertThat(tenant.delete(location, "If-Match", "\"2\"").status()).isEqualTo(204);
    assertThat(tenant.get(location).status()).isEqualTo(404);
  }

  @Test
  void secretStaysWhereItIsUnlessTheAccountMoves() {
    String location = tenant.post(ACCOUNTS, mailServer()).header("Location");
    Map<String, Object> change = mailServer();
    change.remove("secret");
    change.put("name", "Renamed");

    assertThat(tenant.put(location, change).json().get("has_secret").asBoolean()).isTrue();

    change.put("settings", Map.of("host", "203.0.114.9", "username", "u", "from", "a@example.com"));
    assertThat(tenant.put(location, change).pointers()).containsExactly("/secret");

    Map<String, Object> otherwise =
        new LinkedHashMap<>(
            Map.of("host", "93.184.215.14", "username", "news", "from", "news@example.com"));
    otherwise.put("security", "tls");
    otherwise.put("port", 587);
    change.put("settings", otherwise);
    assertThat(tenant.put(location, change).pointers()).containsExactly("/secret");
  }

  @Test
  void secretIsAskedForAgainWhenTheSettingsNeedAnother() throws Exception {
    String location = tenant.post(ACCOUNTS, mailServer()).header("Location");
    Map<String, Object> change = mailServer();
    change.remove("secret");
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("host", "93.184.215.14");
    settings.put("username", "news");
    settings.put("from", "news@example.com");
    change.put("settings", settings);

    settings.put("auth", "xoauth2");
    assertThat(tenant.put(location, change).pointers()).containsExactly("/secret/access_token");

    settings.remove("auth");
    settings.put("dkim_domain", "example.com");
    settings.put("dkim_selector", "news");
    assertThat(tenant.put(location, change).pointers()).containsExactly("/secret/dkim_private_key");

    String key = AccountPlannerTest.rsaKey(2048);
    change.put("secret", Map.of("password", PASSWORD, "dkim_private_key", key));
    String shown = tenant.put(location, change).body() + tenant.get(location).body();
    assertThat(shown)
        .contains("dkim_selector")
        .doesNotContain("PRIVATE KEY", key.substring(40, 60));
    assertThat(api.dump("channel_account", "audit_entry", "outbox"))
        .doesNotContain("PRIVATE KEY", key.substring(40, 60));

    change.remove("secret");
    change.put("name", "Renamed");
    assertThat(tenant.put(location, change).json().get("has_secret").asBoolean()).isTrue();
  }

  @Test
  void channelAndShardsAreFixed() {
    String location = tenant.post(ACCOUNTS, mailServer()).header("Location");
    Map<String, Object> change = mailServer();
    change.put("shards", 4);

    assertThat(tenant.put(location, change).pointers()).containsExactly("/shards");
    assertThat(tenant.put(location, bot()).pointers()).containsExactly("/channel");
  }

  @Test
  void accountOfAnotherTenantIsNotThere() {
    String location = tenant.post(ACCOUNTS, mailServer()).header("Location");
    TestTenant other = api.newTenant();

    assertThat(other.get(location).code()).isEqualTo("channel_account_not_found");
    assertThat(other.put(location, mailServer()).status()).isEqualTo(404);
    assertThat(other.delete(location).status()).isEqualTo(404);
    assertThat(other.post(location + "/test", "").status()).isEqualTo(404);
    assertThat(other.get(ACCOUNTS).json().get("items")).isEmpty();
  }

  @Test
  void accountOfABroadcastThatHasNotEndedStays() {
    String location = tenant.post(ACCOUNTS, mailServer()).header("Location");
    UUID broadcast = broadcastWith(location.substring(ACCOUNTS.length() + 1));

    Reply refused = tenant.delete(location);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("account_in_use");

    api.jdbc()
        .sql("update broadcast set state = 'completed' where id = :id")
        .param("id", broadcast)
        .update();
    assertThat(tenant.delete(location).status()).isEqualTo(204);
  }

  @Test
  void workerTestsTheVersionOfNow() {
    String location = tenant.post(ACCOUNTS, mailServer()).header("Location");
    String path = "/internal/v1/channel-accounts/" + location.substring(ACCOUNTS.length() + 1);
    api.backend()
        .answer(
            path,
            200,
            "{\"ok\": false, \"code\": \"account_refused\", \"detail\": \"535\", \"milliseconds\":"
                + " 7}");

    Reply tested = tenant.post(location + "/test", "");

    assertThat(tested.status()).isEqualTo(200);
    assertThat(tested.json().get("code").asString()).isEqualTo("account_refused");
    StubBackend.Received asked = api.backend().received(path).getFirst();
    assertThat(asked.pathAndQuery()).isEqualTo(path + "/test?version=1");
    Identity identity =
        api.bean(IdentityTokens.class)
            .verify(asked.header("Authorization").substring(IdentityTokens.SCHEME.length()))
            .orElseThrow();
    assertThat(identity.tenantId()).isEqualTo(tenant.id());
  }

  @Test
  void testWithoutAWorkerIsABadGateway() {
    String location = tenant.post(ACCOUNTS, mailServer()).header("Location");

    assertThat(tenant.post(location + "/test", "").code()).isEqualTo("backend_unavailable");
  }

  private UUID broadcastWith(String accountId) {
    UUID broadcast = UUID.randomUUID();
    api.jdbc()
        .sql(
            """
            with made as (
              insert into broadcast (id, tenant_id, name, template_id, list_id, policy, variables,
                state, version, epoch, resumed_epoch, created_at, created_by)
              values (:id, :tenant, 'Paused', :id, :id, 'never-twice', '{}',
                'paused', 1, 1, 1, now(), 'test')
              returning id)
            insert into broadcast_channel (broadcast_id, position, channel, account_id)
            select id, 0, 'email', cast(:account as uuid) from made
            """)
        .param("id", broadcast)
        .param("tenant", tenant.id())
        .param("account", accountId)
        .update();
    return broadcast;
  }

  private static boolean isOf(UUID id, ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), UTF_8).equals(id.toString());
  }

  private static Map<String, Object> mailServer() {
    Map<String, Object> account = new LinkedHashMap<>();
    account.put("channel", "email");
    account.put("name", "Newsletter server");
    account.put(
        "settings",
        Map.of("host", "93.184.215.14", "username", "news", "from", "news@example.com"));
    account.put("secret", Map.of("password", PASSWORD));
    return account;
  }

  private static Map<String, Object> bot() {
    Map<String, Object> account = new LinkedHashMap<>();
    account.put("channel", "telegram");
    account.put("name", "School bot");
    account.put("settings", Map.of("api_url", "https://149.154.167.220"));
    account.put("secret", Map.of("token", "123456:AbCdEf"));
    return account;
  }
}
