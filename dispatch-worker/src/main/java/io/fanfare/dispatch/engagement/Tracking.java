package io.fanfare.dispatch.engagement;

import io.fanfare.contract.Channel;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.BroadcastFacts;
import java.time.Instant;
import java.util.Map;

/** Makes the links of messages lead through us, and says to each recipient's message where. */
public interface Tracking {

  /** Contents stay as they are; messages get no links of ours. */
  Tracking OFF =
      new Tracking() {
        @Override
        public MessageContent track(MessageContent content, Channel channel, BroadcastFacts facts) {
          return content;
        }

        @Override
        public void addTo(Map<String, Object> data, SendMessage command, Instant now) {}
      };

  /**
   * The content with links that lead through us, once per content: the templates ask for what
   * {@link #addTo} puts into a message's data. Keeps where they lead before it returns.
   *
   * @throws org.springframework.dao.DataAccessException when that cannot be kept now
   */
  MessageContent track(MessageContent content, Channel channel, BroadcastFacts facts);

  /** Adds one recipient's links to what templates see. */
  void addTo(Map<String, Object> data, SendMessage command, Instant now);
}
