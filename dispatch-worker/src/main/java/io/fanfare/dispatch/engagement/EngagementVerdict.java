package io.fanfare.dispatch.engagement;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says of a single request whether a machine made it, and by what one can tell. A verdict drops
 * nothing: the event is counted apart. Bursts of clicks, which no single request shows, are judged
 * where events are counted.
 */
final class EngagementVerdict {

  /** Only programs ask for the head alone. */
  static final String HEAD_REQUEST = "head_request";

  /** Fetched before anybody asked for it, by the program's own words (Sec-Purpose: prefetch). */
  static final String PREFETCH = "prefetch";

  /** A scanner or proxy that calls itself one. */
  static final String KNOWN_AGENT = "known_agent";

  /** No agent at all, which no browser or mail program leaves out. */
  static final String NO_AGENT = "no_agent";

  /** Sooner after the message was made than it can have been delivered and read. */
  static final String TOO_SOON = "too_soon";

  /**
   * What Apple's Mail Privacy Protection, which fetches all images of a message whether it is read
   * or not, calls itself: this and nothing after it.
   */
  private static final String APPLE_PRIVACY_PROXY = "Mozilla/5.0";

  /**
   * Parts of the names of link scanners and fetchers of previews, in lower case, as their makers
   * document them or they appear in User-Agent. Google's and Yahoo's image proxies are not among
   * them: they fetch when the message is opened.
   */
  private static final List<String> AGENTS =
      List.of(
          "barracuda",
          "mimecast",
          "proofpoint",
          "safelinks",
          "symantec",
          "trendmicro",
          "fortiguard",
          "cloudmark",
          "cisco-email",
          "telegrambot",
          "twitterbot",
          "facebookexternalhit",
          "slackbot",
          "whatsapp/",
          "bingpreview",
          "googlebot",
          "curl/",
          "wget/",
          "python-requests",
          "python-urllib",
          "go-http-client",
          "java-http-client",
          "headlesschrome");

  private EngagementVerdict() {}

  /**
   * Judges a request.
   *
   * @param method its HTTP method
   * @param agent its User-Agent
   * @param purpose its Sec-Purpose or Purpose
   * @param sentAt when the message was made, to the second
   * @param tooSoon how soon after that nobody can have read it
   * @return the reason to take it for a machine's; null for a human's
   */
  static @Nullable String of(
      String method,
      @Nullable String agent,
      @Nullable String purpose,
      Instant sentAt,
      Instant at,
      Duration tooSoon) {
    if (method.equals("HEAD")) {
      return HEAD_REQUEST;
    }
    if (purpose != null && purpose.toLowerCase(Locale.ROOT).contains("prefetch")) {
      return PREFETCH;
    }
    if (agent == null || agent.isBlank()) {
      return NO_AGENT;
    }
    if (agent.strip().equals(APPLE_PRIVACY_PROXY) || isKnown(agent.toLowerCase(Locale.ROOT))) {
      return KNOWN_AGENT;
    }
    return at.isBefore(sentAt.plus(tooSoon)) ? TOO_SOON : null;
  }

  private static boolean isKnown(String agent) {
    return AGENTS.stream().anyMatch(agent::contains);
  }
}
