package io.fanfare.localstack.simulator.smtp;

import io.fanfare.localstack.simulator.wire.WireInput;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * The bytes between DATA and its lone dot, with the stuffed dots taken out; one reused buffer a
 * connection.
 */
final class MailData {

  /** Announced as SIZE. */
  static final int MOST = 25 << 20;

  private static final int KEPT_BETWEEN_MESSAGES = 1 << 20;

  private byte[] bytes = new byte[16 << 10];
  private int length;
  private boolean tooLarge;

  /**
   * Reads to the end of the data. Only CRLF ends a line here (RFC 5321 §2.3.8): were a bare line
   * feed to count, a message could smuggle a second one in.
   */
  void read(WireInput in) throws IOException {
    length = 0;
    tooLarge = false;
    if (bytes.length > KEPT_BETWEEN_MESSAGES) {
      bytes = new byte[16 << 10];
    }
    boolean lineStart = true;
    int previous = '\n';
    while (true) {
      int octet = required(in.octet());
      if (lineStart && octet == '.') {
        octet = required(in.octet());
        if (octet == '\r') {
          octet = required(in.octet());
          if (octet == '\n') {
            return;
          }
          append('\r');
          previous = '\r';
        }
      }
      append(octet);
      lineStart = octet == '\n' && previous == '\r';
      previous = octet;
    }
  }

  private static int required(int octet) throws EOFException {
    if (octet < 0) {
      throw new EOFException("The connection ended inside a message");
    }
    return octet;
  }

  private void append(int octet) {
    if (length == bytes.length) {
      if (length >= MOST) {
        tooLarge = true;
        return;
      }
      bytes = Arrays.copyOf(bytes, Math.min(length * 2, MOST));
    }
    bytes[length++] = (byte) octet;
  }

  boolean isTooLarge() {
    return tooLarge;
  }

  byte[] buffer() {
    return bytes;
  }

  int length() {
    return length;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }
}
