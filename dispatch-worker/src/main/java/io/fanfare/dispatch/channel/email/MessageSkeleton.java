package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.content.Media;
import io.fanfare.dispatch.channel.ContentRefused;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.simplejavamail.api.email.EmailPopulatingBuilder;
import org.simplejavamail.converter.EmailConverter;
import org.simplejavamail.email.EmailBuilder;

/**
 * A message made once by the mail library and cut where a recipient's own values go. Each value
 * gets a place of its own, never a replacement in text, so nothing a contact typed can reach
 * another part of the message.
 */
final class MessageSkeleton {

  /** What differs between the messages of one content. */
  enum Slot {
    FROM,
    REPLY_TO,
    TO,
    SUBJECT,
    MESSAGE_ID,
    DATE,
    /** Not a value but the whole header field, since not every message has it. */
    LIST_UNSUBSCRIBE,
    TEXT,
    HTML
  }

  /**
   * A slot and the bytes that stand before it.
   *
   * @param column where in its line the slot begins
   */
  record Cut(byte[] before, Slot slot, int column) {}

  /** Writes the value of one slot of one message. */
  @FunctionalInterface
  interface Filler {
    void fill(Slot slot, int column, MessageBytes out);
  }

  private static final String UNSUBSCRIBE = "List-Unsubscribe";
  private static final String LIBRARY_ENCODING = "Content-Transfer-Encoding: quoted-printable\r\n";

  private static final int FILE_TOKEN_BYTES = 30;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final List<Cut> cuts;
  private final byte[] tail;
  private final byte[] files;

  private MessageSkeleton(List<Cut> cuts, byte[] tail, byte[] files) {
    this.cuts = cuts;
    this.tail = tail;
    this.files = files;
  }

  /**
   * Makes the skeleton.
   *
   * @param parts the bodies there are: {@link Slot#TEXT}, {@link Slot#HTML} with the encoding of
   *     each; at least one
   * @param hasReplyTo whether there is a Reply-To
   * @param broadcastId goes into the header {@code X-Fanfare-Broadcast}
   * @param attached the files every message carries; encoded here, once
   * @throws ContentRefused when the library's message is not what was expected
   */
  static MessageSkeleton make(
      Map<Slot, BodyEncoding> parts,
      boolean hasReplyTo,
      UUID broadcastId,
      List<MailFile> attached) {
    Map<Slot, String> tokens = new EnumMap<>(Slot.class);
    for (Slot slot : Slot.values()) {
      boolean wanted =
          switch (slot) {
            case TEXT, HTML -> parts.containsKey(slot);
            case REPLY_TO -> hasReplyTo;
            case FROM, TO, SUBJECT, MESSAGE_ID, DATE, LIST_UNSUBSCRIBE -> true;
          };
      if (wanted) {
        tokens.put(slot, token(slot));
      }
    }
    Map<String, MailFile> files = new LinkedHashMap<>();
    attached.forEach(file -> files.put(fileToken(), file));
    return cut(encodings(serialised(tokens, broadcastId, files), tokens, parts), tokens, files);
  }

  /** Appends one message. */
  void write(MessageBytes out, Filler filler) {
    for (Cut cut : cuts) {
      out.put(cut.before());
      filler.fill(cut.slot(), cut.column(), out);
    }
    out.put(tail);
  }

  /**
   * What follows each message that was written: its files, in whole lines none of which begins with
   * a dot; empty when there are none. Shared, so not to be changed.
   */
  byte[] files() {
    return files;
  }

  /** The same as DKIM hashes it; mostly the very same bytes. */
  byte[] relaxedFiles() {
    MessageBytes relaxed = new MessageBytes(files.length);
    DkimCanonical.body(files, 0, files.length, relaxed);
    byte[] bytes = relaxed.copy();
    return Arrays.equals(bytes, files) ? files : bytes;
  }

  private static String token(Slot slot) {
    String random = "t" + UUID.randomUUID().toString().replace("-", "");
    return switch (slot) {
      case FROM, REPLY_TO, TO -> random + "@fanfare.invalid";
      case MESSAGE_ID -> "<" + random + "@fanfare.invalid>";
      case SUBJECT, DATE, LIST_UNSUBSCRIBE, TEXT, HTML -> random;
    };
  }

  /** Base64 of bytes that are not ASCII, so that the library announces that encoding. */
  private static String fileToken() {
    byte[] random = new byte[FILE_TOKEN_BYTES];
    RANDOM.nextBytes(random);
    for (int i = 0; i < random.length; i++) {
      random[i] |= (byte) 0x80;
    }
    return Base64.getEncoder().encodeToString(random);
  }

