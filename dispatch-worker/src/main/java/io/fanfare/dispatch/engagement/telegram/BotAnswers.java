package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.dispatch.channel.telegram.TelegramApi;
import io.fanfare.dispatch.channel.telegram.TelegramApi.Answer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Lets bots answer people, apart from what is sent to recipients: one answer of a bot at a time and
 * a second apart, in the room its lanes leave. Nobody waits for it, and what finds no room in time
 * is dropped.
 */
@Component
class BotAnswers implements DisposableBean {

  static final int WAITING_MOST = 8;
  static final int BOTS_MOST = 64;
  static final int CHATS_MOST = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(BotAnswers.class);
  private static final Duration WAIT_MOST = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Longer than a call lasts, so that a turn ends before another one can be taken. */
  private static final Duration TURN_MOST = PATIENCE.plusSeconds(5);

  /** The provider's window and a margin, from the answer on: as a slot of a lane. */
  private static final Duration REST = Duration.ofMillis(1_050);

  private static final Duration REST_MOST = Duration.ofHours(1);
  private static final Duration LOOK = Duration.ofMillis(250);

  private record Waiting(Bot bot, long chat, String text, long sinceNanos) {}

  private final TelegramApi api;
  private final AnswerTurns turns;
  private final UpdateMetrics metrics;
  private final AnsweredChats chats = new AnsweredChats(CHATS_MOST);
  private final Map<String, ArrayDeque<Waiting>> waiting = new HashMap<>();
  private volatile boolean closed;

  BotAnswers(TelegramApi api, AnswerTurns turns, UpdateMetrics metrics) {
    this.api = api;
    this.turns = turns;
    this.metrics = metrics;
  }

  /** Answers a chat if there is room; returns at once. */
  void answer(Bot bot, long chat, String text) {
    if (closed || text.isEmpty() || !api.answers(bot.account())) {
      return;
    }
    long now = System.nanoTime();
    if (!chats.take(bot.id(), chat, now)) {
      metrics.answer("too_soon");
      return;
    }
    synchronized (waiting) {
      ArrayDeque<Waiting> queue = waiting.get(bot.id());
      boolean full = queue == null ? waiting.size() >= BOTS_MOST : queue.size() >= WAITING_MOST;
      if (full) {
        metrics.answer("dropped");
      } else if (queue == null) {
        queue = new ArrayDeque<>();
        queue.add(new Waiting(bot, chat, text, now));
        waiting.put(bot.id(), queue);
        Thread.ofVirtual().name("telegram-answers").start(() -> drain(bot.id()));
      } else {
        queue.add(new Waiting(bot, chat, text, now));
      }
    }
  }

  private void drain(String botId) {
    Waiting next = next(botId);
    while (next != null) {
      try {
        metrics.answer(send(next));
      } catch (RuntimeException e) {
        // Either way the others get theirs.
        if (BotPoller.isBug(e)) {
          LOG.error("An answer of the bot of {} failed", botId, e);
          metrics.answer("failed");
        } else {
          LOG.info("An answer of the bot of {} is dropped: {}", botId, e.toString());
          metrics.answer("dropped");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      next = next(botId);
    }
  }

  private @Nullable Waiting next(String botId) {
    synchronized (waiting) {
      ArrayDeque<Waiting> queue = waiting.get(botId);
      Waiting next = queue == null || closed ? null : queue.poll();
      if (next == null) {
        waiting.remove(botId);
      }
      return next;
    }
  }

  /** What became of it. */
  private String send(Waiting answer) throws InterruptedException {
    String botId = answer.bot().id();
    while (!turns.take(botId, TURN_MOST)) {
      if (closed || System.nanoTime() - answer.sinceNanos() > WAIT_MOST.toNanos()) {
        return "dropped";
      }
      Thread.sleep(LOOK);
    }
    Duration rest = REST;
    try {
      var parameters =
          JsonNodeFactory.instance
              .objectNode()
              .put("chat_id", answer.chat())
              .put("text", answer.text());
      Answer said = api.call(answer.bot().account(), "sendMessage", parameters, PATIENCE);
      rest = restAfter(said);
      return said instanceof Answer.Done ? "sent" : "refused";
    } finally {
      turns.giveBack(botId, rest);
    }
  }

  /** The provider may want to be left alone for longer. */
  private static Duration restAfter(Answer said) {
    Duration wanted = said instanceof Answer.Refused refused ? refused.retryAfter() : null;
    if (wanted == null || wanted.compareTo(REST) < 0) {
      return REST;
    }
    return wanted.compareTo(REST_MOST) < 0 ? wanted : REST_MOST;
  }

  @Override
  public void destroy() {
    closed = true;
  }
}
