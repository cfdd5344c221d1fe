package io.fanfare.localstack.simulator.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.fault.FaultPlan;
import io.fanfare.localstack.simulator.fault.Faults;
import io.fanfare.localstack.simulator.log.ProviderLog;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SmtpSimulatorTest {

  private static final String MESSAGE = "Subject: Hi\r\nX-Fanfare-Broadcast: b1\r\n\r\nHello";

  private final ProviderLog log = new ProviderLog(true, Clock.systemUTC());
  private final Faults faults = new Faults();
  private SmtpSimulator smtp;

  @BeforeEach
  void start() {
    smtp = SmtpSimulator.start(SmtpSettings.local(), faults, log);
  }

  @AfterEach
  void stop() {
    smtp.close();
  }

  @Test
  void announcesItsExtensions() throws Exception {
    try (var wire = new SmtpWire(smtp.port())) {
      assertThat(wire.reply()).startsWith("220 ");
      wire.write("EHLO test\r\n");
      assertThat(wire.replyLines())
          .contains(
              "250-PIPELINING",
              "250-AUTH PLAIN LOGIN",
              "250-SIZE 26214400",
              "250-8BITMIME",
              "250 ENHANCEDSTATUSCODES")
          .noneMatch(line -> line.contains("STARTTLS"));
      smtp.change(SmtpSettings::withoutPipelining);
    }
    try (var wire = new SmtpWire(smtp.port())) {
      wire.reply();
      wire.write("EHLO test\r\n");
      assertThat(wire.replyLines()).noneMatch(line -> line.contains("PIPELINING"));
    }
  }

  @Test
  void takesAMessageWithItsStuffedDotsRemoved() throws Exception {
    try (var wire = SmtpWire.greeted(smtp.port())) {
      assertThat(wire.send("ann@example.test", "Subject: dots\r\n\r\n..one\r\n...\r\n.x\r\nend"))
          .startsWith("250 2.0.0");
      assertThat(wire.ask("QUIT")).startsWith("221 ");
      assertThat(wire.reply()).isNull();
    }
    assertThat(bodies()).containsExactly("Subject: dots\r\n\r\n.one\r\n..\r\nx\r\nend\r\n");
  }

  @Test
  void endsAMessageOnlyAtALoneDotBetweenCrLf() throws Exception {
    try (var wire = SmtpWire.greeted(smtp.port())) {
      var smuggled = "a\n.\nb\r\n.\nc\n.\r\nMAIL FROM:<x@example.test>";
      assertThat(wire.send("ann@example.test", smuggled)).startsWith("250 ");
      assertThat(wire.ask("NOOP")).startsWith("250 ");
    }
    assertThat(bodies()).hasSize(1);
  }

  @Test
  void answersAPipelinedChainOfBodyAndNextEnvelopeInOrder() throws Exception {
    try (var wire = SmtpWire.greeted(smtp.port())) {
      wire.write("MAIL FROM:<s@example.test>\r\nRCPT TO:<a0@example.test>\r\nDATA\r\n");
      for (int i = 0; i < 100; i++) {
        assertThat(wire.reply()).startsWith("250 2.1.0");
        assertThat(wire.reply()).startsWith("250 2.1.5");
        assertThat(wire.reply()).startsWith("354 ");
        wire.write(
            MESSAGE
                + "\r\n.\r\nMAIL FROM:<s@example.test>\r\nRCPT TO:<a"
                + (i + 1)
                + "@example.test>\r\nDATA\r\n");
        assertThat(wire.reply()).startsWith("250 2.0.0");
      }
    }
    assertThat(log.report("b1").accepted()).isEqualTo(100);
    assertThat(log.report("b1").duplicates()).isZero();
  }

  @Test
  void keepsTheTransactionOpenAfterDataWithoutRecipientsAsPostfixDoes() throws Exception {
    faults.plan(FaultPlan.NONE.refusing(1, 0));
    try (var wire = SmtpWire.greeted(smtp.port())) {
      wire.write(
          "MAIL FROM:<s@example.test>\r\nRCPT TO:<a@example.test>\r\nDATA\r\nMAIL FROM:<s@example.test>\r\nRSET\r\n");
      assertThat(wire.reply()).startsWith("250 2.1.0");
      assertThat(wire.reply()).startsWith("550 5.1.1");
      assertThat(wire.reply()).startsWith("554 5.5.1");
      assertThat(wire.reply()).startsWith("503 5.5.1");
      assertThat(wire.reply()).startsWith("250 ");
      assertThat(wire.ask("MAIL FROM:<s@example.test>")).startsWith("250 ");
    }
  }

  @Test
  void refusesCommandsOutOfOrderOrMalformed() throws Exception {
    try (var wire = new SmtpWire(smtp.port())) {
      wire.reply();
      assertThat(wire.ask("MAIL FROM:<s@example.test>")).startsWith("503 5.5.1");
      assertThat(wire.ask("EHLO test")).startsWith("250 ");
      assertThat(wire.ask("RCPT TO:<a@example.test>")).startsWith("503 ");
      assertThat(wire.ask("DATA")).startsWith("503 ");
      assertThat(wire.ask("MAIL s@example.test")).startsWith("501 ");
      assertThat(wire.ask("MAIL FROM:<s@example.test> SMTPUTF8")).startsWith("555 ");
      assertThat(wire.ask("MAIL FROM:<s@example.test> SIZE=99999999999")).startsWith("552 5.3.4");
      assertThat(wire.ask("MAIL FROM:<s@example.test> SIZE=100 BODY=8BITMIME")).startsWith("250 ");
      assertThat(wire.ask("RCPT TO:<nobody>")).startsWith("550 5.1.3");
      assertThat(wire.ask("FROBNICATE")).startsWith("500 ");
      assertThat(wire.ask("X".repeat(5_000))).startsWith("500 5.5.6");
      assertThat(wire.ask("noop")).startsWith("250 ");
    }
  }

  @Test
  void asksForTheLoginThatIsSet() throws Exception {
    smtp.change(settings -> settings.withLogin("user", "päss"));
    try (var wire = SmtpWire.greeted(smtp.port())) {
      assertThat(wire.ask("MAIL FROM:<s@example.test>")).startsWith("530 5.7.0");
      assertThat(wire.ask("AUTH PLAIN " + base64("\0user\0wrong"))).startsWith("535 5.7.8");
      assertThat(wire.ask("AUTH PLAIN not-base64")).startsWith("501 ");
      assertThat(wire.ask("AUTH CRAM-MD5")).startsWith("504 ");
      assertThat(wire.ask("AUTH LOGIN")).isEqualTo("334 VXNlcm5hbWU6");
      assertThat(wire.ask("*")).startsWith("501 5.7.0");
      assertThat(wire.ask("AUTH LOGIN")).startsWith("334 ");
      assertThat(wire.ask(base64("user"))).isEqualTo("334 UGFzc3dvcmQ6");
      assertThat(wire.ask(base64("päss"))).startsWith("235 2.7.0");
      assertThat(wire.send("ann@example.test", MESSAGE)).startsWith("250 ");
    }
    try (var wire = SmtpWire.greeted(smtp.port())) {
      assertThat(wire.ask("AUTH PLAIN")).startsWith("334 ");
      assertThat(wire.ask(base64("\0user\0päss"))).startsWith("235 ");
    }
    assertThat(log.report().accounts())
        .singleElement()
        .satisfies(account -> assertThat(account.account()).isEqualTo("user"));
  }

  @Test
  void refusesEveryLoginWhenThePlanSaysSo() throws Exception {
    faults.plan(FaultPlan.NONE.refusingCredentials(true));
    try (var wire = SmtpWire.greeted(smtp.port())) {
      assertThat(wire.ask("AUTH PLAIN " + base64("\0user\0any"))).startsWith("535 5.7.8");
      assertThat(wire.ask("MAIL FROM:<s@example.test>")).startsWith("530 ");
    }
  }

  @Test
  void talksTlsAfterStartTlsAndForgetsWhatCameBefore() throws Exception {
    var tls = SelfSignedTls.create();
    smtp.change(settings -> settings.withTls(tls));
    try (var wire = new SmtpWire(smtp.port())) {
      wire.reply();
      wire.write("EHLO test\r\n");
      assertThat(wire.replyLines()).contains("250-STARTTLS");
      assertThat(wire.ask("STARTTLS")).startsWith("220 ");
      wire.startTls(tls);
      assertThat(wire.ask("MAIL FROM:<s@example.test>")).startsWith("503 ");
      wire.write("EHLO test\r\n");
      assertThat(wire.replyLines()).doesNotContain("250-STARTTLS");
      assertThat(wire.send("ann@example.test", MESSAGE)).startsWith("250 ");
    }
    try (var wire = SmtpWire.greeted(smtp.port())) {
      wire.write("STARTTLS\r\nMAIL FROM:<injected@example.test>\r\n");
      assertThat(wire.reply()).startsWith("554 ");
      assertThat(wire.reply()).isNull();
    }
    assertThat(log.report("b1").accepted()).isEqualTo(1);
  }

  @Test
  void closesAConnectionThatHasSentEnough() throws Exception {
    smtp.change(settings -> settings.withMessagesPerConnection(2));
    try (var wire = SmtpWire.greeted(smtp.port())) {
      assertThat(wire.send("a@example.test", MESSAGE)).startsWith("250 ");
      assertThat(wire.send("b@example.test", MESSAGE)).startsWith("250 ");
      assertThat(wire.send("c@example.test", MESSAGE)).startsWith("421 4.7.0");
      assertThat(wire.reply()).isNull();
    }
  }

  @Test
  void findsMarkersInHeaderAndText() throws Exception {
    try (var wire = SmtpWire.greeted(smtp.port())) {
      wire.send("a@example.test", "Subject: s\r\nx-fanfare-broadcast:  b-header\r\n\r\nref:b-text");
      wire.send("b@example.test", "Subject: ref:not-here\r\n\r\n<a href:x> see ref:b-text.");
      wire.send("c@example.test", "Subject: s\r\n\r\nref:b-=\r\ntext");
      wire.send("d@example.test", "Subject: s\r\n\r\nnothing");
    }
    assertThat(log.report("b-header").accepted()).isEqualTo(1);
    assertThat(log.report("b-text").distinct()).isEqualTo(2);
    assertThat(log.recipients(Channel.EMAIL, "", 1))
        .singleElement()
        .satisfies(r -> assertThat(r.address()).isEqualTo("d@example.test"));
  }

  private List<String> bodies() {
    return log.newest(message -> true, Long.MAX_VALUE, 10).stream()
        .map(message -> new String(message.content(), StandardCharsets.UTF_8))
        .toList();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
