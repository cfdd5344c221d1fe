package io.fanfare.dispatch.channel.telegram;

import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.channel.SendOutcome;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says what a refusal of the Bot API means (core.telegram.org/bots/api#making-requests): its
 * description is the only place that tells a blocked bot from a chat it never knew.
 */
final class TelegramAnswerPolicy {

  /** The Bot API does not know a file by this id any more. */
  static final String FILE_ID_REFUSED = "file_id_refused";

  private TelegramAnswerPolicy() {}

  static SendOutcome refused(TelegramAnswer answer) {
    String words = answer.description().toLowerCase(Locale.ROOT);
    int code = answer.code();
    return switch (code) {
      case 401 -> new SendOutcome.AccountRefused(cause("token_refused", answer));
      // An unknown method has a description of its own kind; sendMessage is always known.
      case 404 -> new SendOutcome.AccountRefused(cause("token_refused", answer));
      case 429 ->
          new SendOutcome.Deferred(
              cause("rate_limited", answer), retryAfter(answer.retryAfterSeconds()), true);
      case 403 -> new SendOutcome.Rejected(cause(forbidden(words), answer));
      case 400 ->
          isFileIdRefused(words)
              ? new SendOutcome.Deferred(cause(FILE_ID_REFUSED, answer), null, false)
              : new SendOutcome.Rejected(cause(badRequest(words), answer));
      default -> {
        if (code >= 500) {
          yield new SendOutcome.Deferred(cause("server_error", answer), null, false);
        }
        if (code >= 400) {
          yield new SendOutcome.Rejected(cause("refused", answer));
        }
        // It said neither yes nor no in words we know, and it had the whole request.
        yield new SendOutcome.Unknown(cause("answer_unreadable", answer));
      }
    };
  }

  private static String forbidden(String words) {
    if (words.contains("blocked")) {
      return "bot_blocked";
    }
    if (words.contains("deactivated")) {
      return "user_deactivated";
    }
    if (words.contains("kicked") || words.contains("not a member")) {
      return "bot_removed";
    }
    return words.contains("initiate conversation") ? "chat_not_started" : "forbidden";
  }

  private static boolean isFileIdRefused(String words) {
    return words.contains("file identifier") || words.contains("file_id");
  }

  private static String badRequest(String words) {
    if (words.contains("chat not found") || words.contains("user not found")) {
      return "chat_not_found";
    }
    if (words.contains("deactivated")) {
      return "user_deactivated";
    }
    return words.contains("message is too long") || words.contains("caption is too long")
        ? "text_too_long"
        : "bad_request";
  }

  private static @Nullable Duration retryAfter(@Nullable Integer seconds) {
    return seconds == null ? null : Duration.ofSeconds(Math.clamp(seconds, 1, 86_400));
  }

  private static Cause cause(String code, TelegramAnswer answer) {
    String words = answer.description().isBlank() ? "no description" : answer.description();
    return new Cause(code, words, Integer.toString(answer.code()));
  }
}
