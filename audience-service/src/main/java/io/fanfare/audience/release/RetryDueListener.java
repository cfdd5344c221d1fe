package io.fanfare.audience.release;

import io.fanfare.audience.run.RunRepository;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.Topics;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.send.RetryDue;
import io.fanfare.support.kafka.EventBatches;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Takes in retries whose time has come, to be released before anything pending. */
@Component
class RetryDueListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_RETRY;

  private final EventBatches batches;
  private final DueRetryRepository retries;
  private final InDoubtEndRepository inDoubtEnds;
  private final RunRepository runs;
  private final TransactionOperations transaction;

  RetryDueListener(
      EventBatches batches,
      DueRetryRepository retries,
      InDoubtEndRepository inDoubtEnds,
      RunRepository runs,
      TransactionOperations transaction) {
    this.batches = batches;
    this.retries = retries;
    this.inDoubtEnds = inDoubtEnds;
    this.runs = runs;
    this.transaction = transaction;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).DELIVERY_RETRY_DUE.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(GROUP, RetryDue.class, records, this::keep);
  }

  private void keep(List<RetryDue> announced) {
    Map<Key, RetryDue> distinct = new LinkedHashMap<>();
    Map<RunLane, RetryDue> lanes = new LinkedHashMap<>();
    Set<UUID> broadcasts = new TreeSet<>();
    for (RetryDue retry : announced) {
      distinct.put(Key.of(retry), retry);
      lanes.put(new RunLane(retry.broadcastId(), retry.channel(), retry.lane()), retry);
      broadcasts.add(retry.broadcastId());
    }
    transaction.executeWithoutResult(status -> {
      // The broadcast's row first: whoever closes it holds the row and looks for retries then.
      runs.reopen(broadcasts);
      for (RetryDue retry : lanes.values()) {
        if (!retries.belongsToRun(retry)) {
          throw new IllegalStateException(
              "nothing of broadcast " + retry.broadcastId() + " was on lane " + retry.lane());
        }
      }
      retries.keep(distinct.values());
      List<RetryDue> inDoubt =
          distinct.values().stream().filter(retry -> retry.bucket() == Bucket.IN_DOUBT).toList();
      if (!inDoubt.isEmpty()) {
        inDoubtEnds.forget(inDoubt);
      }
    });
  }

  private record RunLane(UUID broadcastId, Channel channel, Lane lane) {}

  private record Key(UUID broadcastId, long contactId, Channel channel, int issue) {

    static Key of(RetryDue retry) {
      return new Key(retry.broadcastId(), retry.contactId(), retry.channel(), retry.issue());
    }
  }
}
