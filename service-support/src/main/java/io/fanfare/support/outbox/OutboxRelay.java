package io.fanfare.support.outbox;

import io.fanfare.contract.EventCodec;
import io.fanfare.support.kafka.EventProducer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves what stands in the outbox to Kafka, in the order of its ids, and deletes it once the broker
 * has it. One instance of a service relays at a time: the others wait at an advisory lock. What the
 * broker refuses for good stays in the table, with the reason, and stops nothing else.
 */
final class OutboxRelay implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
  private static final int PAGE = 500;
  private static final long IDLE_MS = 200;
  private static final long AFTER_ERROR_MS = 1_000;
  private static final String WAITING = "select exists (select from outbox where refused is null)";

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final EventProducer producer;
  private final String source;
  private final Semaphore work = new Semaphore(0);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition relayed = lock.newCondition();
  private long pages;
  private volatile @Nullable Thread thread;
  private volatile boolean running;

  OutboxRelay(
      JdbcTemplate jdbc, TransactionTemplate transaction, EventProducer producer, String service) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.producer = producer;
    this.source = "/fanfare/" + service;
  }

  /** There is something new. */
  void wake() {
    work.release();
  }

  /** Pages relayed by this instance so far. */
  long pages() {
    lock.lock();
    try {
      return pages;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until another page than those was relayed here, at most so long. */
  void awaitPage(long seen, long nanos) {
    lock.lock();
    try {
      if (pages == seen) {
        relayed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void pageRelayed() {
    lock.lock();
    try {
      pages++;
      relayed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofVirtual().name("outbox-relay").start(this::run);
  }

  @Override
  public void stop() {
    running = false;
    work.release();
    Thread relaying = thread;
    if (relaying != null) {
      try {
        relaying.join(TimeUnit.SECONDS.toMillis(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Early up and late down, so that what listeners do while stopping is still relayed. */
  @Override
  public int getPhase() {
    return 0;
  }

  private void run() {
    while (running) {
      long pause = IDLE_MS;
      try {
        int rows = relayPage();
        if (rows > 0) {
          pageRelayed();
        }
        if (rows == PAGE) {
          continue;
        }
      } catch (RuntimeException e) {
        // The database or the broker is away: the rows stay, and are tried again.
        log.warn("outbox not relayed, trying again: {}", e.toString());
        pause = AFTER_ERROR_MS;
      } catch (Error e) {
        // A thread that ended here in silence would leave everything to come in the table.
        log.error("outbox not relayed, trying again", e);
        pause = AFTER_ERROR_MS;
      }
      awaitWork(pause);
    }
  }

  private void awaitWork(long pauseMs) {
    try {
      if (work.tryAcquire(pauseMs, TimeUnit.MILLISECONDS)) {
        work.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }

  private int relayPage() {
    // Mostly there is nothing: one question tells, where a transaction takes several.
    if (!Boolean.TRUE.equals(jdbc.queryForObject(WAITING, Boolean.class))) {
      return 0;
    }
    Integer relayed =
        transaction.execute(status -> {
          Boolean mine =
              jdbc.queryForObject(
                  "select pg_try_advisory_xact_lock(hashtext('outbox:' || current_schema()))",
                  Boolean.class);
          if (!Boolean.TRUE.equals(mine)) {
            return 0;
          }
          List<Row> rows =
              jdbc.query(
                  """
                  select id, topic, record_key, event_type, payload, created_at,
                         headers ->> 'ce_id' as ce_id, headers ->> 'ce_tenantid' as ce_tenantid,
                         (headers ->> 'cloud_events')::boolean as cloud_events
                  from outbox where refused is null order by id limit ?
                  """,
                  OutboxRelay::row,
                  PAGE);
          publish(rows);
          return rows.size();
        });
    return relayed == null ? 0 : relayed;
  }

  private void publish(List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<CompletableFuture<?>> sent = new ArrayList<>(rows.size());
    for (Row row : rows) {
      sent.add(producer.send(row.topic, row.key, row.payload, headers(row)));
    }
    List<Long> taken = new ArrayList<>(rows.size());
    for (int at = 0; at < rows.size(); at++) {
      try {
        sent.get(at).join();
        taken.add(rows.get(at).id);
      } catch (CompletionException e) {
        if (!isHopeless(e.getCause())) {
          throw e;
        }
        setAside(rows.get(at), String.valueOf(e.getCause()));
      }
    }
    // By id and not by range: a smaller id may belong to a transaction still to commit.
    jdbc.update("delete from outbox where id = any(?)", (Object) taken.toArray(Long[]::new));
  }

  /** What the broker will never take must not stop what it would. */
  private static boolean isHopeless(@Nullable Throwable failure) {
    return failure instanceof RecordTooLargeException
        || failure instanceof RecordBatchTooLargeException
        || failure instanceof InvalidRecordException
        || failure instanceof InvalidTopicException;
  }

  private void setAside(Row row, String reason) {
    log.error("outbox row {} for {} stays, the broker refuses it: {}", row.id, row.topic, reason);
    jdbc.update("update outbox set refused = ? where id = ?", reason, row.id);
  }

  private List<Header> headers(Row row) {
    List<Header> headers = new ArrayList<>();
    if (row.type != null) {
      headers.add(header(EventCodec.TYPE_HEADER, row.type));
      if (row.cloudEvent) {
        headers.add(header("ce_specversion", "1.0"));
        headers.add(header("ce_id", row.eventId));
        headers.add(header("ce_source", source));
        headers.add(header("ce_time", row.createdAt.toString()));
        headers.add(header("content-type", "application/json"));
        if (row.tenantId != null) {
          headers.add(header("ce_tenantid", row.tenantId));
        }
      }
    }
    return headers;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static Row row(ResultSet result, int index) throws SQLException {
    return new Row(
        result.getLong("id"),
        result.getString("topic"),
        result.getString("record_key"),
        result.getString("event_type"),
        result.getBytes("payload"),
        result.getString("ce_id"),
        result.getBoolean("cloud_events"),
        result.getTimestamp("created_at").toInstant(),
        result.getString("ce_tenantid"));
  }

  private record Row(
      long id,
      String topic,
      String key,
      @Nullable String type,
      byte @Nullable [] payload,
      String eventId,
      boolean cloudEvent,
      Instant createdAt,
      @Nullable String tenantId) {}
}
