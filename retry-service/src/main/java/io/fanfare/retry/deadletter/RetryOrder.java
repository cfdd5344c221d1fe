package io.fanfare.retry.deadletter;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whom of a broadcast to try again.
 *
 * @param what {@code failed}: refused for good; {@code dead}: out of attempts; {@code in_doubt}:
 *     nobody knows whether it was sent, so that it may arrive twice
 * @param channel only those of this channel
 */
record RetryOrder(
    @NotEmpty(message = "is missing or empty") List<@NotNull(message = "is missing") What> what,
    @Schema(example = "email") @Nullable String channel) {

  /** What may be tried again. */
  enum What {
    FAILED,
    DEAD,
    IN_DOUBT;

    /** The name in JSON. */
    @JsonValue
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
