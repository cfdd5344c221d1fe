package io.fanfare.broadcast.media;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How large an image is, read from how its file begins.
 *
 * @param width in pixels
 * @param height in pixels
 */
record ImageShape(int width, int height) {

  // https://core.telegram.org/bots/api#sendphoto
  private static final int MOST_OF_BOTH = 10_000;
  private static final int MOST_RATIO = 20;

  private static final int SOF_FIRST = 0xc0;
  private static final int SOF_LAST = 0xcf;

  /** The shape; empty when the head does not tell it. */
  static Optional<ImageShape> of(String type, byte[] head) {
    ImageShape shape =
        switch (type) {
          case "image/png" ->
              head.length < 24 ? null : new ImageShape(big(head, 16, 4), big(head, 20, 4));
          case "image/gif" ->
              head.length < 10 ? null : new ImageShape(little(head, 6, 2), little(head, 8, 2));
          case "image/jpeg" -> ofJpeg(head);
          case "image/webp" -> ofWebp(head);
          default -> null;
        };
    return Optional.ofNullable(shape).filter(found -> found.width() > 0 && found.height() > 0);
  }

  /** Why Telegram would not take it as a photo; null when it would. */
  @Nullable String refusalAsPhoto() {
    long longer = Math.max(width, height);
    long shorter = Math.min(width, height);
    if ((long) width + height > MOST_OF_BOTH) {
      return "it is "
          + width
          + " × "
          + height
          + "; width and height together may be "
          + MOST_OF_BOTH;
    }
    return longer > shorter * MOST_RATIO
        ? "it is " + width + " × " + height + "; one side may be " + MOST_RATIO + " times the other"
        : null;
  }

  /** The first frame header; the segments before it are passed over by their lengths. */
  private static @Nullable ImageShape ofJpeg(byte[] head) {
    int at = 2;
    while (at + 9 < head.length && (head[at] & 0xff) == 0xff) {
      int marker = head[at + 1] & 0xff;
      // Of the sixteen three are tables and not frames.
      if (marker >= SOF_FIRST
          && marker <= SOF_LAST
          && marker != 0xc4
          && marker != 0xc8
          && marker != 0xcc) {
        return new ImageShape(big(head, at + 7, 2), big(head, at + 5, 2));
      }
      at += marker == 0xff ? 1 : 2 + big(head, at + 2, 2);
    }
    return null;
  }

  private static @Nullable ImageShape ofWebp(byte[] head) {
    if (head.length < 30) {
      return null;
    }
    return switch (head[15]) {
      case 'X' -> new ImageShape(1 + little(head, 24, 3), 1 + little(head, 27, 3));
      case 'L' -> {
        int bits = little(head, 21, 4);
        yield new ImageShape(1 + (bits & 0x3fff), 1 + (bits >>> 14 & 0x3fff));
      }
      default -> new ImageShape(little(head, 26, 2) & 0x3fff, little(head, 28, 2) & 0x3fff);
    };
  }

  private static int big(byte[] bytes, int at, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | bytes[at + i] & 0xff;
    }
    return value;
  }

  private static int little(byte[] bytes, int at, int count) {
    int value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xff;
    }
    return value;
  }
}
