package io.fanfare.dispatch.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.engagement.AddressCheck;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.ContentRefused;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.engagement.link.TrackedContent;
import io.fanfare.dispatch.engagement.token.BounceTokens;
import io.fanfare.support.secret.SecretBox;
import io.fanfare.template.TemplateEngine;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.TextBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.eclipse.angus.mail.util.QDecoderStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a contact typed, two parsers read back the same message with the same headers. */
class EmailContentTest {

  private static final String[] NASTY = {
    "",
    " ",
    "plain",
    "two  blanks",
    " ends in blanks   ",
    "tab\tand tab at the end\t",
    "equals = and =3D and =?",
    "=?UTF-8?Q?not_encoded?=",
    "=?utf-8?b?SGk=?= =?utf-8?b?SGk=?=",
    "Ann \"the\" O'Brien \\, <a@b.c> @ ; : () []",
    "back\\slash\\",
    "name\r\nBcc: victim@example.net",
    "name\nBcc: victim@example.net",
    "name\r\n\r\nbody",
    "lone\rcarriage",
    "nul\0 bell\u0007 escape\u001b delete\u007f",
    "next\u0085line separator\u2028 paragraph\u2029",
    "Łukasz Żółć",
    "Привет, мир! Как дела у нас сегодня вечером в городе?",
    "日本語のとても長い件名がここにあります、折り返しが必要です。日本語のとても長い件名",
    "👩‍👩‍👧‍👦 family 👩‍👩‍👧‍👦 family 👩‍👩‍👧‍👦 family 👩‍👩‍👧‍👦 family",
    "x".repeat(1200),
    "word ".repeat(300),
    "é".repeat(200),
    ".leading dot\n.\n..\r\n.",
    "{{ contact.name }} {% if %}",
    "------=_Part_0_1.2",
    "From here on",
    "line end \nblank \n\ttab \t\nlast ",
    "MIME-Version: 1.0",
    "t0123456789abcdef0123456789abcdef@fanfare.invalid",
    "long name that is folded somewhere, \\ \\ \\ \\ \\ \\ \\ \\ \\ \\ \\ \\ \\ \\ \\ \\ \\ \\ end",
  };

  private static final Session SESSION = Session.getInstance(new Properties());

  static Stream<String> nasty() {
    return Stream.concat(
        Arrays.stream(NASTY),
        // A soft break at every column, before, inside and after a character of 1 to 4 bytes.
        Stream.iterate(66, n -> n <= 80, n -> n + 1)
            .flatMap(n ->
                Stream.of("é", "€", "😀", "=", " ", ".", "\\").map(c -> "a".repeat(n) + c + "b")));
  }

  @ParameterizedTest
  @MethodSource("nasty")
  void readsBackWhateverAContactTyped(String typed) throws Exception {
    for (String alphabet : List.of("", "кириллица ")) {
      MessageContent.Email content =
          new MessageContent.Email(
              alphabet + "{{ contact.name }}",
              alphabet + "<b>{{ contact.name }}</b>",
              alphabet + "{{ contact.name }}");
      check(build(content, typed), alphabet, typed, "<b>" + html(typed) + "</b>");
    }
  }