  private static String serialised(
      Map<Slot, String> tokens, UUID broadcastId, Map<String, MailFile> files) {
    EmailPopulatingBuilder builder =
        EmailBuilder.startingBlank()
            .ignoringDefaults(true)
            .ignoringOverrides(true)
            .from(valueOf(tokens, Slot.FROM))
            .to(valueOf(tokens, Slot.TO))
            .withSubject(valueOf(tokens, Slot.SUBJECT))
            .fixingMessageId(valueOf(tokens, Slot.MESSAGE_ID));
    if (tokens.containsKey(Slot.REPLY_TO)) {
      builder.withReplyTo(valueOf(tokens, Slot.REPLY_TO));
    }
    if (tokens.containsKey(Slot.TEXT)) {
      builder.withPlainText(valueOf(tokens, Slot.TEXT));
    }
    if (tokens.containsKey(Slot.HTML)) {
      builder.withHTMLText(valueOf(tokens, Slot.HTML));
    }
    files.forEach((token, file) -> {
      Media media = file.media();
      byte[] instead = Base64.getDecoder().decode(token);
      if (media.contentId() == null) {
        builder.withAttachment("file", instead, media.contentType());
      } else {
        builder.withEmbeddedImage("file", instead, media.contentType());
      }
    });
    try {
      MimeMessage message = EmailConverter.emailToMimeMessage(builder.buildEmail());
      message.setHeader("Date", valueOf(tokens, Slot.DATE));
      message.setHeader("X-Fanfare-Broadcast", broadcastId.toString());
      message.setHeader(UNSUBSCRIBE, valueOf(tokens, Slot.LIST_UNSUBSCRIBE));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
      message.writeTo(bytes);
      return bytes.toString(StandardCharsets.ISO_8859_1);
    } catch (MessagingException | IOException impossible) {
      throw new ContentRefused("the mail library could not make the message", impossible);
    }
  }

  private static String valueOf(Map<Slot, String> tokens, Slot slot) {
    String token = tokens.get(slot);
    if (token == null) {
      throw new IllegalArgumentException("no token for " + slot);
    }
    return token;
  }

  /** The same message with each body announced in its own encoding. */
  private static String encodings(
      String message, Map<Slot, String> tokens, Map<Slot, BodyEncoding> parts) {
    String announced = message;
    for (Map.Entry<Slot, BodyEncoding> part : parts.entrySet()) {
      int body = only(announced, valueOf(tokens, part.getKey()));
      int header = announced.lastIndexOf(LIBRARY_ENCODING, body);
      int headerEnd = announced.lastIndexOf("\r\n\r\n", body) + 2;
      if (header < 0
          || header > headerEnd
          || announced.indexOf("\r\n\r\n", header) + 2 != headerEnd) {
        throw new ContentRefused("the mail library did not announce the encoding of a body");
      }
      announced =
          announced.substring(0, header)
              + "Content-Transfer-Encoding: "
              + part.getValue().headerValue()
              + announced.substring(header + LIBRARY_ENCODING.length() - 2);
    }
    return announced;
  }

  private static MessageSkeleton cut(
      String message, Map<Slot, String> tokens, Map<String, MailFile> files) {
    List<Map.Entry<Slot, String>> inOrder = new ArrayList<>(tokens.entrySet());
    inOrder.sort(Comparator.comparingInt(token -> only(message, token.getValue())));
    List<Cut> cuts = new ArrayList<>();
    int from = 0;
    for (Map.Entry<Slot, String> token : inOrder) {
      String value = token.getValue();
      if (token.getKey() == Slot.LIST_UNSUBSCRIBE) {
        value = UNSUBSCRIBE + ": " + value + "\r\n";
        only(message, value);
      }
      int at = message.indexOf(value);
      int lineStart = message.lastIndexOf('\n', at) + 1;
      cuts.add(new Cut(latin1(message.substring(from, at)), token.getKey(), at - lineStart));
      from = at + value.length();
    }
    String rest = message.substring(from);
    if (files.isEmpty()) {
      return new MessageSkeleton(List.copyOf(cuts), latin1(rest), new byte[0]);
    }
    int line = rest.indexOf("\r\n") + 2;
    return new MessageSkeleton(
        List.copyOf(cuts), latin1(rest.substring(0, line)), encoded(rest.substring(line), files));
  }

  /**
   * What follows the last slot, with the files in place of their tokens. Their parts get headers of
   * our own: the library writes names that are not ASCII as they are.
   */
  private static byte[] encoded(String rest, Map<String, MailFile> files) {
    List<Map.Entry<String, MailFile>> inOrder = new ArrayList<>(files.entrySet());
    inOrder.sort(Comparator.comparingInt(file -> only(rest, file.getKey())));
    int size = rest.length();
    for (MailFile file : files.values()) {
      size += file.bytes().length / 3 * 4 + file.bytes().length / 28 + 1_024;
    }
    MessageBytes bytes = new MessageBytes(size);
    int from = 0;
    for (Map.Entry<String, MailFile> file : inOrder) {
      int at = rest.indexOf(file.getKey());
      int headerEnd = rest.lastIndexOf("\r\n\r\n", at);
      int header = rest.indexOf("\r\n", rest.lastIndexOf("\n--", headerEnd)) + 2;
      if (headerEnd + 4 != at || header <= from || header > headerEnd) {
        throw new ContentRefused("the mail library did not make a part of a file");
      }
      bytes.put(latin1(rest.substring(from, header)));
      bytes.ascii(file.getValue().header()).ascii("\r\n");
      bytes.put(Base64.getMimeEncoder().encode(file.getValue().bytes()));
      from = at + file.getKey().length();
    }
    bytes.put(latin1(rest.substring(from)));
    if (rest.startsWith(".") || rest.contains("\n.") || !rest.endsWith("\r\n")) {
      throw new ContentRefused("the mail library made lines that cannot be sent as they are");
    }
    return bytes.copy();
  }

  private static int only(String message, String token) {
    int at = message.indexOf(token);
    if (at < 0 || message.indexOf(token, at + 1) >= 0) {
      throw new ContentRefused("the mail library changed the message it was given");
    }
    return at;
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
