package io.fanfare.dispatch.loop;

import io.fanfare.dispatch.channel.ChannelSender;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much of an account's connections and of the worker's sends in flight an account uses. One
 * account whose provider hangs must leave room for the others.
 */
final class AccountGates {

  private static final class Use {
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();
  }

  private final int mostMessages;
  private final Map<UUID, Use> uses = new ConcurrentHashMap<>();

  /**
   * @param mostMessages messages of one account under way at a time
   */
  AccountGates(int mostMessages) {
    this.mostMessages = mostMessages;
  }

  private Use use(UUID account) {
    return uses.computeIfAbsent(account, id -> new Use());
  }

  /**
   * Calls of the sender that may begin now.
   *
   * @param keepReserve leave some to single messages
   */
  int freeBatches(UUID account, ChannelSender sender, boolean keepReserve) {
    int all = sender.concurrentBatches();
    int free = Math.max(0, all - use(account).batches.get());
    return ReservePolicy.forBroadcasts(free, all, keepReserve);
  }

  /**
   * Messages that may be claimed now.
   *
   * @param keepReserve leave some to single messages
   */
  int room(UUID account, ChannelSender sender, boolean keepReserve) {
    int byConnections = freeBatches(account, sender, keepReserve) * sender.batchSize();
    int free = Math.max(0, mostMessages - use(account).messages.get());
    return Math.min(byConnections, ReservePolicy.forBroadcasts(free, mostMessages, keepReserve));
  }

  void batchBegins(UUID account, int messages) {
    Use use = use(account);
    use.batches.incrementAndGet();
    use.messages.addAndGet(messages);
  }

  void batchEnds(UUID account, int messages) {
    Use use = use(account);
    use.batches.decrementAndGet();
    use.messages.addAndGet(-messages);
  }
}
