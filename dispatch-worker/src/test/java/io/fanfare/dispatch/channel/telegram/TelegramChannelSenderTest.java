package io.fanfare.dispatch.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.content.Media;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.ContentRefused;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.channel.RecipientLimit;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.channel.StopCheck;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.dispatch.engagement.link.TrackedContent;
import io.fanfare.localstack.embedded.FreePort;
import io.fanfare.localstack.simulator.Simulators;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelegramChannelSenderTest {

  private static final String TOKEN = "12345:s3cret-Token_x";
  private static final UUID ACCOUNT = new UUID(8, 1);
  private static final StopCheck GO = message -> true;

  private BotPeer peer;
  private TelegramChannelSender sender;

  @BeforeEach
  void start() throws IOException {
    peer = new BotPeer();
    sender = sender(true);
  }

  @AfterEach
  void stop() {
    sender.close();
    peer.close();
  }

  @Test
  void sendsTextParseModeAndButtons() {
    MessageContent.Telegram content =
        new MessageContent.Telegram(
            "<b>Hi {{ contact.name }}</b>",
            MessageContent.ParseMode.HTML,
            List.of(
                List.of(
                    new MessageContent.Button(
                        "Go, {{ contact.name }}", "https://x.example/{{ contact.name }}"),
                    new MessageContent.Button("Chat", "tg://resolve?domain=x")),
                List.of(new MessageContent.Button("Yes, {{ contact.name }}", null, "{\"ü\""))));
    assertThat(send(content, "-100500", "A&B", GO)).isEqualTo(new SendOutcome.Sent("77"));
    BotPeer.Asked asked = peer.asked.getFirst();
    // The library writes methods in lower case, which the Bot API takes as well.
    assertThat(asked.path()).isEqualToIgnoringCase("/bot" + TOKEN + "/sendMessage");
    assertThat(asked.body())
        .contains("\"chat_id\":\"-100500\"")
        .contains("\"text\":\"<b>Hi A&amp;B</b>\"")
        .contains("\"parse_mode\":\"HTML\"")
        .contains("\"inline_keyboard\":[[{")
        .contains("\"text\":\"Go, A&B\"", "\"url\":\"https://x.example/A&B\"")
        .contains("\"text\":\"Yes, A&B\"", "\"callback_data\":\"{\\\"ü\\\"\"");
  }

  @Test
  void sendsPlainTextAsItIs() {
    assertThat(send(plain("Hi <{{ contact.name }}>"), "5", "A&B", GO))
        .isInstanceOf(SendOutcome.Sent.class);
    assertThat(peer.asked.getFirst().body())
        .contains("\"text\":\"Hi <A&B>\"")
        .doesNotContain("parse_mode", "reply_markup");
  }

  @Test
  void goesBeyondTheFreeRateOnlyWhereTheAccountAllowsIt() {
    send(plain("Hi"), "5", "Ann", GO);
    assertThat(peer.asked.getFirst().body()).doesNotContain("allow_paid_broadcast");
    OpenedAccount free = account(url(), TOKEN);
    OpenedAccount paid =
        new OpenedAccount(
            free.accountId(),
            free.tenantId(),
            free.channel(),
            2,
            1_000,
            Map.of("api_url", url(), "allow_paid_broadcast", "true"),
            free.secret());
    assertThat(send(paid, plain("Hi"), "5", "Ann", GO)).isInstanceOf(SendOutcome.Sent.class);
    assertThat(peer.asked.getLast().body()).contains("\"allow_paid_broadcast\":true");
  }

  @Test
  void aChatTakesOneASecondAndAGroupTwentyAMinuteToo() {
    RecipientLimit second = new RecipientLimit(1, Duration.ofSeconds(1));
    assertThat(sender.recipientLimits("5")).containsExactly(second);
    assertThat(sender.recipientLimits("-100500"))
        .containsExactly(second, new RecipientLimit(20, Duration.ofMinutes(1)));
  }

  @Test
  void lanesOfABotThatAnswersPeopleLeaveItAMessageASecond() {
    assertThat(sender.keptApart(bot(30, "poll"))).isEqualTo(1);
    assertThat(sender.keptApart(bot(10, "webhook"))).isEqualTo(1);
    assertThat(sender.keptApart(bot(9, "poll"))).as("too slow to answer").isZero();
    assertThat(sender.keptApart(bot(0, "poll"))).as("no limit is known").isZero();
    assertThat(sender.keptApart(bot(30, "off"))).as("hears nobody").isZero();
    assertThat(AnswerRoom.answers(bot(0, "poll"), true)).isTrue();
    assertThat(AnswerRoom.answers(bot(30, "poll"), true)).isTrue();
    for (OpenedAccount silent : List.of(bot(9, "poll"), bot(30, "off"))) {
      assertThat(AnswerRoom.answers(silent, true)).isFalse();
    }
    assertThat(AnswerRoom.answers(bot(30, "poll"), false)).as("switched off").isFalse();
    assertThat(AnswerRoom.kept(bot(30, "poll"), false)).isZero();
  }

  private OpenedAccount bot(int ratePerSecond, String updates) {
    return new OpenedAccount(
        ACCOUNT,
        new UUID(8, 2),
        Channel.TELEGRAM,
        1,
        ratePerSecond,
        Map.of("api_url", url(), "updates", updates),
        Map.of("token", TOKEN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          403 | Forbidden: bot was blocked by the user             | rejected bot_blocked
          403 | Forbidden: user is deactivated                     | rejected user_deactivated
          403 | Forbidden: bot was kicked from the group chat      | rejected bot_removed
          403 | Forbidden: bot can't initiate conversation with a user | rejected chat_not_started
          403 | Forbidden: something new                           | rejected forbidden
          400 | Bad Request: chat not found                        | rejected chat_not_found
          400 | Bad Request: message is too long                   | rejected text_too_long
          400 | Bad Request: can't parse entities                  | rejected bad_request
          401 | Unauthorized                                       | account token_refused
          404 | Not Found                                          | account token_refused
          413 | Request Entity Too Large                           | rejected refused
          500 | Internal Server Error                              | deferred server_error
          502 | Bad Gateway                                        | deferred server_error
          """)
  void saysWhatAnErrorMeans(int status, String description, String expected) {
    peer.answer = error(status, description, "");
    SendOutcome outcome = send(plain("Hi"), "5", "Ann", GO);
    assertThat(kind(outcome)).isEqualTo(expected);
    assertThat(outcome.toString()).contains(description);
  }

  @Test
  void waitsAsLongAsItIsTold() {
    peer.answer =
        error(429, "Too Many Requests: retry after 14", ",\"parameters\":{\"retry_after\":14}");
    assertThat(send(plain("Hi"), "5", "Ann", GO))
        .isInstanceOfSatisfying(
            SendOutcome.Deferred.class,
            deferred -> {
              assertThat(deferred.rateLimited()).isTrue();
              assertThat(deferred.retryAfter()).isEqualTo(Duration.ofSeconds(14));
            });
    peer.answer = error(429, "Too Many Requests", "");
    assertThat(kind(send(plain("Hi"), "5", "Ann", GO))).isEqualTo("limited rate_limited");
  }

  @ParameterizedTest
  @CsvSource({
    "502, <html>bad gateway</html>, deferred server_error",
    "403, <html>no</html>, rejected forbidden",
    "200, <html>captive portal</html>, unknown answer_unreadable",
    "302, '', unknown answer_unreadable"
  })
  void judgesByTheStatusWhereTheBodyIsNoAnswer(int status, String body, String expected) {
    peer.answer = new BotPeer.Answer(status, body);
    assertThat(kind(send(plain("Hi"), "5", "Ann", GO))).isEqualTo(expected);
    assertThat(peer.asked).hasSize(1);
  }

  @Test
  void refusesWhatCannotBeSentBeforeAnythingIs() {
    assertThat(kind(send(plain("Hi"), "not a chat", "Ann", GO)))
        .isEqualTo("rejected invalid_address");
    assertThat(kind(send(plain(" {{ contact.none }} "), "5", "Ann", GO)))
        .isEqualTo("rejected text_empty");
    assertThat(kind(send(plain("x{{ contact.name }}"), "5", "x".repeat(4096), GO)))
        .isEqualTo("rejected text_too_long");
    MessageContent.Telegram script =
        new MessageContent.Telegram(
            "Hi",
            MessageContent.ParseMode.PLAIN,
            List.of(List.of(new MessageContent.Button("x", "javascript:{{ contact.name }}"))));
    assertThat(kind(send(script, "5", "Ann", GO))).isEqualTo("rejected button_invalid");
    assertThat(peer.asked).isEmpty();
    assertThat(send(plain("{{ contact.name }}"), "5", "x".repeat(4096), GO))
        .isInstanceOf(SendOutcome.Sent.class);
    assertThatThrownBy(() -> compile(plain("{{ contact.name"))).isInstanceOf(ContentRefused.class);
  }

  @Test
  void countsTheLengthAsTelegramDoes() {
    assertThat(new TelegramText("<b>" + "a".repeat(4096) + "</b>", true).countedLength())
        .isEqualTo(4096);
    assertThat(new TelegramText("&amp;".repeat(4097), true).countedLength()).isEqualTo(4097);
    assertThat(new TelegramText("<b>" + "a".repeat(4096), false).countedLength()).isEqualTo(4099);
    assertThat(new TelegramText("😀".repeat(2048), false).countedLength()).isEqualTo(4096);
  }

  @Test
  void writesNothingOnceStopped() {
    assertThat(send(plain("Hi"), "5", "Ann", message -> false))
        .isEqualTo(new SendOutcome.Stopped());
    assertThat(peer.asked).isEmpty();
    assertThat(send(plain("Hi"), "5", "Ann", GO)).isInstanceOf(SendOutcome.Sent.class);
  }

  @Test
  void isUnsentWhenNobodyListens() {
    int port = FreePort.choose();
    assertThat(kind(send(account("http://127.0.0.1:" + port, TOKEN), plain("Hi"), "5", "Ann", GO)))
        .isEqualTo("not sent connection_refused");
    assertThat(
            kind(send(account("http://no-such-host.invalid", TOKEN), plain("Hi"), "5", "Ann", GO)))
        .isEqualTo("not sent host_unknown");
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "reset", "silence", "half an answer", "drop by drop"})
  void isInDoubtWhenTheAnswerIsLost(String how) throws IOException {
    List<Socket> held = new ArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> loseAnswers(server, how, held));
      long asked = System.nanoTime();
      SendOutcome outcome =
          send(
              account("http://127.0.0.1:" + server.getLocalPort(), TOKEN),
              plain("Hi"),
              "5",
              "Ann",
              GO);
      assertThat(kind(outcome))
          .isEqualTo(
              switch (how) {
                case "silence" -> "unknown answer_timeout";
                case "half an answer", "drop by drop" -> "unknown answer_unreadable";
                default -> "unknown answer_lost";
              });
      assertThat(outcome.toString()).doesNotContain(TOKEN);
      assertThat(Duration.ofNanos(System.nanoTime() - asked))
          .as("bounded as a whole")
          .isLessThan(Duration.ofSeconds(15));
      assertThat(held).as("nothing is tried a second time by itself").hasSize(1);
    }
  }

  /** Each byte comes well within the answer's timeout, and the last one never. */
  private static void drip(Socket socket) throws IOException {
    socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".getBytes());
    for (int i = 0; i < 600; i++) {
      socket.getOutputStream().write(' ');
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  @Test
  void readsNoAnswerThatIsLongerThanTheApisAre() {
    peer.answer =
        new BotPeer.Answer(
            200,
            BotPeer.TAKEN.replace("\"text\":\"x\"", "\"text\":\"" + "x".repeat(1_100_000) + '"'));
    assertThat(kind(send(plain("Hi"), "5", "Ann", GO))).isEqualTo("unknown answer_unreadable");
  }

  @Test
  void knowsWhatWasWrittenWhenItIsInterrupted() throws Exception {
    List<Socket> held = new CopyOnWriteArrayList<>();
    List<SendOutcome> outcomes = new CopyOnWriteArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> loseAnswers(server, "no reading", held));
      OpenedAccount account = account("http://127.0.0.1:" + server.getLocalPort(), TOKEN);
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch mayGoOn = new CountDownLatch(1);
      StopCheck slow =
          message -> {
            asked.countDown();
            return await(mayGoOn);
          };
      Thread waiting =
          Thread.startVirtualThread(
              () -> outcomes.add(send(account, plain("Hi"), "5", "Ann", slow)));
      asked.await();
      waiting.interrupt();
      waiting.join();
      assertThat(kind(outcomes.getFirst())).startsWith("not sent");
      mayGoOn.countDown();
      Awaitility.await().until(() -> !held.isEmpty());
      assertThat(held.getFirst().getInputStream().read()).as("nothing follows").isEqualTo(-1);
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  private static void loseAnswers(ServerSocket server, String how, List<Socket> held) {
    try {
      while (true) {
        Socket socket = server.accept();
        held.add(socket);
        if (how.equals("no reading")) {
          continue;
        }
        InputStream in = socket.getInputStream();
        byte[] request = new byte[8192];
        if (in.read(request) > 0 && !how.equals("silence")) {
          if (how.equals("reset")) {
            socket.setSoLinger(true, 0);
          }
          if (how.startsWith("drop")) {
            drip(socket);
          }
          if (how.startsWith("half")) {
            socket
                .getOutputStream()
                .write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"ok\":true".getBytes());
          }
          socket.close();
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  @Test
  void neverTellsTheTokenAndRefusesAMalformedOne() {
    peer.answer = error(400, "Bad Request: see " + TOKEN, "");
    assertThat(send(plain("Hi"), "5", "Ann", GO).toString()).doesNotContain(TOKEN).contains("***");
    for (String token : List.of("", "a/b", "a?b", "a b")) {
      assertThat(kind(send(account(url(), token), plain("Hi"), "5", "Ann", GO)))
          .isEqualTo("account account_invalid");
    }
    for (String url :
        List.of("ftp://x", "http://u:p@x", "http://x/path", "nonsense", "http://x?q")) {
      assertThat(kind(send(account(url, TOKEN), plain("Hi"), "5", "Ann", GO)))
          .isEqualTo("account account_invalid");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "169.254.169.254", "[::1]"})
  void refusesTheAccountThatLeadsIntoThePrivateNetwork(String host) {
    try (TelegramChannelSender strict = sender(false)) {
      OpenedAccount account = account("http://" + host + ":" + peer.port(), TOKEN);
      assertThat(kind(send(strict, account, plain("Hi"), "5", "Ann", GO)))
          .isEqualTo("account address_not_allowed");
      assertThat(strict.test(account).code()).isEqualTo("address_not_allowed");
    }
    assertThat(peer.asked).isEmpty();
  }

  @Test
  void testsABotWithoutSending() {
    peer.answer = new BotPeer.Answer(200, BotPeer.BOT);
    assertThat(sender.test(account(url(), TOKEN)).detail()).contains("@fan_bot");
    assertThat(peer.asked.getFirst().path()).endsWithIgnoringCase("/getMe");
    peer.answer = error(401, "Unauthorized", "");
    assertThat(sender.test(account(url(), TOKEN)))
        .satisfies(test -> {
          assertThat(test.ok()).isFalse();
          assertThat(test.code()).isEqualTo("token_refused");
          assertThat(test.toString()).doesNotContain(TOKEN);
        });
  }

  @Test
  void sendsManyAtOnce() throws InterruptedException {
    sender.close();
    // Two hundred answers take their time where other things run beside.
    sender = sender(true, Duration.ofSeconds(30));
    List<SendOutcome> outcomes = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads =
        IntStream.range(0, 200)
            .mapToObj(n ->
                Thread.startVirtualThread(
                    () -> outcomes.add(send(plain("Hi"), Integer.toString(n), "Ann", GO))))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(outcomes).hasSize(200).allMatch(outcome -> outcome instanceof SendOutcome.Sent);
    assertThat(peer.asked).extracting(BotPeer.Asked::body).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "PHOTO, sendPhoto, '\"photo\":[{\"file_id\":\"small\",\"width\":1,\"height\":1},{\"file_id\":\"ID-1\",\"width\":9,\"height\":9}]'",
    "VIDEO, sendVideo, '\"video\":{\"file_id\":\"ID-1\"}'",
    "VIDEO, sendVideo, '\"animation\":{\"file_id\":\"ID-1\",\"file_unique_id\":\"u\",\"width\":1,\"height\":1,\"duration\":1}'",
    "DOCUMENT, sendDocument, '\"document\":{\"file_id\":\"ID-1\"}'",
  })
  void uploadsAFileOnceAndNamesItByItsIdFromThenOn(Media.Kind kind, String method, String result)
      throws InterruptedException {
    TelegramChannelSender sender = withFile("file's own bytes");
    MessageContent.Telegram content =
        new MessageContent.Telegram(
            "<b>{{ contact.name }}</b>",
            MessageContent.ParseMode.HTML,
            List.of(List.of(new MessageContent.Button("Go", "https://x.example"))),
            new Media(kind, ACCOUNT, "a.bin", "image/png", 16, "sha", null));
    peer.answer = taken(result);
    List<SendOutcome> outcomes = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(n ->
                Thread.startVirtualThread(() ->
                    outcomes.add(send(sender, account(url(), TOKEN), content, "5", "A&B", GO))))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(outcomes).hasSize(4).allMatch(outcome -> outcome instanceof SendOutcome.Sent);
    assertThat(peer.asked)
        .allSatisfy(asked -> {
          assertThat(asked.path()).isEqualToIgnoringCase("/bot" + TOKEN + "/" + method);
          assertThat(asked.body()).contains("<b>A&amp;B</b>", "HTML", "https://x.example");
        });
    assertThat(peer.asked)
        .filteredOn(asked -> asked.body().contains("file's own bytes"))
        .hasSize(1);
    assertThat(peer.asked).filteredOn(asked -> asked.body().contains("ID-1")).hasSize(3);

    peer.answer = error(400, "Bad Request: wrong file identifier/HTTP URL specified", "");
    assertThat(kind(send(sender, account(url(), TOKEN), content, "5", "Ann", GO)))
        .isEqualTo("deferred file_id_refused");
    peer.answer = taken(result);
    assertThat(send(sender, account(url(), TOKEN), content, "5", "Ann", GO))
        .isInstanceOf(SendOutcome.Sent.class);
    assertThat(peer.asked.getLast().body()).as("once more").contains("file's own bytes");
    sender.close();
  }

  @Test
  void theSimulatedBotApiShowsTheFileWithEveryMessage() {
    try (Simulators simulators = Simulators.start(Simulators.Settings.local())) {
      TelegramChannelSender sender = withFile("GIF89a");
      OpenedAccount account = account(simulators.telegram().baseUrl(), TOKEN);
      MessageContent.Telegram content =
          new MessageContent.Telegram(
              "Look",
              MessageContent.ParseMode.PLAIN,
              List.of(),
              new Media(Media.Kind.DOCUMENT, ACCOUNT, "a.gif", "image/gif", 6, "sha", null));
      assertThat(kind(send(sender, account, content, "5", "Ann", GO))).isEqualTo("sent");
      assertThat(kind(send(sender, account, content, "6", "Ann", GO))).isEqualTo("sent");
      var messages = simulators.log().newest(message -> true, Long.MAX_VALUE, 10);
      assertThat(messages)
          .hasSize(2)
          .allSatisfy(message ->
              assertThat(new String(message.content(), StandardCharsets.UTF_8))
                  .contains("\"name\":\"a.gif\"", "\"type\":\"image/gif\"", "Look"));
      assertThat(new String(messages.getFirst().content(), StandardCharsets.UTF_8))
          .contains("\"document\":\"simulated-file-1\"");
      sender.close();
    }
  }

  @Test
  void aCaptionIsShorterThanATextAndMayBeEmpty() {
    TelegramChannelSender sender = withFile("x");
    Media photo = new Media(Media.Kind.PHOTO, ACCOUNT, "a.png", "image/png", 1, "sha", null);
    MessageContent.Telegram content =
        new MessageContent.Telegram(
            "<i>{{ contact.name }}</i>", MessageContent.ParseMode.HTML, List.of(), photo);
    OpenedAccount account = account(url(), TOKEN);
    assertThat(kind(send(sender, account, content, "5", "x".repeat(1025), GO)))
        .isEqualTo("rejected text_too_long");
    assertThat(peer.asked).isEmpty();
    assertThat(kind(send(sender, account, content, "5", "x".repeat(1024), GO))).isEqualTo("sent");
    assertThat(kind(send(sender, account, content, "5", "", GO))).isEqualTo("sent");
    sender.close();
  }

  private static BotPeer.Answer taken(String more) {
    return new BotPeer.Answer(200, BotPeer.TAKEN.replace("\"text\":\"x\"", more));
  }

  private static TelegramChannelSender withFile(String bytes) {
    return new TelegramChannelSender(
        new TelegramSettings(
            64,
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            true),
        new AllowedTargets(true),
        Clock.systemUTC(),
        (content, facts) -> TrackedContent.untracked(content),
        (tenant, files) ->
            files.stream().map(file -> bytes.getBytes(StandardCharsets.UTF_8)).toList());
  }

  private SendOutcome send(
      MessageContent.Telegram content, String chat, String name, StopCheck stop) {
    return send(account(url(), TOKEN), content, chat, name, stop);
  }

  private SendOutcome send(
      OpenedAccount account,
      MessageContent.Telegram content,
      String chat,
      String name,
      StopCheck stop) {
    return send(sender, account, content, chat, name, stop);
  }

  private static SendOutcome send(
      TelegramChannelSender sender,
      OpenedAccount account,
      MessageContent.Telegram content,
      String chat,
      String name,
      StopCheck stop) {
    Map<String, Object> contact = Map.of("name", name);
    SendMessage command =
        new SendMessage(
            new UUID(8, 2),
            new UUID(8, 3),
            5,
            Channel.TELEGRAM,
            1,
            1,
            Bucket.IN_FLIGHT,
            false,
            LocalDate.of(2026, 3, 4),
            new Lane(ACCOUNT, 0),
            "a",
            1,
            chat,
            Instant.parse("2026-03-04T05:06:07Z"),
            contact);
    CompiledContent compiled = sender.compile(content, account, facts());
    List<SendOutcome> outcomes = new ArrayList<>();
    sender.send(
        account,
        List.of(new PreparedMessage(command, compiled, Map.of("contact", contact))),
        stop,
        (message, outcome) -> outcomes.add(outcome));
    assertThat(outcomes).hasSize(1);
    return outcomes.getFirst();
  }

  private CompiledContent compile(MessageContent.Telegram content) {
    return sender.compile(content, account(url(), TOKEN), facts());
  }

  private static BroadcastFacts facts() {
    return new BroadcastFacts(new UUID(8, 3), new UUID(8, 2), "spring", "a", Map.of());
  }

  private static MessageContent.Telegram plain(String text) {
    return new MessageContent.Telegram(text, MessageContent.ParseMode.PLAIN, List.of());
  }

  private String url() {
    return "http://127.0.0.1:" + peer.port();
  }

  private static OpenedAccount account(String url, String token) {
    return new OpenedAccount(
        ACCOUNT,
        new UUID(8, 2),
        Channel.TELEGRAM,
        1,
        0,
        Map.of("api_url", url),
        Map.of("token", token));
  }

  private static TelegramChannelSender sender(boolean privateAllowed) {
    return sender(privateAllowed, Duration.ofMillis(700));
  }

  private static TelegramChannelSender sender(boolean privateAllowed, Duration answerTimeout) {
    return new TelegramChannelSender(
        new TelegramSettings(
            64,
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            answerTimeout,
            Duration.ofSeconds(30),
            true),
        new AllowedTargets(privateAllowed));
  }

  private static BotPeer.Answer error(int status, String description, String more) {
    return new BotPeer.Answer(
        status,
        "{\"ok\":false,\"error_code\":%d,\"description\":\"%s\"%s}"
            .formatted(status, description, more));
  }

  private static String kind(SendOutcome outcome) {
    return switch (outcome) {
      case SendOutcome.Deferred deferred ->
          (deferred.rateLimited() ? "limited " : "deferred ") + deferred.cause().code();
      case SendOutcome.Rejected rejected -> "rejected " + rejected.cause().code();
      case SendOutcome.Unknown unknown -> "unknown " + unknown.cause().code();
      case SendOutcome.NotSent notSent -> "not sent " + notSent.cause().code();
      case SendOutcome.AccountRefused refused -> "account " + refused.cause().code();
      case SendOutcome.Sent sent -> "sent";
      case SendOutcome.Stopped stopped -> "stopped";
    };
  }
}
