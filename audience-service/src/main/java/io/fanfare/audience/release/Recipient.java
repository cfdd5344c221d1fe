package io.fanfare.audience.release;

import io.fanfare.contract.broadcast.ChannelPlan;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A contact as a command needs it.
 *
 * @param address where to on the command's channel; null when there is none
 * @param contact the fields the content uses
 * @param next the channel it goes on to when this one does not reach it; null when there is none
 */
record Recipient(
    @Nullable String address, Map<String, Object> contact, @Nullable ChannelPlan next) {

  /** Somebody who was erased since the freeze. */
  static final Recipient GONE = new Recipient(null, Map.of(), null);
}
