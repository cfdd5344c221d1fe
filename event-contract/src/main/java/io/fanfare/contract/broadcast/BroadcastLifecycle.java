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
 * A broadcast came into being or moved to another state. The event type is {@code broadcast.} and
 * {@link Change#id()}. Internal systems may listen.
 *
 * @param eventId the same for every delivery of this event
 * @param change what happened
 * @param broadcastId the broadcast
 * @param tenantId its tenant
 * @param name its name
 * @param state the state after the change
 * @param version the broadcast's version after the change; orders its events
 * @param channels the channels it uses
 * @param scheduledAt the instant it is scheduled for, if it is
 * @param reason why it was paused or failed, if it was
 * @param actor who caused the change: {@code key:<id>}, {@code operator} or {@code system}
 * @param at when it happened
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BroadcastLifecycle(
    UUID eventId,
    Change change,
    UUID broadcastId,
    UUID tenantId,
    String name,
    BroadcastState state,
    long version,
    List<Channel> channels,
    @Nullable Instant scheduledAt,
    @Nullable StateReason reason,
    String actor,
    Instant at) {

  /** What may happen to a broadcast. */
  public enum Change {
    CREATED,
    SCHEDULED,
    UNSCHEDULED,
    STARTED,
    PAUSED,
    RESUMED,
    WINNER_DECIDED,
    COMPLETED,
    CANCELLED,
    FAILED;

    /** The name in JSON and, after {@code broadcast.}, the event type. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
