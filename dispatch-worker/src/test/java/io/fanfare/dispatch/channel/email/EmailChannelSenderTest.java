package io.fanfare.dispatch.channel.email;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.content.MessageContent;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.channel.SendOutcome;
import io.fanfare.dispatch.channel.StopCheck;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.localstack.embedded.FreePort;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocketFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dialogue with a server, by what the server saw and what the outcomes say. */
class EmailChannelSenderTest {

  private static final StopCheck GO = message -> true;

  private SmtpPeer peer;
  private EmailChannelSender sender;
  private final EmailFixture.Outcomes outcomes = new EmailFixture.Outcomes();

  @BeforeEach
  void start() throws IOException {
    peer = new SmtpPeer();
    sender = sender(EmailFixture.settings());
  }

  @AfterEach
  void stop() throws IOException {
    sender.close();
    peer.close();
  }

  @Test
  void putsABodyAndTheNextEnvelopeIntoOneWrite() {
    send(1, 3);
    assertThat(outcomes.codes(3)).containsOnly("sent");
    assertThat(outcomes.of(2)).isEqualTo(new SendOutcome.Sent("Quser2@example.org"));
    assertThat(peer.taken).extracting(SmtpPeer.Taken::recipient).containsExactly(addresses(1, 3));
    assertThat(peer.connections()).isOne();
    assertThat(peer.chunks.stream().filter(chunk -> chunk.contains("\r\n.\r\nMAIL FROM:")).count())
        .isEqualTo(2);
    assertThat(peer.chunks.get(1)).startsWith("MAIL FROM:").endsWith("DATA\r\n");
    assertThat(peer.chunks.getLast()).as("the last body is not held back").endsWith("\r\n.\r\n");
  }

