package io.fanfare.retry.undecodable;

import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/**
 * Which open undecodable events are meant.
 *
 * @param topic the topic they were published to
 * @param group only those that this consumer group set aside
 */
record UndecodableSelection(
    @NotNull(message = "is missing") @Schema(example = "delivery.events") String topic,
    @Schema(example = "retry-service.delivery") @Nullable String group) {

  /**
   * The topic.
   *
   * @throws ProblemException 422 when there is none of that name
   */
  Topic knownTopic() {
    return Topics.all().stream()
        .filter(known -> known.name().equals(topic))
        .findFirst()
        .orElseThrow(() -> ProblemException.invalid("/topic", "is no topic of this installation"));
  }
}
