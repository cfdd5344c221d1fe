package io.fanfare.localstack.simulator.mailbox;

import io.fanfare.localstack.simulator.log.AcceptedMessage;
import io.fanfare.localstack.simulator.mailbox.MessageView.Attachment;
import io.fanfare.localstack.simulator.mailbox.MessageView.HeaderLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.jspecify.annotations.Nullable;

/**
 * Takes an e-mail apart: decoded headers, first text and HTML part, attachments; images named by
 * cid become data URLs.
 */
final class MailReader {

  private static final int INLINE_IMAGE_MOST = 1 << 20;

  private final Message message;
  private final List<Attachment> attachments = new ArrayList<>();
  private final Map<String, String> inlineImages = new HashMap<>();
  private @Nullable String text;
  private @Nullable String html;

  private MailReader(Message message) {
    this.message = message;
  }

  static MailReader read(AcceptedMessage accepted) {
    try {
      var builder = new DefaultMessageBuilder();
      builder.setMimeEntityConfig(MimeConfig.PERMISSIVE);
      var reader =
          new MailReader(builder.parseMessage(new ByteArrayInputStream(accepted.content())));
      reader.visit(reader.message);
      return reader;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void visit(Entity entity) throws IOException {
    switch (entity.getBody()) {
      case Multipart parts -> {
        for (var part : parts.getBodyParts()) {
          visit(part);
        }
      }
      case SingleBody body -> single(entity, body);
      case null, default -> attachments.add(new Attachment("message", entity.getMimeType(), 0));
    }
  }

  private void single(Entity entity, SingleBody body) throws IOException {
    var bytes = bytes(body);
    var type = entity.getMimeType();
    boolean attached = "attachment".equalsIgnoreCase(entity.getDispositionType());
    if (!attached && type.equals("text/plain") && text == null) {
      text = new String(bytes, charset(entity));
    } else if (!attached && type.equals("text/html") && html == null) {
      html = new String(bytes, charset(entity));
    } else {
      var name = entity.getFilename();
      attachments.add(new Attachment(name == null ? "unnamed" : name, type, bytes.length));
      inlineImage(entity, type, bytes);
    }
  }

  private void inlineImage(Entity entity, String type, byte[] bytes) {
    var id = entity.getHeader().getField("Content-ID");
    if (id != null && type.startsWith("image/") && bytes.length <= INLINE_IMAGE_MOST) {
      inlineImages.put(
          id.getBody().trim().replaceAll("^<|>$", ""),
          "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes));
    }
  }

  private static byte[] bytes(SingleBody body) throws IOException {
    try (InputStream in = body.getInputStream()) {
      return in.readAllBytes();
    }
  }

  private static Charset charset(Entity entity) {
    try {
      var name = entity.getCharset();
      return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    } catch (IllegalArgumentException e) {
      return StandardCharsets.UTF_8;
    }
  }

  String subject() {
    var field = message.getHeader().getField("Subject");
    return field == null ? "" : decoded(field.getBody());
  }

  List<HeaderLine> headers() {
    return message.getHeader().getFields().stream()
        .map(field -> new HeaderLine(field.getName(), decoded(field.getBody())))
        .toList();
  }

  private static String decoded(String raw) {
    return DecoderUtil.decodeEncodedWords(
            raw.replaceAll("\\r?\\n(?=[ \\t])", ""), DecodeMonitor.SILENT)
        .trim();
  }

  @Nullable String text() {
    return text;
  }

  @Nullable String html() {
    if (html == null) {
      return null;
    }
    var shown = html;
    for (var image : inlineImages.entrySet()) {
      shown = shown.replace("cid:" + image.getKey(), image.getValue());
    }
    return shown;
  }

  List<Attachment> attachments() {
    return attachments;
  }
}
