package io.fanfare.dispatch.channel.email;

import io.fanfare.dispatch.channel.ContentRefused;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
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

  private final List<Cut> cuts;
  private final byte[] tail;

  private MessageSkeleton(List<Cut> cuts, byte[] tail) {
    this.cuts = cuts;
    this.tail = tail;
  }

  /**
   * Makes the skeleton.
   *
   * @param parts the bodies there are: {@link Slot#TEXT}, {@link Slot#HTML} with the encoding of
   *     each; at least one
   * @param hasReplyTo whether there is a Reply-To
   * @param broadcastId goes into the header {@code X-Fanfare-Broadcast}
   * @throws ContentRefused when the library's message is not what was expected
   */
  static MessageSkeleton make(Map<Slot, BodyEncoding> parts, boolean hasReplyTo, UUID broadcastId) {
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
    return cut(encodings(serialised(tokens, broadcastId), tokens, parts), tokens);
  }

  /** Appends one message. */
  void write(MessageBytes out, Filler filler) {
    for (Cut cut : cuts) {
      out.put(cut.before());
      filler.fill(cut.slot(), cut.column(), out);
    }
    out.put(tail);
  }

  private static String token(Slot slot) {
    String random = "t" + UUID.randomUUID().toString().replace("-", "");
    return switch (slot) {
      case FROM, REPLY_TO, TO -> random + "@fanfare.invalid";
      case MESSAGE_ID -> "<" + random + "@fanfare.invalid>";
      case SUBJECT, DATE, LIST_UNSUBSCRIBE, TEXT, HTML -> random;
    };
  }

  private static String serialised(Map<Slot, String> tokens, UUID broadcastId) {
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

  private static MessageSkeleton cut(String message, Map<Slot, String> tokens) {
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
    return new MessageSkeleton(List.copyOf(cuts), latin1(message.substring(from)));
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
