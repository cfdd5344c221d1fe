package io.fanfare.localstack.simulator.telegram;

import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.fault.Fate;
import io.fanfare.localstack.simulator.fault.Faults;
import io.fanfare.localstack.simulator.log.KeptFiles.KeptFile;
import io.fanfare.localstack.simulator.log.MarkerKey;
import io.fanfare.localstack.simulator.log.Markers;
import io.fanfare.localstack.simulator.log.ProviderLog;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers the methods of the Bot API that the product uses; error texts are those of the real one.
 */
final class BotMethods {

  private static final Pattern TARGET =
      Pattern.compile("/bot(\\d{1,18}:[A-Za-z0-9_-]{1,100})/([A-Za-z]{1,40})(?:\\?(.*))?");
  private static final Pattern CHAT = Pattern.compile("-?\\d{1,18}|@[A-Za-z0-9_]{1,64}");
  private static final String ATTACHED = "attach://";
  private static final int TEXT_MOST = 4_096;
  private static final int CAPTION_MOST = 1_024;
  private static final int LONG_POLL_MOST_SECONDS = 50;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final TelegramSettings settings;
  private final Faults faults;
  private final ProviderLog log;
  private final Updates updates;
  private final AtomicLong messageIds = new AtomicLong(Numbers.first());

  BotMethods(TelegramSettings settings, Faults faults, ProviderLog log, Updates updates) {
    this.settings = settings;
    this.faults = faults;
    this.log = log;
    this.updates = updates;
  }

  BotAnswer answer(HttpConversation.Request request) {
    var target = TARGET.matcher(request.target());
    if (!target.matches()) {
      return BotAnswer.error(404, "Not Found");
    }
    var token = target.group(1);
    boolean known = settings.tokens().isEmpty() || settings.tokens().contains(token);
    if (!known || faults.plan().refuseCredentials()) {
      return BotAnswer.error(401, "Unauthorized");
    }
    var botId = token.substring(0, token.indexOf(':'));
    var query = target.group(3) == null ? "" : target.group(3);
    var parameters = BotParameters.read(request, query, log.files());
    if (parameters.isEmpty()) {
      return BotAnswer.error(400, "Bad Request: can't parse parameters");
    }
    return call(target.group(2), botId, parameters.get());
  }

  /**
   * Names are taken in any case, as the real API does; the Java library writes them in lower case.
   */
  private BotAnswer call(String method, String botId, ObjectNode parameters) {
    return switch (method.toLowerCase(Locale.ROOT)) {
      case "sendmessage" -> send("sendMessage", "text", botId, parameters);
      case "sendphoto" -> send("sendPhoto", "photo", botId, parameters);
      case "sendvideo" -> send("sendVideo", "video", botId, parameters);
      case "senddocument" -> send("sendDocument", "document", botId, parameters);
      case "sendanimation" -> send("sendAnimation", "animation", botId, parameters);
      case "sendaudio" -> send("sendAudio", "audio", botId, parameters);
      case "getme" -> BotAnswer.ok(bot(botId));
      case "getupdates" -> updates(botId, parameters);
      case "answercallbackquery" -> {
        updates.pressAnswered();
        yield BotAnswer.ok(JSON.booleanNode(true));
      }
      case "setwebhook" -> setWebhook(botId, parameters);
      case "deletewebhook" -> {
        updates.webhook(botId, null);
        yield BotAnswer.ok(JSON.booleanNode(true));
      }
      case "getwebhookinfo" -> {
        var webhook = updates.webhookOf(botId);
        yield BotAnswer.ok(
            JSON.objectNode().put("url", webhook == null ? "" : webhook.url().toString()));
      }
      case "setmycommands", "logout" -> BotAnswer.ok(JSON.booleanNode(true));
      default -> BotAnswer.error(404, "Not Found");
    };
  }

  /** Takes http too, which the real one does not. */
  private BotAnswer setWebhook(String botId, ObjectNode parameters) {
    try {
      var url = URI.create(parameters.path("url").asString(""));
      if (url.getHost() == null) {
        return BotAnswer.error(400, "Bad Request: bad webhook: invalid URL");
      }
      updates.webhook(botId, new Webhook(url, parameters.path("secret_token").asString("")));
      return BotAnswer.ok(JSON.booleanNode(true));
    } catch (IllegalArgumentException e) {
      return BotAnswer.error(400, "Bad Request: bad webhook: invalid URL");
    }
  }

  private BotAnswer updates(String botId, ObjectNode parameters) {
    if (updates.webhookOf(botId) != null) {
      return BotAnswer.error(
          409,
          "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to"
              + " delete the webhook first");
    }
    var found =
        updates.after(
            botId,
            parameters.path("offset").asLong(0),
            parameters.path("limit").asInt(100),
            Math.clamp(parameters.path("timeout").asInt(0), 0, LONG_POLL_MOST_SECONDS));
    return found == null
        ? BotAnswer.error(
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance"
                + " is running")
        : BotAnswer.ok(found);
  }

