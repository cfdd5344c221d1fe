package io.fanfare.dispatch.loop;

import io.fanfare.contract.Lane;
import io.fanfare.dispatch.channel.RecipientLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The limits per address and per mail domain, held as a lane's are: a slot from before the claim
 * until the answer and a window more. Of a domain's limit each lane of the account has its share,
 * since another worker may own the next one. Knows the addresses and domains sent to within their
 * windows, at most so many; above that no other one gets a slot until some are forgotten. Guarded
 * by the window.
 */
final class RecipientSlots {

  /**
   * @param shard −1 where the account's lanes count together: addresses are all of one lane
   */
  private record Key(UUID account, int shard, String addressOrDomain, Duration window) {}

  private final int most;
  private final long marginNanos;
  private final Duration laneWindow;
  private final Map<Key, LaneSlots> slots = new HashMap<>();

  /**
   * @param most addresses and windows remembered at a time
   * @param laneWindow the window after which a lane's new owner may send; a longer one of an
   *     address makes it wait so much longer
   * @param marginNanos what a window is longer here than at the provider
   */
  RecipientSlots(int most, Duration laneWindow, long marginNanos) {
    this.most = most;
    this.laneWindow = laneWindow;
    this.marginNanos = marginNanos;
  }

  /**
   * Takes a slot of every limit of an address.
   *
   * @param lane the lane it is sent on
   * @param shards lanes of the account
   * @param othersUntil until when another worker's sends matter to the lane itself
   * @return the slots taken; empty when one of the limits is reached
   */
  Optional<List<LaneSlots>> take(
      Lane lane,
      int shards,
      String address,
      List<RecipientLimit> limits,
      long othersUntil,
      long now) {
    List<LaneSlots> wanted = new ArrayList<>(limits.size());
    for (RecipientLimit limit : limits) {
      String domain = limit.domain();
      Key key =
          domain == null
              ? new Key(lane.accountId(), -1, address, limit.window())
              : new Key(lane.accountId(), lane.shard(), domain, limit.window());
      LaneSlots known = slots.get(key);
      if (known == null) {
        if (isFull(now)) {
          return Optional.empty();
        }
        known = new LaneSlots(limit.window().toNanos() + marginNanos, now);
        slots.put(key, known);
      }
      known.capacity(domain == null ? limit.sends() : share(limit.sends(), shards), now);
      known.others(othersUntil + limit.window().minus(laneWindow).toNanos());
      if (known.free(now) == 0) {
        return Optional.empty();
      }
      wanted.add(known);
    }
    wanted.forEach(LaneSlots::take);
    return Optional.of(wanted);
  }

  /** Rounded down, so that all lanes together stay within the limit; one at least. */
  static int share(int sends, int shards) {
    return Math.max(1, sends / Math.max(1, shards));
  }

  private boolean isFull(long now) {
    if (slots.size() >= most) {
      forget(now);
    }
    return slots.size() >= most;
  }

  /** Forgets the addresses nothing was sent to within their windows. */
  void forget(long now) {
    slots.values().removeIf(known -> known.idle(now));
  }

  int size() {
    return slots.size();
  }
}
