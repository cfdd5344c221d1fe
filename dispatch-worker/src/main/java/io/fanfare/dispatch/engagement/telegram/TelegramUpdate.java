package io.fanfare.dispatch.engagement.telegram;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an update says, as far as it matters here. */
sealed interface TelegramUpdate {

  /** The update's number, unique for its bot. */
  long updateId();

  /**
   * A person wrote a message.
   *
   * @param chat the chat
   * @param privateChat a chat with one person, not a group
   * @param text empty for a picture and the like
   * @param repliesTo the message of the same chat it answers
   * @param at by Telegram's clock, to the second; null when that makes no sense
   */
  record Text(
      long updateId,
      long chat,
      boolean privateChat,
      String text,
      @Nullable Long repliesTo,
      @Nullable Instant at)
      implements TelegramUpdate {}

  /**
   * A person pressed a button of a message.
   *
   * @param queryId what an answer has to name
   * @param data as the message had it
   */
  record Button(long updateId, String queryId, long chat, long messageId, String data)
      implements TelegramUpdate {}

  /** The bot was shut out of a chat, or let in again. */
  record Membership(
      long updateId, long chat, boolean privateChat, boolean shutOut, @Nullable Instant at)
      implements TelegramUpdate {}

  /** Nothing that matters, or nothing that makes sense. */
  record Ignored(long updateId, Why why) implements TelegramUpdate {}

  /** Why an update is ignored. */
  enum Why {
    /** A kind that was not asked for, or content nobody wrote. */
    OTHER,
    /** By a bot, in a channel, or a command nobody knows. */
    NOT_A_PERSON,
    /** A button was pressed that the message does not have. */
    NOT_OFFERED,
    /** Fields are missing or of a wrong type. */
    MALFORMED
  }
}
