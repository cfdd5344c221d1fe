package io.fanfare.contract.broadcast;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where a broadcast stands. Only broadcast-api moves it. */
public enum BroadcastState {
  DRAFT,
  SCHEDULED,
  RUNNING,
  PAUSED,
  COMPLETED,
  FAILED,
  CANCELLED;

  /** The states this one may move to; every other move is refused. */
  public Set<BroadcastState> successors() {
    return switch (this) {
      case DRAFT -> EnumSet.of(SCHEDULED, RUNNING);
      case SCHEDULED -> EnumSet.of(DRAFT, RUNNING, CANCELLED, FAILED);
      case RUNNING -> EnumSet.of(PAUSED, COMPLETED, CANCELLED, FAILED);
      case PAUSED -> EnumSet.of(RUNNING, CANCELLED, FAILED);
      case COMPLETED, FAILED, CANCELLED -> EnumSet.noneOf(BroadcastState.class);
    };
  }

  /** No state follows this one. */
  public boolean isTerminal() {
    return successors().isEmpty();
  }

  /**
   * Commands of a broadcast in this state may be sent. A completed one counts in: a requeued dead
   * letter or a resend of an in-doubt recipient is sent after completion.
   */
  public boolean maySend() {
    return this == RUNNING || this == COMPLETED;
  }

  /** No further send will happen: what is left of the broadcast ends as cancelled. */
  public boolean endsSending() {
    return this == CANCELLED || this == FAILED;
  }

  /** The name in JSON. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
