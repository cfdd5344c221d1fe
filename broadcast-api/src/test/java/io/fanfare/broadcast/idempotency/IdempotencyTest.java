package io.fanfare.broadcast.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.StubBackend;
import io.fanfare.broadcast.TestTenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ApiExtension.class)
class IdempotencyTest {

  private static final String KEYS = "/api/v1/api-keys";
  private static final Map<String, Object> VIEWER = Map.of("name", "A viewer", "role", "viewer");

  private final ApiUnderTest api;
  private TestTenant tenant;

  IdempotencyTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeTenant() {
    tenant = api.newTenant();
  }

  @Test
  void secondRequestGetsTheAnswerOfTheFirst() {
    Reply first = tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-1");
    Reply second = tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-1");

    assertThat(first.header("Idempotency-Replayed")).isEmpty();
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(second.header("Content-Type")).isEqualTo(first.header("Content-Type"));
    assertThat(tenant.get(KEYS).json().get("items")).hasSize(2);
  }

  @Test
  void storedAnswerIsSealed() {
    Reply created = tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-sealed");

    String secret = created.json().get("key").asString().substring(12);
    assertThat(api.dump("idempotency_entry")).contains("k-sealed").doesNotContain(secret);
    String base64 = java.util.Base64.getEncoder().encodeToString(created.body().getBytes());
    assertThat(api.dump("idempotency_entry")).doesNotContain(base64.substring(0, 40));
  }

  @Test
  void keyOfAnotherRequestIsRefused() {
    tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-2");

    Reply otherBody =
        tenant.post(KEYS, Map.of("name", "B", "role", "viewer"), "Idempotency-Key", "k-2");
    Reply otherPath = tenant.post("/api/v1/channel-accounts", VIEWER, "Idempotency-Key", "k-2");

    assertThat(otherBody.status()).isEqualTo(422);
    assertThat(otherBody.code()).isEqualTo("idempotency_key_reused");
    assertThat(otherPath.code()).isEqualTo("idempotency_key_reused");
  }

  @Test
  void keysOfDifferentTenantsAndApiKeysAreDifferentKeys() {
    Reply mine = tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-3");
    Reply theirs = api.newTenant().post(KEYS, VIEWER, "Idempotency-Key", "k-3");
    Reply viewers = api.call(tenant.key("viewer"), "POST", KEYS, VIEWER, "Idempotency-Key", "k-3");

    assertThat(theirs.status()).isEqualTo(201);
    assertThat(theirs.json().get("id")).isNotEqualTo(mine.json().get("id"));
    assertThat(viewers.status()).isEqualTo(403);
  }

  @Test
  void refusalFreesTheKey() {
    assertThat(tenant.post(KEYS, Map.of("name", "x"), "Idempotency-Key", "k-4").status())
        .isEqualTo(422);

    assertThat(tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-4").status()).isEqualTo(201);
  }

  @Test
  void unusableKeyIsRefused() {
    assertThat(tenant.post(KEYS, VIEWER, "Idempotency-Key", "x".repeat(256)).code())
        .isEqualTo("malformed_idempotency_key");
  }

  @Test
  void requestThatIsStillRunningIsNotRunAgain() throws InterruptedException {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    String path = "/api/v1/lists/" + UUID.randomUUID();
    api.backend()
        .answer(
            path,
            exchange -> {
              arrived.countDown();
              awaitLatch(mayAnswer);
              StubBackend.reply(exchange, 202, "{\"done\": true}");
            });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Reply> first =
          CompletableFuture.supplyAsync(
              () -> tenant.post(path, "{}", "Idempotency-Key", "k-5"), threads);
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

      Reply second = tenant.post(path, "{}", "Idempotency-Key", "k-5");
      mayAnswer.countDown();

      assertThat(second.status()).isEqualTo(409);
      assertThat(second.code()).isEqualTo("idempotency_in_progress");
      assertThat(second.header("Retry-After")).isEqualTo("1");
      assertThat(first.join().body()).isEqualTo("{\"done\": true}");
    }
    Reply third = tenant.post(path, "{}", "Idempotency-Key", "k-5");
    assertThat(third.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(third.body()).isEqualTo("{\"done\": true}");
    assertThat(third.status()).isEqualTo(202);
    assertThat(api.backend().received(path)).hasSize(1);
  }

  @Test
  void halfAnAnswerIsNotKeptAndTheRequestNotDoneAgain() {
    String path = "/api/v1/lists/" + UUID.randomUUID();
    api.backend()
        .answer(
            path,
            exchange -> {
              exchange.sendResponseHeaders(200, 1_000);
              exchange.getResponseBody().write(new byte[500]);
              exchange.getResponseBody().flush();
              exchange.close();
            });
    assertThat(tenant.post(path, "{}", "Idempotency-Key", "k-half").code())
        .isEqualTo("backend_unavailable");

    api.backend().answer(path, 200, "{}");
    Reply again = tenant.post(path, "{}", "Idempotency-Key", "k-half");

    assertThat(again.status()).isEqualTo(409);
    assertThat(again.code()).isEqualTo("idempotency_outcome_unknown");
    assertThat(api.backend().received(path)).hasSize(1);
  }

  /** The service behind may have made the list before it failed. */
  @ParameterizedTest
  @ValueSource(ints = {500, 502, 504})
  void failureOfAServiceBehindIsNotTriedAgain(int status) {
    String path = "/api/v1/lists/" + UUID.randomUUID();
    api.backend().answer(path, status, "{}");
    assertThat(tenant.post(path, "{}", "Idempotency-Key", "k-broken").status()).isEqualTo(status);

    api.backend().answer(path, 201, "{}");
    Reply again = tenant.post(path, "{}", "Idempotency-Key", "k-broken");

    assertThat(again.status()).isEqualTo(409);
    assertThat(again.code()).isEqualTo("idempotency_outcome_unknown");
    assertThat(api.backend().received(path)).hasSize(1);
    assertThat(tenant.post(path, "{}", "Idempotency-Key", "k-new").status()).isEqualTo(201);
  }

  @Test
  void connectionThatBreaksBeforeTheAnswerIsNotTriedAgain() {
    String path = "/api/v1/lists/" + UUID.randomUUID();
    api.backend().answer(path, HttpExchange::close);
    assertThat(tenant.post(path, "{}", "Idempotency-Key", "k-cut").status()).isEqualTo(502);

    api.backend().answer(path, 201, "{}");

    assertThat(tenant.post(path, "{}", "Idempotency-Key", "k-cut").code())
        .isEqualTo("idempotency_outcome_unknown");
    assertThat(api.backend().received(path)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 409, 422, 503})
  void refusalOfAServiceBehindFreesTheKey(int status) {
    String path = "/api/v1/lists/" + UUID.randomUUID();
    api.backend().answer(path, status, "{}");
    assertThat(tenant.post(path, "{}", "Idempotency-Key", "k-no").status()).isEqualTo(status);

    api.backend().answer(path, 201, "{}");

    assertThat(tenant.post(path, "{}", "Idempotency-Key", "k-no").status()).isEqualTo(201);
  }

  @Test
  void serviceThatCannotBeReachedHasDoneNothing() {
    String path = "/api/v1/broadcasts/" + UUID.randomUUID() + "/retry";

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(tenant.post(path, "{}", "Idempotency-Key", "k-down").code())
          .isEqualTo("backend_unavailable");
    }
  }

