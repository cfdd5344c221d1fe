package io.fanfare.dispatch.engagement.link;

import io.fanfare.contract.content.MessageContent;
import io.fanfare.dispatch.channel.BroadcastFacts;

/** Makes the links of a content trackable where links are tracked. */
@FunctionalInterface
public interface ContentTracker {

  /**
   * Called when a content is compiled.
   *
   * @throws io.fanfare.dispatch.channel.ContentNotReady when the links cannot be stored now
   */
  TrackedContent track(MessageContent content, BroadcastFacts facts);
}
