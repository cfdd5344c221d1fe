package io.fanfare.dispatch.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.contract.content.Media;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.ContentRefused;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.channel.media.MediaFiles;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.dispatch.engagement.link.TrackedContent;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import javax.net.ssl.SSLSocketFactory;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.api.SignatureRecord;
import org.apache.james.jdkim.exceptions.FailException;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Signatures, judged by Apache jDKIM on what a server really took. */
class EmailDkimTest {

  private static final MessageContent.Email CONTENT =
      new MessageContent.Email(
          "{{ contact.name }}", "<p>{{ contact.name }}</p>\n\n\n", "{{ contact.name }}  \n\n");

  private static final UUID ID = new UUID(7, 14);

  private static String pem;
  private static String record;
  private SmtpPeer peer;
  private EmailChannelSender sender;

  @BeforeAll
  static void makeKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    pem = pem(pair.getPrivate().getEncoded());
    record =
        "v=DKIM1; k=rsa; p=" + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  @BeforeEach
  void start() throws Exception {
    peer = new SmtpPeer();
    sender = sender(MediaFiles.none());
  }

  private static EmailChannelSender sender(MediaFiles files) {
    return new EmailChannelSender(
        EmailFixture.settings(),
        new AllowedTargets(true),
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        Clock.fixed(EmailFixture.NOW, ZoneOffset.UTC),
        (content, facts) -> TrackedContent.untracked(content),
        null,
        files);
  }

  @AfterEach
  void stop() throws Exception {
    sender.close();
    peer.close();
  }

  @ParameterizedTest
  @MethodSource("io.fanfare.dispatch.channel.email.EmailContentTest#nasty")
  void verifiesWhateverAContactTyped(String typed) throws Exception {
    assertThat(verified(send(typed, null))).hasSize(1);
  }

  @Test
  void signsTheHeadersPeopleSee() throws Exception {
    SignatureRecord signature =
        verified(send("Ann", "https://example.com/bye?c=" + "1".repeat(80))).getFirst();
    assertThat(signature.getHeaders())
        .extracting(CharSequence::toString)
        .contains("From", "Reply-To", "To", "Subject", "Date", "Message-ID", "MIME-Version")
        .contains("Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post");
    assertThat(signature.getDToken()).hasToString("example.com");
    assertThat(signature.getSelector()).hasToString("news");
    assertThat(signature.getSignatureTimestamp()).isEqualTo(EmailFixture.NOW.getEpochSecond());
    assertThat(verified(send("Ann", null)).getFirst().getHeaders())
        .extracting(CharSequence::toString)
        .doesNotContain("List-Unsubscribe");
  }

  /** One click counts only where the signature covers both fields (RFC 8058 §4). */
  @ParameterizedTest
  @CsvSource({
    "example.com/bye, example.net/bye",
    "One-Click, Two-Clicks",
  })
  void noticesAnotherWayToUnsubscribe(String before, String after) throws Exception {
    String message = send("Ann", "https://example.com/bye?c=1");
    assertThat(verified(message)).hasSize(1);
    assertThat(message).contains(before);
    String changed = message.replace(before, after);
    assertThatThrownBy(() -> verified(changed)).isInstanceOf(FailException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "Subject: Ann, Subject: Bob",
    "<p>Ann</p>, <p>Bob</p>",
    "MIME-Version:, 'Subject: Win\r\nMIME-Version:'",
    "MIME-Version:, 'From: <boss@example.net>\r\nMIME-Version:'",
    "MIME-Version:, 'Reply-To: <boss@example.net>\r\nMIME-Version:'",
    "To: , 'To: x@example.net, '",
  })
  void noticesWhatIsChangedOrAddedOnTheWay(String before, String after) throws Exception {
    String message = send("Ann", null);
    assertThat(message).contains(before);
    String changed = message.replace(before, after);
    assertThatThrownBy(() -> verified(changed)).isInstanceOf(FailException.class);
  }

  @Test
  void allowsWhatRelaxedAllows() throws Exception {
    String message = send("Ann", null);
    assertThat(verified(message.replace("Subject: Ann", "SUBJECT:   Ann ") + "\r\n\r\n"))
        .hasSize(1);
  }

  @Test
  void signsInShortLinesBeforeTheRest() throws Exception {
    String message = send("Ann", null);
    assertThat(message).startsWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n");
    assertThat(message.lines()).allMatch(line -> line.length() <= 78);
  }

  @Test
  void refusesAnAccountThatCannotSignAndNeverShowsItsKey() {
    Map<String, String> noSelector = new HashMap<>(settings());
    noSelector.remove("dkim_selector");
    for (OpenedAccount wrong :
        List.of(
            account(noSelector, pem), account(settings(), ""), account(settings(), pem + "x"))) {
      assertThat(sender.test(wrong).code()).isEqualTo("account_invalid");
      assertThat(sender.test(wrong).detail())
          .contains("dkim")
          .doesNotContain(pem.substring(40, 60));
      assertThatThrownBy(() -> sender.compile(CONTENT, wrong, EmailFixture.facts()))
          .isInstanceOf(ContentRefused.class);
    }
    assertThat(sender.test(account(settings(), pem)).detail()).contains("signed as example.com");
    assertThat(account(settings(), pem).toString()).doesNotContain("PRIVATE");
  }

