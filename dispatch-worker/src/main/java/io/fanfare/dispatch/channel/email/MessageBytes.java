package io.fanfare.dispatch.channel.email;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing run of bytes, used again for the next message; not safe for several threads. */
final class MessageBytes {

  private byte[] bytes;
  private int length;

  MessageBytes(int capacity) {
    bytes = new byte[capacity];
  }

  int length() {
    return length;
  }

  MessageBytes clear() {
    length = 0;
    return this;
  }

  MessageBytes put(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
    return this;
  }

  MessageBytes put(byte[] source) {
    return put(source, 0, source.length);
  }

  MessageBytes put(byte[] source, int from, int until) {
    int count = until - from;
    reserve(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
    return this;
  }

  /** Appends text that is known to be ASCII. */
  @SuppressWarnings("deprecation") // The only copy of a Latin-1 string without a second array.
  MessageBytes ascii(String text) {
    int count = text.length();
    reserve(count);
    text.getBytes(0, count, bytes, length);
    length += count;
    return this;
  }

  /** Makes room for {@code count} bytes, to be written by {@link #array()} and {@link #moveTo}. */
  void reserve(int count) {
    int needed = Math.addExact(length, count);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
    }
  }

  /** The bytes themselves; replaced whenever room is made. */
  byte[] array() {
    return bytes;
  }

  void moveTo(int newLength) {
    length = newLength;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }
}
