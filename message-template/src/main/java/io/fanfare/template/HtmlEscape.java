package io.fanfare.template;

import org.jspecify.annotations.Nullable;

/** Escapes a text for HTML content and for quoted attribute values. */
final class HtmlEscape {

  private HtmlEscape() {}

  static void append(String text, StringBuilder out) {
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      String replacement = replacement(text.charAt(i));
      if (replacement != null) {
        out.append(text, copied, i).append(replacement);
        copied = i + 1;
      }
    }
    out.append(text, copied, text.length());
  }

  private static @Nullable String replacement(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '"' -> "&quot;";
      case '\'' -> "&#39;";
      default -> null;
    };
  }
}
