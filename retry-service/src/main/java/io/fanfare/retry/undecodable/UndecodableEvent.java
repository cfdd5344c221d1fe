package io.fanfare.retry.undecodable;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record that a consumer group could not read or handle.
 *
 * @param topic the topic it was published to
 * @param group the consumer group that set it aside
 * @param reason what the group said
 * @param type the event type its header names; absent when there is none
 * @param key its key; absent when it has none
 * @param origin partition and offset it was read from, {@code 3@1842}
 * @param at when it was set aside
 * @param size of its payload, in bytes; 0 for a tombstone
 * @param payloadPreview the beginning of its payload as text, at most 1,024 bytes; what is no UTF-8
 *     is replaced
 * @param requeues how often it was requeued before it came here
 * @param state what became of it
 * @param changedAt when its state changed last
 * @param headers its producer's headers as text; only when asked for a single one
 * @param payload the whole payload in Base64; only when asked for a single one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record UndecodableEvent(
    UUID id,
    String topic,
    String group,
    String reason,
    @Nullable String type,
    @Nullable String key,
    @Nullable String origin,
    Instant at,
    int size,
    String payloadPreview,
    int requeues,
    State state,
    Instant changedAt,
    @Nullable Map<String, String> headers,
    byte @Nullable [] payload) {

  /** What became of it. */
  enum State {
    /** Nobody has done anything about it. */
    OPEN,
    /** It was published again; if it is set aside again, it comes here as another one. */
    REQUEUED,
    /** Somebody decided to leave it. */
    DISCARDED;

    /** The name in JSON and in the database. */
    @JsonValue
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
