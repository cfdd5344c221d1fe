package io.fanfare.localstack.simulator.telegram;

import io.fanfare.localstack.simulator.log.KeptFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.james.mime4j.dom.BinaryBody;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.dom.TextBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the parameters of a method in the four forms that the Bot API takes: query, JSON, form and
 * multipart.
 */
final class BotParameters {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Follows the name of a parameter that is a file, and names the id it got. */
  static final String FILE_ID = "_file_id";

  private BotParameters() {}

  /** Empty when the body is not what its type says. */
  static Optional<ObjectNode> read(
      HttpConversation.Request request, String query, KeptFiles files) {
    var parameters = JSON.createObjectNode();
    try {
      form(query, parameters);
      if (request.body().length > 0) {
        var type = request.header("content-type");
        var plain = type.toLowerCase(Locale.ROOT);
        if (plain.startsWith("multipart/form-data")) {
          multipart(type, request.body(), parameters, files);
        } else if (plain.startsWith("application/x-www-form-urlencoded")) {
          form(new String(request.body(), StandardCharsets.UTF_8), parameters);
        } else {
          parameters.setAll((ObjectNode) JSON.readTree(request.body()));
        }
      }
      return Optional.of(parameters);
    } catch (JacksonException | ClassCastException | IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void form(String text, ObjectNode parameters) {
    for (var pair : text.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        put(
            parameters,
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
  }

  private static void multipart(String type, byte[] body, ObjectNode parameters, KeptFiles files)
      throws IOException {
    var head = ("Content-Type: " + type + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    var stream =
        new SequenceInputStream(new ByteArrayInputStream(head), new ByteArrayInputStream(body));
    if (new DefaultMessageBuilder().parseMessage(stream).getBody() instanceof Multipart parts) {
      for (var part : parts.getBodyParts()) {
        field(part, parameters, files);
      }
    }
  }

  private static void field(Entity part, ObjectNode parameters, KeptFiles files)
      throws IOException {
    var disposition = part.getHeader().getField("Content-Disposition");
    var name = disposition == null ? "" : attribute(disposition.getBody(), "name");
    if (name.isEmpty()) {
      return;
    }
    var file = disposition == null ? "" : attribute(disposition.getBody(), "filename");
    if (!file.isEmpty()) {
      put(parameters, name, "file:" + file);
      if (part.getBody() instanceof SingleBody body) {
        put(
            parameters,
            name + FILE_ID,
            files.keep(file, body.getInputStream().readAllBytes()).id());
      }
    } else if (part.getBody() instanceof TextBody text) {
      put(
          parameters,
          name,
          new String(text.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } else if (part.getBody() instanceof BinaryBody binary) {
      put(
          parameters,
          name,
          new String(binary.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static String attribute(String header, String name) {
    var matcher = Pattern.compile("[;\\s]" + name + "=\"([^\"]*)\"").matcher(header);
    return matcher.find() ? matcher.group(1) : "";
  }

  /** Values that are objects in JSON arrive as text in the other forms. */
  private static void put(ObjectNode parameters, String name, String value) {
    if (name.equals("reply_markup") && value.startsWith("{")) {
      parameters.set(name, JSON.readTree(value));
    } else {
      parameters.put(name, value);
    }
  }
}
