package io.fanfare.dispatch.loop;

import io.fanfare.dispatch.channel.ChannelSender;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much of an account's connections and of the worker's sends in flight an account uses. However
 * many accounts have a provider that hangs, each of them leaves half of what it finds.
 */
final class AccountGates {

  private static final class Use {
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();
  }

  private final int mostMessages;
  private final Map<UUID, Use> uses = new ConcurrentHashMap<>();
  private final AtomicInteger busyAccounts = new AtomicInteger();

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
   * Messages of an account that may be claimed now. An account that is alone may take up to its
   * bound; beside others it may have no more under way than it leaves free.
   *
   * @param free claims the worker may still open
   * @param taken messages of the account that are being claimed and not under way yet
   * @param others messages of other accounts that are being claimed
   * @param keepReserve leave some of it to single messages
   */
  int room(
      UUID account, ChannelSender sender, int free, int taken, int others, boolean keepReserve) {
    int underWay = use(account).messages.get();
    int used = underWay + taken;
    boolean alone = others == 0 && busyAccounts.get() <= (underWay > 0 ? 1 : 0);
    int fair = alone ? free : (free - used + 1) / 2;
    int own = Math.max(0, Math.min(mostMessages - used, fair));
    int byConnections = freeBatches(account, sender, keepReserve) * sender.batchSize() - taken;
    return Math.max(
        0, Math.min(byConnections, ReservePolicy.forBroadcasts(own, used + own, keepReserve)));
  }

  void batchBegins(UUID account, int messages) {
    Use use = use(account);
    use.batches.incrementAndGet();
    if (use.messages.getAndAdd(messages) == 0) {
      busyAccounts.incrementAndGet();
    }
  }

  void batchEnds(UUID account, int messages) {
    Use use = use(account);
    use.batches.decrementAndGet();
    if (use.messages.addAndGet(-messages) == 0) {
      busyAccounts.decrementAndGet();
    }
  }
}
