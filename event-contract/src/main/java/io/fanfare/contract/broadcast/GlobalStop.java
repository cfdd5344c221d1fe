package io.fanfare.contract.broadcast;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether the operator has stopped the sending of every broadcast. Published under {@link #KEY}
 * beside the broadcasts' own controls, whose states it does not change; a record with a lower epoch
 * than one already seen is stale.
 *
 * @param epoch grows by one with every change
 * @param stopped no send starts and nothing is released
 * @param reason one sentence for people; null when nothing is stopped
 * @param at when it was changed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GlobalStop(long epoch, boolean stopped, @Nullable String reason, Instant at) {

  /** Stands for every broadcast where the key is a broadcast's id else. */
  public static final String KEY = "*";

  /** As it is before anybody has stopped anything. */
  public static final GlobalStop NONE = new GlobalStop(0, false, null, Instant.EPOCH);
}