  @Test
  void answerTooLongToKeepIsNotMadeAgain() {
    String path = "/api/v1/lists/" + UUID.randomUUID();
    String body = "\"" + "x".repeat(1024 * 1024) + "\"";
    api.backend().answer(path, 200, body);

    assertThat(tenant.post(path, "{}", "Idempotency-Key", "k-long").body()).isEqualTo(body);
    assertThat(tenant.post(path, "{}", "Idempotency-Key", "k-long").code())
        .isEqualTo("idempotency_outcome_unknown");
    assertThat(api.backend().received(path)).hasSize(1);
  }

  @Test
  void manyAtOnceAreDoneOnce() {
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        replies.add(
            CompletableFuture.supplyAsync(
                () -> tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-6"), threads));
      }
    }

    List<Reply> all = replies.stream().map(CompletableFuture::join).toList();
    List<Reply> done = all.stream().filter(reply -> reply.status() == 201).toList();
    // Those that came while the first was running got a conflict, those after it its answer.
    assertThat(all).allMatch(reply -> reply.status() == 201 || reply.status() == 409);
    assertThat(done).filteredOn(reply -> reply.header("Idempotency-Replayed").isEmpty()).hasSize(1);
    assertThat(done).extracting(Reply::body).containsOnly(done.getFirst().body());
    assertThat(tenant.get(KEYS).json().get("items")).hasSize(2);
  }

  /** What the crashed one committed, and whether, is not to be seen from the key. */
  @Test
  void keyLeftByACrashIsNotUsedAgainUntilItIsForgotten() {
    assertThat(tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-7").status()).isEqualTo(201);
    api.jdbc()
        .sql(
            """
            update idempotency_entry set status = null, sealed_body = null, claimed_at = now()
            where idempotency_key = 'k-7'
            """)
        .update();
    assertThat(tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-7").code())
        .isEqualTo("idempotency_in_progress");

    api.jdbc()
        .sql(
            """
            update idempotency_entry set claimed_at = now() - interval '1 minute'
            where idempotency_key = 'k-7'
            """)
        .update();
    assertThat(tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-7").code())
        .isEqualTo("idempotency_outcome_unknown");
    assertThat(tenant.get(KEYS).json().get("items")).hasSize(2);

    api.jdbc()
        .sql("update idempotency_entry set expires_at = now() where idempotency_key = 'k-7'")
        .update();
    assertThat(tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-7").status()).isEqualTo(201);
  }

  @Test
  void sweepDropsWhatIsPastItsTime() {
    tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-8");
    tenant.post(KEYS, VIEWER, "Idempotency-Key", "k-9");
    api.jdbc()
        .sql("update idempotency_entry set expires_at = now() where idempotency_key = 'k-8'")
        .update();

    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> {
          api.bean(IdempotencySweep.class).sweep();
          return !api.dump("idempotency_entry").contains("k-8");
        });
    assertThat(api.dump("idempotency_entry")).contains("k-9");
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