  @Test
  void carriesItsFilesEncodedOnceAndUnderTheSignature() throws Exception {
    byte[] logo = bytes(1_000, 1);
    byte[] plan = bytes(300_001, 2);
    List<Media> media =
        List.of(
            new Media(Media.Kind.ATTACHMENT, ID, "Plän \"1\".pdf", "application/pdf", 1, "s", null),
            new Media(Media.Kind.INLINE, ID, "logo.png", "image/png", 1, "s", "logo"),
            new Media(Media.Kind.INLINE, ID, "logo.png", "image/gif", 1, "s", "face"));
    MessageContent.Email letter =
        new MessageContent.Email(
            "s", "<p>{{ contact.name }}<img src=\"cid:logo\"></p>", "{{ contact.name }}", media);
    sender.close();
    sender = sender((tenant, files) -> List.of(plan, logo, logo));
    OpenedAccount account = account(settings(), pem);
    CompiledContent content = sender.compile(letter, account, EmailFixture.facts());
    EmailFixture.Outcomes outcomes = new EmailFixture.Outcomes();
    sender.send(account, EmailFixture.messages(content, 1, 2), stop -> true, outcomes);
    assertThat(outcomes.codes(2)).containsExactly("sent", "sent");
    for (int n = 1; n <= 2; n++) {
      String message = peer.taken.get(n - 1).message();
      assertThat(verified(message)).hasSize(1);
      assertThat(message.lines()).allMatch(line -> line.length() <= 78);
      byte[] wire = message.getBytes(StandardCharsets.ISO_8859_1);
      MimeMultipart mixed = (MimeMultipart) new MimeMessage(null, in(wire)).getContent();
      BodyPart attached = mixed.getBodyPart(1);
      assertThat(attached.getInputStream().readAllBytes()).isEqualTo(plan);
      assertThat(MimeUtility.decodeText(attached.getFileName())).isEqualTo("Plän \"1\".pdf");
      assertThat(attached.getDisposition()).isEqualTo("attachment");
      MimeMultipart related = (MimeMultipart) mixed.getBodyPart(0).getContent();
      MimeBodyPart inline = (MimeBodyPart) related.getBodyPart(1);
      assertThat(inline.getInputStream().readAllBytes()).isEqualTo(logo);
      assertThat(inline.getContentID()).isEqualTo("<logo>");
      assertThat(inline.getContentType()).startsWith("image/png");
      assertThat(related.getBodyPart(2).getContentType()).startsWith("image/gif");
      MimeMultipart said = (MimeMultipart) related.getBodyPart(0).getContent();
      assertThat(said.getBodyPart(0).getContent()).isEqualTo("Ann " + n);
      Multipart other = (Multipart) new DefaultMessageBuilder().parseMessage(in(wire)).getBody();
      SingleBody otherPlan = (SingleBody) other.getBodyParts().get(1).getBody();
      assertThat(otherPlan.getInputStream().readAllBytes()).isEqualTo(plan);
    }
    BuiltEmail one = ((EmailContent) content).build(message(content, 1), EmailFixture.NOW, work());
    BuiltEmail two = ((EmailContent) content).build(message(content, 2), EmailFixture.NOW, work());
    assertThat(one.files()).as("not copied per recipient").isSameAs(two.files());
    assertThat(one.message().length).isLessThan(10_000);
    assertThat(content.fileBytes()).isGreaterThan(300_000);
  }

  private static PreparedMessage message(CompiledContent content, int n) {
    return EmailFixture.message(content, n, EmailFixture.address(n), "Ann");
  }

  private static MessageBytes work() {
    return new MessageBytes(64);
  }

  private static ByteArrayInputStream in(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static byte[] bytes(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private String send(String typed, String link) {
    OpenedAccount account = account(settings(), pem);
    CompiledContent content = sender.compile(CONTENT, account, EmailFixture.facts());
    PreparedMessage message = EmailFixture.message(content, 1, EmailFixture.address(1), typed);
    EmailFixture.Outcomes outcomes = new EmailFixture.Outcomes();
    sender.send(account, List.of(EmailFixture.withLink(message, link)), stop -> true, outcomes);
    assertThat(outcomes.codeOf(1)).isEqualTo("sent");
    return peer.taken.getLast().message();
  }

  private static List<SignatureRecord> verified(String message) throws Exception {
    DKIMVerifier verifier = new DKIMVerifier((methods, selector, domain) -> List.of(record));
    return verifier.verify(new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static Map<String, String> settings() {
    return Map.of(
        "dkim_domain", "example.com", "dkim_selector", "news", "reply_to", "answers@example.com");
  }

  private OpenedAccount account(Map<String, String> settings, String key) {
    return EmailFixture.withSecret(
        EmailFixture.account(peer.port(), settings, ""), Map.of("dkim_private_key", key));
  }

  private static String pem(byte[] pkcs8) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs8)
        + "\n-----END PRIVATE KEY-----\n";
  }
}
