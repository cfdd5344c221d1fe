package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.contract.Channel;
import io.fanfare.contract.contact.ContactSignal;
import io.fanfare.contract.engagement.EngagementEvent;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.telegram.TelegramApi;
import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.fanfare.dispatch.engagement.telegram.UpdatePlanner.About;
import io.fanfare.dispatch.engagement.telegram.UpdatePlanner.Plan;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Takes updates in: finds the messages they are about and publishes what they mean. When it returns
 * the broker has all of it; a repeat of an update becomes the same event.
 */
@Component
class UpdateIntake {

  /** A result is written some hundredths of a second after its message arrived. */
  private static final int LOOKS = 3;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
  private static final Duration FRESH = Duration.ofSeconds(30);

  /** What became of an update about a message that nobody knows. */
  static final String UNKNOWN_MESSAGE = "unknown_message";

  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(10);
  private static final int ANSWERS_MOST = 64;

  private final ChatMessages messages;
  private final LinkTokens tokens;
  private final EngagementPublisher publisher;
  private final TelegramApi api;
  private final TelegramUpdateSettings settings;
  private final UpdateMetrics metrics;
  private final Clock clock;
  private final BotAnswers botAnswers;
  private final AnswerTexts texts;
  private final PreferenceLinks preferences;
  private final Semaphore answers = new Semaphore(ANSWERS_MOST);

  UpdateIntake(
      ChatMessages messages,
      LinkTokens tokens,
      EngagementPublisher publisher,
      TelegramApi api,
      TelegramUpdateSettings settings,
      UpdateMetrics metrics,
      Clock clock,
      BotAnswers botAnswers,
      AnswerTexts texts,
      PreferenceLinks preferences) {
    this.messages = messages;
    this.tokens = tokens;
    this.publisher = publisher;
    this.api = api;
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
    this.botAnswers = botAnswers;
    this.texts = texts;
    this.preferences = preferences;
  }

