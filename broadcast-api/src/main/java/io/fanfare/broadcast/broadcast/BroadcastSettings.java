package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.broadcast.DeliveryPolicy;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What may be changed of a broadcast while it is a draft. */
record BroadcastSettings(
    String name,
    UUID templateId,
    UUID listId,
    List<ChannelChoice> channels,
    DeliveryPolicy policy,
    Map<String, Object> variables) {}
