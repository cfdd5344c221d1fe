package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.broadcast.DeliveryPolicy;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What may be changed of a broadcast while it is a draft.
 *
 * @param ratePerMinute messages a minute; 0 for no limit of its own
 */
record BroadcastSettings(
    String name,
    UUID templateId,
    UUID listId,
    List<ChannelChoice> channels,
    DeliveryPolicy policy,
    Map<String, Object> variables,
    int ratePerMinute) {

  /** The largest rate: a hundred thousand a second. */
  static final int MAX_RATE = 6_000_000;

  /** The same with another rate. */
  BroadcastSettings withRate(int messagesPerMinute) {
    return new BroadcastSettings(
        name, templateId, listId, channels, policy, variables, messagesPerMinute);
  }
}
