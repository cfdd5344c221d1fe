package io.fanfare.dispatch.loop;

import io.fanfare.contract.Lane;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.PoolSettings;
import io.fanfare.dispatch.channel.RecipientLimit;
import io.fanfare.dispatch.lease.LaneStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * All commands this worker has read and not finished, by lane. Bounded as a whole and per lane: the
 * reader asks {@link #full} and pauses. Claims are gathered from it priority first, lanes in turn,
 * each as far as its slots reach.
 */
final class Window {

  /** Commands a lane may give in one turn. */
  private static final int QUANTUM = 50;

  /** Beyond the provider's window: a clock's grain on either side. */
  private static final long MARGIN_NANOS = Duration.ofMillis(10).toNanos();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Lane, LaneQueue> lanes = new LinkedHashMap<>();

  /** Addresses with a limit of their own that are remembered; about 30 MB. */
  private static final int MOST_RECIPIENTS = 100_000;

  private final RecipientSlots recipients;
  private final BroadcastPools pools;
  private final Map<UUID, Long> restUntil = new HashMap<>();
  private final LaneEpochs epochs = new LaneEpochs();
  private boolean someLost;
  private final Map<UUID, Long> urgentUntil = new HashMap<>();
  private final int capacity;
  private final long limitWindowNanos;
  private final ToIntFunction<Lane> limits;
  private volatile int size;
  private int turn;

  /**
   * @param capacity commands held in all
   * @param limitWindow the window of the providers' limits
   * @param pools bounds of one broadcast
   * @param mostPerRead commands one read can bring
   * @param limits sends in a window by lane, 0 for no limit
   */
  Window(
      int capacity,
      Duration limitWindow,
      PoolSettings pools,
      int mostPerRead,
      ToIntFunction<Lane> limits) {
    this.capacity = capacity;
    this.limitWindowNanos = limitWindow.toNanos() + MARGIN_NANOS;
    this.limits = limits;
    this.recipients = new RecipientSlots(MOST_RECIPIENTS, limitWindow, MARGIN_NANOS);
    this.pools = new BroadcastPools(pools, mostPerRead);
  }

  /**
   * Takes a command in.
   *
   * @return false when its broadcast has as many waiting as it may: it must be read again
   */
  boolean admit(
      SendMessage message,
      boolean urgent,
      PartitionOffsets partition,
      Supplier<PartitionOffsets.Ticket> ticket) {
    lock.lock();
    try {
      if (pools.refuses(message.broadcastId(), partition)) {
        return false;
      }
      long now = System.nanoTime();
      LaneQueue lane = lanes.computeIfAbsent(message.lane(), key -> newLane(key, now));
      lane.limit(limits.applyAsInt(message.lane()), now);
      lane.slots().others(partition.quietUntilNanos());
      BroadcastPools.Pool pool = pools.of(message.broadcastId(), now);
      pools.waits(pool, partition);
      if (urgent) {
        urgentUntil.put(message.lane().accountId(), now + ReservePolicy.EXPECTED.toNanos());
      }
      lane.add(new Command(message, urgent, partition, ticket.get(), lane, pool));
      size++;
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private LaneQueue newLane(Lane lane, long now) {
    LaneSlots slots = new LaneSlots(limitWindowNanos, now);
    slots.quiet(restUntil.getOrDefault(lane.accountId(), now));
    LaneQueue queue = new LaneQueue(lane, slots);
    // Should it be another's by now, the first claim says so.
    queue.epoch(epochs.of(lane));
    return queue;
  }

  /** No room for another read of so many commands. */
  boolean full(int more) {
    return size + more > capacity;
  }

  /** The same for broadcasts, which leave room for a read of single messages. */
  boolean fullForBroadcasts(int more) {
    return WindowPolicy.fullForBroadcasts(size, more, capacity);
  }

  /** Some account is to keep something for single messages. */
  boolean expectsMessages() {
    lock.lock();
    try {
      return !urgentUntil.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** The account is to keep something for single messages. */
  boolean expectsMessages(UUID account) {
    lock.lock();
    try {
      return expectsMessages(account, System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  private boolean expectsMessages(UUID account, long now) {
    Long until = urgentUntil.get(account);
    return until != null && until - now > 0;
  }

  double fillRatio() {
    return (double) size / capacity;
  }

  int size() {
    return size;
  }

  /** Lanes that send below their account's limit because the provider wanted it. */
  int slowedLanes() {
    lock.lock();
    try {
      return (int) lanes.values().stream().filter(lane -> lane.rate().slowed()).count();
    } finally {
      lock.unlock();
    }
  }

  /** What the broadcasts take of the worker. */
  List<BroadcastPools.Figures> pools() {
    lock.lock();
    try {
      return pools.busy();
    } finally {
      lock.unlock();
    }
  }

  /** Broadcasts known here, those without a command included until they are forgotten. */
  int livePools() {
    lock.lock();
    try {
      return pools.size();
    } finally {
      lock.unlock();
    }
  }

  /** Partitions with a lane that holds more than its share. */
  Set<PartitionOffsets> crowded() {
    Set<PartitionOffsets> crowded = new HashSet<>();
    lock.lock();
    try {
      for (LaneQueue lane : lanes.values()) {
        int share = WindowPolicy.laneShare(limits.applyAsInt(lane.lane()), capacity);
        for (boolean urgent : new boolean[] {true, false}) {
          if (lane.size(urgent) > share) {
            lane.addPartitions(urgent, crowded);
          }
        }
      }
      pools.addCrowded(crowded);
      return crowded;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something may have changed, at most so long. */
  void await(Duration atMost) {
    lock.lock();
    try {
      changed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes commands to be claimed.
   *
   * @param most how many at most
   * @param mostOfBroadcasts how many of these at most with commands of broadcasts
   * @param roomOf how many more sends an account can take now
   * @param judge what to do with a command; called with the lock held
   * @param ended takes those that end unsent
   */
  List<Command> gather(
      int most,
      int mostOfBroadcasts,
      AccountRoom roomOf,
      Function<Command, CommandDecision> judge,
      EndedCommands ended) {
    List<Command> claims = new ArrayList<>();
    Map<UUID, Integer> takenOf = new HashMap<>();
    lock.lock();
    try {
      long now = System.nanoTime();
      List<LaneQueue> inTurn = inTurn(now);
      for (boolean urgent : new boolean[] {true, false}) {
        int bound = urgent ? most : Math.min(most, mostOfBroadcasts);
        int before = -1;
        while (claims.size() < bound && claims.size() != before) {
          before = claims.size();
          for (LaneQueue lane : inTurn) {
            if (lane.epoch() != 0 && !lane.queue(urgent).isEmpty()) {
              UUID account = lane.lane().accountId();
              boolean keep = !urgent && expectsMessages(account, now);
              int own = takenOf.getOrDefault(account, 0);
              int room = roomOf.of(account, own, claims.size() - own, keep);
              int slots =
                  ReservePolicy.forBroadcasts(
                      lane.slots().free(now), lane.slots().capacity(), keep);
              int free = Math.min(Math.min(QUANTUM, bound - claims.size()), Math.min(room, slots));
              int taken = take(lane, urgent, free, judge, ended, claims, now);
              takenOf.merge(account, taken, Integer::sum);
            }
          }
        }
      }
      return claims;
    } finally {
      lock.unlock();
    }
  }

  private int take(
      LaneQueue lane,
      boolean urgent,
      int most,
      Function<Command, CommandDecision> judge,
      EndedCommands ended,
      List<Command> claims,
      long now) {
    int taken = 0;
    while (taken < most) {
      Command command = lane.queue(urgent).poll();
      if (command == null) {
        return taken;
      }
      if (!pools.maySend(command.pool(), lane)) {
        lane.waits(command);
        continue;
      }
      switch (judge.apply(command)) {
        case CommandDecision.Send send -> {
          if (!takeRecipientSlots(command, now)) {
            lane.waits(command);
            continue;
          }
          lane.slots().take();
          lane.taken();
          pools.leaves(command.pool());
          pools.sends(command.pool());
          claims.add(command);
          taken++;
        }
        case CommandDecision.Wait wait -> lane.waits(command);
        case CommandDecision.End end -> {
          lane.taken();
          pools.leaves(command.pool());
          ended.accept(command, end);
        }
      }
    }
    return taken;
  }

  /** Others of the lane go on when an address must wait; the next sweep asks again. */
  private boolean takeRecipientSlots(Command command, long now) {
    String address = command.message().address();
    List<RecipientLimit> own =
        address == null
            ? List.of()
            : command.ready().sender().recipientLimits(command.ready().account(), address);
    if (address == null || own.isEmpty()) {
      return true;
    }
    Optional<List<LaneSlots>> slots =
        recipients.take(
            command.lane().lane(),
            command.ready().shards(),
            address,
            own,
            command.lane().othersUntil(command.partition().quietUntilNanos()),
            now);
    slots.ifPresent(command::holds);
    return slots.isPresent();
  }

  /** Lanes with commands that this worker should be made the owner of. */
  List<Lane> withoutOwner(int most) {
    lock.lock();
    try {
      return lanes.values().stream()
          .filter(LaneQueue::wantsOwner)
          .limit(most)
          .map(LaneQueue::lane)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /**
   * This worker owns lanes from now on.
   *
   * @param handoverNanos how long after that sends of the owner before may still be written and
   *     count
   */
  void owned(List<LaneStore.Owned> ours, long handoverNanos) {
    lock.lock();
    try {
      long now = System.nanoTime();
      for (LaneStore.Owned owned : ours) {
        epochs.own(owned.lane(), owned.epoch());
        LaneQueue lane = lanes.get(owned.lane());
        if (lane == null) {
          continue;
        }
        lane.epoch(owned.epoch());
        if (owned.others()) {
          lane.others(now + handoverNanos);
        }
        lane.limit(limits.applyAsInt(owned.lane()), now);
        lane.rate().restore(owned.learned(), owned.learnedOf(), now);
        lane.slots().quiet(now + TimeUnit.MILLISECONDS.toNanos(owned.restMillis()));
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Claims on these lanes were refused because another worker owns them. */
  void lost(Set<Lane> gone) {
    lock.lock();
    try {
      for (Lane lane : gone) {
        epochs.lose(lane);
        LaneQueue queue = lanes.get(lane);
        if (queue != null) {
          queue.lost();
        }
      }
      someLost = true;
    } finally {
      lock.unlock();
    }
  }

  /** The consumer has come round: what it holds is still this worker's, as far as it knows. */
  void cameRound() {
    lock.lock();
    try {
      if (someLost) {
        lanes.values().forEach(LaneQueue::mayAskAgain);
        someLost = false;
      }
    } finally {
      lock.unlock();
    }
  }

  /** What was learned of lanes since it was last saved. */
  List<LaneStore.Learned> unsaved() {
    lock.lock();
    try {
      long now = System.nanoTime();
      return lanes.values().stream()
          .filter(LaneQueue::unsaved)
          .map(lane ->
              new LaneStore.Learned(
                  lane.lane(),
                  lane.epoch(),
                  lane.rate().learned(),
                  lane.rate().limit(),
                  TimeUnit.NANOSECONDS.toMillis(lane.slots().restNanos(now))))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  void saved(List<LaneStore.Learned> learned) {
    lock.lock();
    try {
      for (LaneStore.Learned one : learned) {
        LaneQueue lane = lanes.get(one.lane());
        // What was learned meanwhile is saved the next time.
        if (lane != null && lane.rate().learned() == one.learned()) {
          lane.saved();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Slots of limited lanes with which a send could start now. */
  long unusedSlots() {
    lock.lock();
    try {
      long now = System.nanoTime();
      return lanes.values().stream()
          .map(LaneQueue::slots)
          .filter(LaneSlots::limited)
          .mapToLong(slots -> slots.free(now))
          .sum();
    } finally {
      lock.unlock();
    }
  }

  /** How many more sends an account can take now; called with the lock held. */
  interface AccountRoom {

    /**
     * @param taken commands of the account taken in this turn
     * @param others commands of other accounts taken in this turn
     * @param keepReserve leave some to single messages
     */
    int of(UUID account, int taken, int others, boolean keepReserve);
  }

  /** Takes a command that ends unsent; called with the lock held, must not block. */
  interface EndedCommands {
    void accept(Command command, CommandDecision.End end);
  }

  /** Lanes with commands, beginning with another one each time; lanes without any are forgotten. */
  private List<LaneQueue> inTurn(long now) {
    List<LaneQueue> busy = new ArrayList<>(lanes.size());
    lanes
        .values()
        .removeIf(lane -> {
          lane.limit(limits.applyAsInt(lane.lane()), now);
          if (lane.size() > 0) {
            busy.add(lane);
          }
          return lane.idle(now);
        });
    if (busy.size() > 1) {
      turn = (turn + 1) % busy.size();
      Collections.rotate(busy, -turn);
    }
    return busy;
  }

  /**
   * Looks at every command that is not claimed: wakes those that wait and takes out those that end.
   */
  void sweep(Function<Command, CommandDecision> judge, EndedCommands ended) {
    lock.lock();
    try {
      for (LaneQueue lane : lanes.values()) {
        lane.wake();
        lane.removeIf(command -> {
          if (judge.apply(command) instanceof CommandDecision.End end) {
            lane.taken();
            pools.leaves(command.pool());
            ended.accept(command, end);
            return true;
          }
          return false;
        });
      }
      long now = System.nanoTime();
      recipients.forget(now);
      pools.forget(now);
      urgentUntil.values().removeIf(until -> until - now <= 0);
    } finally {
      lock.unlock();
    }
  }

  /** Puts commands back that were taken and could not be claimed after all. */
  void putBack(List<Command> commands) {
    lock.lock();
    try {
      for (Command command : commands.reversed()) {
        command.lane().slots().giveBack();
        command.recipientSlots().forEach(LaneSlots::giveBack);
        command.holds(List.of());
        command.lane().finished();
        pools.sent(command.pool(), System.nanoTime());
        pools.waits(command.pool(), command.partition());
        command.lane().queue(command.urgent()).addFirst(command);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Drops the commands of partitions that are no longer ours and were not claimed. */
  void drop(Set<PartitionOffsets> partitions) {
    lock.lock();
    try {
      for (LaneQueue lane : lanes.values()) {
        List<Command> dropped = lane.removeIf(command -> partitions.contains(command.partition()));
        dropped.forEach(command -> pools.leaves(command.pool()));
        size -= dropped.size();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The provider answered, or nobody knows. */
  void answered(Command command, boolean written) {
    lock.lock();
    try {
      long now = System.nanoTime();
      if (written) {
        command.lane().slots().answered(now);
        command.recipientSlots().forEach(slots -> slots.answered(now));
      } else {
        command.lane().slots().giveBack();
        command.recipientSlots().forEach(LaneSlots::giveBack);
      }
      pools.sent(command.pool(), now);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The provider refused a send as too fast and wants no message of the account for so long. */
  void tooFast(Command command, Duration rest) {
    UUID account = command.lane().lane().accountId();
    lock.lock();
    try {
      long now = System.nanoTime();
      Command.Claim claim = command.claim();
      command.lane().rate().tooFast(claim == null ? now : claim.atNanos(), now, rest.toNanos());
      long until = now + rest.toNanos();
      restUntil.values().removeIf(end -> end - now <= 0);
      restUntil.merge(account, until, (a, b) -> a - b > 0 ? a : b);
      for (LaneQueue lane : lanes.values()) {
        if (lane.lane().accountId().equals(account)) {
          lane.rests(until);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A taken command has ended for good. */
  void finished(Command command) {
    command.ticket().finish();
    lock.lock();
    try {
      size--;
      command.lane().finished();
      pools.ended(command.pool());
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
