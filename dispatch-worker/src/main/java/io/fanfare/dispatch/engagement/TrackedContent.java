package io.fanfare.dispatch.engagement;

import io.fanfare.contract.content.MessageContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/**
 * A content whose links lead through us. Rewrites the templates themselves, so that nothing is
 * looked for in the message of a recipient. The same content always gives the same links, whoever
 * rewrites it.
 *
 * <p>Followed are {@code http} and {@code https} links that are the same for everybody: targets of
 * {@code <a href>} in HTML, bare links in the text part of an e-mail, and Telegram buttons. A link
 * with template syntax in it stays as it is, and so do {@code mailto:}, {@code tel:} and {@code
 * tg:}.
 *
 * @param content the rewritten content
 * @param targets where the links lead; the first one is link 1
 */
record TrackedContent(MessageContent content, List<String> targets) {

  /** What templates of rewritten contents ask for. */
  static final String VARIABLE = "tracking";

  /** In {@link #VARIABLE}, the address of the pixel. */
  static final String OPEN = "open";

  /** In {@link #VARIABLE}, with the number of a link, its address. */
  static final String LINK = "link_";

  /** More links of one content are not followed. */
  static final int MOST_LINKS = 200;

  private static final int MAX_TARGET = 2_000;

  private static final String TEMPLATE_SYNTAX = "\\{\\{.*?\\}\\}|\\{%.*?%\\}|\\{#.*?#\\}";

  /**
   * Template syntax and comments are passed over; group 1 to 3 are a link's beginning and target.
   */
  private static final Pattern IN_HTML =
      Pattern.compile(
          TEMPLATE_SYNTAX
              + "|<!--.*?-->"
              + "|(<a\\s[^>]{0,500}?(?<=[\\s\"'])href\\s{0,9}=\\s{0,9})(?:\"([^\"]*)\"|'([^']*)')",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** A link to its end, so that none is cut where template syntax begins. */
  private static final Pattern IN_TEXT =
      Pattern.compile(
          TEMPLATE_SYNTAX + "|(https?://[^\\s<>\"'{}|\\\\^`]++)(?!\\{)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** What ends a sentence around a link. */
  private static final Pattern PUNCTUATION = Pattern.compile("[.,;:!?)\\]]+$");

  private static final Pattern BODY_END = Pattern.compile("</body\\s*>", Pattern.CASE_INSENSITIVE);

  static TrackedContent of(MessageContent content) {
    Links links = new Links();
    MessageContent rewritten =
        switch (content) {
          case MessageContent.Email email ->
              new MessageContent.Email(
                  email.subject(),
                  email.html() == null ? null : withPixel(inHtml(email.html(), links)),
                  email.text() == null ? null : inText(email.text(), links));
          case MessageContent.Telegram telegram ->
              new MessageContent.Telegram(
                  telegram.parseMode() == MessageContent.ParseMode.HTML
                      ? inHtml(telegram.text(), links)
                      : telegram.text(),
                  telegram.parseMode(),
                  telegram.buttons().stream()
                      .map(row -> row.stream().map(button -> tracked(button, links)).toList())
                      .toList());
        };
    return new TrackedContent(rewritten, links.targets());
  }

  private static MessageContent.Button tracked(MessageContent.Button button, Links links) {
    String expression = links.expressionFor(button.url().strip());
    return expression == null ? button : new MessageContent.Button(button.text(), expression);
  }

  private static String inHtml(String html, Links links) {
    return replaced(
        IN_HTML,
        html,
        found -> {
          if (found.group(1) == null) {
            return null;
          }
          String raw = found.group(2) != null ? found.group(2) : found.group(3);
          String expression = links.expressionFor(HtmlUtils.htmlUnescape(raw).strip());
          return expression == null ? null : found.group(1) + '"' + expression + '"';
        });
  }

  private static String inText(String text, Links links) {
    return replaced(
        IN_TEXT,
        text,
        found -> {
          if (found.group(1) == null) {
            return null;
          }
          String target = PUNCTUATION.matcher(found.group(1)).replaceFirst("");
          String expression = links.expressionFor(target);
          return expression == null ? null : expression + found.group(1).substring(target.length());
        });
  }

  /** With what is found replaced where there is something to replace it by. */
  private static String replaced(
      Pattern pattern, String text, Function<Matcher, @Nullable String> replacement) {
    Matcher matcher = pattern.matcher(text);
    StringBuilder out = new StringBuilder(text.length() + 200);
    while (matcher.find()) {
      String by = replacement.apply(matcher);
      matcher.appendReplacement(out, Matcher.quoteReplacement(by == null ? matcher.group() : by));
    }
    return matcher.appendTail(out).toString();
  }

  /** At the end of what is read, so that nothing a person sees waits for it. */
  private static String withPixel(String html) {
    String pixel =
        "<img src=\"{{ %s.%s }}\" width=\"1\" height=\"1\" alt=\"\">".formatted(VARIABLE, OPEN);
    Matcher end = BODY_END.matcher(html);
    int at = html.length();
    while (end.find()) {
      at = end.start();
    }
    return html.substring(0, at) + pixel + html.substring(at);
  }

  /** The links of one content; the same target is the same link. */
  private static final class Links {

    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    /** Null for one that is not followed. */
    @Nullable String expressionFor(String target) {
      if (!isFollowed(target) || (numbers.size() == MOST_LINKS && !numbers.containsKey(target))) {
        return null;
      }
      int number = numbers.computeIfAbsent(target, absent -> numbers.size() + 1);
      return "{{ " + VARIABLE + "." + LINK + number + " }}";
    }

    List<String> targets() {
      return new ArrayList<>(numbers.keySet());
    }

    /** What can stand in a Location header as it is (RFC 3986: ASCII without spaces). */
    private static boolean isFollowed(String target) {
      return target.length() <= MAX_TARGET
          && (startsWith(target, "http://") || startsWith(target, "https://"))
          && !target.contains("{{")
          && !target.contains("{%")
          && target.chars().allMatch(c -> c > ' ' && c < 127 && c != '"' && c != '<' && c != '>');
    }

    private static boolean startsWith(String target, String scheme) {
      return target.regionMatches(true, 0, scheme, 0, scheme.length());
    }
  }
}
