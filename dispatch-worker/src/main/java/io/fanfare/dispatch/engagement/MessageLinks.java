package io.fanfare.dispatch.engagement;

import io.fanfare.contract.send.SendMessage;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.AbstractMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The links of one recipient's message as templates ask for them; made when asked for, since not
 * every text has every link.
 */
final class MessageLinks extends AbstractMap<String, Object> {

  private static final int SECONDS_PER_MINUTE = 60;
  private static final int QUARTER = 15;

  private final String baseUrl;
  private final LinkTokens tokens;
  private final SendMessage command;
  private final Instant now;
  private final @Nullable Integer offset;

  /**
   * @param baseUrl where the public addresses are, without a slash at the end
   */
  MessageLinks(String baseUrl, LinkTokens tokens, SendMessage command, Instant now) {
    this.baseUrl = baseUrl;
    this.tokens = tokens;
    this.command = command;
    this.now = now;
    this.offset = offset(command.zone(), now);
  }

  @Override
  public @Nullable Object get(Object key) {
    if (!(key instanceof String name)) {
      return null;
    }
    if (name.equals(TrackedContent.OPEN)) {
      return url("/t/o/", LinkToken.Use.OPEN, 0);
    }
    return name.startsWith(TrackedContent.LINK)
        ? url(
            "/t/c/",
            LinkToken.Use.CLICK,
            Integer.parseInt(name.substring(TrackedContent.LINK.length())))
        : null;
  }

  String unsubscribe() {
    return url("/t/u/", LinkToken.Use.UNSUBSCRIBE, 0);
  }

  private String url(String path, LinkToken.Use use, int link) {
    return baseUrl
        + path
        + tokens.sign(
            new LinkToken(
                use,
                command.broadcastId(),
                command.contactId(),
                command.channel(),
                command.variant(),
                link,
                now,
                offset));
  }

  /** In whole quarters of an hour, which every zone in use keeps to. */
  private static @Nullable Integer offset(@Nullable String zone, Instant now) {
    if (zone == null) {
      return null;
    }
    try {
      int minutes =
          ZoneId.of(zone).getRules().getOffset(now).getTotalSeconds() / SECONDS_PER_MINUTE;
      return minutes / QUARTER * QUARTER;
    } catch (DateTimeException unknownZone) {
      return null;
    }
  }

  /** Nothing can be listed: what a text does not ask for is not made. */
  @Override
  public Set<Entry<String, Object>> entrySet() {
    return Set.of();
  }
}
