package io.fanfare.dispatch.engagement.link;

import io.fanfare.contract.Channel;
import io.fanfare.contract.content.MessageContent;
import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.channel.ContentNotReady;
import io.fanfare.dispatch.engagement.link.LinkScanner.Place;
import io.fanfare.dispatch.engagement.preference.SignedPreferenceLinks;
import io.fanfare.dispatch.engagement.token.EngagementTokens;
import io.fanfare.template.CompiledTemplate;
import io.fanfare.template.Escaping;
import io.fanfare.template.TemplateEngine;
import io.fanfare.template.TemplateSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Makes the links of a content trackable, once for all its recipients: in their place stand
 * variables of the template language that {@link TrackedContent} fills for each.
 */
public final class LinkTracker implements ContentTracker {

  static final int MOST_LINKS = 200;
  static final int MOST_PLACES = 500;

  /** The longest body that is tracked: a tracked one must still fit the template language. */
  static final int LONGEST_BODY = 150_000;

  static final String VARIABLE = "fanfare_link";
  private static final String PIXEL =
      "<img width=\"1\" height=\"1\" alt=\"\" src=\"{{ " + VARIABLE + ".open }}\">";

  private final @Nullable String publicUrl;
  private final EngagementTokens tokens;
  private final SignedPreferenceLinks preferences;
  private final LinkRepository links;
  private final TemplateEngine engine = new TemplateEngine();

  /**
   * @param publicUrl where recipients reach this service; empty when nothing is tracked
   */
  public LinkTracker(
      String publicUrl,
      EngagementTokens tokens,
      SignedPreferenceLinks preferences,
      LinkRepository links) {
    this.publicUrl =
        publicUrl.isBlank()
            ? null
            : publicUrl.endsWith("/") ? publicUrl.substring(0, publicUrl.length() - 1) : publicUrl;
    this.tokens = tokens;
    this.preferences = preferences;
    this.links = links;
  }

  /** The content with its links tracked; as it was when nothing is tracked. */
  @Override
  public TrackedContent track(MessageContent content, BroadcastFacts facts) {
    if (publicUrl == null
        || facts.variant().getBytes(StandardCharsets.UTF_8).length
            > EngagementTokens.MOST_VARIANT_BYTES) {
      return TrackedContent.untracked(content);
    }
    Found found = new Found();
    // Every body is gone through before anything is written, since all share the numbers.
    collect(content, found);
    Channel channel =
        switch (content) {
          case MessageContent.Email email -> Channel.EMAIL;
          case MessageContent.Telegram telegram -> Channel.TELEGRAM;
        };
    try {
      found.keepOnly(
          links
              .store(
                  facts.tenantId(),
                  facts.broadcastId(),
                  facts.variant(),
                  channel,
                  found.links(),
                  facts.category())
              .targets());
    } catch (DataAccessException e) {
      throw new ContentNotReady("its links could not be stored", e);
    }
    return new TrackedContent(
        rewritten(content, found),
        publicUrl,
        tokens,
        leadsToPreferences(content) ? preferences : null,
        facts,
        channel,
        found.links().stream().filter(link -> !link.templated()).map(FoundLink::number).toList(),
        found.templates);
  }

  /** A signature is made for each recipient only where something shows it. */
  private static boolean leadsToPreferences(MessageContent content) {
    return switch (content) {
      case MessageContent.Email email ->
          mentions(email.subject()) || mentions(email.html()) || mentions(email.text());
      case MessageContent.Telegram telegram ->
          mentions(telegram.text())
              || telegram.buttons().stream()
                  .flatMap(List::stream)
                  .anyMatch(button -> mentions(button.url()) || mentions(button.text()));
    };
  }

  private static boolean mentions(@Nullable String source) {
    return source != null
        && (source.contains(TrackedContent.PREFERENCES) || source.contains(TrackedContent.CONFIRM));
  }

  private void collect(MessageContent content, Found found) {
    switch (content) {
      case MessageContent.Email email -> {
        body(email.html(), true, found);
        body(email.text(), false, found);
      }
      case MessageContent.Telegram telegram -> {
        telegram.buttons().forEach(row -> row.forEach(button -> tracked(button, found)));
        telegramText(telegram, found);
      }
    }
  }

