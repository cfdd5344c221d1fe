package io.fanfare.localstack.simulator.mailbox;

import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.log.AcceptedMessage;
import io.fanfare.localstack.simulator.mailbox.MessageView.Button;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Turns what the providers took into what the mailbox shows. */
final class Views {

  private static final int PREVIEW_CHARACTERS = 120;
  private static final int LINKS_MOST = 100;
  private static final Pattern HREF =
      Pattern.compile("(?i)href\\s*=\\s*[\"'](https?://[^\"'\\s]+)");
  private static final Pattern URL = Pattern.compile("https?://[^\\s<>\"')]+");
  private static final List<String> MEDIA =
      List.of("photo", "video", "document", "animation", "audio");

  private Views() {}

  static MessageSummary summary(AcceptedMessage message) {
    return switch (message.channel()) {
      case EMAIL -> summary(message, MailReader.read(message).subject());
      case TELEGRAM -> summary(message, preview(telegramText(parameters(message))));
    };
  }

  static MessageView view(AcceptedMessage message) {
    return switch (message.channel()) {
      case EMAIL -> mail(message);
      case TELEGRAM -> telegram(message);
    };
  }

  /** The HTML part, or null. */
  static @Nullable String html(AcceptedMessage message) {
    return message.channel() == Channel.EMAIL ? MailReader.read(message).html() : null;
  }

  private static MessageView mail(AcceptedMessage message) {
    var mail = MailReader.read(message);
    var html = mail.html();
    var text = mail.text();
    var links = html != null ? find(HREF, 1, html) : find(URL, 0, text == null ? "" : text);
    return new MessageView(
        summary(message, mail.subject()),
        mail.headers(),
        text,
        html,
        null,
        null,
        links.map(link -> link.replace("&amp;", "&")).distinct().limit(LINKS_MOST).toList(),
        List.of(),
        mail.attachments(),
        null);
  }

  private static MessageView telegram(AcceptedMessage message) {
    var parameters = parameters(message);
    var text = telegramText(parameters);
    var media =
        MEDIA.stream()
            .map(name -> parameters.path(name).asString(""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse(null);
    var mode = parameters.path("parse_mode").asString("");
    return new MessageView(
        summary(message, preview(text)),
        List.of(new MessageView.HeaderLine("method", message.kind())),
        text,
        null,
        mode.isEmpty() ? null : mode,
        media,
        find(URL, 0, text).distinct().limit(LINKS_MOST).toList(),
        buttons(parameters.path("reply_markup").path("inline_keyboard")),
        List.of(),
        mediaFile(parameters.path("media_file")));
  }

  private static MessageView.@Nullable MediaFile mediaFile(JsonNode file) {
    return file.isMissingNode()
        ? null
        : new MessageView.MediaFile(
            file.path("name").asString(""),
            file.path("type").asString(""),
            "/simulator/files/" + file.path("id").asString());
  }

  private static List<List<Button>> buttons(JsonNode keyboard) {
    var rows = new ArrayList<List<Button>>();
    for (var row : keyboard) {
      var buttons = new ArrayList<Button>();
      for (var button : row) {
        buttons.add(
            new Button(
                button.path("text").asString(""),
                button.path("url").asString(null),
                button.path("callback_data").asString(null)));
      }
      rows.add(buttons);
    }
    return rows;
  }

  private static MessageSummary summary(AcceptedMessage message, String subject) {
    return new MessageSummary(
        message.id(),
        message.channel().label(),
        message.address(),
        message.sender(),
        subject,
        message.marker(),
        message.acceptedAt(),
        message.content().length);
  }

  private static JsonNode parameters(AcceptedMessage message) {
    return JsonMapper.shared().readTree(message.content());
  }

  private static String telegramText(JsonNode parameters) {
    var text = parameters.path("text").asString("");
    return text.isEmpty() ? parameters.path("caption").asString("") : text;
  }

  private static String preview(String text) {
    var line = text.strip().lines().findFirst().orElse("");
    return line.length() <= PREVIEW_CHARACTERS ? line : line.substring(0, PREVIEW_CHARACTERS) + "…";
  }

  private static Stream<String> find(Pattern pattern, int group, String text) {
    return pattern.matcher(text).results().map(match -> match.group(group));
  }
}
