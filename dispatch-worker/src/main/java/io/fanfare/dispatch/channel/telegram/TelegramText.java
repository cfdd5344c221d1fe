package io.fanfare.dispatch.channel.telegram;

/**
 * A message rendered for one chat.
 *
 * @param text the text
 * @param html whether Telegram reads it as HTML
 */
record TelegramText(String text, boolean html) {

  /** The Bot API's limit, counted in UTF-16 units after entities are parsed. */
  static final int MAX_LENGTH = 4096;

  /** The same for the caption of a photo, video or document. */
  static final int MAX_CAPTION = 1024;

  int countedLength() {
    return countedLength(MAX_LENGTH);
  }

  /**
   * The length Telegram counts: a tag is nothing, a character reference one.
   *
   * @param most what is not longer even with its tags need not be counted
   */
  int countedLength(int most) {
    String stripped = text.strip();
    if (!html || stripped.length() <= most) {
      return stripped.length();
    }
    int counted = 0;
    int i = 0;
    while (i < stripped.length()) {
      char c = stripped.charAt(i);
      if (c == '<') {
        int end = stripped.indexOf('>', i);
        i = end < 0 ? stripped.length() : end + 1;
      } else {
        int end = c == '&' ? stripped.indexOf(';', i) : -1;
        i = end > i && end - i <= 10 ? end + 1 : i + 1;
        counted++;
      }
    }
    return counted;
  }
}