  private MessageContent rewritten(MessageContent content, Found found) {
    return switch (content) {
      case MessageContent.Email email -> {
        String html = body(email.html(), true, found);
        yield new MessageContent.Email(
            email.subject(),
            html == null ? null : withPixel(html),
            body(email.text(), false, found),
            email.media());
      }
      case MessageContent.Telegram telegram ->
          new MessageContent.Telegram(
              telegramText(telegram, found),
              telegram.parseMode(),
              telegram.buttons().stream()
                  .map(row -> row.stream().map(button -> tracked(button, found)).toList())
                  .toList(),
              telegram.media());
    };
  }

  /** A button that opens nothing stays as it is: a press of it is told by Telegram. */
  private static MessageContent.Button tracked(MessageContent.Button button, Found found) {
    String url = button.url();
    return url == null ? button : new MessageContent.Button(button.text(), found.of(url));
  }

  /** Bare URLs stay: a reader would see what stands in their place. */
  private static String telegramText(MessageContent.Telegram telegram, Found found) {
    return telegram.parseMode() == MessageContent.ParseMode.HTML
        ? tracked(telegram.text(), true, found)
        : telegram.text();
  }

  private static @Nullable String body(@Nullable String source, boolean html, Found found) {
    return source == null ? null : tracked(source, html, found);
  }

  private static String tracked(String source, boolean html, Found found) {
    if (source.length() > LONGEST_BODY) {
      return source;
    }
    List<Place> places = html ? LinkScanner.inHtml(source) : LinkScanner.inText(source);
    boolean shadowed = LinkPolicy.shadowsData(source);
    StringBuilder tracked = new StringBuilder(source.length() + 256);
    int from = 0;
    for (Place place : places.subList(0, Math.min(places.size(), MOST_PLACES))) {
      String raw = source.substring(place.start(), place.end());
      String link = html ? LinkPolicy.unescaped(raw).strip() : raw;
      String instead = shadowed && LinkPolicy.isTemplated(link) ? link : found.of(link);
      tracked.append(source, from, place.start()).append(instead.equals(link) ? raw : instead);
      from = place.end();
    }
    return tracked.append(source, from, source.length()).toString();
  }

  private static String withPixel(String html) {
    int body = html.toLowerCase(Locale.ROOT).lastIndexOf("</body>");
    return body < 0 || html.length() > LONGEST_BODY * 3 / 2
        ? html + PIXEL
        : html.substring(0, body) + PIXEL + html.substring(body);
  }

  /** The links found so far. */
  private final class Found {
    private final Map<String, FoundLink> byLink = new LinkedHashMap<>();
    private final Map<Integer, CompiledTemplate> templates = new HashMap<>();
    private boolean closed;

    List<FoundLink> links() {
      return List.copyOf(byLink.values());
    }

    /** What stands in a link's place: a variable, or the link itself when it is not tracked. */
    String of(String link) {
      FoundLink known = byLink.get(link);
      if (known == null && !closed && byLink.size() < MOST_LINKS) {
        known = add(link);
      }
      return known == null ? link : "{{ " + VARIABLE + ".l" + known.number() + " }}";
    }

    private @Nullable FoundLink add(String link) {
      int number = byLink.size() + 1;
      boolean templated = LinkPolicy.isTemplated(link);
      if (templated) {
        CompiledTemplate template = templateOf(link);
        if (template == null) {
          return null;
        }
        templates.put(number, template);
      } else if (!LinkPolicy.isTarget(link)) {
        return null;
      }
      FoundLink found = new FoundLink(number, link, templated);
      byLink.put(link, found);
      return found;
    }

    /** One that can be rendered by itself; statements and names of the template's own cannot. */
    private @Nullable CompiledTemplate templateOf(String link) {
      if (link.length() > LinkPolicy.LONGEST
          || link.contains("{%")
          || !(LinkPolicy.isHttp(link, 0) || link.startsWith("{{"))) {
        return null;
      }
      try {
        CompiledTemplate template = engine.compile(link, Escaping.NONE);
        return template.variables().stream().allMatch(LinkPolicy::isOfData) ? template : null;
      } catch (TemplateSyntaxException wrong) {
        // The whole body says so to whoever compiles it.
        return null;
      }
    }

    /** A number that stands for another link, written by an older version, is not used. */
    void keepOnly(Map<Integer, String> stored) {
      closed = true;
      byLink.values().removeIf(link -> !link.target().equals(stored.get(link.number())));
      templates
          .keySet()
          .removeIf(number -> byLink.values().stream().noneMatch(link -> link.number() == number));
    }
  }
}
