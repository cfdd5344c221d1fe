package io.fanfare.audience.release;

import io.fanfare.contract.Topics;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.support.kafka.EventBatches;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Takes in the limits of channel accounts. */
@Component
class ChannelAccountListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_ACCOUNT;

  private final EventBatches batches;
  private final LaneRepository lanes;
  private final TransactionOperations transaction;

  ChannelAccountListener(
      EventBatches batches, LaneRepository lanes, TransactionOperations transaction) {
    this.batches = batches;
    this.lanes = lanes;
    this.transaction = transaction;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).CHANNEL_ACCOUNT.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(GROUP, ChannelAccount.class, records, this::keep);
    for (ConsumerRecord<String, byte[]> record : records) {
      if (record.value() == null) {
        delete(record);
      }
    }
  }

  private void keep(List<ChannelAccount> accounts) {
    List<ChannelAccount> inLockOrder =
        accounts.stream()
            .sorted(
                Comparator.comparing(ChannelAccount::accountId)
                    .thenComparing(ChannelAccount::version))
            .toList();
    transaction.executeWithoutResult(status -> inLockOrder.forEach(lanes::keepAccount));
  }

  private void delete(ConsumerRecord<String, byte[]> tombstone) {
    UUID accountId;
    try {
      accountId = UUID.fromString(String.valueOf(tombstone.key()));
    } catch (IllegalArgumentException e) {
      batches.setAside(GROUP, tombstone, "undecodable: the key is no account id");
      return;
    }
    lanes.markAccountDeleted(accountId);
  }
}
