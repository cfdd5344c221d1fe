package io.fanfare.dispatch.loop;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Which broadcasts were asked to pause, at which control epoch, and for which versions of accounts.
 * For one thread at a time.
 */
final class AskedPauses {

  /** Epochs of broadcasts remembered; the ones asked for longest ago are forgotten first. */
  static final int MOST = 10_000;

  private record Asked(UUID broadcastId, long epoch) {}

  private record Refused(UUID accountId, long version) {}

  private final Map<Asked, Set<Refused>> asked =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Set<Refused>> eldest) {
          return size() > MOST;
        }
      };

  /** Whether the pause was asked for at this epoch because of this version of the account. */
  boolean holds(UUID broadcastId, long epoch, UUID accountId, long version) {
    if (asked.isEmpty()) {
      return false;
    }
    Set<Refused> refused = asked.get(new Asked(broadcastId, epoch));
    return refused != null && refused.contains(new Refused(accountId, version));
  }

  /**
   * Remembers that it is asked for.
   *
   * @return whether it is the first time at this epoch
   */
  boolean ask(UUID broadcastId, long epoch, UUID accountId, long version) {
    Set<Refused> fresh = new HashSet<>();
    Set<Refused> known = asked.putIfAbsent(new Asked(broadcastId, epoch), fresh);
    (known == null ? fresh : known).add(new Refused(accountId, version));
    return known == null;
  }
}
