package io.fanfare.dispatch.engagement.bounce;

import static io.fanfare.dispatch.engagement.bounce.Reports.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fanfare.dispatch.engagement.bounce.BounceReport.Delivery;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ReportReaderTest {

  private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst";
  private static final String OTHER = "z".repeat(52);
  private static final String RETURN = "bounces+" + TOKEN + "@example.com";

  @Test
  void readsPostfix() throws Exception {
    BounceReport report =
        read(Reports.postfix(RETURN, "failed", "5.1.1", "smtp; 550 5.1.1 no such user"));
    assertThat(report.deliveries())
        .containsExactly(
            new Delivery("failed", "5.1.1", "smtp; 550 5.1.1 no such user", "ada@example.org"));
    assertThat(report.feedbackType()).isNull();
    assertThat(report.tokens()).containsExactly(TOKEN);
  }

  @Test
  void readsWhatIsLate() throws Exception {
    assertThat(read(Reports.postfix(RETURN, "Delayed", "4.4.1", "x; later")).deliveries())
        .extracting(Delivery::action)
        .containsExactly("delayed");
  }

  @Test
  void readsExchangeWhereverTheTokenStandsAndHoweverItIsWritten() throws Exception {
    String shouted = RETURN.toUpperCase(Locale.ROOT);
    BounceReport report = read(Reports.exchange(shouted));
    assertThat(report.tokens()).containsExactly(TOKEN.toUpperCase(Locale.ROOT));
    assertThat(report.deliveries())
        .containsExactly(
            new Delivery(
                "failed",
                "5.1.10",
                "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient Ada@Contoso.example not"
                    + " found by SMTP address lookup",
                "Ada@Contoso.example"));
  }

  @Test
  void readsGmailWhoseMessageIsCutOff() throws Exception {
    BounceReport report = read(Reports.gmail(RETURN));
    assertThat(report.tokens()).containsExactly(TOKEN);
    assertThat(report.deliveries())
        .singleElement()
        .satisfies(each -> {
          assertThat(each.status()).isEqualTo("5.1.1");
          assertThat(each.diagnostic())
              .contains("does not exist. Please try 550-5.1.1 double-check");
        });
  }

  @Test
  void readsComplaints() throws Exception {
    BounceReport report = read(Reports.complaint(RETURN, "Abuse"));
    assertThat(report.feedbackType()).isEqualTo("abuse");
    assertThat(report.deliveries()).isEmpty();
    assertThat(report.tokens()).containsExactly(TOKEN);
  }

  @Test
  void believesTheEnvelopeFirst() throws Exception {
    String report = Reports.postfix(RETURN, "failed", "5.1.1", "gone");
    assertThat(ReportReader.read(bytes(report), "b+" + OTHER + "@example.com").tokens())
        .containsExactly(OTHER, TOKEN);
    assertThat(ReportReader.read(bytes(report), "nobody@example.com").tokens())
        .containsExactly(TOKEN);
  }

  @Test
  void takesNothingElseForAReport() {
    refuses("no_report", "");
    refuses("no_report", "nonsense");
    refuses("no_report", "To: " + RETURN + "\r\nSubject: Out of office\r\n\r\nBack on Monday");
    refuses("no_report", "Content-Type: multipart/report; report-type=delivery-status\r\n\r\nx");
    // A report that came back within a message is about another message.
    refuses(
        "no_report",
        "Content-Type: message/rfc822\r\n\r\n"
            + Reports.postfix(RETURN, "failed", "5.1.1", "gone"));
    refuses(
        "no_report",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
            + Reports.postfix(RETURN, "failed", "5.1.1", "gone")
            + "\r\n--b--\r\n");
  }

  @Test
  void hostileMailsEndAtABound() {
    String report = Reports.postfix(RETURN, "failed", "5.1.1", "gone");
    refuses("too_large", report + "x".repeat(1_000_001));
    refuses("unreadable", "X-Long: " + "x".repeat(900_000) + "\r\n" + report);
    refuses("unreadable", "X-Folded: a\r\n" + " x\r\n".repeat(200_000) + report);
    refuses("unreadable", "X: y\r\n".repeat(1_000) + report);
    refuses("unreadable", nested(100, report));
    refuses("unreadable", "Content-Type: message/rfc822\r\n\r\n".repeat(100) + report);
    StringBuilder many = new StringBuilder("Content-Type: multipart/report; boundary=b\r\n\r\n");
    many.append("--b\r\n\r\nx\r\n".repeat(60_000)).append("--b--\r\n");
    refuses("unreadable", many.toString());
    refuses("no_report", "Content-Type: multipart/report; boundary=" + "\r\n".repeat(400_000));
    // A line without end, and a boundary that is everywhere.
    refuses("no_report", "A: b\r\n\r\n" + "x".repeat(900_000));
    refuses(
        "no_report",
        "Content-Type: multipart/report; boundary=\"-\"\r\n\r\n" + "-".repeat(900_000));
  }

  @Test
  void whatIsReadOfAReportIsBounded() throws Exception {
    String groups = "Action: failed\r\nStatus: 5.1.1\r\n\r\n";
    String fields = "Action: failed\r\n" + "X-Field-%d: x\r\n".repeat(1_000);
    assertThat(read(status(groups.repeat(10_000))).deliveries())
        .hasSize(FieldGroups.MOST_GROUPS - 1);
    assertThat(read(status(fields)).deliveries()).hasSize(1);
    assertThat(read(status("Action: failed\r\nStatus: " + "5".repeat(60_000))).deliveries())
        .singleElement()
        .satisfies(each -> assertThat(each.status()).hasSizeLessThanOrEqualTo(2_000));
    StringBuilder many = new StringBuilder("To: ");
    for (int i = 0; i < 400; i++) {
      many.append("b+").append(TOKEN, 0, 50).append((char) ('a' + i % 26)).append("a@x,\r\n ");
    }
    assertThat(read(many + "x\r\n" + status(groups)).tokens()).hasSize(20);
  }

  @Test
  void randomlyBrokenReportsAreReadOrRefused() {
    Random random = new Random(4711);
    byte[] whole = bytes(Reports.postfix(RETURN, "failed", "5.1.1", "gone"));
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          for (int round = 0; round < 3_000; round++) {
            byte[] broken = whole.clone();
            for (int i = random.nextInt(20); i >= 0; i--) {
              broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            try {
              ReportReader.read(broken, null);
            } catch (ReportUnreadable expected) {
              assertThat(expected.code()).isIn("no_report", "unreadable");
            }
          }
        });
  }

  private static String status(String body) {
    return "Content-Type: multipart/report; boundary=b\r\n\r\n"
        + "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        + body
        + "\r\n--b--\r\n";
  }

  private static String nested(int depth, String innermost) {
    StringBuilder nested = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      nested
          .append("Content-Type: multipart/mixed; boundary=b")
          .append(i)
          .append("\r\n\r\n--b")
          .append(i)
          .append("\r\n");
    }
    return nested.append(innermost).toString();
  }

  private static void refuses(String code, String message) {
    // Far below what an attacker would need; a bound that fails would take minutes.
    ReportUnreadable refusal =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> catchThrowableOfType(ReportUnreadable.class, () -> read(message)));
    assertThat(refusal).as(message.substring(0, Math.min(200, message.length()))).isNotNull();
    assertThat(refusal.code()).isEqualTo(code);
  }

  private static BounceReport read(String message) throws ReportUnreadable {
    return ReportReader.read(bytes(message), null);
  }
}
