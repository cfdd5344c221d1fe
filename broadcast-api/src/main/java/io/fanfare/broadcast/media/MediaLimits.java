package io.fanfare.broadcast.media;

/** Bounds of files; the README names where each comes from. */
public final class MediaLimits {

  /** Bytes of a file: what the Bot API takes as a photo (sendPhoto, by upload). */
  public static final int MOST_BYTES = 10_000_000;

  /** Bytes of all files of one e-mail; base64 makes 13.7 MB of them. */
  public static final int MOST_BYTES_OF_EMAIL = 10_000_000;

  /** Files of one e-mail. */
  public static final int MOST_FILES = 10;

  /** Bytes of a file's name in UTF-8: percent-encoded it must fit a line of a mail. */
  public static final int MOST_NAME_BYTES = 200;

  /** Bytes of a tenant's uploads. */
  static final long MOST_BYTES_OF_TENANT = 1_000_000_000;

  /** Files fetched from URLs at one time. */
  static final int DOWNLOADS = 8;

  /** The same for checks and previews, which start nothing. */
  static final int DOWNLOADS_TO_CHECK = 4;

  private MediaLimits() {}

  /** A name that can be shown and sent: no control characters, and not too long. */
  public static boolean isName(String name) {
    return !name.isBlank()
        && name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= MOST_NAME_BYTES
        && name.codePoints()
            .noneMatch(c ->
                Character.isISOControl(c)
                    || c == '/'
                    || c == '\\'
                    || c == 0x2028
                    || c == 0x2029
                    || Character.getType(c) == Character.SURROGATE);
  }
}
