package io.fanfare.audience.release;

import io.fanfare.contract.Topics;
import io.fanfare.contract.tenant.TenantLimits;
import io.fanfare.support.kafka.EventBatches;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Takes in what the operator allows each tenant. */
@Component
class TenantLimitsListener {

  private static final String GROUP = Topics.Groups.AUDIENCE_TENANT;

  private final EventBatches batches;
  private final TenantPaceRepository paces;
  private final TransactionOperations transaction;

  TenantLimitsListener(
      EventBatches batches, TenantPaceRepository paces, TransactionOperations transaction) {
    this.batches = batches;
    this.paces = paces;
    this.transaction = transaction;
  }

  @KafkaListener(
      id = GROUP,
      groupId = GROUP,
      topics = "#{T(io.fanfare.contract.Topics).TENANT_LIMITS.name()}")
  void on(List<ConsumerRecord<String, byte[]>> records) {
    batches.handle(GROUP, TenantLimits.class, records, this::keep);
  }

  private void keep(List<TenantLimits> limits) {
    List<TenantLimits> inLockOrder =
        limits.stream()
            .sorted(
                Comparator.comparing(TenantLimits::tenantId).thenComparing(TenantLimits::version))
            .toList();
    transaction.executeWithoutResult(status -> inLockOrder.forEach(paces::keep));
  }
}
