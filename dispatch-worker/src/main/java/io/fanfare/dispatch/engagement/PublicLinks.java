package io.fanfare.dispatch.engagement;

import io.fanfare.contract.Channel;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.BroadcastFacts;
import java.time.Instant;
import java.util.Map;

/** Makes links that lead to the public addresses of this deployment. */
final class PublicLinks implements Tracking {

  private static final String UNSUBSCRIBE = "unsubscribe_link";

  private final String baseUrl;
  private final LinkTokens tokens;
  private final LinkRepository links;

  /**
   * @param baseUrl an http or https URL; what stands behind it are paths under {@code /t/}
   */
  PublicLinks(String baseUrl, LinkTokens tokens, LinkRepository links) {
    this.baseUrl = baseUrl.replaceAll("/+$", "");
    this.tokens = tokens;
    this.links = links;
  }

  @Override
  public MessageContent track(MessageContent content, Channel channel, BroadcastFacts facts) {
    TrackedContent tracked = TrackedContent.of(content);
    links.keep(
        facts.broadcastId(),
        channel,
        facts.variant(),
        new LinkRepository.Links(facts.tenantId(), tracked.targets()));
    return tracked.content();
  }

  @Override
  public void addTo(Map<String, Object> data, SendMessage command, Instant now) {
    MessageLinks own = new MessageLinks(baseUrl, tokens, command, now);
    data.put(TrackedContent.VARIABLE, own);
    // A product team may have a page of its own.
    data.computeIfAbsent(UNSUBSCRIBE, absent -> own.unsubscribe());
  }
}
