package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What may be changed of a broadcast while it is a draft.
 *
 * @param audience whom it goes to
 * @param channels in the order in which a fall back uses them
 * @param ratePerMinute messages a minute; 0 for no limit of its own
 * @param channelMode on all channels at once, or the first that reaches the contact
 * @param abTest the test of several variants it is, with its defaults; null: it tests nothing
 * @param category the name of the category its messages belong to; null: none
 * @param sendTime when each contact gets it by his own clock; null: as soon as it is his turn
 */
record BroadcastSettings(
    String name,
    UUID templateId,
    AudienceChoice audience,
    List<ChannelChoice> channels,
    DeliveryPolicy policy,
    Map<String, Object> variables,
    int ratePerMinute,
    ChannelMode channelMode,
    @Nullable AbTestPlan abTest,
    @Nullable String category,
    @Nullable SendTimeChoice sendTime) {

  /** Of no category, sent to everybody as soon as it is his turn. */
  BroadcastSettings(
      String name,
      UUID templateId,
      AudienceChoice audience,
      List<ChannelChoice> channels,
      DeliveryPolicy policy,
      Map<String, Object> variables,
      int ratePerMinute,
      ChannelMode channelMode,
      @Nullable AbTestPlan abTest) {
    this(
        name,
        templateId,
        audience,
        channels,
        policy,
        variables,
        ratePerMinute,
        channelMode,
        abTest,
        null,
        null);
  }

  /** The largest rate: a hundred thousand a second. */
  static final int MAX_RATE = 6_000_000;

  /** The same with another rate. */
  BroadcastSettings withRate(int messagesPerMinute) {
    return new BroadcastSettings(
        name,
        templateId,
        audience,
        channels,
        policy,
        variables,
        messagesPerMinute,
        channelMode,
        abTest,
        category,
        sendTime);
  }

  /** Its test as the other services see it; null where it tests nothing. */
  @Nullable AbTest test() {
    return abTest == null ? null : abTest.contract(channels.getFirst().channel());
  }
}
