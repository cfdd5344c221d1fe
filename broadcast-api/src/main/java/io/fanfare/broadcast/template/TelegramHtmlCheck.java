package io.fanfare.broadcast.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for what Telegram would refuse in an HTML text: tags it does not know and tags that do not
 * pair up (Bot API, "HTML style"). A rough check: conditions may make a text right that looks wrong
 * here, so that what is found is a warning.
 */
final class TelegramHtmlCheck {

  /** Something Telegram may refuse; the offset is into the text. */
  record Doubt(int offset, String message) {}

  private static final Set<String> ALLOWED =
      Set.of(
          "b",
          "strong",
          "i",
          "em",
          "u",
          "ins",
          "s",
          "strike",
          "del",
          "span",
          "tg-spoiler",
          "a",
          "code",
          "pre",
          "tg-emoji",
          "blockquote");

  private static final Pattern TEMPLATE_TAG =
      Pattern.compile("\\{\\{.*?}}|\\{%.*?%}|\\{#.*?#}", Pattern.DOTALL);
  private static final Pattern TAG = Pattern.compile("<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^<>]*>?|<");

  private TelegramHtmlCheck() {}

  static List<Doubt> check(String text) {
    String bare = TEMPLATE_TAG.matcher(text).replaceAll(tag -> " ".repeat(tag.group().length()));
    List<Doubt> doubts = new ArrayList<>();
    Deque<String> open = new ArrayDeque<>();
    Matcher tags = TAG.matcher(bare);
    while (tags.find()) {
      if (tags.group(2) == null) {
        doubts.add(new Doubt(tags.start(), "a < that begins no tag must be written as &lt;"));
        continue;
      }
      String name = tags.group(2).toLowerCase(Locale.ROOT);
      if (!ALLOWED.contains(name)) {
        doubts.add(new Doubt(tags.start(), "Telegram does not know the tag <" + name + ">"));
      } else if (tags.group(1).isEmpty()) {
        open.push(name);
      } else if (!name.equals(open.peek())) {
        doubts.add(new Doubt(tags.start(), "</" + name + "> closes no tag"));
      } else {
        open.pop();
      }
    }
    if (!open.isEmpty()) {
      doubts.add(new Doubt(text.length(), "<" + open.peek() + "> is never closed"));
    }
    return doubts;
  }
}
