package io.fanfare.dispatch.engagement.token;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Base32 of RFC 4648 without padding, in lower case: what survives a server that folds case. */
final class Base32 {

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int BITS = 5;

  private Base32() {}

  static void append(byte[] bytes, int length, StringBuilder to) {
    int buffer = 0;
    int held = 0;
    for (int i = 0; i < length; i++) {
      buffer = buffer << Byte.SIZE | bytes[i] & 0xFF;
      held += Byte.SIZE;
      while (held >= BITS) {
        held -= BITS;
        to.append(ALPHABET.charAt(buffer >>> held & 31));
      }
    }
    if (held > 0) {
      to.append(ALPHABET.charAt(buffer << BITS - held & 31));
    }
  }

  /** Null when it is not what {@link #append} writes, but for the case of its letters. */
  static byte @Nullable [] decode(String text) {
    byte[] bytes = new byte[text.length() * BITS / Byte.SIZE];
    int buffer = 0;
    int held = 0;
    int at = 0;
    String lower = text.toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length(); i++) {
      int value = ALPHABET.indexOf(lower.charAt(i));
      if (value < 0) {
        return null;
      }
      buffer = buffer << BITS | value;
      held += BITS;
      if (held >= Byte.SIZE) {
        held -= Byte.SIZE;
        bytes[at++] = (byte) (buffer >>> held);
      }
    }
    // Unused bits that are set, or a whole unused character, would make several texts one token.
    return held < BITS && (buffer & (1 << held) - 1) == 0 ? bytes : null;
  }
}
