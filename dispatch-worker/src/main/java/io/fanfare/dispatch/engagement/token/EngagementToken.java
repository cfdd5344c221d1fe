package io.fanfare.dispatch.engagement.token;

import io.fanfare.contract.Channel;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a token says.
 *
 * @param kind what it may be used for
 * @param broadcastId the broadcast
 * @param contactId the contact
 * @param channel the channel
 * @param variant the variant
 * @param segment the part of the audience that chose the contact; null for none
 * @param link the number of the link; 0 where it is not about one
 * @param sentAt when the message was made, to the second
 * @param utcOffset minutes east of UTC where the contact was, a multiple of 15; null when unknown
 */
public record EngagementToken(
    Kind kind,
    UUID broadcastId,
    long contactId,
    Channel channel,
    String variant,
    @Nullable Integer segment,
    int link,
    Instant sentAt,
    @Nullable Integer utcOffset) {

  /** What a token may be used for. */
  public enum Kind {
    OPEN(1),
    /** A link whose target is stored. */
    CLICK(2),
    /** A link whose target stands beside the token and is signed with it. */
    CLICK_TO(3),
    UNSUBSCRIBE(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static @Nullable Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      return null;
    }
  }
}
