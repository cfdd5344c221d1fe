package io.fanfare.analytics.engagement;

import io.fanfare.contract.engagement.EngagementEvent;
import java.util.UUID;

/** A contact on one channel of one broadcast. */
record Recipient(UUID broadcastId, long contactId, String channel) {

  static Recipient of(EngagementEvent event) {
    return new Recipient(event.broadcastId(), event.contactId(), event.channel().name());
  }
}
