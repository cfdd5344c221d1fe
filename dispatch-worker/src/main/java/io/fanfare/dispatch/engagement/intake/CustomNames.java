package io.fanfare.dispatch.engagement.intake;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Lets a broadcast have {@value CustomNameRepository#MOST_NAMES} names of custom events, however
 * many workers take them in. What was let in is remembered, so that the database is asked for new
 * names alone.
 */
@Component
class CustomNames {

  static final int MOST_REMEMBERED = 1_000;

  /** Where names are kept. */
  interface Store {
    Set<String> add(FiledBroadcast broadcast, Set<String> names);
  }

  private final Store store;

  private final LinkedHashMap<UUID, Set<String>> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Set<String>> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  @Autowired
  CustomNames(CustomNameRepository repository) {
    this(repository::add);
  }

  CustomNames(Store store) {
    this.store = store;
  }

  /**
   * Lets names in; none of them when there is no room for all.
   *
   * @return those without room
   */
  Set<String> admit(FiledBroadcast broadcast, Set<String> names) {
    Set<String> fresh = new LinkedHashSet<>(names);
    synchronized (known) {
      fresh.removeAll(known.getOrDefault(broadcast.broadcastId(), Set.of()));
    }
    if (fresh.isEmpty()) {
      return Set.of();
    }
    Set<String> refused = store.add(broadcast, fresh);
    if (refused.isEmpty()) {
      synchronized (known) {
        known.computeIfAbsent(broadcast.broadcastId(), absent -> new HashSet<>()).addAll(fresh);
      }
    }
    return refused;
  }
}
