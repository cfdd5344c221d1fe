package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.dispatch.channel.telegram.TelegramApi;
import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.fanfare.dispatch.engagement.telegram.PollPolicy.Progress;
import io.fanfare.dispatch.engagement.telegram.PollPolicy.Step;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks for the updates of one bot, or has them brought, for as long as the lease is ours. An update
 * is confirmed to Telegram only by asking for the next one, once the broker has what became of it;
 * a page that an earlier poller did not confirm comes again and becomes the same events.
 */
final class BotPoller implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(BotPoller.class);
  private static final Duration LEASE_LOOK = Duration.ofMillis(200);
  private static final Duration WEBHOOK_LOOK = Duration.ofSeconds(1);
  private static final int TRIES_OF_A_BUG = 3;

  private final PollLease lease;
  private final TelegramApi api;
  private final UpdateIntake intake;
  private final Webhooks webhooks;
  private final TelegramUpdateSettings settings;
  private final UpdateMetrics metrics;
  private final Clock clock;
  private volatile Bot bot;
  private volatile boolean failing;
  private long webhookOf = -1;
  private int webhookFailures;

  BotPoller(
      Bot bot,
      PollLease lease,
      TelegramApi api,
      UpdateIntake intake,
      Webhooks webhooks,
      TelegramUpdateSettings settings,
      UpdateMetrics metrics,
      Clock clock) {
    this.bot = bot;
    this.lease = lease;
    this.api = api;
    this.intake = intake;
    this.webhooks = webhooks;
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** The bot's accounts as they are now. */
  void know(Bot now) {
    bot = now;
  }

  PollLease lease() {
    return lease;
  }

  /** Its last try was in vain. */
  boolean isFailing() {
    return failing;
  }

  @Override
  public void run() {
    try {
      Progress progress = Progress.START;
      while (!lease.isLost()) {
        if (!lease.mayAsk(System.nanoTime())) {
          Thread.sleep(LEASE_LOOK);
        } else if (Bots.Updates.of(bot.account()) == Bots.Updates.WEBHOOK) {
          keepWebhook();
          progress = Progress.START;
        } else {
          webhookOf = -1;
          progress = ask(progress);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Once for each version of the account. */
  private void keepWebhook() throws InterruptedException {
    Bot asked = bot;
    if (webhookOf == asked.account().version()) {
      Thread.sleep(WEBHOOK_LOOK);
      return;
    }
    if (webhooks.set(asked) instanceof TelegramApi.Answer.Done) {
      webhookOf = asked.account().version();
      webhookFailures = 0;
      recovered(asked);
    } else {
      failed(asked, "webhook_refused", "Telegram does not take the address");
      Thread.sleep(PollPolicy.backOff(webhookFailures++, settings.mostBackOff()));
    }
  }

  private Progress ask(Progress progress) throws InterruptedException {
    Bot asked = bot;
    TelegramApi.Answer answer =
        api.call(asked.account(), "getUpdates", parameters(progress), settings.longestCall());
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Step step = PollPolicy.next(progress, answer, clock.instant(), settings.mostBackOff());
    switch (step) {
      case Step.Take take -> {
        recovered(asked);
        take(asked, take.updates());
      }
      case Step.Narrow narrow -> metrics.failure("unreadable");
      case Step.Wait wait -> {
        failed(asked, wait.cause(), String.valueOf(wait.detail()));
        if (wait.webhook()) {
          webhooks.endIfOurs(asked);
        }
        Thread.sleep(wait.pause());
      }
    }
    return step.after();
  }

  private ObjectNode parameters(Progress progress) {
    ObjectNode parameters =
        JsonNodeFactory.instance
            .objectNode()
            .put("timeout", settings.poll().toSeconds())
            .put("limit", progress.limit());
    if (progress.offset() > 0) {
      parameters.put("offset", progress.offset());
    }
    parameters.set("allowed_updates", allowedUpdates());
    return parameters;
  }

  /** The kinds of updates that mean something here. */
  static ArrayNode allowedUpdates() {
    return JsonNodeFactory.instance
        .arrayNode()
        .add("message")
        .add("callback_query")
        .add("my_chat_member");
  }

  /** Returns when the updates are with the broker, or can never be. */
  private void take(Bot asked, List<TelegramUpdate> updates) throws InterruptedException {
    int failures = 0;
    int bugs = 0;
    while (!updates.isEmpty()) {
      try {
        intake.take(asked, updates);
        recovered(asked);
        return;
      } catch (EngagementPublisher.NotConfirmed e) {
        failed(asked, "not_published", String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        if (isBug(e) && ++bugs == TRIES_OF_A_BUG) {
          giveUp(asked, updates, e);
          return;
        }
        failed(asked, "not_taken", e.getClass().getSimpleName());
      }
      Thread.sleep(PollPolicy.backOff(failures++, settings.mostBackOff()));
    }
  }

  /** One by one, so that only what cannot be taken in is passed over. */
  private void giveUp(Bot asked, List<TelegramUpdate> updates, RuntimeException bug)
      throws InterruptedException {
    if (updates.size() > 1) {
      for (TelegramUpdate each : updates) {
        take(asked, List.of(each));
      }
    } else {
      LOG.error("An update of the bot of {} is passed over", asked.id(), bug);
      metrics.update("failed");
    }
  }

  /** What trying again will not mend; anything else is the database or the broker. */
  static boolean isBug(RuntimeException e) {
    return e instanceof DataIntegrityViolationException
        || e instanceof InvalidDataAccessResourceUsageException
        || e.getClass().getPackageName().startsWith("java.");
  }

  private void failed(Bot asked, String cause, String detail) {
    metrics.failure(cause);
    if (!failing) {
      failing = true;
      LOG.warn("Updates of the bot of {} do not come: {}: {}", asked.id(), cause, detail);
    }
  }

  private void recovered(Bot asked) {
    if (failing) {
      failing = false;
      LOG.info("Updates of the bot of {} come again", asked.id());
    }
  }
}
