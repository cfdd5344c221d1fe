package io.fanfare.broadcast.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.TestTenant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ApiExtension.class)
class RateLimitTest {

  private static final String PATH = "/api/v1/channel-accounts";
  private static final int ROUND = 300;
  private static final int ROUNDS = 20;

  private final ApiUnderTest api;

  RateLimitTest(ApiUnderTest api) {
    this.api = api;
  }

  @Test
  void everyAnswerSaysWhereTheKeyStands() {
    TestTenant tenant = api.newTenant();

    Reply first = tenant.get(PATH);

    assertThat(first.header("RateLimit-Limit")).isEqualTo("200");
    assertThat(first.header("RateLimit-Remaining")).isEqualTo("199");
    assertThat(first.header("RateLimit-Reset")).isEqualTo("1");
  }

  @Test
  void keyThatAsksTooOftenWaitsAndOthersDoNot() {
    TestTenant tenant = api.newTenant();
    String other = tenant.key("viewer");

    Reply refused = refusedOne(tenant);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.code()).isEqualTo("rate_limited");
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.header("RateLimit-Remaining")).isEqualTo("0");
    assertThat(api.call(other, "GET", PATH).status()).isEqualTo(200);
  }

  /** Asks until one is refused: a slow machine may need more than one round to outrun the limit. */
  private static Reply refusedOne(TestTenant tenant) {
    for (int round = 0; round < ROUNDS; round++) {
      List<CompletableFuture<Reply>> replies = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(32)) {
        for (int i = 0; i < ROUND; i++) {
          replies.add(CompletableFuture.supplyAsync(() -> tenant.get("/api/v1/nothing"), threads));
        }
      }
      for (CompletableFuture<Reply> reply : replies) {
        if (reply.join().status() == 429) {
          return reply.join();
        }
      }
    }
    throw new AssertionError("none of " + ROUND * ROUNDS + " requests was refused");
  }
}
