package io.fanfare.dispatch.engagement;

import io.fanfare.contract.Channel;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a link of a message tells of it.
 *
 * @param use what the link is for
 * @param broadcastId the message's broadcast
 * @param contactId its recipient
 * @param channel the channel it was sent on
 * @param variant the variant of its content, at most 32 characters of ASCII
 * @param link with {@code CLICK}: the number of the link in the content, from 1; else 0
 * @param sentAt when it was made, to the second
 * @param utcOffset minutes east of UTC where the recipient was then, in whole quarters of an hour;
 *     null where nobody knows
 */
record LinkToken(
    Use use,
    UUID broadcastId,
    long contactId,
    Channel channel,
    String variant,
    int link,
    Instant sentAt,
    @Nullable Integer utcOffset) {

  /** What a link is for; the order is part of every link that was ever sent. */
  enum Use {
    OPEN,
    CLICK,
    UNSUBSCRIBE
  }
}
