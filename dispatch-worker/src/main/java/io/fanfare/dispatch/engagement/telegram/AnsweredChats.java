package io.fanfare.dispatch.engagement.telegram;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The chats that were answered lately, so that nobody is answered more than once in some seconds.
 * Times are monotonic nanoseconds.
 */
final class AnsweredChats {

  /** At least so long between two answers to a chat. */
  static final Duration APART = Duration.ofSeconds(5);

  private final int most;
  private final Map<String, Long> answered;

  /**
   * @param most chats that are remembered; beyond, those answered longest ago are forgotten
   */
  AnsweredChats(int most) {
    this.most = most;
    this.answered =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > AnsweredChats.this.most;
          }
        };
  }

  /** Whether a chat may be answered now; from then on it counts as answered. */
  synchronized boolean take(String bot, long chat, long nowNanos) {
    String key = bot + " " + chat;
    Long last = answered.get(key);
    if (last != null && nowNanos - last < APART.toNanos()) {
      return false;
    }
    answered.remove(key);
    answered.put(key, nowNanos);
    return true;
  }
}