  @Test
  void goesCommandByCommandWhereNoPipeliningIsAnnounced() {
    peer.capabilities = List.of("8BITMIME");
    peer.script =
        (connection, event) ->
            event.startsWith("RCPT TO:<user1@") ? new SmtpPeer.Say("550 5.1.1 unknown") : null;
    send(1, 3);
    assertThat(outcomes.codes(3)).containsExactly("rejected mailbox_unknown", "sent", "sent");
    assertThat(peer.dialogue())
        .startsWith(
            "MAIL FROM:<news@example.com>",
            "RCPT TO:<user1@example.org>",
            "RSET",
            "MAIL FROM:<news@example.com>");
    assertThat(peer.chunks)
        .allSatisfy(
            chunk -> assertThat(chunk.split("(?m)^(MAIL|RCPT|DATA|RSET)", -1)).hasSizeLessThan(3));
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void readsRepliesInAnyPieces(boolean byteByByte, boolean multiline) {
    peer.byteByByte = byteByByte;
    if (multiline) {
      peer.script =
          (connection, event) ->
              event.startsWith("RCPT")
                  ? new SmtpPeer.Say("250-2.1.5 first\r\n250 2.1.5 last")
                  : null;
    }
    send(1, 4);
    assertThat(outcomes.codes(4)).containsOnly("sent");
  }

  @Test
  void deliversLinesThatBeginWithADotUnchanged() {
    send(1, 1);
    assertThat(peer.taken.getFirst().message())
        .contains("\r\n.Hello Ann 1,\r\n.\r\n..\r\nyours\r\n");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clearsAnEnvelopeWhoseRecipientWasRefused(boolean dataOpensAnyway) {
    peer.opensDataWithoutRecipient = dataOpensAnyway;
    peer.script =
        (connection, event) ->
            event.startsWith("RCPT TO:<user2@") ? new SmtpPeer.Say("550 5.1.1 unknown") : null;
    send(1, 3);
    assertThat(outcomes.codes(3)).containsExactly("sent", "rejected mailbox_unknown", "sent");
    assertThat(peer.connections()).isOne();
    assertThat(peer.events.contains("RSET")).isEqualTo(!dataOpensAnyway);
    assertThat(peer.events.contains("MESSAGE ")).isEqualTo(dataOpensAnyway);
    assertThat(peer.events).doesNotContain(".");
    assertThat(peer.taken).hasSize(2);
  }

  @Test
  void keepsTheEnvelopeOfARefusedLastMessageFromTheNextBatch() {
    peer.script =
        (connection, event) ->
            event.startsWith("RCPT TO:<user1@") ? new SmtpPeer.Say("450 4.2.0 later") : null;
    send(1, 1);
    send(2, 2);
    assertThat(outcomes.codes(2)).containsExactly("deferred try_later", "sent");
    assertThat(peer.connections()).isOne();
  }

  @Test
  void clearsAnEnvelopeWhoseDataWasRefused() {
    AtomicInteger datas = new AtomicInteger();
    peer.script =
        (connection, event) ->
            event.equals("DATA") && datas.incrementAndGet() == 1
                ? new SmtpPeer.Say("451 4.3.0 busy")
                : null;
    send(1, 2);
    assertThat(outcomes.codes(2)).containsExactly("deferred server_busy", "sent");
    assertThat(peer.dialogue()).contains("RSET");
  }

  @Test
  void neverEndsABodyForARecipientWhoseSenderWasRefused() {
    peer.script =
        (connection, event) ->
            connection == 1
                ? event.startsWith("MAIL")
                    ? new SmtpPeer.Say("451 4.3.0 busy")
                    : event.startsWith("RCPT")
                        ? new SmtpPeer.Say("250 odd")
                        : event.equals("DATA") ? new SmtpPeer.Say("354 odder") : null
                : null;
    send(1, 2);
    assertThat(outcomes.codes(2)).containsExactly("deferred server_busy", "sent");
    assertThat(peer.taken).hasSize(1);
  }

  @Test
  void refusesTheAccountOnceForAllWhenTheSenderIsRefused() {
    peer.script =
        (connection, event) ->
            event.startsWith("MAIL") ? new SmtpPeer.Say("553 5.7.1 not your address") : null;
    send(1, 20);
    assertThat(outcomes.codes(20)).containsOnly("account sender_refused");
    assertThat(peer.dialogue().stream().filter(event -> event.startsWith("MAIL")).count()).isOne();
  }

  @Test
  void sendsOverAnotherConnectionAfterThisOneIsClosedInAReply() {
    peer.script =
        (connection, event) ->
            connection == 1 && event.startsWith("MESSAGE user2@")
                ? new SmtpPeer.Say("421 4.3.2 shutting down")
                : null;
    send(1, 4);
    assertThat(outcomes.codes(4)).containsExactly("sent", "deferred server_busy", "sent", "sent");
    assertThat(peer.connections()).isEqualTo(2);
  }

  @Test
  void doesNotKnockAgainWhereItWasToldToSlowDown() {
    peer.script =
        (connection, event) ->
            event.startsWith("RCPT TO:<user2@")
                ? new SmtpPeer.Say("421 4.7.0 rate limit, try again in 7 seconds")
                : null;
    send(1, 20);
    assertThat(outcomes.of(1)).isInstanceOf(SendOutcome.Sent.class);
    assertThat(outcomes.codes(20).subList(1, 20)).containsOnly("deferred rate_limited");
    assertThat(outcomes.of(20))
        .isInstanceOfSatisfying(
            SendOutcome.Deferred.class,
            deferred -> assertThat(deferred.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
    // Said to a used connection it could mean that one only: a fresh one is asked, once.
    assertThat(peer.connections()).isEqualTo(2);
  }

  @Test
  void goesOnWhereTheServerLimitsTheMessagesOfAConnection() {
    AtomicInteger onThis = new AtomicInteger();
    peer.script =
        (connection, event) -> {
          if (event.equals("GREETING")) {
            onThis.set(0);
          }
          return event.startsWith("MAIL") && onThis.incrementAndGet() > 2
              ? new SmtpPeer.Say("421 4.7.0 enough messages on this connection")
              : null;
        };
    send(1, 7);
    assertThat(outcomes.codes(7)).containsOnly("sent");
    assertThat(peer.connections()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AUTH PLAIN LOGIN", "AUTH LOGIN", "AUTH=PLAIN"})
  void logsInAndOutOfRefusalNeverTellsThePassword(String mechanisms) {
    peer.capabilities = List.of("PIPELINING", mechanisms);
    List<String> secrets = new ArrayList<>();
    peer.script =
        (connection, event) -> {
          if (event.startsWith("AUTH PLAIN")) {
            secrets.add(event.substring(11));
            return new SmtpPeer.Say("535 5.7.8 wrong: " + event.substring(11));
          }
          if (event.equals("AUTH LOGIN")) {
            return new SmtpPeer.Say("334 VXNlcm5hbWU6");
          }
          if (event.equals("am9l")) {
            return new SmtpPeer.Say("334 UGFzc3dvcmQ6");
          }
          if (event.equals("czNjcmV0")) {
            return new SmtpPeer.Say("535 5.7.8 wrong s3cret");
          }
          return null;
        };
    OpenedAccount account = EmailFixture.account(peer.port(), Map.of("username", "joe"), "s3cret");
    send(account, 1, 20);
    assertThat(outcomes.codes(20)).containsOnly("account login_refused");
    assertThat(outcomes.all().toString()).doesNotContain("s3cret", "czNjcmV0", "AGpvZQ");
    assertThat(sender.test(account))
        .satisfies(test -> {
          assertThat(test.ok()).isFalse();
          assertThat(test.code()).isEqualTo("login_refused");
          assertThat(test.detail()).doesNotContain("s3cret");
        });
    peer.script =
        (connection, event) ->
            event.startsWith("AUTH PLAIN") || event.equals("czNjcmV0")
                ? new SmtpPeer.Say("235 2.7.0 welcome")
                : event.equals("AUTH LOGIN") || event.equals("am9l")
                    ? new SmtpPeer.Say("334 next")
                    : null;
    assertThat(sender.test(account).ok()).isTrue();
  }

  @Test
  void logsInWithAnAccessTokenAndNeverTellsIt() {
    peer.capabilities = List.of("PIPELINING", "AUTH PLAIN XOAUTH2");
    OpenedAccount account = tokenAccount("ya29.t0ken");
    String wanted =
        "AUTH XOAUTH2 "
            + Base64.getEncoder()
                .encodeToString("user=joe\1auth=Bearer ya29.t0ken\1\1".getBytes(UTF_8));
    peer.script =
        (connection, event) -> event.equals(wanted) ? new SmtpPeer.Say("235 2.7.0 accepted") : null;
    send(account, 1, 2);
    assertThat(outcomes.codes(2)).containsOnly("sent");

    // Google and Microsoft tell why in a challenge, and refuse once that is answered.
    peer.script =
        (connection, event) ->
            event.startsWith("AUTH")
                ? new SmtpPeer.Say("334 eyJzdGF0dXMiOiI0MDEifQ==")
                : event.isEmpty() ? new SmtpPeer.Say("535 5.7.8 ya29.t0ken expired") : null;
    OpenedAccount later = EmailFixture.newer(account);
    send(later, 3, 20);
    assertThat(outcomes.codes(20).subList(2, 20)).containsOnly("account login_refused");
    assertThat(outcomes.all().toString() + sender.test(later).detail())
        .doesNotContain("t0ken", wanted.substring(13));

    peer.capabilities = List.of("PIPELINING", "AUTH PLAIN LOGIN");
    assertThat(sender.test(later).code()).isEqualTo("login_not_offered");
    peer.capabilities = List.of("AUTH XOAUTH2");
    peer.script =
        (connection, event) ->
            event.startsWith("AUTH") ? new SmtpPeer.Say("454 4.7.0 try again") : null;
    assertThat(sender.test(later).code()).isEqualTo("login_unavailable");
    assertThat(sender.test(EmailFixture.account(peer.port(), Map.of("auth", "magic"), "")).code())
        .isEqualTo("account_invalid");
  }

  private OpenedAccount tokenAccount(String token) {
    OpenedAccount plain =
        EmailFixture.account(peer.port(), Map.of("username", "joe", "auth", "xoauth2"), "");
    return EmailFixture.withSecret(plain, Map.of("access_token", token));
  }

  @Test
  void sendsNothingWithALinkThatCouldBreakTheHeader() {
    PreparedMessage message = EmailFixture.message(content(), 1, EmailFixture.address(1), "Ann");
    sender.send(
        account(),
        List.of(EmailFixture.withLink(message, "https://example.com/>\r\nBcc: x@example.net")),
        GO,
        outcomes);
    assertThat(outcomes.codeOf(1)).isEqualTo("rejected invalid_unsubscribe_link");
    assertThat(peer.connections()).isZero();
  }

  @Test
  void refusesToLogInWhereNoLoginIsOffered() {
    send(EmailFixture.account(peer.port(), Map.of("username", "joe"), "s3cret"), 1, 2);
    assertThat(outcomes.codes(2)).containsOnly("account login_not_offered");
  }

  @Test
  void countsMessagesAsUnsentWhenNobodyListens() {
    int port = FreePort.choose();
    send(EmailFixture.account(port, Map.of(), ""), 1, 3);
    assertThat(outcomes.codes(3)).containsOnly("not sent connection_refused");
    send(EmailFixture.account(25, Map.of("host", "no-such-host.invalid"), ""), 4, 4);
    assertThat(outcomes.codeOf(4)).isEqualTo("not sent host_unknown");
  }

  @Test
  void refusesTheAccountThatLeadsIntoThePrivateNetwork() {
    try (EmailChannelSender strict =
        new EmailChannelSender(
            EmailFixture.settings(),
            new AllowedTargets(false),
            (SSLSocketFactory) SSLSocketFactory.getDefault(),
            Clock.systemUTC())) {
      strict.send(account(), EmailFixture.messages(content(), 1, 2), GO, outcomes);
    }
    assertThat(outcomes.codes(2)).containsOnly("account address_not_allowed");
    assertThat(peer.connections()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "MESSAGE user2@example.org, unknown answer_timeout",
    "MAIL FROM:<news@example.com>, not sent reply_timeout"
  })
  void waitsForAnAnswerNoLongerThanItsTimeout(String silentAt, String expected) {
    AtomicInteger mails = new AtomicInteger();
    peer.script =
        (connection, event) -> {
          boolean second = !event.startsWith("MAIL") || mails.incrementAndGet() >= 2;
          return event.equals(silentAt) && second ? new SmtpPeer.Silence() : null;
        };
    send(1, 2);
    assertThat(outcomes.codes(2)).containsExactly("sent", expected);
  }

  @Test
  void cutsOffAWriteThatTheServerDoesNotRead() {
    peer.readsBodies = false;
    CompiledContent huge =
        sender.compile(
            new MessageContent.Email("s", "{{ contact.name }}", "{{ contact.name }}"),
            account(),
            EmailFixture.facts());
    PreparedMessage message =
        EmailFixture.message(huge, 1, EmailFixture.address(1), "日".repeat(256 * 1024 - 8));
    long start = System.nanoTime();
    sender.send(account(), List.of(message), GO, outcomes);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(outcomes.codeOf(1)).isEqualTo("unknown answer_timeout");
    assertThat(outcomes.of(1).toString()).contains("did not read in time");
  }

  @ParameterizedTest
  @CsvSource({
    "MESSAGE, HTTP/1.1 200 OK, unknown answer_unreadable",
    "MESSAGE, 354 again, unknown answer_unreadable",
    "RCPT, *** ***, not sent reply_unreadable",
    "DATA, 250 ok, not sent reply_unreadable",
    "GREETING, SSH-2.0, not sent reply_unreadable",
    "EHLO, 250-a, not sent reply_timeout"
  })
  void dropsAServerThatSpeaksGarbage(String at, String garbage, String expected) {
    peer.script = (connection, event) -> event.startsWith(at) ? new SmtpPeer.Say(garbage) : null;
    send(1, 1);
    assertThat(outcomes.codeOf(1))
        .isEqualTo(
            expected.equals("not sent reply_timeout") ? "not sent connect_timeout" : expected);
  }

  @Test
  void dropsAServerThatNeverStopsReplying() {
    peer.script =
        (connection, event) ->
            event.startsWith("MESSAGE") ? new SmtpPeer.Say("250 " + "x".repeat(2000)) : null;
    send(1, 1);
    assertThat(outcomes.codeOf(1)).isEqualTo("unknown answer_unreadable");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void losesNothingWhenAnIdleConnectionWasClosed(boolean withGoodbye) throws IOException {
    send(1, 2);
    if (withGoodbye) {
      AtomicInteger mails = new AtomicInteger();
      peer.script =
          (connection, event) ->
              event.startsWith("MAIL") && mails.incrementAndGet() == 1
                  ? new SmtpPeer.Say("421 4.4.2 idle for too long")
                  : null;
    } else {
      peer.hangUp();
      Awaitility.await().until(() -> peer.openConnections() == 0);
    }
    send(3, 5);
    assertThat(outcomes.codes(5)).containsOnly("sent");
    assertThat(peer.taken).extracting(SmtpPeer.Taken::recipient).containsExactly(addresses(1, 5));
  }

  @Test
  void keepsOneConnectionOverBatchesAndClosesItWhenIdle() {
    sender.close();
    SmtpSettings base = EmailFixture.settings();
    sender =
        sender(
            new SmtpSettings(
                8,
                50,
                1000,
                base.connectTimeout(),
                base.replyTimeout(),
                base.writeTimeout(),
                base.answerTimeout(),
                Duration.ofMillis(200)));
    send(1, 2);
    send(3, 4);
    assertThat(outcomes.codes(4)).containsOnly("sent");
    assertThat(peer.connections()).isOne();
    Awaitility.await().until(() -> peer.openConnections() == 0);
    assertThat(peer.events).endsWith("QUIT");
  }

  @Test
  void opensANewConnectionAfterSoManyMessages() {
    sender.close();
    SmtpSettings base = EmailFixture.settings();
    sender =
        sender(
            new SmtpSettings(
                8,
                50,
                3,
                base.connectTimeout(),
                base.replyTimeout(),
                base.writeTimeout(),
                base.answerTimeout(),
                base.idleTimeout()));
    send(1, 7);
    assertThat(outcomes.codes(7)).containsOnly("sent");
    assertThat(peer.connections()).isEqualTo(3);
  }

  @Test
  void leavesTheConnectionsOfAnOlderAccountVersion() {
    send(EmailFixture.account(peer.port(), Map.of(), "", 1), 1, 1);
    send(EmailFixture.account(peer.port(), Map.of(), "", 2), 2, 2);
    assertThat(outcomes.codes(2)).containsOnly("sent");
    assertThat(peer.connections()).isEqualTo(2);
    Awaitility.await().until(() -> peer.openConnections() == 1);
  }

  @Test
  void writesNothingOfAMessageThatIsStopped() {
    // The third message passes when its envelope goes out, and is stopped before its body.
    AtomicInteger asked = new AtomicInteger();
    StopCheck stop =
        message ->
            switch (message.address()) {
              case "user2@example.org" -> false;
              case "user3@example.org" -> asked.incrementAndGet() == 1;
              default -> true;
            };
    sender.send(account(), EmailFixture.messages(content(), 1, 4), stop, outcomes);
    assertThat(outcomes.codes(4)).containsExactly("sent", "stopped", "stopped", "sent");
    assertThat(peer.taken)
        .extracting(SmtpPeer.Taken::recipient)
        .containsExactly("user1@example.org", "user4@example.org");
    assertThat(peer.events).doesNotContain("RCPT TO:<user2@example.org>");
    assertThat(peer.connections()).isEqualTo(2);
  }

  @Test
  void refusesAddressesAndDataBeforeAnythingIsSent() {
    CompiledContent fragile =
        sender.compile(
            new MessageContent.Email(
                "s",
                null,
                "{% for x in contact.name %}{% for y in contact.name %}.{% endfor %}{% endfor %}"),
            account(),
            EmailFixture.facts());
    List<PreparedMessage> batch =
        List.of(
            EmailFixture.message(content(), 1, "a b@example.org", "Ann"),
            EmailFixture.message(content(), 2, "a@example.org>\r\nRCPT TO:<b@c.d", "Ann"),
            EmailFixture.message(fragile, 3, "c@example.org", "Ann"));
    sender.send(account(), batch, GO, outcomes);
    assertThat(outcomes.all().get("a b@example.org").toString()).contains("invalid_address");
    assertThat(outcomes.all().get("a@example.org>\r\nRCPT TO:<b@c.d").toString())
        .contains("invalid_address");
    assertThat(outcomes.all().get("c@example.org")).isInstanceOf(SendOutcome.Rejected.class);
    assertThat(peer.connections()).isZero();
  }

  @Test
  void givesUpOnAServerThatClosesEveryConnection() {
    peer.script =
        (connection, event) -> event.startsWith("MAIL") ? new SmtpPeer.DropBefore(false) : null;
    send(1, 50);
    assertThat(outcomes.codes(50)).containsOnly("not sent connection_lost");
    assertThat(peer.connections()).isEqualTo(3);
  }

  @Test
  void leavesAtMostThreeInDoubtWithAServerThatNeverAnswers() {
    peer.script =
        (connection, event) ->
            event.startsWith("MESSAGE") ? new SmtpPeer.DropUnanswered(false) : null;
    send(1, 50);
    assertThat(outcomes.codes(50).subList(0, 3)).containsOnly("unknown answer_lost");
    assertThat(outcomes.codes(50).subList(3, 50)).containsOnly("not sent connection_lost");
    assertThat(peer.taken).hasSize(3);
  }

  @Test
  void sendsOverManyConnectionsAtOnceEachMessageOnce() throws InterruptedException {
    CompiledContent content = content();
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(n ->
                Thread.startVirtualThread(() -> {
                  for (int batch = 0; batch < 4; batch++) {
                    int from = n * 200 + batch * 50 + 1;
                    sender.send(
                        account(), EmailFixture.messages(content, from, from + 49), GO, outcomes);
                  }
                }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(outcomes.codes(1600)).containsOnly("sent");
    assertThat(peer.taken).hasSize(1600);
    assertThat(peer.taken).extracting(SmtpPeer.Taken::recipient).doesNotHaveDuplicates();
    assertThat(peer.connections()).isLessThanOrEqualTo(8);
  }

  @Test
  void testsAnAccountWithoutSending() {
    assertThat(sender.test(account()).ok()).isTrue();
    assertThat(sender.test(account()).detail()).contains("localhost");
    assertThat(peer.dialogue()).doesNotContain("DATA");
    assertThat(
            sender
                .test(EmailFixture.account(peer.port(), Map.of("security", "starttls"), ""))
                .code())
        .isEqualTo("starttls_missing");
    assertThat(sender.test(EmailFixture.account(peer.port(), Map.of("from", "nobody"), "")).code())
        .isEqualTo("account_invalid");
    assertThat(sender.test(EmailFixture.account(peer.port(), Map.of("port", "0"), "")).code())
        .isEqualTo("account_invalid");
  }

  private void send(int from, int until) {
    send(account(), from, until);
  }

  private void send(OpenedAccount account, int from, int until) {
    sender.send(account, EmailFixture.messages(content(), from, until), GO, outcomes);
  }

  private OpenedAccount account() {
    return EmailFixture.account(peer.port(), Map.of(), "");
  }

  private CompiledContent content() {
    return sender.compile(EmailFixture.CONTENT, account(), EmailFixture.facts());
  }

  private static EmailChannelSender sender(SmtpSettings settings) {
    return new EmailChannelSender(
        settings,
        new AllowedTargets(true),
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        Clock.fixed(EmailFixture.NOW, ZoneOffset.UTC));
  }

  private static String[] addresses(int from, int until) {
    return IntStream.rangeClosed(from, until)
        .mapToObj(EmailFixture::address)
        .toArray(String[]::new);
  }
}
