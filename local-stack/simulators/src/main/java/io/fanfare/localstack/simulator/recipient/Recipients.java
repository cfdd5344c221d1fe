package io.fanfare.localstack.simulator.recipient;

import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.log.AcceptedMessage;
import io.fanfare.localstack.simulator.log.ProviderLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the providers took and behaves as people do, on threads of its own: the providers
 * never wait for it. Beyond {@value #WAITING_MOST} unread messages or 64 MB of them, or {@value
 * #RECIPIENTS_MOST} recipients, a message is left out and counted.
 */
public final class Recipients implements AutoCloseable {

  static final int WAITING_MOST = 20_000;
  static final int RECIPIENTS_MOST = 1_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(Recipients.class);
  private static final long BYTES_WAITING_MOST = 64L << 20;
  private static final int VISITS_MOST = 100_000;
  private static final int TALLIES_MOST = 10_000;
  private static final int SCANNED_LINKS_MOST = 10;
  private static final int READERS = 2;
  private static final int VISITORS = 8;

  /** Where answers of Telegram users go. */
  public interface Replies {
    /** False when the bot has too many unread. */
    boolean reply(String botId, String chat, String text);

    /** Presses the button with the data, of the newest message that has it. */
    boolean press(String botId, String chat, String data);
  }

  private record Key(String marker, String rule) {}

  private record Visit(
      Tally tally,
      AcceptedMessage message,
      Letter letter,
      RecipientBehaviour behaviour,
      long dueNanos) {}

  private final ProviderLog log;
  private final Function<AcceptedMessage, Letter> opener;
  private final Replies replies;
  private final Browser browser = new Browser();
  private final BlockingQueue<AcceptedMessage> unread = new ArrayBlockingQueue<>(WAITING_MOST);
  private final BlockingQueue<Visit> visits = new ArrayBlockingQueue<>(VISITS_MOST);
  private final AtomicLong bytesUnread = new AtomicLong();
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong recipients = new AtomicLong();
  private final LongAdder leftOut = new LongAdder();
  private final Map<Key, Tally> tallies = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile RecipientBehaviour behaviour = RecipientBehaviour.NONE;

  /**
   * @param opener takes a message apart
   */
  public Recipients(ProviderLog log, Function<AcceptedMessage, Letter> opener, Replies replies) {
    this.log = log;
    this.opener = opener;
    this.replies = replies;
  }

  public RecipientBehaviour behaviour() {
    return behaviour;
  }

  /** From now on recipients behave like this; messages taken before are not read again. */
  public synchronized void behave(RecipientBehaviour behaviour) {
    this.behaviour = behaviour;
    if (behaviour.isActive() && threads.isEmpty()) {
      for (int i = 0; i < READERS; i++) {
        threads.add(Thread.ofVirtual().name("recipient-reads-" + i).start(() -> loop(this::read)));
      }
      for (int i = 0; i < VISITORS; i++) {
        threads.add(Thread.ofVirtual().name("recipient-acts-" + i).start(() -> loop(this::act)));
      }
    }
    log.readBy(behaviour.isActive() ? this::take : null);
  }

  public RecipientReport report() {
    return new RecipientReport(
        pending.get(),
        leftOut.sum(),
        tallies.entrySet().stream()
            .map(entry -> entry.getValue().figures(entry.getKey().marker(), entry.getKey().rule()))
            .sorted(
                Comparator.comparing(RecipientReport.Figures::marker)
                    .thenComparing(RecipientReport.Figures::rule))
            .toList());
  }

  /**
   * Somebody other than these recipients presses a button of a message.
   *
   * @return false when the message has no such button, or the bot too many unread
   */
  public boolean press(AcceptedMessage message, String data) {
    return opener.apply(message).buttons().contains(data)
        && replies.press(message.sender(), message.address(), data);
  }

  /** Forgets every count; what waits is dropped. */
  public void forget() {
    var dropped = new ArrayList<AcceptedMessage>();
    unread.drainTo(dropped);
    dropped.forEach(message -> bytesUnread.addAndGet(-message.content().length));
    pending.addAndGet(-dropped.size() - visits.drainTo(new ArrayList<>()));
    tallies.clear();
    recipients.set(0);
    leftOut.reset();
  }

  private void take(AcceptedMessage message) {
    int size = message.content().length;
    pending.incrementAndGet();
    if (bytesUnread.addAndGet(size) > BYTES_WAITING_MOST || !unread.offer(message)) {
      bytesUnread.addAndGet(-size);
      pending.decrementAndGet();
      leftOut.increment();
    }
  }

  private interface Step {
    void run() throws InterruptedException;
  }

  private static void loop(Step step) {
    try {
      while (true) {
        try {
          step.run();
        } catch (RuntimeException e) {
          LOG.error("a simulated recipient failed", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws InterruptedException {
    var message = unread.take();
    bytesUnread.addAndGet(-message.content().length);
    boolean acts = false;
    try {
      var now = behaviour;
      var letter = opener.apply(message);
      var tally = tally(message.marker(), now.ruleOf(letter.subject()));
      tally.delivered.increment();
      if (recipients.get() >= RECIPIENTS_MOST) {
        leftOut.increment();
      } else if (tally.recipients.add(message.address())) {
        recipients.incrementAndGet();
        long due = System.nanoTime() + now.thinkMillis() * 1_000_000L;
        visits.put(new Visit(tally, message, letter, now, due));
        acts = true;
      }
    } catch (RuntimeException e) {
      leftOut.increment();
      throw e;
    } finally {
      if (!acts) {
        pending.decrementAndGet();
      }
    }
  }

  /** Beyond the bound everything is counted together under no marker. */
  private Tally tally(String marker, String rule) {
    var key = new Key(marker, rule);
    var found = tallies.get(key);
    if (found != null) {
      return found;
    }
    return tallies.computeIfAbsent(
        tallies.size() < TALLIES_MOST ? key : new Key("", rule), any -> new Tally());
  }

  private void act() throws InterruptedException {
    var visit = visits.take();
    try {
      long wait = visit.dueNanos() - System.nanoTime();
      if (wait > 0) {
        Thread.sleep(wait / 1_000_000L, (int) (wait % 1_000_000L));
      }
      act(visit);
    } finally {
      pending.decrementAndGet();
    }
  }

  private void act(Visit visit) throws InterruptedException {
    var address = visit.message().address();
    var letter = visit.letter();
    var tally = visit.tally();
    var pixel = letter.pixel();
    var reaction = visit.behaviour().reaction(letter.subject(), address);
    if (reaction.machine()) {
      for (var link : letter.links().stream().limit(SCANNED_LINKS_MOST).toList()) {
        count(tally, tally.machine, browser.fetch("HEAD", link, Browser.SCANNER));
      }
      if (pixel != null) {
        count(tally, tally.machine, browser.fetch("GET", pixel, Browser.SCANNER));
      }
    }
    if (reaction.opens() && pixel != null) {
      count(tally, tally.opened, browser.fetch("GET", pixel, Browser.PERSON));
    }
    if (reaction.clicks() && !letter.links().isEmpty()) {
      var link = letter.links().get(visit.behaviour().chosen(address, letter.links().size()));
      count(tally, tally.clicked, browser.fetch("GET", link, Browser.PERSON));
    }
    if (reaction.presses() && !letter.buttons().isEmpty()) {
      var data = letter.buttons().get(visit.behaviour().chosen(address, letter.buttons().size()));
      boolean taken = replies.press(visit.message().sender(), address, data);
      (taken ? tally.pressed : tally.failed).increment();
    }
    if (reaction.replies() && visit.message().channel() == Channel.TELEGRAM) {
      boolean taken = replies.reply(visit.message().sender(), address, "Thanks!");
      (taken ? tally.replied : tally.failed).increment();
    }
  }

  private static void count(Tally tally, LongAdder done, Browser.Outcome outcome) {
    switch (outcome) {
      case DONE -> done.increment();
      case FAILED -> tally.failed.increment();
      case FOREIGN -> tally.foreign.increment();
    }
  }

  @Override
  public synchronized void close() {
    log.readBy(null);
    threads.forEach(Thread::interrupt);
    browser.close();
  }
}
