package io.fanfare.retry.deadletter;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which dead letters of a tenant are meant; what is null does not matter. */
record DeadLetterFilter(
    UUID tenantId,
    @Nullable UUID broadcastId,
    @Nullable String channel,
    @Nullable String state,
    @Nullable String outcome,
    @Nullable String code,
    @Nullable List<UUID> ids) {

  /** One dead letter. */
  static DeadLetterFilter one(UUID tenantId, UUID id) {
    return new DeadLetterFilter(tenantId, null, null, null, null, null, List.of(id));
  }
}
