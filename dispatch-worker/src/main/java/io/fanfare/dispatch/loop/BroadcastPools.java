package io.fanfare.dispatch.loop;

import io.fanfare.dispatch.PoolSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What each broadcast takes of this worker: its sends at once and its waiting commands, both
 * bounded. Guarded by the window.
 */
final class BroadcastPools {

  /** Pools without a command that are kept for the log; above it they are forgotten at once. */
  private static final int MOST_IDLE = 1_000;

  /** One broadcast's part of the worker. */
  static final class Pool {
    private final UUID broadcastId;
    private final Set<PartitionOffsets> partitions = new HashSet<>();
    private final Set<LaneQueue> held = new HashSet<>();
    private int waiting;
    private int sending;
    private long ended;
    private long usedNanos;

    private Pool(UUID broadcastId) {
      this.broadcastId = broadcastId;
    }

    private boolean idle() {
      return waiting == 0 && sending == 0;
    }
  }

  /** A pool as the log tells of it. */
  record Figures(UUID broadcastId, int waiting, int sending, long ended) {}

  private final PoolSettings settings;
  private final int readAhead;
  private final Map<UUID, Pool> pools = new HashMap<>();

  /**
   * @param mostPerRead commands one read can bring: reading stops so much before a queue is full
   */
  BroadcastPools(PoolSettings settings, int mostPerRead) {
    this.settings = settings;
    this.readAhead = Math.max(settings.queueSize() / 2, settings.queueSize() - mostPerRead);
  }

  /** The pool of a broadcast, made when it is the first command. */
  Pool of(UUID broadcastId, long now) {
    Pool pool = pools.computeIfAbsent(broadcastId, Pool::new);
    pool.usedNanos = now;
    return pool;
  }

  /** Its queue is full: this command must be read again later. */
  boolean refuses(UUID broadcastId, PartitionOffsets partition) {
    Pool pool = pools.get(broadcastId);
    if (pool == null || pool.waiting < settings.queueSize()) {
      return false;
    }
    pool.partitions.add(partition);
    return true;
  }

  /** A command waits. */
  void waits(Pool pool, PartitionOffsets partition) {
    pool.waiting++;
    pool.partitions.add(partition);
  }

  /** A command waits no more. */
  void leaves(Pool pool) {
    pool.waiting--;
    if (pool.waiting == 0) {
      pool.partitions.clear();
    }
  }

  /** May one more of it be sent now? If not, the lane is woken when one has been answered. */
  boolean maySend(Pool pool, LaneQueue lane) {
    if (pool.sending < settings.maxWorkers()) {
      return true;
    }
    pool.held.add(lane);
    return false;
  }

  void sends(Pool pool) {
    pool.sending++;
  }

  /** A send was answered, or nothing was written. */
  void sent(Pool pool, long now) {
    pool.sending--;
    pool.usedNanos = now;
    pool.held.forEach(LaneQueue::wake);
    pool.held.clear();
  }

  void ended(Pool pool) {
    pool.ended++;
  }

  /** Adds the partitions that bring commands of a broadcast whose queue is nearly full. */
  void addCrowded(Set<PartitionOffsets> crowded) {
    for (Pool pool : pools.values()) {
      if (pool.waiting > readAhead) {
        crowded.addAll(pool.partitions);
      }
    }
  }

  /** Forgets pools without a command for longer than the cleanup time. */
  void forget(long now) {
    long cleanup = settings.cleanup().toNanos();
    boolean many = pools.size() > MOST_IDLE;
    pools.values().removeIf(pool -> pool.idle() && (many || now - pool.usedNanos >= cleanup));
  }

  /** Those with commands. */
  List<Figures> busy() {
    List<Figures> busy = new ArrayList<>();
    for (Pool pool : pools.values()) {
      if (!pool.idle()) {
        busy.add(new Figures(pool.broadcastId, pool.waiting, pool.sending, pool.ended));
      }
    }
    return busy;
  }

  int size() {
    return pools.size();
  }
}
