package io.fanfare.dispatch.engagement.telegram;

import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.telegram.TelegramApi;
import io.fanfare.dispatch.control.AccountTable;
import io.fanfare.dispatch.control.ControlReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Keeps a poller for each bot whose lease this worker holds, on virtual threads; looks for bots
 * nobody asks for, and leaves those that are another worker's.
 */
@Component
class TelegramPollers implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(TelegramPollers.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);
  private static final Duration TICK_MOST = Duration.ofSeconds(1);
  private static final Duration CLEAN_EVERY = Duration.ofHours(1);

  /** Telegram keeps updates for a day. */
  private static final Duration SEEN_KEPT = Duration.ofDays(3);

  private record Running(BotPoller poller, Thread thread) {}

  private final UUID holder = UUID.randomUUID();
  private final AccountTable accounts;
  private final PollerLeases leases;
  private final ChatMessages messages;
  private final AnswerTurns turns;
  private final TelegramApi api;
  private final UpdateIntake intake;
  private final Webhooks webhooks;
  private final TelegramUpdateSettings settings;
  private final UpdateMetrics metrics;
  private final Clock clock;
  private final Map<String, Running> running = new TreeMap<>();
  private final Set<String> known = new HashSet<>();
  private volatile @Nullable Thread loop;
  private long renewedAt;
  private Instant cleanedAt = Instant.EPOCH;
  private boolean complained;

  TelegramPollers(
      ControlReader control,
      PollerLeases leases,
      ChatMessages messages,
      AnswerTurns turns,
      TelegramApi api,
      UpdateIntake intake,
      Webhooks webhooks,
      TelegramUpdateSettings settings,
      UpdateMetrics metrics,
      Clock clock) {
    this.accounts = control.accounts();
    this.leases = leases;
    this.messages = messages;
    this.turns = turns;
    this.api = api;
    this.intake = intake;
    this.webhooks = webhooks;
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public void start() {
    if (settings.maxBots() > 0) {
      renewedAt = System.nanoTime() - settings.renew().toNanos();
      loop = Thread.ofVirtual().name("telegram-pollers").start(this::run);
    }
  }

  private void run() {
    Duration tick = settings.renew().compareTo(TICK_MOST) < 0 ? settings.renew() : TICK_MOST;
    try {
      while (true) {
        try {
          tick();
          complained = false;
        } catch (RuntimeException e) {
          if (!complained) {
            complained = true;
            LOG.warn("Leases of bots cannot be renewed", e);
          }
        }
        Thread.sleep(tick);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void tick() {
    Map<String, Bot> wanted = Bots.of(opened());
    // One that died of a bug, which its thread has told of: it is started anew with the lease.
    running.values().removeIf(each -> !each.thread().isAlive());
    stopAll(running.keySet().stream().filter(key -> !wanted.containsKey(key)).toList());
    running.forEach((key, each) -> each.poller().know(Objects.requireNonNull(wanted.get(key))));
    long now = System.nanoTime();
    boolean all = now - renewedAt >= settings.renew().toNanos();
    List<String> asked = new ArrayList<>(running.keySet());
    if (!all) {
      asked.clear();
    }
    int free = settings.maxBots() - running.size();
    for (String key : wanted.keySet()) {
      boolean isNew = !known.contains(key);
      if (free > 0 && !running.containsKey(key) && (all || isNew)) {
        asked.add(key);
        free--;
      }
    }
    known.retainAll(wanted.keySet());
    known.addAll(asked);
    hold(wanted, asked, now);
    if (all) {
      renewedAt = now;
      clean();
    }
    int failing = (int) running.values().stream().filter(each -> each.poller().isFailing()).count();
    metrics.bots(running.size(), failing, wanted.size() - running.size());
  }

  private void hold(Map<String, Bot> wanted, List<String> asked, long now) {
    Set<String> ours = leases.hold(holder, asked, settings.lease());
    stopAll(asked.stream().filter(key -> running.containsKey(key) && !ours.contains(key)).toList());
    for (String key : ours) {
      Running before = running.get(key);
      if (before == null) {
        start(Objects.requireNonNull(wanted.get(key)), now);
      } else {
        before.poller().lease().renewed(now);
      }
    }
  }

  private void start(Bot bot, long heldSince) {
    PollLease lease = new PollLease(settings.lease(), settings.longestCall(), heldSince);
    BotPoller poller = new BotPoller(bot, lease, api, intake, webhooks, settings, metrics, clock);
    Thread thread = Thread.ofVirtual().name("telegram-poller").start(poller);
    running.put(bot.key(), new Running(poller, thread));
  }

  private void clean() {
    Instant now = clock.instant();
    if (cleanedAt.plus(CLEAN_EVERY).isBefore(now)) {
      cleanedAt = now;
      messages.forgetSeenBefore(now.minus(SEEN_KEPT));
      leases.forgetUnused(SEEN_KEPT);
      turns.forgetUnused(SEEN_KEPT);
    }
  }

  private List<OpenedAccount> opened() {
    return accounts.all().stream()
        .map(AccountTable.Known::opened)
        .filter(Objects::nonNull)
        .toList();
  }

  /** Ends pollers, waits for them, and only then leaves their bots to others. */
  private void stopAll(Collection<String> keys) {
    if (keys.isEmpty()) {
      return;
    }
    List<Running> stopping = keys.stream().map(running::remove).filter(Objects::nonNull).toList();
    for (Running each : stopping) {
      each.poller().lease().lose();
      each.thread().interrupt();
    }
    long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
    boolean ended = true;
    try {
      for (Running each : stopping) {
        long left = Math.max(1, deadline - System.nanoTime());
        ended &= each.thread().join(Duration.ofNanos(left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (ended) {
      leases.release(holder, keys);
    }
  }

  @Override
  public void stop() {
    Thread ticking = loop;
    if (ticking == null) {
      return;
    }
    ticking.interrupt();
    try {
      ticking.join(STOP_PATIENCE);
      stopAll(List.copyOf(running.keySet()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.info("Leases of bots end by themselves: {}", e.toString());
    }
    loop = null;
  }

  @Override
  public boolean isRunning() {
    return loop != null;
  }
}
