package io.fanfare.dispatch.channel.telegram;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the Bot API calls the files it was given, so that a file is uploaded once and not once per
 * recipient. While one message uploads it, the others of that bot wait.
 */
final class TelegramFileIds {

  /** Files remembered, the last used ones. */
  static final int MOST = 10_000;

  private static final int LOCKS = 64;

  /**
   * A file as a bot has it.
   *
   * @param bot ids are good for the bot that got them alone
   * @param kind a photo's id is none of a document
   */
  record Key(String bot, String sha256, String kind) {}

  private final Map<Key, String> ids =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, String> eldest) {
          return size() > MOST;
        }
      };
  private final ReentrantLock[] uploads = new ReentrantLock[LOCKS];

  TelegramFileIds() {
    for (int i = 0; i < LOCKS; i++) {
      uploads[i] = new ReentrantLock();
    }
  }

  synchronized @Nullable String find(Key key) {
    return ids.get(key);
  }

  synchronized void put(Key key, String id) {
    ids.put(key, id);
  }

  /** The Bot API does not know an id any more. */
  synchronized void remove(Key key, String id) {
    ids.remove(key, id);
  }

  /** Held while a file is uploaded; now and then it is that of another file too. */
  ReentrantLock upload(Key key) {
    return uploads[Math.floorMod(key.hashCode(), LOCKS)];
  }
}
