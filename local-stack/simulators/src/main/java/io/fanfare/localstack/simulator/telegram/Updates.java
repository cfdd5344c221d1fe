package io.fanfare.localstack.simulator.telegram;

import io.fanfare.localstack.simulator.recipient.Recipients;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What people sent to bots, kept until the bot confirms it by asking for a later one, as the Bot
 * API does; at most {@value #UNREAD_MOST} a bot.
 */
public final class Updates implements Recipients.Replies {

  static final int UNREAD_MOST = 10_000;

  private static final int ANSWER_MOST = 100;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, ArrayDeque<ObjectNode>> unread = new HashMap<>();
  private long ids = 100_000;
  private boolean closed;

  /** A text message of a chat to a bot. */
  @Override
  public boolean reply(String botId, String chat, String text) {
    var message = JSON.objectNode();
    message.put("date", Instant.now().getEpochSecond());
    message.set("from", person(chat));
    message.set("chat", BotMethods.chat(chat));
    message.put("text", text);
    return add(botId, "message", message, "message_id");
  }

  /** A chat presses a button with data. */
  public boolean press(String botId, String chat, String data) {
    var query = JSON.objectNode();
    query.set("from", person(chat));
    var message = JSON.objectNode();
    message.put("message_id", 1);
    message.put("date", Instant.now().getEpochSecond());
    message.set("chat", BotMethods.chat(chat));
    query.set("message", message);
    query.put("chat_instance", chat);
    query.put("data", data);
    return add(botId, "callback_query", query, "id");
  }

  private synchronized boolean add(String botId, String kind, ObjectNode content, String idName) {
    var queue = unread.computeIfAbsent(botId, any -> new ArrayDeque<>());
    if (queue.size() >= UNREAD_MOST) {
      return false;
    }
    long id = ++ids;
    if (idName.equals("id")) {
      content.put(idName, Long.toString(id));
    } else {
      content.put(idName, id);
    }
    var update = JSON.objectNode().put("update_id", id);
    update.set(kind, content);
    queue.add(update);
    notifyAll();
    return true;
  }

  /**
   * Forgets what comes before the offset and answers what comes from it on; waits for something
   * when there is nothing.
   */
  synchronized ArrayNode after(String botId, long offset, int limit, int waitSeconds) {
    long end = System.nanoTime() + waitSeconds * 1_000_000_000L;
    var answer = JSON.arrayNode();
    try {
      while (true) {
        var queue = unread.getOrDefault(botId, new ArrayDeque<>());
        queue.removeIf(update -> update.path("update_id").asLong() < offset);
        Iterator<ObjectNode> each = queue.iterator();
        while (each.hasNext() && answer.size() < Math.clamp(limit, 1, ANSWER_MOST)) {
          answer.add(each.next());
        }
        long millis = (end - System.nanoTime()) / 1_000_000L;
        if (!answer.isEmpty() || millis <= 0 || closed) {
          return answer;
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return answer;
    }
  }

  synchronized void forget() {
    unread.clear();
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private static ObjectNode person(String chat) {
    return JSON.objectNode()
        .put("id", BotMethods.chat(chat).path("id").asLong())
        .put("is_bot", false)
        .put("first_name", "Chat " + chat);
  }
}
