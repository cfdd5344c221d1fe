package io.fanfare.broadcast.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broadcast.ApiExtension;
import io.fanfare.broadcast.ApiUnderTest;
import io.fanfare.broadcast.Reply;
import io.fanfare.broadcast.StubBackend;
import io.fanfare.broadcast.TestTenant;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.IdentityTokens;
import io.fanfare.support.identity.Role;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ApiExtension.class)
class FrontDoorTest {

  private final ApiUnderTest api;
  private TestTenant tenant;
  private String path;

  FrontDoorTest(ApiUnderTest api) {
    this.api = api;
  }

  @BeforeEach
  void makeTenant() {
    tenant = api.newTenant();
    path = "/api/v1/lists/" + UUID.randomUUID();
  }

  @Test
  void requestArrivesWithTheIdentityOfTheOneWhoAsks() {
    api.backend().answer(path, 200, "{\"name\": \"Parents\"}");
    String viewer = tenant.key("viewer");

    Reply reply =
        api.call(
            viewer,
            "GET",
            path + "?limit=2&q=%C3%A4",
            "",
            "If-None-Match",
            "\"7\"",
            "Cookie",
            "a=b");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"name\": \"Parents\"}");
    assertThat(reply.header("Content-Length")).isEqualTo("19");
    StubBackend.Received asked = received();
    assertThat(asked.pathAndQuery()).isEqualTo(path + "?limit=2&q=%C3%A4");
    assertThat(asked.header("If-None-Match")).isEqualTo("\"7\"");
    assertThat(asked.header("Cookie")).isEmpty();
    assertThat(asked.headers().toString()).doesNotContain(viewer);
    Identity identity =
        api.bean(IdentityTokens.class)
            .verify(asked.header("Authorization").substring(IdentityTokens.SCHEME.length()))
            .orElseThrow();
    assertThat(identity.tenantId()).isEqualTo(tenant.id());
    assertThat(identity.role()).isEqualTo(Role.VIEWER);
    assertThat(identity.actor()).startsWith("key:");
  }

  @Test
  void answerComesBackAsItIs() {
    api.backend()
        .answer(
            path,
            exchange -> {
              exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
              exchange.getResponseHeaders().set("ETag", "\"8\"");
              exchange.getResponseHeaders().set("RateLimit-Limit", "1");
              exchange.getResponseHeaders().set("Set-Cookie", "a=b");
              StubBackend.reply(exchange, 412, "{\"code\": \"version_mismatch\"}");
            });

    Reply reply = tenant.put(path, "{\"name\": \"x\"}", "If-Match", "\"7\"");

    assertThat(reply.status()).isEqualTo(412);
    assertThat(reply.code()).isEqualTo("version_mismatch");
    assertThat(reply.header("ETag")).isEqualTo("\"8\"");
    assertThat(reply.headers().allValues("RateLimit-Limit")).containsExactly("200");
    assertThat(reply.header("Set-Cookie")).isEmpty();
    assertThat(received().header("If-Match")).isEqualTo("\"7\"");
    assertThat(received().header("Content-Length")).isEqualTo("13");
    assertThat(new String(received().body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"name\": \"x\"}");
  }

  @Test
  void statisticsGoToAnalytics() {
    String stats = "/api/v1/broadcasts/" + UUID.randomUUID() + "/stats";
    api.backend().answer(stats, 200, "{\"sent\": 3}");

    assertThat(tenant.get(stats).body()).isEqualTo("{\"sent\": 3}");
  }

  /** A mail program shows the pixel in a page of its own. */
  @Test
  void whatMessagesLeadToNeedsNoKeyAndMayBeShownAnywhere() {
    api.backend()
        .answer(
            "/t/c/token",
            exchange -> {
              assertThat(exchange.getRequestHeaders().get("Authorization")).isNull();
              exchange.getResponseHeaders().set("Location", "https://shop.example/");
              StubBackend.reply(exchange, 302, "");
            });
    Reply reply = api.call("ff_nobody", "GET", "/t/c/token");
    assertThat(reply.status()).isEqualTo(302);
    assertThat(reply.header("Location")).isEqualTo("https://shop.example/");
    assertThat(reply.header("Cross-Origin-Resource-Policy")).isEmpty();
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(api.call("ff_nobody", "DELETE", "/t/c/token").status()).isEqualTo(405);
    // What a form holds goes through as it is.
    api.backend()
        .answer(
            "/t/p/token",
            exchange -> {
              assertThat(exchange.getRequestHeaders().getFirst("Content-Type"))
                  .isEqualTo("application/x-www-form-urlencoded");
              exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'");
              StubBackend.reply(exchange, 200, "");
            });
    Reply page =
        api.send(
            HttpRequest.newBuilder(URI.create(api.baseUrl() + "/t/p/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("seen=7&category.news=stop"))
                .build());
    assertThat(page.header("Content-Security-Policy")).isEqualTo("default-src 'none'");
    assertThat(api.backend().received("/t/p/token").getLast().body())
        .asString()
        .isEqualTo("seen=7&category.news=stop");
    assertThat(api.call("ff_nobody", "GET", "/t/..%2fapi/v1/contacts").status()).isEqualTo(400);
  }

  @Test
  void testsOfVariantsGoToAnalytics() {
    String test = "/api/v1/broadcasts/" + UUID.randomUUID() + "/ab-test";
    for (String path : List.of(test, test + "/decision", "/api/v1/ab-tests/sample-size")) {
      api.backend().answer(path, 200, "{\"here\": true}");
      assertThat(tenant.get(path).body()).as(path).isEqualTo("{\"here\": true}");
    }
  }

  @Test
  void whatOthersReportOfRecipientsGoesToTheWorkers() {
    String path = "/api/v1/broadcasts/" + UUID.randomUUID() + "/engagement";
    api.backend().answer(path, 202, "{\"accepted\": 1}");
    Reply reply = tenant.post(path, Map.of("events", List.of()));
    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.body()).isEqualTo("{\"accepted\": 1}");
    assertThat(api.call("ff_nobody", "POST", path).status()).isEqualTo(401);
  }

  @Test
  void tablesGoThroughAsTheyAre() {
    api.backend()
        .answer(
            "/api/v1/analytics/top",
            exchange -> {
              exchange.getResponseHeaders().set("Content-Type", "text/csv;charset=UTF-8");
              StubBackend.reply(exchange, 200, "a,b\r\n1,2\r\n");
            });

    Reply reply = tenant.get("/api/v1/analytics/top?by=clicked&format=csv");
    assertThat(reply.body()).isEqualTo("a,b\r\n1,2\r\n");
    assertThat(reply.header("Content-Type")).startsWith("text/csv");
  }

  @Test
  void onlyTheOperatorHasEverythingCountedAgain() {
    String rebuild = "/api/v1/operations/analytics/rebuild";
    assertThat(tenant.get(rebuild).status()).isEqualTo(403);
    assertThat(api.call(tenant.adminKey(), "POST", rebuild).status()).isEqualTo(403);
  }

  @Test
  void emptyAnswerStaysEmpty() {
    api.backend().answer(path, exchange -> StubBackend.reply(exchange, 204, ""));

    Reply reply = tenant.delete(path);

    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.body()).isEmpty();
  }

  @Test
  void doubtsAndRetriesGoToTheServiceThatKeepsThem() {
    String broadcast = "/api/v1/broadcasts/" + UUID.randomUUID();
    assertThat(tenant.get(broadcast + "/in-doubt").code()).isEqualTo("backend_unavailable");
    assertThat(api.call(tenant.adminKey(), "POST", broadcast + "/retry").code())
        .isEqualTo("backend_unavailable");
  }

  @Test
  void onlyTheOperatorGetsToUndecodableEvents() {
    String events = "/api/v1/undecodable-events";
    for (String target : new String[] {events, events + "/" + UUID.randomUUID()}) {
      assertThat(tenant.get(target).status()).isEqualTo(403);
      assertThat(api.call(ApiUnderTest.OPERATOR_KEY, "GET", target).code())
          .isEqualTo("backend_unavailable");
    }
  }

  @Test
  void serviceThatIsDownIsABadGateway() {
    Reply reply = tenant.get("/api/v1/dead-letters");

    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.code()).isEqualTo("backend_unavailable");
  }

  @Test
  void halfAnAnswerIsNotTakenForTheWhole() {
    api.backend()
        .answer(
            path,
            exchange -> {
              exchange.sendResponseHeaders(200, 100_000);
              exchange.getResponseBody().write(new byte[50_000]);
              exchange.getResponseBody().flush();
              exchange.close();
            });

    assertThatThrownBy(() -> tenant.get(path)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void answerThatBreaksOffBeforeAnythingWasSentIsABadGateway() {
    api.backend()
        .answer(
            path,
            exchange -> {
              exchange.getResponseHeaders().set("ETag", "\"8\"");
              exchange.sendResponseHeaders(200, 1_000);
              exchange.getResponseBody().write(new byte[500]);
              exchange.getResponseBody().flush();
              exchange.close();
            });

    Reply reply = tenant.get(path);

    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.code()).isEqualTo("backend_unavailable");
    assertThat(reply.header("ETag")).isEmpty();
    assertThat(reply.header("Content-Security-Policy")).contains("default-src 'none'");
  }

  @Test
  void largeBatchesPassAndTooLargeOnesDoNot() {
    api.backend().answer(path, 200, "{}");
    byte[] large = new byte[5 * BodyLimitFilter.LIMIT_BYTES];

    assertThat(api.send(post(path, BodyPublishers.ofByteArray(large))).status()).isEqualTo(200);
    assertThat(received().body()).hasSize(large.length);
    assertThat(api.send(post(path, chunked(large))).status()).isEqualTo(200);

    byte[] tooLarge = new byte[BodyLimitFilter.BATCH_LIMIT_BYTES + 1];
    assertThat(api.send(post(path, BodyPublishers.ofByteArray(tooLarge))).code())
        .isEqualTo("body_too_large");
    assertThat(api.send(post(path, chunked(tooLarge))).status()).isEqualTo(413);
  }

  @Test
  void bodyTakenBackIsNotReadAnyMore() throws IOException {
    LentStream lent = new LentStream(new ByteArrayInputStream(new byte[3]));
    assertThat(lent.read()).isZero();

    lent.close();

    assertThatThrownBy(lent::read).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> lent.read(new byte[1])).isInstanceOf(IOException.class);
  }

  @Test
  void filesPassWhateverTheirSizeAndFromEditorsOnly() throws IOException {
    String files = "/api/v1/contact-imports";
    api.backend().answer(files, 202, "{}");
    byte[] file = new byte[BodyLimitFilter.BATCH_LIMIT_BYTES + 1];

    assertThat(api.send(post(files, chunked(file))).status()).isEqualTo(202);
    assertThat(api.backend().received(files).getLast().body()).hasSize(file.length);

    HttpRequest ofAViewer =
        HttpRequest.newBuilder(URI.create(api.baseUrl() + files))
            .header("Authorization", "Bearer " + tenant.key("viewer"))
            .POST(BodyPublishers.ofString("external_id"))
            .build();
    assertThat(api.send(ofAViewer).status()).isEqualTo(403);
    // By hand: Java's client sends the body all the same when it is not answered within a second.
    String threeGigabytes =
        "Expect: 100-continue\r\nContent-Type: text/csv\r\nContent-Length: " + (3L << 30);
    assertThat(raw("POST", files, threeGigabytes)).contains(" 413 ", "body_too_large");
    assertThat(api.backend().received(files)).hasSize(1);
  }

  @Test
  void largeBodyWithAnIdempotencyKeyIsRefused() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api.baseUrl() + path))
            .header("Authorization", "Bearer " + tenant.adminKey())
            .header("Idempotency-Key", "large")
            .POST(BodyPublishers.ofByteArray(new byte[BodyLimitFilter.LIMIT_BYTES + 1]))
            .build();

    assertThat(api.send(request).status()).isEqualTo(413);
  }

  @Test
  void ownBodiesAreBoundedToo() {
    byte[] large = new byte[BodyLimitFilter.LIMIT_BYTES + 1];

    assertThat(api.send(post("/api/v1/api-keys", BodyPublishers.ofByteArray(large))).code())
        .isEqualTo("body_too_large");
    assertThat(api.send(post("/api/v1/api-keys", chunked(large))).code())
        .isEqualTo("body_too_large");
    Reply small =
        api.send(
            post(
                "/api/v1/api-keys", chunked("{\"name\": \"x\", \"role\": \"viewer\"}".getBytes())));
    assertThat(small.status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/contacts/../../../internal/v1/x",
        "/api/v1/contacts/%2e%2e/%2e%2e/internal",
        "/api/v1/contacts/..%2f..%2finternal",
        "/api/v1/contacts//x",
        "/api/v1/contacts/x;y=z",
        "/api/v1/contacts/%252e%252e/internal"
      })
  void pathsThatCouldMeanSomethingElseAreNotPassedOn(String sly) throws IOException {
    int before = api.backend().received("/").size();

    String status = rawStatus(sly);

    assertThat(status).containsAnyOf(" 400", " 404");
    assertThat(api.backend().received("/").size()).isEqualTo(before);
  }

  @Test
  void formBodiesArriveUnread() {
    api.backend().answer(path, 200, "{}");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api.baseUrl() + path))
            .header("Authorization", "Bearer " + tenant.adminKey())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .PUT(BodyPublishers.ofString("a=1&b=2"))
            .build();

    assertThat(api.send(request).status()).isEqualTo(200);
    assertThat(new String(received().body(), StandardCharsets.UTF_8)).isEqualTo("a=1&b=2");
  }

  @Test
  void everyAnswerHasTheHeadersThatRestrainBrowsers() {
    for (Reply reply :
        new Reply[] {
          tenant.get("/api/v1/api-keys"),
          api.call("", "GET", "/api/v1/api-keys"),
          api.call("", "GET", "/actuator/health"),
          tenant.get("/api/v1/dead-letters")
        }) {
      assertThat(reply.header("Content-Security-Policy"))
          .contains("default-src 'none'")
          .doesNotContain("unsafe");
      assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
    }
    assertThat(tenant.get("/api/v1/api-keys").header("Cache-Control")).isEqualTo("no-store");
  }

  private StubBackend.Received received() {
    return api.backend().received(path).getFirst();
  }

  private HttpRequest post(String target, HttpRequest.BodyPublisher body) {
    return HttpRequest.newBuilder(URI.create(api.baseUrl() + target))
        .header("Authorization", "Bearer " + tenant.adminKey())
        .header("Content-Type", "application/json")
        .POST(body)
        .build();
  }

  private static HttpRequest.BodyPublisher chunked(byte[] body) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  /** The status line for a path that no well-behaved client would send. */
  private String rawStatus(String target) throws IOException {
    return raw("GET", target, "Accept: */*").lines().findFirst().orElse("");
  }

  /** The whole answer to the head of a request. */
  private String raw(String method, String target, String headers) throws IOException {
    URI base = URI.create(api.baseUrl());
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nConnection: close\r\n%s\r\n\r\n"
                  .formatted(method, target, tenant.adminKey(), headers))
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
