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

  /** Calls of the sender that may begin now. */
  int freeBatches(UUID account, ChannelSender sender) {
    return Math.max(0, sender.concurrentBatches() - use(account).batches.get());
  }

  /** Messages that may be claimed now. */
  int room(UUID account, ChannelSender sender) {
    int byConnections = freeBatches(account, sender) * sender.batchSize();
    return Math.max(0, Math.min(byConnections, mostMessages - use(account).messages.get()));
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
