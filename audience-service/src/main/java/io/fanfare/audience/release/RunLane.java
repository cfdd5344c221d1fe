package io.fanfare.audience.release;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import java.util.Comparator;
import java.util.UUID;

/** What a broadcast has on one lane; in the order in which everybody locks such rows. */
record RunLane(UUID broadcastId, Channel channel, Lane lane) implements Comparable<RunLane> {

  private static final Comparator<RunLane> LOCK_ORDER =
      Comparator.comparing(RunLane::broadcastId)
          .thenComparing(RunLane::channel)
          .thenComparing(each -> each.lane().accountId())
          .thenComparing(each -> each.lane().shard());

  @Override
  public int compareTo(RunLane other) {
    return LOCK_ORDER.compare(this, other);
  }
}
