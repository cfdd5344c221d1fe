package io.fanfare.localstack.simulator.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.Simulators;
import io.fanfare.localstack.simulator.log.MarkerKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SimulatorServerTest {

  private static final String MAIL =
      """
      From: =?utf-8?Q?J=C3=B6rg?= <news@example.test>
      To: ann@example.test
      Subject: =?utf-8?B?R3LDvMOfZSDwn46J?=
      X-Fanfare-Broadcast: b1
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary=outer

      --outer
      Content-Type: multipart/alternative; boundary=inner

      --inner
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: base64

      SGFsbG8gQW5uIMOf
      --inner
      Content-Type: text/html; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      <p>Hallo <b>Ann</b> =C3=9F</p><script>alert(1)</script><img src=3D"cid:logo"><a href=3D"https://example.test/x?a=3D1&amp;b=3D2">go</a>
      --inner--
      --outer
      Content-Type: image/png; name=logo.png
      Content-ID: <logo>
      Content-Disposition: inline; filename=logo.png
      Content-Transfer-Encoding: base64

      iVBORw0KGgo=
      --outer--
      """
          .replace("\n", "\r\n");

  private final HttpClient http = HttpClient.newHttpClient();
  private Simulators simulators;

  @BeforeEach
  void start() {
    simulators = Simulators.start(Simulators.Settings.local());
  }

  @AfterEach
  void stop() {
    simulators.close();
    http.close();
  }

  @Test
  void showsWhatBotsUploadedAndRunsNoneOfIt() throws Exception {
    var files = simulators.log().files();
    var image = files.keep("a.png", "\u0089PNG\r\n".getBytes(StandardCharsets.ISO_8859_1));
    var page = files.keep("a.html", "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8));
    var shown = get("/simulator/files/" + image.id());
    assertThat(header(shown, "Content-Type")).isEqualTo("image/png");
    assertThat(header(shown, "Content-Security-Policy")).startsWith("sandbox; default-src 'none'");
    var saved = get("/simulator/files/" + page.id());
    assertThat(header(saved, "Content-Type")).isEqualTo("application/octet-stream");
    assertThat(header(saved, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(get("/simulator/files/none").statusCode()).isEqualTo(404);
  }

  @Test
  void servesThePageUnderAStrictPolicy() throws Exception {
    var page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Security-Policy"))
        .contains(
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.body()).doesNotContain("http://", "https://", "<script>", "style=", "onclick");
    assertThat(header(get("/mailbox.js"), "Content-Type")).startsWith("text/javascript");
    assertThat(get("/mailbox.js").body()).doesNotContain("innerHTML", "eval(");
    assertThat(header(get("/mailbox.css"), "Content-Type")).startsWith("text/css");
    assertThat(get("/mailbox.svg").statusCode()).isEqualTo(200);
    assertThat(get("/other").statusCode()).isEqualTo(404);
  }

  @Test
  void takesAMailApart() throws Exception {
    mail("ann@example.test", MAIL);
    var line = json("/simulator/messages").path("items").path(0);
    assertThat(line.path("subject").asString()).isEqualTo("Grüße 🎉");
    assertThat(line.path("address").asString()).isEqualTo("ann@example.test");
    assertThat(line.path("marker").asString()).isEqualTo("b1");
    var view = json("/simulator/messages/" + line.path("id").asLong());
    assertThat(view.path("text").asString()).isEqualTo("Hallo Ann ß");
    assertThat(view.path("html").asString()).contains("<b>Ann</b> ß", "data:image/png;base64,");
    assertThat(view.path("links").path(0).asString()).isEqualTo("https://example.test/x?a=1&b=2");
    assertThat(view.path("attachments").path(0).path("name").asString()).isEqualTo("logo.png");
    assertThat(view.path("headers").toString()).contains("Jörg <news@example.test>");
    assertThat(get("/simulator/messages/" + line.path("id").asLong() + "/raw").body())
        .isEqualTo(MAIL);
  }

  @Test
  void showsMailHtmlOnlyInASandbox() throws Exception {
    mail("ann@example.test", MAIL);
    var id = json("/simulator/messages").path("items").path(0).path("id").asLong();
    var html = get("/simulator/messages/" + id + "/html");
    assertThat(header(html, "Content-Security-Policy"))
        .startsWith("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    assertThat(header(html, "Content-Type")).startsWith("text/html");
    assertThat(html.body()).contains("Hallo");
  }

  @Test
  void showsTelegramWithItsKeyboard() throws Exception {
    var answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(simulators.telegram().baseUrl() + "/bot1:x/sendMessage"))
                .POST(
                    BodyPublishers.ofString(
                        """
                        {"chat_id": 77, "text": "<b>Hi</b> https://example.test ref:b1", "parse_mode": "HTML",
                         "reply_markup": {"inline_keyboard": [[{"text": "Open", "url": "https://example.test"}, {"text": "No", "callback_data": "no"}]]}}
                        """))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    var id = json("/simulator/messages?channel=telegram").path("items").path(0).path("id").asLong();
    var view = json("/simulator/messages/" + id);
    assertThat(view.path("text").asString()).startsWith("<b>Hi</b>");
    assertThat(view.path("parse_mode").asString()).isEqualTo("HTML");
    assertThat(view.path("buttons").path(0).path(0).path("url").asString())
        .isEqualTo("https://example.test");
    assertThat(view.path("buttons").path(0).path(1).path("callback_data").asString())
        .isEqualTo("no");
    assertThat(get("/simulator/messages/" + id + "/html").statusCode()).isEqualTo(404);

    assertThat(press(id, "{\"data\": \"no\"}").statusCode()).isEqualTo(204);
    assertThat(simulators.telegram().updates().unconfirmed("1")).isEqualTo(1);
    assertThat(press(id, "{\"data\": \"yes\"}").statusCode()).isEqualTo(422);
    assertThat(press(id, "nonsense").statusCode()).isEqualTo(422);
    assertThat(press(4711, "{\"data\": \"no\"}").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> press(long id, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(
                URI.create(simulators.server().baseUrl() + "/simulator/messages/" + id + "/press"))
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  @Test
  void pagesAndSearches() throws Exception {
    for (int i = 0; i < 7; i++) {
      mail("user" + i + "@example.test", MAIL);
    }
    mail("ann@other.test", MAIL);
    var first = json("/simulator/messages?limit=3&address=USER");
    assertThat(first.path("items")).hasSize(3);
    assertThat(first.path("items").path(0).path("address").asString())
        .isEqualTo("user6@example.test");
    var second =
        json("/simulator/messages?limit=3&address=user&after=" + first.path("next").asLong());
    assertThat(second.path("items").path(0).path("address").asString())
        .isEqualTo("user3@example.test");
    var last =
        json("/simulator/messages?limit=3&address=user&after=" + second.path("next").asLong());
    assertThat(last.path("items")).hasSize(1);
    assertThat(last.path("next").isNull()).isTrue();
    assertThat(json("/simulator/messages?channel=telegram").path("items")).isEmpty();
    assertThat(get("/simulator/messages?channel=fax").statusCode()).isEqualTo(400);
    assertThat(get("/simulator/messages?limit=0").statusCode()).isEqualTo(400);
    assertThat(get("/simulator/messages/999999").statusCode()).isEqualTo(404);
  }

  @Test
  void reportsAndForgets() throws Exception {
    mail("ann@example.test", MAIL);
    mail("ann@example.test", MAIL);
    mail("bob@example.test", MAIL);
    var report = json("/simulator/report?marker=b1");
    assertThat(report.path("accepted").asInt()).isEqualTo(3);
    assertThat(report.path("distinct").asInt()).isEqualTo(2);
    assertThat(report.path("duplicates").asInt()).isEqualTo(1);
    assertThat(report.path("markers").path(0).path("peak_per_second").asInt()).isEqualTo(3);
    assertThat(get("/simulator/recipients?channel=email&marker=b1&from_count=2").body())
        .contains("\"address\":\"ann@example.test\"", "\"count\":2")
        .doesNotContain("bob");
    assertThat(get("/simulator/arrivals?channel=email&marker=b1").body().lines()).hasSize(3);
    assertThat(json("/simulator/report?marker=other").path("accepted").asInt()).isZero();
    assertThat(send("DELETE", "/simulator/messages", "").statusCode()).isEqualTo(204);
    assertThat(json("/simulator/report").path("accepted").asInt()).isZero();
  }

  @Test
  void changesFaultsWhileRunning() throws Exception {
    var put =
        send(
            "PUT",
            "/simulator/faults",
            "{\"email\":{\"refuse_share\":0.25,\"seed\":9},\"telegram\":{\"limit_per_second\":30}}");
    assertThat(put.statusCode()).isEqualTo(200);
    assertThat(simulators.smtp().faults().plan().refuseShare()).isEqualTo(0.25);
    assertThat(simulators.telegram().faults().plan().limitPerSecond()).isEqualTo(30);
    assertThat(json("/simulator/faults").path("email").path("first_tries").asInt()).isEqualTo(1);
    // What is left out means no faults.
    send("PUT", "/simulator/faults", "{\"email\":{\"defer_share\":0.5}}");
    assertThat(simulators.smtp().faults().plan().refuseShare()).isZero();
    assertThat(simulators.telegram().faults().plan().limitPerSecond()).isZero();
    for (var wrong :
        new String[] {
          "{",
          "[]",
          "{\"fax\":{}}",
          "{\"email\":{\"refuse_share\":2}}",
          "{\"email\":{\"typo\":1}}",
          "{\"email\":7}"
        }) {
      var refused = send("PUT", "/simulator/faults", wrong);
      assertThat(refused.statusCode()).as(wrong).isEqualTo(422);
      assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
    }
    assertThat(simulators.smtp().faults().plan().deferShare()).isEqualTo(0.5);
  }

  private void mail(String to, String message) {
    simulators
        .log()
        .accept(
            new MarkerKey(Channel.EMAIL, "b1"),
            to,
            "s@example.test",
            "",
            "message/rfc822",
            message.getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode json(String path) throws Exception {
    var answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, "");
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(simulators.server().baseUrl() + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
