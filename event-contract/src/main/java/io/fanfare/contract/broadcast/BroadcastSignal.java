package io.fanfare.contract.broadcast;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.fanfare.contract.Channel;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What another service asks of broadcast-api, the only one that changes a broadcast's state. The
 * event type is {@code broadcast.signal}.
 *
 * @param broadcastId the broadcast
 * @param tenantId its tenant
 * @param signal what is asked
 * @param epoch the control epoch the sender acted on; a pause asked for at an older epoch than a
 *     later resume is stale and ignored
 * @param planned with {@code FROZEN}: recipients planned, the skipped ones included; else null
 * @param reason with {@code PAUSE} and {@code FAIL}: why; else null
 * @param at when the sender decided
 * @param variant with {@code WINNER}: the variant the hold-back gets; else null
 * @param variants with {@code FROZEN} of a broadcast that tests: how large each variant is; else
 *     null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BroadcastSignal(
    UUID broadcastId,
    UUID tenantId,
    Signal signal,
    long epoch,
    @Nullable Long planned,
    @Nullable StateReason reason,
    Instant at,
    @Nullable String variant,
    @Nullable List<VariantSize> variants) {

  /**
   * The frozen recipients of a variant on a channel.
   *
   * @param variant its id, or {@link io.fanfare.contract.abtest.AbTest#HOLD_BACK}
   * @param recipients those that are skipped left out
   */
  public record VariantSize(String variant, Channel channel, long recipients) {}

  /** Of a signal that tells no sizes. */
  public BroadcastSignal(
      UUID broadcastId,
      UUID tenantId,
      Signal signal,
      long epoch,
      @Nullable Long planned,
      @Nullable StateReason reason,
      Instant at,
      @Nullable String variant) {
    this(broadcastId, tenantId, signal, epoch, planned, reason, at, variant, null);
  }

  /** Of a signal that names no variant. */
  public BroadcastSignal(
      UUID broadcastId,
      UUID tenantId,
      Signal signal,
      long epoch,
      @Nullable Long planned,
      @Nullable StateReason reason,
      Instant at) {
    this(broadcastId, tenantId, signal, epoch, planned, reason, at, null, null);
  }

  /** What may be asked. */
  public enum Signal {
    /** The audience is frozen; release begins. */
    FROZEN,
    /** Nothing is pending, in flight or retrying any more. */
    COMPLETE,
    /** Sending on makes no sense before somebody acts, such as mending a password. */
    PAUSE,
    /** Its A/B test is decided; the hold-back may go. */
    WINNER,
    /** The broadcast cannot be run at all, such as a list that no longer exists. */
    FAIL;

    /** The name in JSON. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
