package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.contract.Channel;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Button;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Ignored;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Membership;
import io.fanfare.dispatch.engagement.telegram.TelegramUpdate.Text;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Says what an update means: something a recipient did with a message, something a person said
 * about being written to, or nothing. Commands count in private chats only, since in a group
 * anybody could stop for all.
 */
final class UpdatePlanner {

  /** Which message an update is about. */
  sealed interface About {

    /** One of this number in the chat. */
    record Message(long chat, long messageId) implements About {}

    /** The newest that was sent to the chat in these times. */
    record Newest(long chat, Instant from, Instant to) implements About {}
  }

  /** What an update becomes. */
  sealed interface Plan {

    /** An event about the message that {@code about} finds; nothing when there is none. */
    record Did(About about, Kind kind, @Nullable String name, @Nullable String queryId)
        implements Plan {}

    /**
     * A signal.
     *
     * @param token with {@code LINKED}: what says for which contact
     */
    record Said(ContactSignal.Kind kind, long chat, @Nullable String token) implements Plan {}

    /** Nothing, for the reason named. */
    record Nothing(String why) implements Plan {}
  }

  private UpdatePlanner() {}

  /**
   * What an update becomes.
   *
   * @param at when it was made, or came
   * @param plainReply how long after a message what its chat writes is taken for an answer to it
   */
  static Plan plan(TelegramUpdate update, Instant at, Duration plainReply) {
    return switch (update) {
      case Ignored ignored -> new Plan.Nothing(ignored.why().name().toLowerCase(Locale.ROOT));
      case Button button ->
          new Plan.Did(
              new About.Message(button.chat(), button.messageId()),
              Kind.BUTTON,
              button.data(),
              button.queryId());
      case Membership membership ->
          membership.shutOut() && membership.privateChat()
              ? new Plan.Said(ContactSignal.Kind.BLOCKED, membership.chat(), null)
              : new Plan.Nothing("other");
      case Text text -> said(text, at, plainReply);
    };
  }

  private static Plan said(Text text, Instant at, Duration plainReply) {
    if (text.text().startsWith("/")) {
      return text.privateChat() ? command(text) : new Plan.Nothing("command");
    }
    Long repliesTo = text.repliesTo();
    if (repliesTo != null) {
      return new Plan.Did(new About.Message(text.chat(), repliesTo), Kind.REPLIED, null, null);
    }
    if (!text.privateChat()) {
      return new Plan.Nothing("group_talk");
    }
    // What was sent within the second in which it was written is older than it looks.
    return new Plan.Did(
        new About.Newest(text.chat(), at.minus(plainReply), at.plusSeconds(1)),
        Kind.REPLIED,
        null,
        null);
  }

  private static Plan command(Text text) {
    String[] words = text.text().strip().split("\\s+", 3);
    return switch (commandOf(text)) {
      case "/start" ->
          words.length > 1
              ? new Plan.Said(ContactSignal.Kind.LINKED, text.chat(), words[1])
              : new Plan.Said(ContactSignal.Kind.STARTED, text.chat(), null);
      case "/stop" -> new Plan.Said(ContactSignal.Kind.STOPPED, text.chat(), null);
      default -> new Plan.Nothing("command");
    };
  }

  /** The command a text begins with, such as {@code /start}; empty when it is none. */
  static String commandOf(Text text) {
    return text.text().startsWith("/")
        ? text.text().split("\\s", 2)[0].replaceFirst("@.*", "").toLowerCase(Locale.ROOT)
        : "";
  }

  /** The event of a recipient's deed; the same for a repeat of the update. */
  static EngagementEvent event(
      String bot, long updateId, Plan.Did did, ChatMessage message, Instant at) {
    return new EngagementEvent(
        idOf(bot, updateId),
        did.kind(),
        message.tenantId(),
        message.broadcastId(),
        message.contactId(),
        Channel.TELEGRAM,
        message.variant(),
        null,
        null,
        did.name(),
        null,
        at,
        message.sentAt(),
        null,
        null,
        message.segment());
  }

  /** The id of what an update becomes. */
  static UUID idOf(String bot, long updateId) {
    return UUID.nameUUIDFromBytes(
        ("telegram:" + bot + ":" + updateId).getBytes(StandardCharsets.UTF_8));
  }
}
