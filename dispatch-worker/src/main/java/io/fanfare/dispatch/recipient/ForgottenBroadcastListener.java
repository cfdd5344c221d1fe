package io.fanfare.dispatch.recipient;

import io.fanfare.contract.Lane;
import io.fanfare.contract.Topics;
import io.fanfare.support.kafka.EventProducer;
import io.fanfare.support.kafka.TopicsReady;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/**
 * Forgets the counters of broadcasts whose control was deleted, and ends their keys of {@code
 * delivery.progress}. One worker does it for all. Claims and results go with their ledger day.
 */
@Component
class ForgottenBroadcastListener {

  private static final String GROUP = Topics.Groups.DISPATCH_FORGET;

  private final EventProducer producer;
  private final JdbcTemplate jdbc;

  ForgottenBroadcastListener(EventProducer producer, JdbcTemplate jdbc, TopicsReady topics) {
    this.producer = producer;
    this.jdbc = jdbc;
  }

  @KafkaListener(id = GROUP, groupId = GROUP, topics = "broadcast.control")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    for (ConsumerRecord<String, byte[]> record : records) {
      if (record.value() == null) {
        forget(record);
      }
    }
  }

  private void forget(ConsumerRecord<String, byte[]> tombstone) {
    UUID broadcastId;
    try {
      broadcastId = UUID.fromString(String.valueOf(tombstone.key()));
    } catch (IllegalArgumentException e) {
      // Not every key is a broadcast.
      return;
    }
    List<CompletableFuture<?>> ended = new ArrayList<>();
    for (String key : progressKeys(broadcastId)) {
      ended.add(producer.send(Topics.DELIVERY_PROGRESS.name(), key, null, List.of()));
    }
    try {
      CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw new TransientDataAccessResourceException("tombstones not acknowledged", e);
    }
    // After the broker has them: whoever dies in between leaves the rows to find the keys by.
    jdbc.update("delete from counter where broadcast_id = ?", broadcastId);
  }

  private List<String> progressKeys(UUID broadcastId) {
    return jdbc.query(
        """
        select k.account_id, k.shard, i.id
        from counter k join incarnation i on i.number = k.incarnation
        where k.broadcast_id = ?
        """,
        (row, index) ->
            broadcastId
                + ":"
                + new Lane(row.getObject("account_id", UUID.class), row.getInt("shard"))
                + ":"
                + row.getObject("id", UUID.class),
        broadcastId);
  }
}
