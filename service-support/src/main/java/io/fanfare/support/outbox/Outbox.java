package io.fanfare.support.outbox;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topic;
import io.fanfare.contract.broadcast.BroadcastLifecycle;
import io.fanfare.contract.contact.ContactListChanged;
import io.fanfare.support.Ids;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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

  private final JdbcTemplate jdbc;
  private final OutboxRelay relay;

  Outbox(JdbcTemplate jdbc, OutboxRelay relay) {
    this.jdbc = jdbc;
    this.relay = relay;
  }

  /** Publishes an event once the running transaction has committed. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void publish(Topic topic, String key, Record event) {
    insert(topic, key, EventCodec.typeOf(event), EventCodec.encode(event), idOf(event));
  }

  /** Ends a key of a compacted topic once the running transaction has committed. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void tombstone(Topic topic, String key) {
    insert(topic, key, null, null, Ids.next());
  }

  private void insert(
      Topic topic, String key, @Nullable String type, byte @Nullable [] payload, UUID id) {
    jdbc.update(
        """
        insert into outbox (topic, record_key, event_type, payload, headers)
        values (?, ?, ?, ?, jsonb_build_object('ce_id', ?::text, 'cloud_events', ?::boolean))
        """,
        topic.name(),
        key,
        type,
        payload,
        id.toString(),
        topic.envelope() == Topic.Envelope.CLOUD_EVENTS);
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
      default -> Ids.next();
    };
  }
}
