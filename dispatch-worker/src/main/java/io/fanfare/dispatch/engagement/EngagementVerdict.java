package io.fanfare.dispatch.engagement;

import io.fanfare.contract.engagement.EngagementEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells machines from recipients by a single request. What shows only over several, such as every
 * link within seconds, is judged where all events are seen.
 */
final class EngagementVerdict {

  static final String HEAD_REQUEST = "head_request";
  static final String SCANNER_AGENT = "scanner_agent";
  static final String PRIVACY_PROXY = "privacy_proxy";
  static final String BEFORE_DELIVERY = "before_delivery";

  /**
   * Apple's Mail Privacy Protection loads every image beforehand and gives this as its whole name
   * (seen by senders since 2021: wordtothewise.com/2021/09/apple-mpp). Image proxies that load when
   * somebody looks (GoogleImageProxy, YahooMailProxy) are no machines.
   */
  private static final String APPLE_PROXY = "Mozilla/5.0";

  /**
   * Parts of the names of mail scanners, link previews and HTTP libraries, in lower case. Previews
   * and search engines: the names their makers give, as collected by
   * github.com/monperrus/crawler-user-agents; scanners and libraries: what senders find in their
   * logs
   * (suped.com/learn/email-deliverability/how-can-i-identify-bot-user-agents-in-my-email-click-data,
   * looked up in November 2026). A list of names is never whole: most scanners call themselves
   * browsers and show by when and what they click.
   */
  private static final List<String> SCANNERS =
      List.of(
          "barracuda",
          "proofpoint",
          "mimecast",
          "microsoft office existence discovery",
          "bingpreview",
          "skypeuripreview",
          "slackbot",
          "telegrambot",
          "twitterbot",
          "facebookexternalhit",
          "whatsapp/",
          "googlebot",
          "bingbot",
          "headlesschrome",
          "python-requests",
          "python-urllib",
          "aiohttp",
          "apache-httpclient",
          "go-http-client",
          "curl/",
          "wget/");

  private EngagementVerdict() {}

  /**
   * Why a request is taken for a machine's; null for a human's.
   *
   * @param agent the User-Agent; null when the request has none, which no browser does
   * @param sentAt when the message was made, to the second
   * @param beforeDelivery a click sooner than this cannot follow a delivery
   */
  static @Nullable String of(
      Kind kind,
      boolean head,
      @Nullable String agent,
      Instant sentAt,
      Instant at,
      Duration beforeDelivery) {
    if (head) {
      return HEAD_REQUEST;
    }
    if (agent == null || agent.isBlank()) {
      return SCANNER_AGENT;
    }
    if (agent.strip().equals(APPLE_PROXY)) {
      return PRIVACY_PROXY;
    }
    String name = agent.toLowerCase(Locale.ROOT);
    if (SCANNERS.stream().anyMatch(name::contains)) {
      return SCANNER_AGENT;
    }
    return kind == Kind.CLICKED && at.isBefore(sentAt.plus(beforeDelivery))
        ? BEFORE_DELIVERY
        : null;
  }
}
