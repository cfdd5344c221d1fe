package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Button;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Ignored;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Membership;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Text;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Why;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what the Bot API says (core.telegram.org/bots/api#update). Whatever a host sends, an update
 * with a number becomes something, so that it is never asked for a second time.
 */
final class UpdateParser {

  /** Deeper JSON than this is not read; an update has about ten levels. */
  static final int MOST_DEPTH = 100;

  /** Longest text of a message, data of a button; Telegram's own bounds are 4,096 and 64. */
  static final int MOST_TEXT = 4_096;

  static final int MOST_DATA = 256;

  /** Telegram keeps updates for a day; a time further from now is none. */
  private static final Duration OLDEST = Duration.ofHours(25);

  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

  private static final long MOST_ID = 1L << 52;
  private static final int MOST_QUERY_ID = 64;
  private static final Pattern UPDATE_ID =
      Pattern.compile("\"update_id\"\\s*:\\s*([0-9]{1,15})\\b");
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build())
                  .build())
          .build();

  /** What makes a message one that somebody wrote; others tell of the chat. */
  private static final Set<String> WRITTEN =
      Set.of(
          "text",
          "caption",
          "photo",
          "sticker",
          "voice",
          "video",
          "video_note",
          "audio",
          "document",
          "animation",
          "contact",
          "location",
          "venue",
          "poll",
          "dice",
          "story");

  /**
   * An answer to {@code getUpdates}.
   *
   * @param updates those with a number, in the order they came
   * @param next the number from which to ask on; 0 when there was none
   * @param numberless elements without one; they can be neither kept nor skipped
   */
  record Page(List<TelegramUpdate> updates, long next, int numberless) {}

  /** The answer is no JSON, too deep, or not what the method answers. */
  static final class Unreadable extends Exception {

    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  private UpdateParser() {}

  /** Reads the answer to {@code getUpdates}. */
  static Page page(byte[] body, Instant now) throws Unreadable {
    JsonNode said;
    try {
      said = JSON.readTree(body);
    } catch (JacksonException e) {
      throw new Unreadable("the answer is not JSON of a sensible depth");
    }
    JsonNode result = said.path("result");
    if (!said.path("ok").isBoolean() || !said.path("ok").booleanValue() || !result.isArray()) {
      throw new Unreadable("the answer holds no updates");
    }
    List<TelegramUpdate> updates = new ArrayList<>(result.size());
    long next = 0;
    for (JsonNode each : result) {
      Long number = idOf(each);
      if (number != null) {
        updates.add(update(number, each, now));
        next = Math.max(next, number + 1);
      }
    }
    return new Page(List.copyOf(updates), next, result.size() - updates.size());
  }

  /** Reads one update, as it comes to a webhook; nothing when it has no number. */
  static @Nullable TelegramUpdate single(byte[] body, Instant now) {
    try {
      JsonNode said = JSON.readTree(body);
      Long number = idOf(said);
      return number == null ? null : update(number, said, now);
    } catch (JacksonException e) {
      OptionalLong number = firstNumber(body);
      return number.isPresent() ? new Ignored(number.getAsLong(), Why.MALFORMED) : null;
    }
  }

  /** The first number of an update in a text that cannot be read as a whole. */
  static OptionalLong firstNumber(byte[] body) {
    Matcher found = UPDATE_ID.matcher(new String(body, StandardCharsets.ISO_8859_1));
    return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
  }

  private static @Nullable Long idOf(JsonNode update) {
    Long number = whole(update.path("update_id"));
    return number == null || number < 0 || number > MOST_ID ? null : number;
  }

  private static TelegramUpdate update(long number, JsonNode update, Instant now) {
    TelegramUpdate read = null;
    if (update.path("message").isObject()) {
      read = message(number, update.get("message"), now);
    } else if (update.path("callback_query").isObject()) {
      read = button(number, update.get("callback_query"));
    } else if (update.path("my_chat_member").isObject()) {
      read = membership(number, update.get("my_chat_member"), now);
    } else if (!update.has("message")
        && !update.has("callback_query")
        && !update.has("my_chat_member")) {
      read = new Ignored(number, Why.OTHER);
    }
    return read == null ? new Ignored(number, Why.MALFORMED) : read;
  }

  private static @Nullable TelegramUpdate message(long number, JsonNode message, Instant now) {
    Long chat = whole(message.path("chat").path("id"));
    if (chat == null || whole(message.path("message_id")) == null) {
      return null;
    }
    JsonNode from = message.path("from");
    if (!from.isObject() || from.path("is_bot").asBoolean(false)) {
      return new Ignored(number, Why.NOT_A_PERSON);
    }
    if (WRITTEN.stream().noneMatch(message::has)) {
      return new Ignored(number, Why.OTHER);
    }
    return new Text(
        number,
        chat,
        isPrivate(message.path("chat")),
        text(message.path(message.has("text") ? "text" : "caption"), MOST_TEXT),
        repliesTo(message.path("reply_to_message"), chat),
        time(message.path("date"), now));
  }

  private static @Nullable Long repliesTo(JsonNode answered, long chat) {
    JsonNode itsChat = answered.path("chat").path("id");
    return itsChat.isMissingNode() || Long.valueOf(chat).equals(whole(itsChat))
        ? whole(answered.path("message_id"))
        : null;
  }

  private static @Nullable TelegramUpdate button(long number, JsonNode query) {
    JsonNode message = query.path("message");
    Long chat = whole(message.path("chat").path("id"));
    Long messageId = whole(message.path("message_id"));
    String queryId = text(query.path("id"), MOST_QUERY_ID);
    if (!query.has("message") || !query.has("data")) {
      // A button of an inline message or of a game: of none that is sent here.
      return new Ignored(number, Why.OTHER);
    }
    if (chat == null || messageId == null || queryId.isEmpty() || !query.path("data").isString()) {
      return null;
    }
    if (!offers(message.path("reply_markup").path("inline_keyboard"), query.get("data"))) {
      return new Ignored(number, Why.NOT_OFFERED);
    }
    return new Button(number, queryId, chat, messageId, text(query.path("data"), MOST_DATA));
  }

  /**
   * Whether a message has a button with the data: a person's program may say it pressed another.
   * Telegram leaves the keyboard out where it no longer knows the message.
   */
  private static boolean offers(JsonNode keyboard, JsonNode data) {
    return keyboard.isEmpty()
        || keyboard
            .valueStream()
            .flatMap(JsonNode::valueStream)
            .anyMatch(button -> button.path("callback_data").equals(data));
  }

  private static @Nullable TelegramUpdate membership(long number, JsonNode change, Instant now) {
    Long chat = whole(change.path("chat").path("id"));
    String status = text(change.path("new_chat_member").path("status"), MOST_QUERY_ID);
    if (chat == null || status.isEmpty()) {
      return null;
    }
    return new Membership(
        number,
        chat,
        isPrivate(change.path("chat")),
        status.equals("kicked") || status.equals("left"),
        time(change.path("date"), now));
  }

  private static boolean isPrivate(JsonNode chat) {
    return "private".equals(chat.path("type").asString(""));
  }

  /** A whole number of at most 64 bits, and nothing that could be made one. */
  private static @Nullable Long whole(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
  }

  /** Without what a database cannot hold; empty when it is no text. */
  private static String text(JsonNode node, int most) {
    String text = node.isString() ? node.stringValue() : "";
    int end = text.offsetByCodePoints(0, Math.min(most, text.codePointCount(0, text.length())));
    return text.substring(0, end).replace('\0', ' ');
  }

  private static @Nullable Instant time(JsonNode node, Instant now) {
    Long seconds = whole(node);
    if (seconds == null
        || seconds < now.minus(OLDEST).getEpochSecond()
        || seconds > now.plus(CLOCKS_DIFFER).getEpochSecond()) {
      return null;
    }
    return Instant.ofEpochSecond(seconds);
  }
}
