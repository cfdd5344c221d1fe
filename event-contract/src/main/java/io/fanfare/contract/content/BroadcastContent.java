package io.fanfare.contract.content;

import io.fanfare.contract.Channel;
import java.util.UUID;

/**
 * The frozen content of one variant of a broadcast on one channel. Compacted by {@link #key()};
 * commands carry data, never content.
 *
 * @param broadcastId the broadcast
 * @param variant the variant; {@code a} where nothing is tested
 * @param content what is rendered per recipient
 */
public record BroadcastContent(
    UUID broadcastId, String variant, Channel channel, MessageContent content) {

  /** The Kafka key. */
  public String key() {
    return key(broadcastId, variant, channel);
  }

  /** The Kafka key of a broadcast's variant on a channel. */
  public static String key(UUID broadcastId, String variant, Channel channel) {
    return broadcastId + ":" + variant + ":" + channel;
  }
}