  private BotAnswer send(String method, String content, String botId, ObjectNode parameters) {
    var chat = parameters.path("chat_id").asString("");
    var complaint = complaint(content, chat, parameters);
    if (!complaint.isEmpty()) {
      return BotAnswer.error(400, "Bad Request: " + complaint);
    }
    var file =
        content.equals("text")
            ? null
            : file(parameters.path(content).asString(""), content, parameters);
    if (file != null) {
      parameters.set(
          "media_file",
          JSON.objectNode().put("id", file.id()).put("name", file.name()).put("type", file.type()));
    } else if (isFileId(content, parameters)) {
      return BotAnswer.error(400, "Bad Request: wrong file identifier/HTTP URL specified");
    }
    var text = text(content, parameters);
    var key = new MarkerKey(Channel.TELEGRAM, new Markers().ofText(text));
    int stall = faults.plan().stalls(chat) ? faults.plan().stallMillis() : 0;
    if (!faults.admits(System.nanoTime())) {
      log.limited(key);
      return BotAnswer.tooManyRequests(Math.max(1, faults.plan().retryAfterSeconds()));
    }
    var fate = updates.isBlocked(botId, chat) ? Fate.REFUSED : faults.nextTry(chat, key.marker());
    log.tried(key, fate);
    long messageId = 0;
    if (fate == Fate.ACCEPTED || fate == Fate.DROPPED_AFTER) {
      messageId = messageIds.incrementAndGet();
      if (log.keepsMessages()) {
        // Before anybody reads it, and presses a button.
        updates.delivered(
            botId, chat, messageId, parameters.path("reply_markup").path("inline_keyboard"));
      }
      var kept =
          log.keepsMessages() ? parameters.toString().getBytes(StandardCharsets.UTF_8) : null;
      log.accept(key, chat, botId, botId, method, kept);
    }
    return answer(fate, content, botId, chat, parameters, messageId).stalled(stall);
  }

  private BotAnswer answer(
      Fate fate, String content, String botId, String chat, ObjectNode parameters, long messageId) {
    return switch (fate) {
      case ACCEPTED -> BotAnswer.ok(message(content, botId, chat, parameters, messageId));
      case REFUSED -> BotAnswer.error(403, "Forbidden: bot was blocked by the user");
      case UNKNOWN -> BotAnswer.error(400, "Bad Request: chat not found");
      case DEFERRED -> BotAnswer.tooManyRequests(Math.max(1, faults.plan().retryAfterSeconds()));
      case FAILED -> BotAnswer.error(502, "Bad Gateway");
      case DROPPED_BEFORE, DROPPED_AFTER -> BotAnswer.DROPPED;
    };
  }

  /** The file that is sent: one of the request, or one a bot uploaded before. */
  private @Nullable KeptFile file(String value, String content, ObjectNode parameters) {
    var part = value.startsWith(ATTACHED) ? value.substring(ATTACHED.length()) : content;
    var uploaded = parameters.path(part + BotParameters.FILE_ID).asString("");
    return log.files().find(uploaded.isEmpty() ? value : uploaded).orElse(null);
  }

  /** Neither a file of the request nor a URL, which is taken as it is and not fetched. */
  private static boolean isFileId(String content, ObjectNode parameters) {
    var value = parameters.path(content).asString("");
    return !content.equals("text")
        && !value.startsWith("file:")
        && !value.startsWith(ATTACHED)
        && !value.startsWith("http://")
        && !value.startsWith("https://");
  }

  /** What is wrong with the call, in the words of the real API; empty when nothing is. */
  private static String complaint(String content, String chat, ObjectNode parameters) {
    if (chat.isEmpty()) {
      return "chat_id is empty";
    }
    if (!CHAT.matcher(chat).matches()) {
      return "chat not found";
    }
    var text = text(content, parameters);
    if (content.equals("text")) {
      if (text.isBlank()) {
        return "message text is empty";
      }
      return text.length() > TEXT_MOST ? "message is too long" : "";
    }
    if (parameters.path(content).isMissingNode()) {
      return "there is no " + content + " in the request";
    }
    return text.length() > CAPTION_MOST ? "message caption is too long" : "";
  }

  private static String text(String content, JsonNode parameters) {
    return parameters.path(textField(content)).asString("");
  }

  /** Media carry their text as a caption. */
  private static String textField(String content) {
    return content.equals("text") ? "text" : "caption";
  }

  private static ObjectNode message(
      String content, String botId, String chat, ObjectNode parameters, long messageId) {
    var message = JSON.objectNode();
    message.put("message_id", messageId);
    message.set("from", bot(botId));
    message.set("chat", chat(chat));
    message.put("date", Instant.now().getEpochSecond());
    message.put(textField(content), text(content, parameters));
    if (parameters.has("media_file")) {
      setMedia(message, content, parameters.get("media_file"));
    }
    if (parameters.path("reply_markup").has("inline_keyboard")) {
      message.set("reply_markup", parameters.get("reply_markup"));
    }
    return message;
  }

  private static void setMedia(ObjectNode message, String content, JsonNode file) {
    var media =
        JSON.objectNode()
            .put("file_id", file.path("id").asString())
            .put("file_unique_id", "unique-" + file.path("id").asString())
            .put("file_name", file.path("name").asString())
            .put("width", 1)
            .put("height", 1)
            .put("duration", 1);
    message.set(content, content.equals("photo") ? JSON.arrayNode().add(media) : media);
  }

  static ObjectNode chat(String chat) {
    var node = JSON.objectNode();
    if (chat.startsWith("@")) {
      return node.put("id", -1_000_000_000_000L - (chat.hashCode() & 0xffff))
          .put("type", "channel")
          .put("username", chat.substring(1));
    }
    long id = Long.parseLong(chat);
    return id < 0
        ? node.put("id", id).put("type", "group").put("title", "Group " + chat)
        : node.put("id", id).put("type", "private").put("first_name", "Chat " + chat);
  }

  private static ObjectNode bot(String botId) {
    return JSON.objectNode()
        .put("id", Long.parseLong(botId))
        .put("is_bot", true)
        .put("first_name", "Simulated bot " + botId)
        .put("username", "simulated_" + botId + "_bot")
        .put("can_join_groups", true)
        .put("can_read_all_group_messages", false)
        .put("supports_inline_queries", false);
  }
}