  /**
   * Takes some updates of a bot in, on a virtual thread.
   *
   * @throws EngagementPublisher.NotConfirmed when the broker does not have all of it
   * @throws org.springframework.dao.DataAccessException when the ledger could not be asked
   * @throws InterruptedException when it is to stop
   */
  void take(Bot bot, List<TelegramUpdate> updates) throws InterruptedException {
    Instant now = clock.instant();
    Map<Long, Instant> times = times(bot, updates, now);
    List<Plan> plans = new ArrayList<>(updates.size());
    Map<Integer, About> asked = new HashMap<>();
    for (TelegramUpdate update : updates) {
      Plan plan =
          UpdatePlanner.plan(
              update, times.getOrDefault(update.updateId(), now), settings.plainReply());
      if (plan instanceof Plan.Did did) {
        asked.put(plans.size(), did.about());
      } else if (update instanceof TelegramUpdate.Text text && asksForSettings(text)) {
        asked.put(plans.size(), new About.Newest(text.chat(), Instant.EPOCH, now.plusSeconds(1)));
      }
      plans.add(plan);
    }
    Map<Integer, ChatMessage> found = find(bot, asked, times, updates, now);
    List<EngagementEvent> events = new ArrayList<>();
    List<ContactSignal> signals = new ArrayList<>();
    List<String> became = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      TelegramUpdate update = updates.get(i);
      Instant at = times.getOrDefault(update.updateId(), now);
      switch (plans.get(i)) {
        case Plan.Did did -> {
          ChatMessage message = found.get(i);
          if (message != null) {
            events.add(UpdatePlanner.event(bot.id(), update.updateId(), did, message, at));
          }
          became.add(message == null ? UNKNOWN_MESSAGE : did.kind().id());
        }
        case Plan.Said said -> {
          List<ContactSignal> each = signals(bot, update.updateId(), said, at);
          signals.addAll(each);
          became.add(each.getFirst().kind().id());
        }
        case Plan.Nothing(String why) -> became.add(why);
      }
    }
    publish(events, signals);
    became.forEach(metrics::update);
    for (int i = 0; i < plans.size(); i++) {
      TelegramUpdate update = updates.get(i);
      Instant at = times.getOrDefault(update.updateId(), now);
      answer(bot, update, AnswerPolicy.answer(update, became.get(i), at, now), found.get(i));
    }
    plans.forEach(plan -> {
      if (plan instanceof Plan.Did did && did.queryId() != null) {
        endSpinner(bot, did.queryId());
      }
    });
  }

  private static boolean asksForSettings(TelegramUpdate.Text text) {
    return text.privateChat() && UpdatePlanner.commandOf(text).equals("/settings");
  }

  /**
   * @param newest of the chat, for whoever asks for his settings
   */
  private void answer(
      Bot bot,
      TelegramUpdate update,
      AnswerPolicy.@Nullable About about,
      @Nullable ChatMessage newest) {
    if (about == null || !(update instanceof TelegramUpdate.Text text)) {
      return;
    }
    String answer = texts.of(about);
    if (about == AnswerPolicy.About.SETTINGS && newest != null) {
      answer =
          preferences
              .of(newest.tenantId(), newest.contactId())
              .map(link -> texts.settingsLink().replace(AnswerTexts.LINK, link.toString()))
              .orElse(answer);
    }
    botAnswers.answer(bot, text.chat(), answer);
  }

  /** When each update was made, or came first; of those alone that become something. */
  private Map<Long, Instant> times(Bot bot, List<TelegramUpdate> updates, Instant now) {
    Map<Long, Instant> times = new HashMap<>();
    List<Long> timeless = new ArrayList<>();
    for (TelegramUpdate update : updates) {
      Instant said =
          switch (update) {
            case TelegramUpdate.Text text -> text.at();
            case TelegramUpdate.Membership membership -> membership.at();
            case TelegramUpdate.Button button -> null;
            case TelegramUpdate.Ignored ignored -> now;
          };
      if (said == null) {
        timeless.add(update.updateId());
      } else {
        times.put(update.updateId(), said);
      }
    }
    times.putAll(messages.firstSeen(bot.id(), timeless, now));
    return times;
  }

  private Map<Integer, ChatMessage> find(
      Bot bot,
      Map<Integer, About> asked,
      Map<Long, Instant> times,
      List<TelegramUpdate> updates,
      Instant now)
      throws InterruptedException {
    Map<Integer, ChatMessage> found = new HashMap<>(messages.find(bot.accountIds(), asked));
    Map<Integer, About> missing = new HashMap<>(asked);
    missing.values().removeIf(about -> about instanceof About.Newest);
    missing
        .keySet()
        .removeIf(
            i -> times.getOrDefault(updates.get(i).updateId(), now).isBefore(now.minus(FRESH)));
    for (int look = 1; look < LOOKS; look++) {
      missing.keySet().removeAll(found.keySet());
      if (missing.isEmpty()) {
        break;
      }
      Thread.sleep(BETWEEN_LOOKS);
      found.putAll(messages.find(bot.accountIds(), missing));
    }
    return found;
  }

  /** One for each tenant that has the bot; of a link, for the one that made it. */
  private List<ContactSignal> signals(Bot bot, long updateId, Plan.Said said, Instant at) {
    String token = said.token();
    if (token != null) {
      for (OpenedAccount account : bot.accounts()) {
        OptionalLong contact =
            tokens.verify(token, account.tenantId(), List.of(account.accountId()), at);
        if (contact.isPresent()) {
          return List.of(
              signal(bot, updateId, said.kind(), account, said, contact.getAsLong(), at));
        }
      }
    }
    // Whoever opens a link that is no longer good wants messages all the same.
    ContactSignal.Kind kind =
        said.kind() == ContactSignal.Kind.LINKED ? ContactSignal.Kind.STARTED : said.kind();
    return bot.ofEachTenant().stream()
        .map(account -> signal(bot, updateId, kind, account, said, null, at))
        .toList();
  }

  private static ContactSignal signal(
      Bot bot,
      long updateId,
      ContactSignal.Kind kind,
      OpenedAccount account,
      Plan.Said said,
      @Nullable Long contact,
      Instant at) {
    return new ContactSignal(
        UpdatePlanner.idOf(bot.id() + ":" + account.tenantId(), updateId),
        kind,
        account.tenantId(),
        account.accountId(),
        Channel.TELEGRAM,
        Long.toString(said.chat()),
        contact,
        at);
  }

  private void publish(List<EngagementEvent> events, List<ContactSignal> signals) {
    try {
      var published = publisher.publish(events);
      publisher.publishSignals(signals).join();
      published.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof EngagementPublisher.NotConfirmed notConfirmed) {
        throw notConfirmed;
      }
      throw e;
    }
  }

  /** Telegram's programs show that a press is under way until it is answered; nobody waits here. */
  private void endSpinner(Bot bot, @Nullable String queryId) {
    if (answers.tryAcquire()) {
      Thread.startVirtualThread(() -> {
        try {
          var parameters = JsonNodeFactory.instance.objectNode().put("callback_query_id", queryId);
          api.call(bot.account(), "answerCallbackQuery", parameters, ANSWER_PATIENCE);
        } finally {
          answers.release();
        }
      });
    }
  }
}