  @Test
  void readsBackRandomTexts() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      String typed = randomText(random);
      assertThat(typed).as("seed %d, text %d", seed, i).isNotNull();
      try {
        readsBackWhateverAContactTyped(typed);
      } catch (AssertionError wrong) {
        throw new AssertionError("seed " + seed + ", text " + i + ": " + wrong.getMessage(), wrong);
      }
    }
  }

  @Test
  void keepsPartsApartWhenAContactTypesTheirBoundary() throws Exception {
    for (String alphabet : List.of("", "кириллица ")) {
      MessageContent.Email content =
          new MessageContent.Email(
              alphabet + "{{ contact.name }}",
              alphabet + "<b>{{ contact.name }}</b>",
              alphabet + "{{ contact.name }}");
      EmailContent compiled = compile(content);
      String boundary =
          new ContentType(angus(build(compiled, "Ann")).getContentType()).getParameter("boundary");
      String typed = "a\n--" + boundary + "\n\nb\n--" + boundary + "--\n";
      check(build(compiled, typed), alphabet, typed, "<b>" + html(typed) + "</b>");
    }
  }

  @ParameterizedTest
  @MethodSource("nasty")
  void cutsEncodedWordsAtCharactersAndAtSeventyFive(String typed) throws Exception {
    String wire = new String(build(EmailFixture.CONTENT, typed), StandardCharsets.US_ASCII);
    Matcher words = Pattern.compile("=\\?UTF-8\\?([QB])\\?([^?]*)\\?=").matcher(wire);
    while (words.find()) {
      assertThat(words.group()).hasSizeLessThanOrEqualTo(75);
      byte[] bytes =
          words.group(1).equals("B")
              ? Base64.getDecoder().decode(words.group(2))
              : new QDecoderStream(
                      new ByteArrayInputStream(words.group(2).getBytes(StandardCharsets.US_ASCII)))
                  .readAllBytes();
      // Throws at half a character.
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    }
  }

  @Test
  void carriesEmptyBodies() throws Exception {
    for (MessageContent.Email content :
        List.of(
            new MessageContent.Email("", "", ""), new MessageContent.Email("", "<b></b>", ""))) {
      MimeMultipart parts = (MimeMultipart) angus(build(content, "")).getContent();
      assertThat(parts.getCount()).isEqualTo(2);
      assertThat(parts.getBodyPart(0).getContent()).isEqualTo("");
      assertThat(lines((String) parts.getBodyPart(1).getContent())).isEqualTo(content.html());
    }
  }

  @Test
  void writesALinkToUnsubscribeWhereThereIsOne() throws Exception {
    EmailContent compiled = compile(EmailFixture.CONTENT);
    String link = "https://example.com/bye?contact=15&proof=" + "a".repeat(100);
    MimeMessage message = angus(build(compiled, "Ann", link));
    assertThat(message.getHeader("List-Unsubscribe")).hasSize(1);
    assertThat(MimeUtility.unfold(message.getHeader("List-Unsubscribe")[0]).strip())
        .isEqualTo("<" + link + ">");
    assertThat(message.getHeader("List-Unsubscribe-Post"))
        .containsExactly("List-Unsubscribe=One-Click");
    var other =
        new DefaultMessageBuilder()
            .parseMessage(new ByteArrayInputStream(build(compiled, "Ann", link)));
    assertThat(other.getHeader().getField("List-Unsubscribe").getBody()).contains(link);

    MimeMessage byMail = angus(build(compiled, "Ann", "mailto:bye@example.com?subject=15"));
    assertThat(byMail.getHeader("List-Unsubscribe"))
        .containsExactly("<mailto:bye@example.com?subject=15>");
    assertThat(byMail.getHeader("List-Unsubscribe-Post")).isNull();
    assertThat(angus(build(compiled, "Ann", null)).getHeader("List-Unsubscribe")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com/bye",
        "javascript:alert(1)",
        "https://example.com/a b",
        "https://example.com/\rBcc: x@example.net",
        "https://example.com/\nBcc: x@example.net",
        "https://example.com/\r\nBcc: x@example.net",
        "https://example.com/>, <https://example.net/",
        "https://example.com/<",
        "https://example.com/\"",
        "https://exämple.com/",
        "https://example.com/\0"
      })
  void refusesALinkThatCouldBreakTheHeader(String link) {
    PreparedMessage message =
        EmailFixture.message(new CompiledContent() {}, 1, "a@example.org", "Ann");
    assertThat(UnsubscribeHeader.isUsable(EmailFixture.withLink(message, link))).isFalse();
    String tooLong = "https://example.com/" + "a".repeat(1000);
    assertThat(UnsubscribeHeader.isUsable(EmailFixture.withLink(message, tooLong))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsBackABodyAlone(boolean html) throws Exception {
    MessageContent.Email content =
        new MessageContent.Email("s", html ? "<i>ü</i>" : null, html ? null : "ü");
    MimeMessage message = angus(build(content, "Ann"));
    assertThat(message.getContentType()).startsWith(html ? "text/html" : "text/plain");
    assertThat(message.getContent()).isEqualTo(html ? "<i>ü</i>" : "ü");
  }

  @Test
  void namesItselfAndItsBroadcastTheSameInEveryIssue() throws Exception {
    byte[] bytes = build(EmailFixture.CONTENT, "Ann");
    MimeMessage message = angus(bytes);
    assertThat(message.getHeader("X-Fanfare-Broadcast"))
        .containsExactly(EmailFixture.BROADCAST.toString());
    assertThat(message.getMessageID()).isEqualTo("<" + EmailFixture.BROADCAST + ".15@example.com>");
    assertThat(message.getHeader("Date")).containsExactly("Wed, 4 Mar 2026 05:06:07 +0000");
    InternetAddress from = (InternetAddress) message.getFrom()[0];
    assertThat(from.getPersonal()).isEqualTo("The \"News\", daily");
    assertThat(from.getAddress()).isEqualTo("news@example.com");
    assertThat(((InternetAddress) message.getReplyTo()[0]).getAddress())
        .isEqualTo("answers@example.com");
    assertThat(new String(bytes, StandardCharsets.UTF_8)).doesNotContain("fanfare.invalid");
  }

  @Test
  void refusesAContentWithoutBodyAndABadTemplate() {
    assertThatThrownBy(() -> compile(new MessageContent.Email("s", null, null)))
        .isInstanceOf(ContentRefused.class);
    assertThatThrownBy(() -> compile(new MessageContent.Email("s", null, "a\n {{ contact.name")))
        .isInstanceOf(ContentRefused.class)
        .hasMessageContaining("line 2");
  }

  private static void check(byte[] bytes, String alphabet, String typed, String html)
      throws Exception {
    assertThat(wireFaults(bytes)).isEmpty();
    String subject = oneLine(alphabet + typed);
    String name = HeaderText.clean(typed);
    boolean named =
        !name.isEmpty() && typed.getBytes(StandardCharsets.UTF_8).length <= Mailbox.MAX_NAME_BYTES;

    MimeMessage message = angus(bytes);
    assertThat(message.getSubject()).isEqualTo(subject);
    InternetAddress to = (InternetAddress) message.getRecipients(Message.RecipientType.TO)[0];
    assertThat(to.getAddress()).isEqualTo("ann@example.org");
    assertThat(to.getPersonal()).isEqualTo(named ? name : null);
    assertThat(message.getRecipients(Message.RecipientType.BCC)).isNull();
    assertThat(Collections.list(message.getAllHeaders())).hasSize(9);
    MimeMultipart parts = (MimeMultipart) message.getContent();
    assertThat(lines((String) parts.getBodyPart(0).getContent()))
        .isEqualTo(lines(alphabet + typed));
    assertThat(lines((String) parts.getBodyPart(1).getContent())).isEqualTo(lines(alphabet + html));

    var other = new DefaultMessageBuilder().parseMessage(new ByteArrayInputStream(bytes));
    // An empty value keeps the blank behind its colon in this parser.
    assertThat(other.getSubject().strip()).isEqualTo(subject);
    assertThat(other.getTo().flatten()).hasSize(1);
    assertThat(other.getTo().flatten().get(0).getAddress()).isEqualTo("ann@example.org");
    assertThat(other.getTo().flatten().get(0).getName()).isEqualTo(named ? name : null);
    assertThat(other.getBcc()).isNull();
    List<Entity> entities = ((Multipart) other.getBody()).getBodyParts();
    assertThat(lines(text(entities.get(0)))).isEqualTo(lines(alphabet + typed));
    assertThat(lines(text(entities.get(1)))).isEqualTo(lines(alphabet + html));
  }

  /** Bytes that are not ASCII, lines too long, line ends that are not CRLF. */
  private static List<String> wireFaults(byte[] bytes) {
    String wire = new String(bytes, StandardCharsets.ISO_8859_1);
    return Arrays.stream((wire + "\r\n").split("\r\n", -1))
        .filter(
            line -> line.length() > 78 || !line.chars().allMatch(c -> c == 9 || c >= 32 && c < 127))
        .toList();
  }

  private static String oneLine(String text) {
    return HeaderText.clean(text);
  }

  private static String lines(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }

  private static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Test
  void bouncesGoToTheReturnPathWithATokenOfTheRecipient() throws Exception {
    SecretBox keys = new SecretBox("k:" + Base64.getEncoder().encodeToString(new byte[32]));
    BounceTokens tokens = new BounceTokens(keys.derive(BounceTokens.KEY_LABEL));
    assertThat(senderOf(41, Map.of(), tokens)).isEqualTo("news@example.com");
    Map<String, String> settings = Map.of("return_path", "bounces@bounces.example.com");
    assertThat(senderOf(41, settings, null)).isEqualTo("bounces@bounces.example.com");
    assertThat(senderOf(Long.MAX_VALUE, settings, tokens)).isEqualTo("bounces@bounces.example.com");
    for (long contact : new long[] {41, (1L << 42) - 1}) {
      String sender = senderOf(contact, settings, tokens);
      assertThat(MailAddressPolicy.isSendable(sender)).as(sender).isTrue();
      assertThat(sender).startsWith("bounces+").endsWith("@bounces.example.com");
      String token = sender.substring("bounces+".length(), sender.indexOf('@'));
      assertThat(tokens.verify(token))
          .contains(
              new BounceTokens.Said(
                  EmailFixture.facts().broadcastId(), contact, AddressCheck.of("ann@example.org")));
    }
    for (String wrong : List.of("bouncing@example.com", "b@c\r\nRCPT TO:<x@y>", "nowhere")) {
      assertThatThrownBy(() -> senderOf(41, Map.of("return_path", wrong), tokens))
          .isInstanceOf(SmtpAccount.Invalid.class);
    }
  }

  private static String senderOf(long contact, Map<String, String> settings, BounceTokens tokens)
      throws Exception {
    EmailContent content =
        EmailContent.compile(
            TrackedContent.untracked(EmailFixture.CONTENT),
            SmtpAccount.of(EmailFixture.account(25, settings, "")),
            null,
            EmailFixture.facts(),
            tokens,
            new TemplateEngine(),
            List.of());
    PreparedMessage message = EmailFixture.message(content, contact, "ann@example.org", "Ann");
    return content.build(message, EmailFixture.NOW, new MessageBytes(16)).sender();
  }

  private static String text(Entity entity) throws Exception {
    StringWriter text = new StringWriter();
    try (Reader reader = ((TextBody) entity.getBody()).getReader()) {
      reader.transferTo(text);
    }
    return text.toString();
  }

  private static MimeMessage angus(byte[] bytes) throws Exception {
    return new MimeMessage(SESSION, new ByteArrayInputStream(bytes));
  }

  private static EmailContent compile(MessageContent.Email content) throws SmtpAccount.Invalid {
    SmtpAccount account =
        SmtpAccount.of(EmailFixture.account(25, Map.of("reply_to", "answers@example.com"), ""));
    return EmailContent.compile(content, account, null, EmailFixture.facts(), new TemplateEngine());
  }

  private static byte[] build(MessageContent.Email content, String name) throws Exception {
    return build(compile(content), name);
  }

  private static byte[] build(EmailContent content, String name) {
    return build(content, name, null);
  }

  private static byte[] build(EmailContent content, String name, String link) {
    PreparedMessage message = EmailFixture.message(content, 41, "ann@example.org", name);
    return content
        .build(EmailFixture.withLink(message, link), EmailFixture.NOW, new MessageBytes(16))
        .message();
  }

  private static String randomText(Random random) {
    int[] alphabet = {
      ' ', ' ', 'a', 'B', '.', '=', '?', '"', '\\', ',', '<', '\t', '\r', '\n', 0xe9, 0x20ac,
      0x1f600, 0x430, 0x2028, 0x85, '_', '-', '(', 0x200d
    };
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(200);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(
          random.nextInt(3) == 0 ? 'x' : alphabet[random.nextInt(alphabet.length)]);
    }
    return text.toString();
  }
}
