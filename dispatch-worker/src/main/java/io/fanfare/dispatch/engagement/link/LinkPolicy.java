package io.fanfare.dispatch.engagement.link;

import java.util.Set;
import java.util.regex.Pattern;

/** Which links are tracked. */
final class LinkPolicy {

  /** The longest link that is tracked, in characters; what an event carries at most. */
  static final int LONGEST = 2_000;

  private static final Set<String> DATA = Set.of("current_date", "current_time");
  private static final Pattern OWN_NAMES =
      Pattern.compile("\\{%-?\\s*(?:set|for)\\s+(?:contact|vars|broadcast|current_\\w+)\\b");

  private LinkPolicy() {}

  static boolean isHttp(String source, int at) {
    return source.regionMatches(true, at, "http://", 0, 7)
        || source.regionMatches(true, at, "https://", 0, 8);
  }

  /** A URL a redirect can lead to: http or https, with a host of ASCII, of bearable length. */
  static boolean isTarget(String url) {
    if (!isHttp(url, 0) || url.length() > LONGEST) {
      return false;
    }
    int host = url.indexOf("://") + 3;
    int at = host;
    while (at < url.length() && "/?#".indexOf(url.charAt(at)) < 0) {
      if (url.charAt(at) <= ' ' || url.charAt(at) > '~' || url.charAt(at) == '\\') {
        return false;
      }
      at++;
    }
    return at > host && url.chars().noneMatch(c -> c < ' ' || c == 127);
  }

  static boolean isTemplated(String link) {
    return link.contains("{{") || link.contains("{%") || link.contains("{#");
  }

  /** A value the data of a message hold, and not a name the template made. */
  static boolean isOfData(String variable) {
    return variable.startsWith("contact.")
        || variable.startsWith("vars.")
        || variable.startsWith("broadcast.")
        || DATA.contains(variable);
  }

  /** The template gives a name of the data another meaning somewhere. */
  static boolean shadowsData(String source) {
    return OWN_NAMES.matcher(source).find();
  }

  /** An attribute's value as it is meant; template tags in it stay. */
  static String unescaped(String attribute) {
    if (attribute.indexOf('&') < 0) {
      return attribute;
    }
    StringBuilder plain = new StringBuilder(attribute.length());
    int at = 0;
    while (at < attribute.length()) {
      int template = LinkScanner.templateEnd(attribute, at);
      if (template > at) {
        plain.append(attribute, at, template);
        at = template;
      } else {
        int semicolon = attribute.charAt(at) == '&' ? attribute.indexOf(';', at) : -1;
        String meant =
            semicolon < 0
                ? null
                : switch (attribute.substring(at, semicolon)) {
                  case "&amp" -> "&";
                  case "&quot" -> "\"";
                  case "&#39", "&apos" -> "'";
                  case "&lt" -> "<";
                  case "&gt" -> ">";
                  default -> null;
                };
        plain.append(meant == null ? String.valueOf(attribute.charAt(at)) : meant);
        at = meant == null ? at + 1 : semicolon + 1;
      }
    }
    return plain.toString();
  }
}
