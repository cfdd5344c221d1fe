package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Text;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says what a bot answers to an update: only to a person in a private chat, soon, and never to what
 * counts as an answer to a message of ours.
 */
final class AnswerPolicy {

  /** What an answer is about. */
  enum About {
    /** The chat is now that of the contact the link was made for. */
    LINKED,
    STARTED,
    STOPPED,
    SETTINGS,
    HELP,
    UNKNOWN
  }

  /** Later nobody waits for an answer any more. */
  static final Duration LATEST = Duration.ofMinutes(5);

  private AnswerPolicy() {}

  /**
   * What to answer; null for nothing.
   *
   * @param became the kind of the event or signal the update became, or why it became none
   * @param at when the update was made
   */
  static @Nullable About answer(TelegramUpdate update, String became, Instant at, Instant now) {
    if (!(update instanceof Text text) || !text.privateChat() || at.plus(LATEST).isBefore(now)) {
      return null;
    }
    if (became.equals(ContactSignal.Kind.LINKED.id())) {
      return About.LINKED;
    }
    return switch (UpdatePlanner.commandOf(text)) {
      case "/start" -> About.STARTED;
      case "/stop" -> About.STOPPED;
      case "/settings" -> About.SETTINGS;
      case "/help" -> About.HELP;
      case "" -> became.equals(UpdateIntake.UNKNOWN_MESSAGE) ? About.UNKNOWN : null;
      default -> About.UNKNOWN;
    };
  }
}
