package io.fanfare.dispatch.channel.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fanfare.contract.content.Media;
import io.fanfare.dispatch.channel.ContentNotReady;
import io.fanfare.dispatch.channel.ContentRefused;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MediaFetcherTest {

  private static final UUID TENANT = new UUID(3, 1);

  private final IdentityTokens tokens = new IdentityTokens(new byte[32], Clock.systemUTC());
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile int status = 200;
  private volatile Duration ahead = Duration.ZERO;
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return Instant.now().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };
  private HttpServer api;
  private MediaFetcher files;

  @BeforeEach
  void start() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.setExecutor(threads);
    api.createContext(
        "/",
        exchange -> {
          String shown = exchange.getRequestHeaders().getFirst("Authorization");
          Identity who =
              tokens.verify(shown.substring(IdentityTokens.SCHEME.length())).orElseThrow();
          asked.add(exchange.getRequestURI().getPath() + " " + who.tenantId());
          byte[] bytes = "the file".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    api.start();
    files =
        new MediaFetcher(
            URI.create("http://localhost:" + api.getAddress().getPort() + "/"), tokens, clock);
  }

  @AfterEach
  void stop() {
    files.close();
    api.stop(0);
    threads.shutdownNow();
  }

  @Test
  void fetchesAFileOnceInItsTenantsNameAndLetsNobodyWait() throws Exception {
    Media file = file(new UUID(3, 2), "the file");
    assertThatThrownBy(() -> files.bytesOf(TENANT, List.of(file)))
        .isInstanceOf(ContentNotReady.class);
    await().ignoreExceptionsInstanceOf(ContentNotReady.class).until(() -> bytes(file) != null);
    assertThat(bytes(file)).isEqualTo("the file").isEqualTo(bytes(file));
    assertThat(asked)
        .containsExactly("/internal/v1/media/" + file.mediaId() + "/content " + TENANT);
  }

  @Test
  void refusesWhatIsNotWhatWasChecked() throws Exception {
    Media other = file(new UUID(3, 3), "another!");
    Media longer = file(new UUID(3, 4), "the fil");
    for (Media file : List.of(other, longer)) {
      await()
          .untilAsserted(() ->
              assertThatThrownBy(() -> bytes(file))
                  .isInstanceOf(ContentRefused.class)
                  .hasMessageContaining("is not what was checked"));
    }
  }

  @Test
  void refusesWhatIsGoneAndWaitsForAnApiThatFails() throws Exception {
    Media file = file(new UUID(3, 5), "the file");
    status = 500;
    assertThatThrownBy(() -> bytes(file)).isInstanceOf(ContentNotReady.class);
    await().until(() -> asked.size() == 1);
    assertThatThrownBy(() -> bytes(file)).isInstanceOf(ContentNotReady.class);
    assertThat(asked).as("not at once").hasSize(1);
    status = 404;
    ahead = Duration.ofSeconds(3);
    await()
        .untilAsserted(() ->
            assertThatThrownBy(() -> bytes(file))
                .isInstanceOf(ContentRefused.class)
                .hasMessageContaining("not there any more"));
  }

  private String bytes(Media file) {
    return new String(files.bytesOf(TENANT, List.of(file)).getFirst(), StandardCharsets.UTF_8);
  }

  private static Media file(UUID id, String content) throws Exception {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    return new Media(Media.Kind.DOCUMENT, id, "f.txt", "text/plain", bytes.length, hash, null);
  }
}
