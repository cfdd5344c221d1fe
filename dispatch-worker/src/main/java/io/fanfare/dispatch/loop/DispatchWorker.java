package io.fanfare.dispatch.loop;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.DispatchSettings;
import io.fanfare.dispatch.TestSwitches;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.channel.OpenedAccount;
import io.fanfare.dispatch.control.ControlReader;
import io.fanfare.dispatch.lease.LaneStore;
import io.fanfare.dispatch.lease.LeaseKeeper;
import io.fanfare.dispatch.ledger.ClaimWriter;
import io.fanfare.dispatch.ledger.Ledger;
import io.fanfare.dispatch.ledger.LedgerDays;
import io.fanfare.dispatch.ledger.LedgerMetrics;
import io.fanfare.dispatch.ledger.LedgerSettings;
import io.fanfare.dispatch.ledger.TakeoverLoop;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.EventProducer;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker: reads commands, claims, sends, records, and stops in good order with nothing in
 * doubt. Several of them, in one process or many, share the work and never send the same command
 * twice.
 */
public final class DispatchWorker {

  private static final Logger LOG = LoggerFactory.getLogger(DispatchWorker.class);
  private static final Duration ABORT_BEFORE_END = Duration.ofSeconds(3);

  private final DispatchSettings settings;
  private final String name;
  private final LeaseKeeper leases;
  private final TakeoverLoop takeover;
  private final ControlReader known;
  private final Ledger ledger;
  private final ClaimWriter claimWriter;
  private final Window window;
  private final OpenClaims open;
  private final Dispatcher dispatcher;
  private final CommandReader reader;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * @param name the worker's name, for people and as a Kafka client id
   * @param control the control tables of this worker; started and closed by it
   * @param senders one for each channel
   */
  public DispatchWorker(
      String name,
      String bootstrapServers,
      DataSource dataSource,
      EventProducer producer,
      ControlReader control,
      List<ChannelSender> senders,
      DispatchSettings settings,
      TestSwitches switches,
      MeterRegistry registry,
      Clock clock) {
    this.settings = settings;
    this.name = name;
    Map<Channel, ChannelSender> byChannel =
        senders.stream().collect(Collectors.toMap(ChannelSender::channel, Function.identity()));
    LedgerDays days = new LedgerDays();
    LedgerMetrics ledgerMetrics = new LedgerMetrics(registry);
    known = control;
    leases = new LeaseKeeper(dataSource, name, settings.leaseRenew(), settings.fence());
    takeover =
        new TakeoverLoop(
            dataSource, leases, days, producer, ledgerMetrics, clock, settings.takeoverAfter());
    ledger =
        new Ledger(
            dataSource, leases, days, producer, ledgerMetrics, ledgerSettings(settings, switches));
    window =
        new Window(
            settings.window(),
            settings.limitWindow(),
            settings.pools(),
            CommandReader.MOST_PER_POLL,
            lane -> known.accounts().slots(lane, account -> keptApart(byChannel, account)));
    open = new OpenClaims(settings.maxInFlight());
    DispatchMetrics metrics = new DispatchMetrics(registry, window, open, known);
    PauseSignals signals = new PauseSignals(producer, clock);
    CommandJudge judge =
        new CommandJudge(known, byChannel, signals, clock, settings.staleAfter(), switches);
    claimWriter = new ClaimWriter(dataSource, days);
    ClaimStage claims =
        new ClaimStage(claimWriter, leases, open, window, metrics, switches.skipClaim());
    dispatcher =
        new Dispatcher(
            settings,
            window,
            open,
            judge,
            claims,
            new LaneStore(dataSource, settings.handover()),
            signals,
            known,
            leases,
            ledger,
            clock,
            switches.forgetAnswerEvery());
    reader =
        new CommandReader(
            bootstrapServers,
            name,
            window,
            open,
            new EventBatches(producer),
            byChannel.keySet(),
            days::isDropped,
            settings.handover());
    metrics.lag(reader);
  }

  private static int keptApart(Map<Channel, ChannelSender> senders, OpenedAccount account) {
    ChannelSender sender = senders.get(account.channel());
    return sender == null ? 0 : sender.keptApart(account);
  }

  private static LedgerSettings ledgerSettings(DispatchSettings settings, TestSwitches switches) {
    return new LedgerSettings(
        Math.min(settings.resultBatch(), Math.max(1, settings.maxInFlight() / 2)),
        settings.resultLinger(),
        settings.maxUnpublished(),
        switches);
  }

  /**
   * Starts; returns at once, sends begin when the control topics are read to their end.
   *
   * @param fatal told when one of the worker's threads dies of a bug
   */
  public void start(Thread.UncaughtExceptionHandler fatal) throws SQLException {
    Thread.UncaughtExceptionHandler dying =
        (thread, failure) -> {
          fatal.uncaughtException(thread, failure);
          // Half a worker would keep its lease and its partitions, and their lanes would stand
          // still.
          Thread.ofPlatform().name("fanfare-giving-up").start(this::stop);
        };
    leases.start(dying);
    takeover.start(dying);
    known.start(dying);
    ledger.start(dying);
    dispatcher.start(dying);
    reader.start(dying);
  }

  /**
   * Stops in good order: reads and claims nothing more, finishes what is claimed, returns what is
   * not written in time, records and publishes everything, commits, and ends the lease. Returns
   * when that is done, whoever began it: a worker of which a thread has died stops by itself, and
   * gives its lease and its partitions up.
   */
  public void stop() {
    once(this::stopInOrder);
  }

  private void once(Runnable end) {
    if (ending.compareAndSet(false, true)) {
      try {
        end.run();
      } finally {
        ended.countDown();
      }
      return;
    }
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopInOrder() {
    long start = System.nanoTime();
    reader.stopReading();
    dispatcher.stopClaiming();
    awaitClaims(start, settings.drain().minus(ABORT_BEFORE_END));
    dispatcher.stopSends();
    awaitClaims(start, settings.drain());
    dispatcher.close();
    // What was gathered when the claiming stopped is claimed by now, and comes back unsent.
    awaitClaims(System.nanoTime(), ABORT_BEFORE_END);
    boolean settled = ledger.close();
    reader.close();
    takeover.close();
    claimWriter.close();
    if (open.count() == 0) {
      leases.end(settled);
    } else {
      // Only a takeover puts open claims in doubt; an ended lease would hide them from it.
      leases.abandon();
    }
    known.close();
    LOG.info("{} has stopped with {} claims open", name, open.count());
  }

  private void awaitClaims(long start, Duration patience) {
    while (open.count() > 0 && ledger.works() && System.nanoTime() - start < patience.toNanos()) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  /**
   * Stops at once without recording, committing or ending the lease: what a crash leaves behind. A
   * tool of tests and of fault drills.
   */
  public void abandon() {
    once(this::abandonAll);
  }

  private void abandonAll() {
    leases.abandon();
    dispatcher.abandon();
    ledger.abandon();
    reader.abandon();
    takeover.close();
    claimWriter.close();
    known.close();
  }

  /** The number of the present incarnation. */
  public long incarnation() {
    return leases.current().incarnation().number();
  }

  /** Claims without a result at this moment. */
  public int openClaims() {
    return open.count();
  }

  /** Broadcasts with commands here now or until lately. */
  public int livePools() {
    return window.livePools();
  }

  /** Commands read and not finished at this moment. */
  public int held() {
    return window.size();
  }
}
