package io.fanfare.localstack.simulator.recipient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.Simulators;
import io.fanfare.localstack.simulator.log.MarkerKey;
import io.fanfare.localstack.simulator.log.ProviderLog;
import io.fanfare.localstack.simulator.recipient.RecipientBehaviour.Rates;
import io.fanfare.localstack.simulator.telegram.Updates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecipientsTest {

  private static final String TOKEN = "4242:secret";

  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private Simulators simulators;
  private HttpServer tracker;

  @BeforeEach
  void start() throws IOException {
    simulators = Simulators.start(Simulators.Settings.local());
    tracker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    tracker.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    tracker.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var agent = exchange.getRequestHeaders().getFirst("User-Agent");
            boolean person = agent.equals(Browser.PERSON);
            requests.add(
                (person ? "person " : "machine ") + exchange.getRequestMethod() + " " + path);
            if (path.startsWith("/t/c/")) {
              exchange.getResponseHeaders().set("Location", "/followed");
              exchange.sendResponseHeaders(302, -1);
            } else {
              exchange.sendResponseHeaders(path.contains("broken") ? 500 : 200, -1);
            }
          }
        });
    tracker.start();
  }

  @AfterEach
  void stop() {
    simulators.close();
    http.close();
    tracker.stop(0);
  }

  @Test
  void doNothingUntilTheyAreToldTo() throws Exception {
    mail("ann@example.test", "Spring", "ann");
    behave("{\"rules\": [{\"text\": \"Spring\", \"rates\": {\"open\": 1}}], \"think_millis\": 0}");
    mail("bob@example.test", "Spring", "bob");
    awaitDone(1);
    assertThat(requests).containsExactly("person GET /t/o/bob");
    simulators.reset();
    mail("cid@example.test", "Spring", "cid");
    assertThat(engagement().path("markers")).isEmpty();
    assertThat(requests).hasSize(1);
  }

  @Test
  void openAndClickOnceEachAsTheSubjectsRuleSaysAndCountIt() throws Exception {
    behave(
        """
        {"rules": [{"text": "Größe A", "rates": {"open": 0.5, "click": 0.2}},
                   {"text": "Größe B", "rates": {"open": 0.5, "click": 0.4}}],
         "think_millis": 0}
        """);
    for (int i = 0; i < 200; i++) {
      mail("p" + i + "@example.test", i % 2 == 0 ? "Größe A" : "Größe B", "p" + i);
    }
    mail("p0@example.test", "Größe A", "p0");
    mail("other@example.test", "Something else", "other");
    awaitDone(202);

    var behaviour = simulators.recipients().behaviour();
    for (var rule : List.of("Größe A", "Größe B")) {
      int remainder = rule.equals("Größe A") ? 0 : 1;
      long opens = 0;
      long clicks = 0;
      for (int i = remainder; i < 200; i += 2) {
        var reaction = behaviour.reaction(rule, "p" + i + "@example.test");
        opens += reaction.opens() ? 1 : 0;
        clicks += reaction.clicks() ? 1 : 0;
      }
      var figures = figures(rule);
      assertThat(figures.path("distinct").asLong()).isEqualTo(100);
      assertThat(figures.path("delivered").asLong()).isEqualTo(remainder == 0 ? 101 : 100);
      assertThat(figures.path("opened").asLong()).isEqualTo(opens).isBetween(30L, 70L);
      assertThat(figures.path("clicked").asLong()).isEqualTo(clicks).isBetween(8L, 55L);
      assertThat(figures.path("failed").asLong()).isZero();
    }
    assertThat(figures("").path("opened").asLong()).isZero();
    long opened =
        figures("Größe A").path("opened").asLong() + figures("Größe B").path("opened").asLong();
    assertThat(requests.stream().filter(line -> line.startsWith("person GET /t/o/")))
        .hasSize((int) opened)
        .doesNotHaveDuplicates();
    assertThat(requests.stream().filter(line -> line.startsWith("person GET /t/c/")))
        .doesNotHaveDuplicates()
        .hasSizeBetween(20, 100);
    assertThat(requests).noneMatch(line -> line.contains("/followed") || line.contains("/t/u/"));
  }

  @Test
  void scannersLookAtEveryLinkWithoutBeingCountedAsPeople() throws Exception {
    behave("{\"machine_share\": 1, \"think_millis\": 0}");
    mail("ann@example.test", "Spring", "ann");
    awaitDone(1);
    assertThat(requests)
        .containsExactlyInAnyOrder(
            "machine HEAD /t/c/ann-1", "machine HEAD /t/c/ann-2", "machine GET /t/o/ann");
    assertThat(figures("").path("machine").asLong()).isEqualTo(3);
    assertThat(figures("").path("opened").asLong()).isZero();
  }

  @Test
  void countWhatFailsAndNeverLeaveThisMachine() throws Exception {
    behave("{\"others\": {\"open\": 1, \"click\": 1}, \"think_millis\": 0}");
    mail("ann@example.test", "Spring", "broken");
    deliver("bob@example.test", mail("Spring", "<a href=3D\"http://example.test/t/c/x\">go</a>"));
    awaitDone(2);
    assertThat(figures("").path("failed").asLong()).isEqualTo(1);
    assertThat(figures("").path("clicked").asLong()).isEqualTo(1);
    assertThat(figures("").path("foreign").asLong()).isEqualTo(1);
  }

  @Test
  void clickButtonsOnTelegramAndAnswerTheBotUntilItConfirms() throws Exception {
    behave("{\"others\": {\"click\": 1, \"reply\": 1}, \"think_millis\": 0}");
    var keyboard =
        "{\"inline_keyboard\": [[{\"text\": \"Go\", \"url\": \"" + base() + "/t/c/chat\"}]]}";
    bot(
        "sendMessage",
        "{\"chat_id\": 77, \"text\": \"Hi ref:b1\", \"reply_markup\": " + keyboard + "}");
    var update = bot("getUpdates", "{\"timeout\": 20}").path("result").path(0);
    assertThat(update.path("message").path("text").asString()).isEqualTo("Thanks!");
    assertThat(update.path("message").path("chat").path("id").asLong()).isEqualTo(77);
    awaitDone(1);
    assertThat(requests).containsExactly("person GET /t/c/chat");
    assertThat(figures("").path("replied").asLong()).isEqualTo(1);

    simulators.telegram().updates().press("4242", "77", "yes");
    var both = bot("getUpdates", "{}").path("result");
    assertThat(both).hasSize(2);
    var query = both.path(1);
    assertThat(query.path("callback_query").path("data").asString()).isEqualTo("yes");
    long next = query.path("update_id").asLong();
    assertThat(bot("getUpdates", "{\"offset\": " + next + "}").path("result")).hasSize(1);
    assertThat(bot("getUpdates", "{\"offset\": " + (next + 1) + "}").path("result")).isEmpty();
    assertThat(bot("getUpdates", "{}").path("result")).isEmpty();
  }

  @Test
  void pressAButtonOfTheirOwnMessageAndCountIt() throws Exception {
    behave("{\"others\": {\"press\": 0.5}, \"think_millis\": 0}");
    var keyboard = "{\"inline_keyboard\": [[{\"text\": \"Yes\", \"callback_data\": \"yes\"}]]}";
    var buttons = new HashMap<Long, Long>();
    for (long chat = 1; chat <= 40; chat++) {
      var message = "{\"chat_id\": " + chat + ", \"text\": \"Hi ref:b1\", \"reply_markup\": ";
      var sent = bot("sendMessage", message + keyboard + "}").path("result");
      buttons.put(chat, sent.path("message_id").asLong());
      bot("sendMessage", "{\"chat_id\": " + chat + ", \"text\": \"Later ref:b2\"}");
    }
    awaitDone(80);
    var presses = bot("getUpdates", "{\"limit\": 100}").path("result");
    var markers = simulators.recipients().report().markers();
    assertThat(markers.stream().mapToLong(RecipientReport.Figures::pressed).sum())
        .isEqualTo(presses.size())
        .isBetween(10L, 30L);
    for (var press : presses) {
      var query = press.path("callback_query");
      assertThat(query.path("data").asString()).isEqualTo("yes");
      // Of two messages in each chat the first has the button.
      assertThat(query.path("message").path("message_id").asLong())
          .isEqualTo(buttons.get(query.path("from").path("id").asLong()));
    }
  }

  @Test
  void refuseABehaviourThatCannotBe() throws Exception {
    assertThat(put("{\"others\": {\"open\": 2}}").statusCode()).isEqualTo(422);
    assertThat(put("{\"speed\": 2}").statusCode()).isEqualTo(422);
    assertThat(put("{\"others\": null}").statusCode()).isEqualTo(422);
    assertThat(put("[]").statusCode()).isEqualTo(422);
    assertThat(put("{").statusCode()).isEqualTo(422);
  }

  @Test
  void leaveOutWhatTheyCannotReadInsteadOfHoldingTheProviderUp() {
    leavesOut(Recipients.WAITING_MOST + 100, new byte[] {1}, 100);
  }

  @Test
  void holdNoMoreThan64MegabytesUnread() {
    leavesOut(74, new byte[1 << 20], 10);
  }

  /** Gives so many messages to readers that are held up; each of the two may have one in hand. */
  private static void leavesOut(int messages, byte[] content, int most) {
    var log = new ProviderLog(false, Clock.systemUTC());
    var blocked = new CountDownLatch(1);
    try (var recipients =
        new Recipients(
            log,
            message -> {
              awaitLatch(blocked);
              return new Letter("", null, List.of(), List.of());
            },
            new Updates())) {
      recipients.behave(new RecipientBehaviour(List.of(), new Rates(1, 0, 0), 0, 0, 0));
      var key = new MarkerKey(Channel.EMAIL, "b1");
      for (int i = 0; i < messages; i++) {
        log.accept(key, "p" + i, "s", "s", "message/rfc822", content);
      }
      long leftOut = recipients.report().leftOut();
      assertThat(leftOut).isBetween(most - 2L, (long) most);
      blocked.countDown();
      await().atMost(Duration.ofSeconds(20)).until(() -> recipients.report().pending() == 0);
      assertThat(recipients.report().markers().getFirst().delivered())
          .isEqualTo(messages - leftOut);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String base() {
    return "http://127.0.0.1:" + tracker.getAddress().getPort();
  }

  /** A mail with two links and a pixel, as the product makes them. */
  private void mail(String address, String subject, String token) {
    var html =
        "<p>Gr=C3=BC=C3=9Fe</p><a href=3D\"%1$s/t/c/%2$s-1\">one</a> <a href=3D\"%1$s/t=\r\n/c/%2$s-2\">two</a>"
                .formatted(base(), token)
            + "<a href=3D\"%1$s/t/u/%2$s\">no more</a><img width=3D\"1\" height=3D\"1\" alt=3D\"\" src=3D\"%1$s/t/o/%2$s\">"
                .formatted(base(), token);
    deliver(address, mail(subject, html));
  }

  private static String mail(String subject, String html) {
    return """
    From: news@example.test
    Subject: =?utf-8?B?%s?=
    X-Fanfare-Broadcast: b1
    MIME-Version: 1.0
    Content-Type: text/html; charset=utf-8
    Content-Transfer-Encoding: quoted-printable

    """
            .formatted(Base64.getEncoder().encodeToString(subject.getBytes(StandardCharsets.UTF_8)))
            .replace("\n", "\r\n")
        + html
        + "\r\n";
  }

  private void deliver(String address, String mail) {
    simulators
        .log()
        .accept(
            new MarkerKey(Channel.EMAIL, "b1"),
            address,
            "news@example.test",
            "news@example.test",
            "message/rfc822",
            mail.getBytes(StandardCharsets.UTF_8));
  }

  private void behave(String behaviour) throws Exception {
    var answer = put(behaviour);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private HttpResponse<String> put(String behaviour) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(simulators.server().baseUrl() + "/simulator/behaviour"))
            .PUT(BodyPublishers.ofString(behaviour))
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode engagement() throws Exception {
    var uri = URI.create(simulators.server().baseUrl() + "/simulator/engagement");
    return JsonMapper.shared()
        .readTree(http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
  }

  private JsonNode figures(String rule) throws Exception {
    return engagement()
        .path("markers")
        .valueStream()
        .filter(figures -> figures.path("rule").asString().equals(rule))
        .findFirst()
        .orElseThrow();
  }

  private void awaitDone(long delivered) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          var report = simulators.recipients().report();
          return report.pending() == 0
              && report.markers().stream().mapToLong(RecipientReport.Figures::delivered).sum()
                  == delivered;
        });
  }

  private JsonNode bot(String method, String body) throws Exception {
    var uri = URI.create(simulators.telegram().baseUrl() + "/bot" + TOKEN + "/" + method);
    return JsonMapper.shared()
        .readTree(
            http.send(
                    HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                    BodyHandlers.ofString())
                .body());
  }
}
