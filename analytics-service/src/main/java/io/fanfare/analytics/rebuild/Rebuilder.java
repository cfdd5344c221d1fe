package io.fanfare.analytics.rebuild;

import io.fanfare.analytics.AnalyticsProperties;
import io.fanfare.analytics.counting.Feed;
import io.fanfare.analytics.counting.Generation;
import io.fanfare.support.Ids;
import io.fanfare.support.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Counts the topics from their beginning into a generation beside the live one, and puts it in its
 * place when both say the same at the same offsets. If they do not, the live figures stay as they
 * are, and what differs is told. Killed at any moment it leaves nothing but a schema nobody reads,
 * which the next one drops.
 */
@Component
class Rebuilder implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Rebuilder.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(1);

  /** So few records are counted while the live counting waits. */
  private static final long CLOSE = 5_000;

  private final RebuildRepository rebuilds;
  private final RebuildSchema schema;
  private final List<Feed<?>> feeds;
  private final ConsumerFactory<String, byte[]> consumers;
  private final AnalyticsProperties properties;
  private final Clock clock;
  private final AtomicLong differing = new AtomicLong();
  private final Counter failures;
  private volatile @Nullable Thread thread;
  private volatile boolean running;

  Rebuilder(
      RebuildRepository rebuilds,
      RebuildSchema schema,
      List<Feed<?>> feeds,
      ConsumerFactory<String, byte[]> consumers,
      AnalyticsProperties properties,
      Clock clock,
      MeterRegistry meters) {
    this.rebuilds = rebuilds;
    this.schema = schema;
    this.feeds = feeds;
    this.consumers = consumers;
    this.properties = properties;
    this.clock = clock;
    Gauge.builder("fanfare.rebuild.differing.rows", differing, AtomicLong::get)
        .description("Rows in which the last rebuild of this instance and the live figures differ")
        .register(meters);
    this.failures =
        Counter.builder("fanfare.rebuild.failures")
            .description("Rebuilds that came to no comparison")
            .register(meters);
  }

  /**
   * Begins a rebuild, which goes on by itself.
   *
   * @throws ProblemException 409 while there is one
   */
  Rebuild begin() {
    awaitEndOfLast();
    Connection session = lock();
    if (session == null) {
      throw ProblemException.conflict("rebuild_running", "a rebuild is running already");
    }
    UUID id = Ids.next();
    try {
      rebuilds.endDead(clock.instant());
      rebuilds.begin(id, clock.instant());
    } catch (RuntimeException e) {
      close(session);
      throw e;
    }
    thread = Thread.ofPlatform().name("rebuild").start(() -> run(id, session));
    return rebuilds.find(id).orElseThrow();
  }

  /** Whoever was told of an end may begin again, though the last one is still tidying up. */
  private void awaitEndOfLast() {
    Thread last = thread;
    boolean ended =
        rebuilds.newest().filter(newest -> newest.state() != Rebuild.State.RUNNING).isPresent();
    if (last != null && ended) {
      join(last);
    }
  }

  private static void join(Thread rebuilding) {
    try {
      rebuilding.join(STOP_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The newest rebuild, if there ever was one. */
  Optional<Rebuild> newest() {
    Optional<Rebuild> newest = rebuilds.newest();
    if (newest.isPresent() && newest.get().state() == Rebuild.State.RUNNING) {
      endDead();
      return rebuilds.newest();
    }
    return newest;
  }

  /** What an instance that died has left: the word "running", and a schema. */
  private void endDead() {
    Connection session = lock();
    if (session != null) {
      try {
        if (rebuilds.endDead(clock.instant()) > 0) {
          schema.drop(session);
        }
      } catch (SQLException e) {
        log.warn("the schema of a dead rebuild is still there: {}", e.getMessage());
      } finally {
        close(session);
      }
    }
  }

  private void run(UUID id, Connection session) {
    try {
      Comparison comparison = rebuild(id, session);
      if (comparison.isEqual()) {
        log.info(
            "rebuild {}: {} rows of {} broadcasts are the same, the new generation is the live one",
            id,
            comparison.rows(),
            comparison.broadcasts());
      } else {
        log.error(
            "rebuild {}: {} rows differ, the live figures stay; the first of them: {}",
            id,
            comparison.differingRows(),
            comparison.differences());
      }
    } catch (SQLException | RuntimeException e) {
      failures.increment();
      log.error("rebuild {} failed, the live figures stay", id, e);
      tellFailure(id, e);
    } finally {
      close(session);
    }
  }

  private void tellFailure(UUID id, Exception failure) {
    try {
      rebuilds.failed(id, String.valueOf(failure.getMessage()), clock.instant());
    } catch (RuntimeException e) {
      // Whoever asks next finds the lock free, and that it is no more.
      log.warn("the failure of rebuild {} is not stored: {}", id, e.getMessage());
    }
  }

  private Comparison rebuild(UUID id, Connection session) throws SQLException {
    Properties overrides = new Properties();
    overrides.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(properties.batchSize()));
    DataSource single = new SingleConnectionDataSource(session, true);
    JdbcClient jdbc = JdbcClient.create(single);
    GenerationSwap swap = new GenerationSwap(jdbc, schema.liveName(), schema.name());
    try (var pool = schema.create(session);
        Consumer<String, byte[]> consumer =
            consumers.createConsumer(null, null, "-rebuild", overrides)) {
      Generation beside = Generation.on(pool, feeds, properties, clock);
      Map<TopicPartition, Long> targets = swap.liveOffsets();
      Replay replay =
          new Replay(consumer, feeds, beside, targets.keySet(), clock.instant(), reporting(id));
      while (replay.distanceTo(targets) > CLOSE) {
        replay.countTo(targets);
        targets = swap.liveOffsets();
      }
      Comparison comparison =
          new TransactionTemplate(new DataSourceTransactionManager(single))
              .execute(status -> compareAndSwap(id, jdbc, swap, replay));
      if (comparison == null) {
        throw new IllegalStateException("nothing was compared");
      }
      return comparison;
    } finally {
      schema.drop(session);
    }
  }

  private Comparison compareAndSwap(UUID id, JdbcClient jdbc, GenerationSwap swap, Replay replay) {
    replay.countTo(swap.lockedLiveOffsets());
    Comparison comparison = swap.compare(replay.horizon());
    if (comparison.isEqual()) {
      swap.swap();
    }
    // Before the end is told: whoever hears of it finds the figure.
    differing.set(comparison.differingRows());
    new RebuildRepository(jdbc).compared(id, comparison, clock.instant());
    return comparison;
  }

  private LongConsumer reporting(UUID id) {
    long[] reportedAt = {System.nanoTime()};
    return counted -> {
      if (!running) {
        throw new IllegalStateException("the service is stopping");
      }
      if (System.nanoTime() - reportedAt[0] > BETWEEN_REPORTS.toNanos()) {
        reportedAt[0] = System.nanoTime();
        rebuilds.counted(id, counted);
      }
    };
  }

  private @Nullable Connection lock() {
    try {
      return schema.lock().orElse(null);
    } catch (SQLException e) {
      throw new DataAccessResourceFailureException("the database does not answer", e);
    }
  }

  /** Its lock is given back here: the database notices the end of a session some time later. */
  private static void close(Connection session) {
    try (session;
        Statement unlock = session.createStatement()) {
      unlock.execute("select pg_advisory_unlock_all()");
    } catch (SQLException e) {
      log.debug("the session of a rebuild has ended already: {}", e.getMessage());
    }
  }

  @Override
  public void start() {
    running = true;
    if (rebuilds.newest().filter(last -> last.state() == Rebuild.State.RUNNING).isPresent()) {
      endDead();
    }
  }

  @Override
  public void stop() {
    running = false;
    Thread rebuilding = thread;
    if (rebuilding != null) {
      join(rebuilding);
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
