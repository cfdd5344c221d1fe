package io.fanfare.support.outbox;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topic;
import io.fanfare.contract.broadcast.BroadcastLifecycle;
import io.fanfare.contract.contact.ContactErased;
import io.fanfare.contract.contact.ContactListChanged;
import io.fanfare.support.Ids;
import io.fanfare.support.problem.ProblemException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Takes events in the transaction of the change they tell of: either both happen or neither. They
 * reach Kafka at least once, soon after the commit; those of one key in the order of their changes,
 * provided that the changes of that key exclude each other by a row lock taken before.
 */
public class Outbox {

  /**
   * Longest event, in bytes: below what a producer and a broker take, with room for key and
   * headers.
   */
  public static final int MOST_BYTES = 1_000_000;

  private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

  private final JdbcTemplate jdbc;
  private final OutboxRelay relay;

  Outbox(JdbcTemplate jdbc, OutboxRelay relay) {
    this.jdbc = jdbc;
    this.relay = relay;
  }

  /**
   * Publishes an event once the running transaction has committed.
   *
   * @throws ProblemException 413 {@code event_too_large} when the broker would not take it
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void publish(Topic topic, String key, Record event) {
    publish(topic, key, event, null);
  }

  /**
   * The same.
   *
   * @param tenantId the tenant a CloudEvent speaks for, as its extension {@code tenantid}; null for
   *     an event that says so itself
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void publish(Topic topic, String key, Record event, @Nullable UUID tenantId) {
    insert(topic, key, EventCodec.typeOf(event), EventCodec.encode(event), idOf(event), tenantId);
  }

  /** Ends a key of a compacted topic once the running transaction has committed. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void tombstone(Topic topic, String key) {
    insert(topic, key, null, null, Ids.next(), null);
  }

  /**
   * Waits until the broker has everything that was published under a key; to be called after the
   * commit, outside of a transaction. It is nearly always there in some milliseconds.
   *
   * @return false when it has not in time: it will, once it takes records again
   */
  public boolean awaitPublished(Topic topic, String key, Duration patience) {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("nothing of a transaction is published before its commit");
    }
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      long seen = relay.pages();
      if (isPublished(topic, key)) {
        return true;
      }
      long rest = deadline - System.nanoTime();
      if (rest <= 0) {
        return false;
      }
      // Another instance may be the one that relays: ask again now and then.
      relay.awaitPage(seen, Math.min(rest, LOOK_NANOS));
    }
  }

  /** Nothing published under the key waits for the broker; false when nobody can tell. */
  public boolean isPublished(Topic topic, String key) {
    try {
      return Boolean.FALSE.equals(
          jdbc.queryForObject(
              "select exists (select 1 from outbox where topic = ? and record_key = ?)",
              Boolean.class,
              topic.name(),
              key));
    } catch (DataAccessException e) {
      return false;
    }
  }

  private void insert(
      Topic topic,
      String key,
      @Nullable String type,
      byte @Nullable [] payload,
      UUID id,
      @Nullable UUID tenantId) {
    if (payload != null && payload.length > MOST_BYTES) {
      throw ProblemException.tooLarge(
          "event_too_large",
          "what the other services are to be told takes %d bytes, and %d are possible"
              .formatted(payload.length, MOST_BYTES));
    }
    jdbc.update(
        """
        insert into outbox (topic, record_key, event_type, payload, headers)
        values (?, ?, ?, ?, jsonb_build_object('ce_id', ?::text, 'cloud_events', ?::boolean,
          'ce_tenantid', ?::text))
        """,
        topic.name(),
        key,
        type,
        payload,
        id.toString(),
        topic.envelope() == Topic.Envelope.CLOUD_EVENTS,
        tenantId == null ? null : tenantId.toString());
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            relay.wake();
          }
        });
  }

  private static UUID idOf(Record event) {
    return switch (event) {
      case BroadcastLifecycle lifecycle -> lifecycle.eventId();
      case ContactListChanged change -> change.eventId();
      case ContactErased erased -> erased.eventId();
      default -> Ids.next();
    };
  }
}
