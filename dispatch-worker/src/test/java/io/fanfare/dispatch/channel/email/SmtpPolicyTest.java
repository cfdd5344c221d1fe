package io.fanfare.dispatch.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.dispatch.channel.SendOutcome;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpPolicyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          RECIPIENT | 550 | 5.1.1 no such user                     | rejected mailbox_unknown
          RECIPIENT | 550 | no such user                           | rejected mailbox_unknown
          RECIPIENT | 556 | 5.1.10 null MX                         | rejected domain_unknown
          RECIPIENT | 501 | 5.1.3 bad address                      | rejected invalid_address
          RECIPIENT | 501 | bad address                            | rejected invalid_address
          RECIPIENT | 550 | 5.2.1 disabled                         | rejected mailbox_disabled
          RECIPIENT | 552 | 5.2.2 over quota                       | rejected mailbox_full
          RECIPIENT | 554 | 5.7.1 blocked by policy                | rejected policy_refused
          RECIPIENT | 554 | 5.7.1 <a@b>: Relay access denied       | account relay_denied
          RECIPIENT | 530 | 5.7.0 authentication required          | account login_required
          RECIPIENT | 503 | 5.5.1 need MAIL                        | deferred protocol_error
          SENDER    | 553 | 5.7.1 sender not owned                 | account sender_refused
          SENDER    | 550 | 5.4.5 daily quota exceeded             | account sender_refused
          SENDER    | 552 | 5.3.4 too big                          | rejected message_too_large
          SENDER    | 503 | 5.5.1 nested MAIL                      | deferred protocol_error
          DATA      | 554 | no                                     | rejected message_refused
          MESSAGE   | 552 | too big                                | rejected message_too_large
          MESSAGE   | 550 | 5.7.1 spam                             | rejected policy_refused
          MESSAGE   | 554 | 5.6.0 bad content                      | rejected message_refused
          GREETING  | 554 | go away                                | account server_refused
          RECIPIENT | 450 | 4.2.0 try again                        | deferred try_later
          RECIPIENT | 450 | 4.2.1 receiving mail at a rate that .. | limited rate_limited
          RECIPIENT | 451 | 4.7.1 Greylisting in action            | deferred greylisted
          RECIPIENT | 450 | 4.7.1 cannot find your hostname        | deferred try_later
          RECIPIENT | 452 | 4.2.2 mailbox full                     | deferred mailbox_full
          MESSAGE   | 451 | 4.3.0 local error                      | deferred server_busy
          MESSAGE   | 421 | 4.3.2 shutting down                    | deferred server_busy
          MESSAGE   | 421 | closing                                | deferred server_closing
          SENDER    | 421 | 4.7.0 too many messages                | limited rate_limited
          SENDER    | 450 | 4.7.28 unusual rate                    | limited rate_limited
          SENDER    | 421 | Too many concurrent connections        | limited rate_limited
          """)
  void saysWhatARefusalMeans(SmtpStage stage, int code, String words, String expected) {
    SendOutcome outcome = SmtpReplyPolicy.refused(stage, new SmtpReply(code, List.of(words)));
    String got =
        switch (outcome) {
          case SendOutcome.Deferred deferred ->
              (deferred.rateLimited() ? "limited " : "deferred ") + deferred.cause().code();
          case SendOutcome.Rejected rejected -> "rejected " + rejected.cause().code();
          case SendOutcome.AccountRefused refused -> "account " + refused.cause().code();
          default -> outcome.toString();
        };
    assertThat(got).isEqualTo(expected);
  }

  @Test
  void readsTheWaitAServerAsksFor() {
    SmtpReply reply = new SmtpReply(451, List.of("4.7.1 greylisted, try again in 300 seconds"));
    assertThat(SmtpReplyPolicy.refused(SmtpStage.RECIPIENT, reply))
        .isInstanceOfSatisfying(
            SendOutcome.Deferred.class,
            deferred -> assertThat(deferred.retryAfter()).isEqualTo(Duration.ofSeconds(300)));
  }

  @Test
  void keepsTheServersCodeAndQueueId() {
    SmtpReply refusal = new SmtpReply(550, List.of("5.1.1 no\u0007such", "user"));
    assertThat(SmtpReplyPolicy.cause("x", refusal).providerCode()).isEqualTo("5.1.1");
    assertThat(refusal.text()).isEqualTo("550 5.1.1 no such user");
    assertThat(new SmtpReply(550, List.of("4.1.1 disagrees")).enhanced()).isNull();
    assertThat(SmtpReplyPolicy.taken(new SmtpReply(250, List.of("2.0.0 Ok: queued as 4XyZ"))))
        .isEqualTo(new SendOutcome.Sent("4XyZ"));
  }

  @Test
  void readsRepliesOfOneAndManyLines() throws Exception {
    SmtpReplyReader reader = reader("250-a\r\n250-\r\n250 c\r\n354\r\n220 bare line feed\n");
    assertThat(reader.read()).isEqualTo(new SmtpReply(250, List.of("a", "", "c")));
    assertThat(reader.read()).isEqualTo(new SmtpReply(354, List.of("")));
    assertThat(reader.read().code()).isEqualTo(220);
    assertThatThrownBy(reader::read).isInstanceOf(EOFException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400\r\n",
        "25\r\n",
        "\r\n",
        "150 no\r\n",
        "2500\r\n",
        "250-a\r\n251 b\r\n"
      })
  void refusesWhatIsNoReply(String bytes) {
    assertThatThrownBy(reader(bytes)::read).isInstanceOf(SmtpGarbage.class);
  }

  @Test
  void refusesEndlessReplies() {
    assertThatThrownBy(reader("250 " + "x".repeat(600) + "\r\n")::read)
        .isInstanceOf(SmtpGarbage.class);
    assertThatThrownBy(reader("250-x\r\n".repeat(200))::read).isInstanceOf(SmtpGarbage.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "@b.c",
        "a@",
        "a b@c.d",
        "a@b c",
        "a@b\r.c",
        "a@b.c\n",
        "a>@b.c",
        "a@b.c>",
        "<a@b.c",
        "ä@b.c",
        "a@ä.c",
        "a@@b.c",
        "a@b@c",
        "\"a\"@b.c",
        "a@[127.0.0.1]",
        "a..b@c.d",
        ".a@c.d",
        "a@c..d",
        "a@c.",
        "a\0@b.c",
        "a\u2028@b.c",
        "a,b@c.d"
      })
  void refusesAddressesThatCouldBreakAnEnvelope(String address) {
    assertThat(MailAddressPolicy.isSendable(address)).isFalse();
  }

  @Test
  void refusesAddressesThatAreTooLong() {
    assertThat(MailAddressPolicy.isSendable("a".repeat(64) + "@b.c")).isTrue();
    assertThat(MailAddressPolicy.isSendable("a".repeat(65) + "@b.c")).isFalse();
    assertThat(MailAddressPolicy.isSendable("a@" + "b".repeat(64) + ".c")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a@b.c", "o'brien+x=y@sub.example.co.uk", "a_b-c@x_y.example", "a@localhost"})
  void letsOrdinaryAddressesPass(String address) {
    assertThat(MailAddressPolicy.isSendable(address)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'', '|.|'",
    "'a', 'a|.|'",
    "'a|', 'a|.|'",
    "'.', '..|.|'",
    "'.a|.|..|b.c|', '..a|..|...|b.c|.|'",
    "'a||', 'a||.|'"
  })
  void stuffsDotsAndEndsTheMessage(String message, String wire) {
    MessageBytes out = new MessageBytes(4);
    DotStuffing.append(message.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII), out);
    assertThat(out.toString()).isEqualTo(wire.replace("|", "\r\n"));
  }

  private static SmtpReplyReader reader(String bytes) {
    return new SmtpReplyReader(
        new ByteArrayInputStream(bytes.getBytes(StandardCharsets.UTF_8)) {
          @Override
          public synchronized int read(byte[] buffer, int offset, int length) {
            // One byte a time, as from a server that writes so.
            return super.read(buffer, offset, Math.min(length, 1));
          }

          @Override
          public void close() throws IOException {}
        });
  }
}
