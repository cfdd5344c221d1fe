package io.fanfare.broadcast.key;

import static io.fanfare.broadcast.ApiUnderTest.OPERATOR_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.TestTenant;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.tenant.TenantLimits;
import io.fanfare.localstack.testing.KafkaProbe;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@ExtendWith(ApiExtension.class)
class ApiKeysTest {

  private static final String KEYS = "/api/v1/api-keys";

  private final ApiUnderTest api;
  private TestTenant tenant;

  ApiKeysTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeTenant() {
    tenant = api.newTenant();
  }

  @Test
  void operatorMakesATenantAndItsFirstKey() {
    Reply created = api.call(OPERATOR_KEY, "POST", "/api/v1/tenants", Map.of("name", " A club "));

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json().get("name").asString()).isEqualTo("A club");
    Reply read = api.call(OPERATOR_KEY, "GET", created.header("Location"));
    assertThat(read.json()).isEqualTo(created.json());
    Reply newest = api.call(OPERATOR_KEY, "GET", "/api/v1/tenants?limit=1");
    assertThat(newest.json().path("items").path(0)).isEqualTo(created.json());
    assertThat(newest.json().has("next")).isTrue();

    Reply key =
        api.call(
            OPERATOR_KEY,
            "POST",
            created.header("Location") + "/api-keys",
            Map.of("name", "First", "role", "admin"));
    assertThat(key.status()).isEqualTo(201);
    assertThat(key.json().get("key").asString()).matches("ff_[a-z0-9]{8}_[A-Za-z0-9_-]{43}");
    assertThat(api.call(key.json().get("key").asString(), "GET", KEYS).status()).isEqualTo(200);
  }

  @Test
  void operatorSetsWhatATenantMaySendInAMinuteAndTheOthersLearnOfIt() {
    String path = "/api/v1/tenants/" + tenant.id();
    assertThat(api.call(OPERATOR_KEY, "GET", path).json().get("rate_per_minute").asInt()).isZero();

    Reply changed = api.call(OPERATOR_KEY, "PATCH", path, Map.of("rate_per_minute", 6_000));
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().get("rate_per_minute").asInt()).isEqualTo(6_000);
    assertThat(changed.json().get("name").asString()).isEqualTo("A school");
    assertThat(
            api.call(OPERATOR_KEY, "PATCH", path, Map.of("name", "B", "rate_per_minute", 0)).json())
        .isEqualTo(api.call(OPERATOR_KEY, "GET", path).json());
    // Said again, nothing changes.
    api.call(OPERATOR_KEY, "PATCH", path, Map.of("rate_per_minute", 0));
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(limitsOf(tenant.id()))
                .containsExactly(
                    new TenantLimits(tenant.id(), 1, 6_000), new TenantLimits(tenant.id(), 2, 0)));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> tenant.get("/api/v1/audit-entries?resource=tenant").body().contains("6000"));

    for (Object wrong : List.of(-1, 6_000_001, "many")) {
      assertThat(api.call(OPERATOR_KEY, "PATCH", path, Map.of("rate_per_minute", wrong)).pointers())
          .containsExactly("/rate_per_minute");
    }
    assertThat(api.call(OPERATOR_KEY, "PATCH", path, Map.of("name", " ")).pointers())
        .containsExactly("/name");
    assertThat(
            api.call(
                    OPERATOR_KEY,
                    "PATCH",
                    "/api/v1/tenants/" + UUID.randomUUID(),
                    Map.of("rate_per_minute", 1))
                .code())
        .isEqualTo("tenant_not_found");
    assertThat(api.call(tenant.adminKey(), "PATCH", path, Map.of("rate_per_minute", 1)).status())
        .isEqualTo(403);
    Reply made =
        api.call(
            OPERATOR_KEY, "POST", "/api/v1/tenants", Map.of("name", "C", "rate_per_minute", 60));
    UUID madeId = UUID.fromString(made.json().get("id").asString());
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> limitsOf(madeId).equals(List.of(new TenantLimits(madeId, 0, 60))));
  }

  private static List<TenantLimits> limitsOf(UUID tenantId) {
    try (KafkaProbe probe = KafkaProbe.ofTestBroker()) {
      return probe.readAll(Topics.TENANT_LIMITS.name()).stream()
          .map(record -> EventCodec.decode(TenantLimits.class, record.value()))
          .filter(limits -> limits.tenantId().equals(tenantId))
          .toList();
    }
  }

  @Test
  void tenantsAreTheOperatorsAlone() {
    String path = "/api/v1/tenants/" + tenant.id();

    assertThat(api.call("", "GET", path).status()).isEqualTo(401);
    assertThat(api.call("wrong", "GET", path).status()).isEqualTo(401);
    assertThat(tenant.get(path).code()).isEqualTo("forbidden");
    assertThat(tenant.post("/api/v1/tenants", Map.of("name", "Mine")).status()).isEqualTo(403);
    assertThat(api.call(OPERATOR_KEY, "GET", "/api/v1/tenants/" + UUID.randomUUID()).code())
        .isEqualTo("tenant_not_found");
  }

  @Test
  void operatorReadsNoTenantsData() {
    assertThat(api.call(OPERATOR_KEY, "GET", KEYS).status()).isEqualTo(403);
    assertThat(api.call(OPERATOR_KEY, "GET", "/api/v1/contacts").status()).isEqualTo(403);
    assertThat(api.call(OPERATOR_KEY, "GET", "/api/v1/audit-entries").status()).isEqualTo(403);
  }

  @Test
  void withoutAnOperatorKeyNobodyIsTheOperator() {
    KeyAuthenticator authenticator =
        new KeyAuthenticator(null, Clock.systemUTC(), "", Duration.ofSeconds(1));

    assertThat(authenticator.authenticate("")).isEmpty();
    assertThat(authenticator.authenticate(OPERATOR_KEY)).isEmpty();
  }

  @Test
  void keyIsShownOnceAndStoredAsAHash() {
    Reply created = tenant.post(KEYS, Map.of("name", "Backend", "role", "sender"));
    String key = created.json().get("key").asString();
    String secret = key.substring(12);

    Reply read = tenant.get(created.header("Location"));
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.json().get("prefix").asString()).isEqualTo(key.substring(3, 11));
    assertThat(read.json().get("role").asString()).isEqualTo("sender");
    assertThat(read.body() + tenant.get(KEYS).body()).doesNotContain(secret);
    assertThat(api.dump("api_key", "audit_entry")).doesNotContain(secret);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer nonsense",
        "Bearer ff_abcdefgh_0000000000000000000000000000000000000000000",
        "Basic YTpi",
        "Bearer ",
        "Fanfare-Identity eyJhbGciOiJub25lIn0.e30."
      })
  void whatIsNoKeyOpensNothing(String authorization) {
    Reply reply = api.call("", "GET", KEYS, "", "Authorization", authorization);

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.code()).isEqualTo("unauthenticated");
    assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
  }

  @Test
  void keyWithARightPrefixAndAWrongSecretOpensNothing() {
    String key = tenant.adminKey();
    char last = key.charAt(key.length() - 1) == 'A' ? 'B' : 'A';

    assertThat(api.call(key.substring(0, key.length() - 1) + last, "GET", KEYS).status())
        .isEqualTo(401);
  }

  @Test
  void unknownPathsTellNothingWithoutAKey() {
    assertThat(api.call("", "GET", "/api/v1/nothing").status()).isEqualTo(401);
    assertThat(tenant.get("/api/v1/nothing").status()).isEqualTo(404);
  }

  @Test
  void revokedKeyStopsAtOnceWhereItWasRevoked() {
    Reply created = tenant.post(KEYS, Map.of("name", "Short-lived", "role", "admin"));
    String key = created.json().get("key").asString();
    assertThat(api.call(key, "GET", KEYS).status()).isEqualTo(200);

    assertThat(tenant.delete(created.header("Location")).status()).isEqualTo(204);

    assertThat(api.call(key, "GET", KEYS).status()).isEqualTo(401);
    assertThat(tenant.get(created.header("Location")).json().has("revoked_at")).isTrue();
    assertThat(tenant.delete(created.header("Location")).status()).isEqualTo(204);
  }

  @Test
  void requestDuringARevocationDoesNotKeepTheKeyAlive() {
    Reply created = tenant.post(KEYS, Map.of("name", "Leaked", "role", "admin"));
    String key = created.json().get("key").asString();
    UUID id = UUID.fromString(created.json().get("id").asString());
    ApiKeyRepository repository = api.bean(ApiKeyRepository.class);
    KeyAuthenticator memory =
        new KeyAuthenticator(repository, Clock.systemUTC(), "", Duration.ofHours(1));
    ApiKeys keys = new ApiKeys(repository, memory, api.bean(AuditTrail.class), Clock.systemUTC());
    Identity admin = new Identity(tenant.id(), "key:test", Role.ADMIN);
    // Its use of this minute is noted, so that the request below only reads.
    assertThat(memory.authenticate(key)).isPresent();
    memory.forget(key.substring(3, 11));

    new TransactionTemplate(api.bean(PlatformTransactionManager.class))
        .executeWithoutResult(transaction -> {
          keys.revoke(admin, id);
          // Another connection still reads the key as it was.
          assertThat(CompletableFuture.supplyAsync(() -> memory.authenticate(key)).join())
              .isPresent();
        });

    assertThat(memory.authenticate(key)).isEmpty();
  }

  @Test
  void keyRevokedOnAnotherInstanceStopsOnceItIsForgotten() {
    String key = tenant.key("admin");
    assertThat(api.call(key, "GET", KEYS).status()).isEqualTo(200);

    api.jdbc()
        .sql("update api_key set revoked_at = now() where prefix = :prefix")
        .param("prefix", key.substring(3, 11))
        .update();

    await().atMost(Duration.ofSeconds(5)).until(() -> api.call(key, "GET", KEYS).status() == 401);
  }

  @Test
  void failureBeforeAnyControllerIsAProblemToo() {
    String key = tenant.key("admin");
    api.jdbc()
        .sql("update api_key set prefix = 'broken00' where prefix = :prefix")
        .param("prefix", key.substring(3, 11))
        .update();
    api.jdbc().sql("alter table api_key rename column secret_sha256 to hidden").update();
    try {
      Reply reply = api.call("ff_broken00" + key.substring(11), "GET", KEYS);
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.code()).isEqualTo("internal_error");
    } finally {
      api.jdbc().sql("alter table api_key rename column hidden to secret_sha256").update();
    }
  }

  @Test
  void expiredKeyOpensNothing() {
    String key = tenant.key("admin");
    api.jdbc()
        .sql("update api_key set expires_at = now() - interval '1 second' where prefix = :prefix")
        .param("prefix", key.substring(3, 11))
        .update();

    assertThat(api.call(key, "GET", KEYS).status()).isEqualTo(401);
  }

  @Test
  void useIsNotedToTheMinute() {
    Reply created = tenant.post(KEYS, Map.of("name", "Used", "role", "viewer"));
    assertThat(tenant.get(created.header("Location")).json().has("last_used_at")).isFalse();

    api.call(created.json().get("key").asString(), "GET", "/api/v1/channel-accounts");
    String first = tenant.get(created.header("Location")).json().get("last_used_at").asString();
    api.call(created.json().get("key").asString(), "GET", "/api/v1/channel-accounts");
    String second = tenant.get(created.header("Location")).json().get("last_used_at").asString();

    assertThat(second).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "viewer, 200, 403, 403",
    "editor, 200, 403, 403",
    "sender, 200, 403, 403",
    "admin, 200, 422, 200"
  })
  void rolesSayWhatAKeyMayDo(String role, int read, int change, int keys) {
    String key = tenant.key(role);

    assertThat(api.call(key, "GET", "/api/v1/channel-accounts").status()).isEqualTo(read);
    assertThat(api.call(key, "POST", "/api/v1/channel-accounts", "{}").status()).isEqualTo(change);
    assertThat(api.call(key, "GET", KEYS).status()).isEqualTo(keys);
    assertThat(api.call(key, "GET", "/api/v1/audit-entries").status()).isEqualTo(keys);
  }

  @Test
  void anotherTenantsKeyIsNotThere() {
    String location =
        tenant.post(KEYS, Map.of("name", "Mine", "role", "viewer")).header("Location");
    TestTenant other = api.newTenant();

    assertThat(other.get(location).code()).isEqualTo("api_key_not_found");
    assertThat(other.delete(location).status()).isEqualTo(404);
    assertThat(other.get(KEYS).body()).doesNotContain("Mine");
    assertThat(tenant.get(location).json().has("revoked_at")).isFalse();
  }

  @Test
  void wrongFieldsAreNamed() {
    String past = Instant.now().minusSeconds(1).toString();

    assertThat(tenant.post(KEYS, Map.of("name", " ")).pointers())
        .containsExactlyInAnyOrder("/name", "/role");
    assertThat(tenant.post(KEYS, Map.of("name", "x", "role", "operator")).pointers())
        .containsExactly("/role");
    assertThat(tenant.post(KEYS, Map.of("name", "x", "role", "king")).pointers())
        .containsExactly("/role");
    assertThat(
            tenant.post(KEYS, Map.of("name", "x", "role", "viewer", "expires_at", past)).pointers())
        .containsExactly("/expires_at");
    assertThat(tenant.post(KEYS, "{\"name\": ").code()).isEqualTo("malformed_json");
    assertThat(tenant.get(KEYS + "?limit=0").pointers()).containsExactly("limit");
    assertThat(tenant.get(KEYS + "?after=nonsense").pointers()).containsExactly("after");
    assertThat(tenant.get(KEYS + "/no-id").status()).isEqualTo(404);
  }

  @Test
  void pagesShowEveryKeyOnce() {
    List.of("a", "b", "c", "d").forEach(name -> tenant.key("viewer"));
    Set<String> seen = new HashSet<>();
    String after = "";
    int pages = 0;
    do {
      Reply page = tenant.get(KEYS + "?limit=2" + after);
      page.json()
          .get("items")
          .forEach(item -> assertThat(seen.add(item.get("id").asString())).isTrue());
      after = page.json().has("next") ? "&after=" + page.json().get("next").asString() : "";
      pages++;
    } while (!after.isEmpty());

    assertThat(seen).hasSize(5);
    assertThat(pages).isEqualTo(3);
  }
}
