package io.fanfare.retry.deadletter;

import io.fanfare.contract.delivery.Outcome;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which open dead letters of a broadcast are meant; what is left out does not matter.
 *
 * @param broadcastId the broadcast
 * @param channel only those of this channel
 * @param outcome only those that are {@code failed} or {@code dead}
 * @param code only those with this code of their cause
 * @param ids only these, at most 1,000
 */
record DeadLetterSelection(
    @NotNull(message = "is missing") @Schema(example = "018f6b1e-9d52-7c11-8d0e-3a5f2b7c9e10")
        UUID broadcastId,
    @Schema(example = "email") @Nullable String channel,
    @Schema(example = "failed") @Nullable Outcome outcome,
    @Schema(example = "mailbox_full") @Nullable String code,
    @Nullable List<@NotNull(message = "is missing") UUID> ids) {

  private static final int MAX_IDS = 1_000;

  /**
   * @throws ProblemException 413 when there are more ids than one request may hold
   */
  DeadLetterFilter toFilter(UUID tenantId) {
    if (ids != null && ids.size() > MAX_IDS) {
      throw ProblemException.tooLarge(
          "too_many_ids", "a request names at most %d dead letters".formatted(MAX_IDS));
    }
    return new DeadLetterFilter(
        tenantId, broadcastId, channel, null, outcome == null ? null : outcome.id(), code, ids);
  }
}
