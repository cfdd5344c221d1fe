package io.fanfare.localstack.simulator.telegram;

import io.fanfare.localstack.simulator.recipient.Recipients;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What people sent to bots, kept until the bot confirms it by asking for a later one, as the Bot
 * API does; at most {@value #UNREAD_MOST} a bot. Of two who ask for one bot at a time the earlier
 * is turned away.
 */
public final class Updates implements Recipients.Replies {

  static final int UNREAD_MOST = 10_000;

  private static final int ANSWER_MOST = 100;
  private static final int WEBHOOK_PAUSE_MILLIS = 300;
  private static final int CHATS_MOST = 100_000;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, ArrayDeque<ObjectNode>> unread = new HashMap<>();
  private final Map<String, Webhook> webhooks = new HashMap<>();
  private final Set<String> bringing = new HashSet<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, List<ObjectNode>> confirmed = new HashMap<>();
  private final Map<String, Long> asking = new HashMap<>();
  private final Map<String, Long> newest = bounded();
  private final Map<String, Long> pressable = bounded();
  private final Set<String> blocked = new HashSet<>();
  private long ids = Numbers.first();
  private long asked;
  private long conflicts;
  private long answeredPresses;
  private boolean closed;

  private static Map<String, Long> bounded() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
        return size() > CHATS_MOST;
      }
    };
  }

  /** Has a bot's updates brought from now on, or, with null, waits until it asks for them. */
  synchronized void webhook(String botId, @Nullable Webhook webhook) {
    if (webhook == null) {
      webhooks.remove(botId);
    } else {
      webhooks.put(botId, webhook);
      bring(botId);
    }
    notifyAll();
  }

  synchronized @Nullable Webhook webhookOf(String botId) {
    return webhooks.get(botId);
  }

  /** What is said with each update that is brought; empty when none is. */
  public synchronized String webhookSecret(String botId) {
    var webhook = webhooks.get(botId);
    return webhook == null ? "" : webhook.secret();
  }

  /** One at a time and in order. */
  private synchronized void bring(String botId) {
    if (bringing.add(botId)) {
      Thread.startVirtualThread(() -> {
        try {
          while (bringNext(botId)) {
            // Until nothing is left.
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
    }
  }

  private boolean bringNext(String botId) throws InterruptedException {
    Webhook webhook;
    ObjectNode update;
    synchronized (this) {
      webhook = webhooks.get(botId);
      update = unread.getOrDefault(botId, new ArrayDeque<>()).peek();
      if (webhook == null || update == null || closed) {
        bringing.remove(botId);
        return false;
      }
    }
    if (webhook.bring(client, update)) {
      synchronized (this) {
        unread.getOrDefault(botId, new ArrayDeque<>()).remove(update);
      }
    } else {
      Thread.sleep(WEBHOOK_PAUSE_MILLIS);
    }
    return true;
  }

  /** A bot's message arrived in a chat, with a keyboard or without one. */
  synchronized void delivered(String botId, String chat, long messageId, JsonNode keyboard) {
    newest.put(botId + ":" + chat, messageId);
    for (JsonNode row : keyboard) {
      for (JsonNode button : row) {
        var data = button.path("callback_data").asString("");
        if (!data.isEmpty()) {
          pressable.put(botId + ":" + chat + ":" + data, messageId);
        }
      }
    }
  }

  /** The newest message of a bot in a chat that has a button with the data, else the newest. */
  private synchronized long pressed(String botId, String chat, String data) {
    var found = pressable.get(botId + ":" + chat + ":" + data);
    return found == null ? newest(botId, chat) : found;
  }

  synchronized boolean isBlocked(String botId, String chat) {
    return !blocked.isEmpty() && blocked.contains(botId + ":" + chat);
  }

  /** The newest message of a bot in a chat; 1 when there is none. */
  private synchronized long newest(String botId, String chat) {
    return newest.getOrDefault(botId + ":" + chat, 1L);
  }

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

  /** A text message that answers the newest of the bot. */
  public boolean answer(String botId, String chat, String text) {
    var message = JSON.objectNode();
    message.put("date", Instant.now().getEpochSecond());
    message.set("from", person(chat));
    message.set("chat", BotMethods.chat(chat));
    message.put("text", text);
    var answered = JSON.objectNode().put("message_id", newest(botId, chat));
    answered.set("chat", BotMethods.chat(chat));
    message.set("reply_to_message", answered);
    return add(botId, "message", message, "message_id");
  }

  /** A chat shuts the bot out: nothing can be sent to it any more. */
  public boolean block(String botId, String chat) {
    synchronized (this) {
      blocked.add(botId + ":" + chat);
    }
    var change = JSON.objectNode();
    change.put("date", Instant.now().getEpochSecond());
    change.set("from", person(chat));
    change.set("chat", BotMethods.chat(chat));
    change.set("old_chat_member", JSON.objectNode().put("status", "member"));
    change.set("new_chat_member", JSON.objectNode().put("status", "kicked"));
    return add(botId, "my_chat_member", change, "");
  }

  /** An update as it is, with a number. */
  public boolean raw(String botId, String kind, ObjectNode content) {
    return add(botId, kind, content, "");
  }

  /** As if the newest confirmation of a bot had not arrived: what it confirmed comes again. */
  public synchronized int again(String botId) {
    var before = confirmed.getOrDefault(botId, List.of());
    var queue = unread.computeIfAbsent(botId, any -> new ArrayDeque<>());
    before.reversed().forEach(queue::addFirst);
    confirmed.remove(botId);
    notifyAll();
    return before.size();
  }

  /** How many times somebody asked for a bot while another one did. */
  public synchronized long conflicts() {
    return conflicts;
  }

  /** How many updates of a bot are not confirmed. */
  public synchronized int unconfirmed(String botId) {
    return unread.getOrDefault(botId, new ArrayDeque<>()).size();
  }

  /** Presses whose end the bot has told. */
  public synchronized long answeredPresses() {
    return answeredPresses;
  }

  synchronized void pressAnswered() {
    answeredPresses++;
  }

  /** A chat presses a button, with data, of the bot's newest message that has it. */
  @Override
  public boolean press(String botId, String chat, String data) {
    var query = JSON.objectNode();
    query.set("from", person(chat));
    var message = JSON.objectNode();
    message.put("message_id", pressed(botId, chat, data));
    message.put("date", Instant.now().getEpochSecond());
    message.set("chat", BotMethods.chat(chat));
    message.set("reply_markup", keyboard(data));
    query.set("message", message);
    query.put("chat_instance", chat);
    query.put("data", data);
    return add(botId, "callback_query", query, "id");
  }

  /** The button that is pressed; others of the message make no difference. */
  private static ObjectNode keyboard(String data) {
    var keyboard = JSON.objectNode();
    keyboard
        .putArray("inline_keyboard")
        .addArray()
        .addObject()
        .put("text", data)
        .put("callback_data", data);
    return keyboard;
  }

  private synchronized boolean add(String botId, String kind, ObjectNode content, String idName) {
    var queue = unread.computeIfAbsent(botId, any -> new ArrayDeque<>());
    if (queue.size() >= UNREAD_MOST) {
      return false;
    }
    long id = ++ids;
    if (idName.equals("id")) {
      content.put(idName, Long.toString(id));
    } else if (!idName.isEmpty()) {
      content.put(idName, id);
    }
    var update = JSON.objectNode().put("update_id", id);
    update.set(kind, content);
    queue.add(update);
    if (webhooks.containsKey(botId)) {
      bring(botId);
    }
    notifyAll();
    return true;
  }

  /**
   * Forgets what comes before the offset and answers what comes from it on; waits for something
   * when there is nothing.
   *
   * @return null when another one began to ask meanwhile
   */
  synchronized @Nullable ArrayNode after(String botId, long offset, int limit, int waitSeconds) {
    long end = System.nanoTime() + waitSeconds * 1_000_000_000L;
    var answer = JSON.arrayNode();
    long turn = ++asked;
    if (asking.put(botId, turn) != null) {
      conflicts++;
      notifyAll();
    }
    confirm(botId, offset);
    try {
      while (true) {
        if (!Long.valueOf(turn).equals(asking.get(botId))) {
          return null;
        }
        unread.getOrDefault(botId, new ArrayDeque<>()).stream()
            .filter(update -> update.path("update_id").asLong() >= offset)
            .limit(Math.clamp(limit, 1, ANSWER_MOST))
            .forEach(answer::add);
        long millis = (end - System.nanoTime()) / 1_000_000L;
        if (!answer.isEmpty() || millis <= 0 || closed) {
          return answer;
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return answer;
    } finally {
      asking.remove(botId, turn);
    }
  }

  private void confirm(String botId, long offset) {
    var queue = unread.getOrDefault(botId, new ArrayDeque<>());
    var gone = queue.stream().filter(update -> update.path("update_id").asLong() < offset).toList();
    if (!gone.isEmpty()) {
      confirmed.put(botId, gone);
      queue.removeAll(gone);
    }
  }

  synchronized void forget() {
    unread.clear();
    webhooks.clear();
    confirmed.clear();
    blocked.clear();
    newest.clear();
    pressable.clear();
  }

  synchronized void close() {
    closed = true;
    client.shutdownNow();
    notifyAll();
  }

  private static ObjectNode person(String chat) {
    return JSON.objectNode()
        .put("id", BotMethods.chat(chat).path("id").asLong())
        .put("is_bot", false)
        .put("first_name", "Chat " + chat);
  }
}
