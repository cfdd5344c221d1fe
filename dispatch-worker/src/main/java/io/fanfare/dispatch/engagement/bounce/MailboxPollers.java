package io.fanfare.dispatch.engagement.bounce;

import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.dispatch.control.AccountTable;
import io.fanfare.dispatch.control.ControlReader;
import io.fanfare.dispatch.engagement.EngagementPublisher;
import io.fanfare.dispatch.engagement.telegram.PollerLeases;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Looks into the mailboxes whose lease this worker holds, again and again, on virtual threads. Two
 * workers in one mailbox would do no harm but double work: events know themselves.
 */
@Component
class MailboxPollers implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(MailboxPollers.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);
  private static final int MOST_DOUBLINGS = 16;

  /** A mailbox of ours. */
  private static final class Held {
    /** What visits by POP3 found to be nothing; used by one visit at a time. */
    private final Set<Long> passedOver = new HashSet<>();

    private volatile boolean failing;
    private volatile long dueAt;
    private volatile int failures;
    private volatile @Nullable Thread visit;
    private long begunAt;
  }

  private final UUID holder = UUID.randomUUID();
  private final AccountTable accounts;
  private final PollerLeases leases;
  private final BounceIntake intake;
  private final AllowedTargets targets;
  private final BounceSettings settings;
  private final BounceMetrics metrics;
  private final Semaphore visits;
  private final Map<String, Held> held = new TreeMap<>();
  private volatile @Nullable Thread loop;
  private boolean complained;

  MailboxPollers(
      ControlReader control,
      PollerLeases leases,
      BounceIntake intake,
      AllowedTargets targets,
      BounceSettings settings,
      BounceMetrics metrics) {
    this.accounts = control.accounts();
    this.leases = leases;
    this.intake = intake;
    this.targets = targets;
    this.settings = settings;
    this.metrics = metrics;
    this.visits = new Semaphore(settings.visits());
  }

  @Override
  public void start() {
    if (settings.maxMailboxes() > 0) {
      loop = Thread.ofVirtual().name("bounce-mailboxes").start(this::run);
    }
  }

  private void run() {
    try {
      while (true) {
        try {
          tick();
          complained = false;
        } catch (RuntimeException e) {
          if (!complained) {
            complained = true;
            LOG.warn("Leases of mailboxes cannot be renewed", e);
          }
        }
        Thread.sleep(settings.renew());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void tick() {
    Map<String, BounceMailbox> wanted = BounceMailbox.of(opened());
    leave(held.keySet().stream().filter(key -> !wanted.containsKey(key)).toList(), true);
    List<String> asked = new ArrayList<>(held.keySet());
    wanted.keySet().stream()
        .filter(key -> !held.containsKey(key))
        .limit(settings.maxMailboxes() - asked.size())
        .forEach(asked::add);
    Set<String> ours = leases.hold(holder, asked, settings.lease());
    leave(held.keySet().stream().filter(key -> !ours.contains(key)).toList(), false);
    long now = System.nanoTime();
    for (String key : ours) {
      Held mailbox = held.computeIfAbsent(key, any -> begun(now));
      Thread visit = mailbox.visit;
      if (visit == null && mailbox.dueAt - now <= 0 && visits.tryAcquire()) {
        begin(Objects.requireNonNull(wanted.get(key)), mailbox, now);
      } else if (visit != null
          && now - mailbox.begunAt > settings.visit().plus(settings.replyTimeout()).toNanos()) {
        // A server that sends a byte now and then keeps every timeout.
        visit.interrupt();
      }
    }
    int failing = (int) held.values().stream().filter(each -> each.failing).count();
    metrics.mailboxes(held.size(), failing);
  }

  private static Held begun(long now) {
    Held mailbox = new Held();
    mailbox.dueAt = now;
    return mailbox;
  }

  private void begin(BounceMailbox mailbox, Held state, long now) {
    state.begunAt = now;
    Thread thread =
        Thread.ofVirtual()
            .name("bounce-mailbox")
            .unstarted(() -> {
              try {
                visit(mailbox, state);
              } finally {
                visits.release();
                state.visit = null;
              }
            });
    state.visit = thread;
    thread.start();
  }

  private void visit(BounceMailbox mailbox, Held state) {
    long until = System.nanoTime() + settings.visit().toNanos();
    String failed = "bug";
    String detail = "";
    BooleanSupplier goOn =
        () -> System.nanoTime() - until < 0 && !Thread.currentThread().isInterrupted();
    try {
      switch (mailbox.protocol()) {
        case IMAP -> visitByImap(mailbox, goOn);
        case POP3 -> visitByPop3(mailbox, state.passedOver, goOn);
      }
      failed = "";
    } catch (MailboxFailed e) {
      failed = e.code();
      detail = String.valueOf(e.getMessage());
    } catch (IOException e) {
      failed = "connection_lost";
      detail = e.toString();
    } catch (EngagementPublisher.NotConfirmed e) {
      failed = "not_published";
      detail = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      failed = "not_taken";
      detail = e.toString();
    }
    done(mailbox, state, failed, detail);
  }

  private void visitByImap(BounceMailbox mailbox, BooleanSupplier goOn) throws IOException {
    try (ImapClient client =
        ImapClient.open(
            mailbox,
            targets,
            (SSLSocketFactory) SSLSocketFactory.getDefault(),
            settings.connectTimeout(),
            settings.replyTimeout())) {
      new MailboxVisit(mailbox, intake, metrics).run(client, goOn);
    }
  }

  private void visitByPop3(BounceMailbox mailbox, Set<Long> passedOver, BooleanSupplier goOn)
      throws IOException {
    try (Pop3Client client =
        Pop3Client.open(
            mailbox,
            targets,
            (SSLSocketFactory) SSLSocketFactory.getDefault(),
            settings.connectTimeout(),
            settings.replyTimeout())) {
      new Pop3Visit(mailbox, intake, metrics, passedOver).run(client, goOn);
    }
  }

  private void done(BounceMailbox mailbox, Held state, String failed, String detail) {
    if (failed.isEmpty()) {
      if (state.failing) {
        LOG.info("Bounces come again from {}", mailbox);
      }
      state.failing = false;
      state.failures = 0;
    } else {
      metrics.failure(failed);
      if (!state.failing) {
        LOG.warn("Bounces do not come from {}: {}: {}", mailbox, failed, detail);
      }
      state.failing = true;
      state.failures++;
    }
    state.dueAt = System.nanoTime() + pause(state.failures).toNanos();
  }

  /** As long as between visits, doubled with each failure. */
  private Duration pause(int failures) {
    Duration pause = settings.poll().multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    return failures > 0 && pause.compareTo(settings.mostBackOff()) > 0
        ? settings.mostBackOff()
        : pause;
  }

  private List<OpenedAccount> opened() {
    return accounts.all().stream()
        .map(AccountTable.Known::opened)
        .filter(Objects::nonNull)
        .toList();
  }

  private void leave(Collection<String> keys, boolean release) {
    for (String key : keys) {
      Held gone = held.remove(key);
      Thread visit = gone == null ? null : gone.visit;
      if (visit != null) {
        visit.interrupt();
      }
    }
    if (release && !keys.isEmpty()) {
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
      List<Thread> running =
          held.values().stream().map(each -> each.visit).filter(Objects::nonNull).toList();
      List<String> keys = List.copyOf(held.keySet());
      leave(keys, false);
      for (Thread visit : running) {
        visit.join(STOP_PATIENCE);
      }
      leases.release(holder, keys);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.info("Leases of mailboxes end by themselves: {}", e.toString());
    }
    loop = null;
  }

  @Override
  public boolean isRunning() {
    return loop != null;
  }
}
