package io.fanfare.dispatch.engagement.link;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds where the links of a template stand, so that only they change: all else, template syntax
 * above all, stays as it is to the letter. What it does not understand it does not report.
 */
final class LinkScanner {

  /** A link from {@code start} to before {@code end} in the source. */
  record Place(int start, int end) {}

  private static final String TRAILING = ".,;:!?)]}'\"";

  private LinkScanner() {}

  /** The quoted {@code href} of every {@code <a>} outside comments, styles and scripts. */
  static List<Place> inHtml(String source) {
    List<Place> places = new ArrayList<>();
    int at = 0;
    while (at < source.length()) {
      int template = templateEnd(source, at);
      if (template > at) {
        at = template;
      } else if (source.startsWith("<!--", at)) {
        at = after(source, "-->", at);
      } else if (isTag(source, at, "style")) {
        at = after(source, "</style", at);
      } else if (isTag(source, at, "script")) {
        at = after(source, "</script", at);
      } else if (source.charAt(at) == '<'
          && at + 1 < source.length()
          && Character.isLetter(source.charAt(at + 1))) {
        at = tag(source, at, isTag(source, at, "a"), places);
      } else {
        at++;
      }
    }
    return places;
  }

  /** Passes one tag, reports its href when it is a link's; gives where it ends. */
  private static int tag(String source, int start, boolean isLink, List<Place> places) {
    int at = start + 1;
    while (at < source.length() && source.charAt(at) != '>') {
      int template = templateEnd(source, at);
      char c = source.charAt(at);
      if (template > at) {
        at = template;
      } else if (c == '"' || c == '\'') {
        int end = quoteEnd(source, at);
        if (end < 0) {
          return source.length();
        }
        if (isLink && isHref(source, start, at)) {
          places.add(new Place(at + 1, end));
        }
        at = end + 1;
      } else {
        at++;
      }
    }
    return at;
  }

  private static boolean isHref(String source, int tag, int quote) {
    int at = quote - 1;
    while (at > tag && Character.isWhitespace(source.charAt(at))) {
      at--;
    }
    if (source.charAt(at) != '=') {
      return false;
    }
    at--;
    while (at > tag && Character.isWhitespace(source.charAt(at))) {
      at--;
    }
    int name = at - 3;
    return name > tag
        && source.regionMatches(true, name, "href", 0, 4)
        && Character.isWhitespace(source.charAt(name - 1));
  }

  private static int quoteEnd(String source, int quote) {
    int at = quote + 1;
    while (at < source.length()) {
      int template = templateEnd(source, at);
      if (template > at) {
        at = template;
      } else if (source.charAt(at) == source.charAt(quote)) {
        return at;
      } else {
        at++;
      }
    }
    return -1;
  }

  private static boolean isTag(String source, int at, String name) {
    int end = at + 1 + name.length();
    return source.charAt(at) == '<'
        && source.regionMatches(true, at + 1, name, 0, name.length())
        && end < source.length()
        && (Character.isWhitespace(source.charAt(end)) || source.charAt(end) == '>');
  }

  private static int after(String source, String what, int from) {
    for (int at = from; at <= source.length() - what.length(); at++) {
      if (source.regionMatches(true, at, what, 0, what.length())) {
        return at + what.length();
      }
    }
    return source.length();
  }

  /** Every http or https URL that stands by itself. */
  static List<Place> inText(String source) {
    List<Place> places = new ArrayList<>();
    int at = 0;
    while (at < source.length()) {
      int template = templateEnd(source, at);
      if (template > at) {
        at = template;
      } else if (LinkPolicy.isHttp(source, at)
          && (at == 0 || !Character.isLetterOrDigit(source.charAt(at - 1)))) {
        int end = urlEnd(source, at);
        places.add(new Place(at, end));
        at = end;
      } else {
        at++;
      }
    }
    return places;
  }

  private static int urlEnd(String source, int start) {
    int at = start;
    int end = start;
    while (at < source.length()) {
      int template = source.startsWith("{{", at) ? templateEnd(source, at) : at;
      char c = source.charAt(at);
      if (template > at) {
        at = template;
        end = at;
      } else if (Character.isWhitespace(c)
          || c == '<'
          || c == '>'
          || c == '"'
          || source.startsWith("{%", at)
          || source.startsWith("{#", at)) {
        break;
      } else {
        at++;
        end = TRAILING.indexOf(c) < 0 ? at : end;
      }
    }
    return end;
  }

  /** Where the template tag that begins here ends; the same place when none does. */
  static int templateEnd(String source, int at) {
    if (source.charAt(at) != '{' || at + 1 >= source.length()) {
      return at;
    }
    return switch (source.charAt(at + 1)) {
      case '{' -> closed(source, at + 2, "}}");
      case '%' -> closed(source, at + 2, "%}");
      case '#' -> {
        int end = source.indexOf("#}", at + 2);
        yield end < 0 ? source.length() : end + 2;
      }
      default -> at;
    };
  }

  private static int closed(String source, int from, String end) {
    char quote = 0;
    for (int at = from; at < source.length(); at++) {
      char c = source.charAt(at);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (source.startsWith(end, at)) {
        return at + end.length();
      }
    }
    return source.length();
  }
}
