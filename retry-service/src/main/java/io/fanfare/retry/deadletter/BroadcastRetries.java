package io.fanfare.retry.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The retries of one broadcast in figures.
 *
 * @param waiting recipients whose next order is not announced yet
 * @param announced recipients whose next order was announced and has no result yet
 * @param nextDueAt when the first of the waiting ones is due; absent when none waits
 * @param deadLetters dead letters by state: {@code open}, {@code requeued}, {@code resolved},
 *     {@code discarded}; a state without any is left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BroadcastRetries(
    UUID broadcastId,
    long waiting,
    long announced,
    @Nullable Instant nextDueAt,
    Map<String, Long> deadLetters) {}
