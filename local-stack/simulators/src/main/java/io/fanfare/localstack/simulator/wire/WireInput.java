package io.fanfare.localstack.simulator.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines and bodies of text protocols from a socket through one buffer, without an object per
 * line of a body.
 */
public final class WireInput {

  private static final int LINGER_MILLIS = 2_000;

  private final InputStream in;
  private final byte[] buffer = new byte[64 << 10];
  private int position;
  private int end;

  public WireInput(InputStream in) {
    this.in = in;
  }

  /** Whether nothing more can be read without waiting: time to send the answers collected. */
  public boolean isDrained() {
    return position == end;
  }

  /**
   * A line without its end, bytes as Latin-1 characters; null at the end of the stream.
   *
   * @throws LineTooLong when it has more bytes than allowed; the rest of the line is skipped
   */
  public @Nullable String line(int most) throws IOException {
    var line = new StringBuilder(64);
    boolean tooLong = false;
    while (fill()) {
      int from = position;
      while (position < end && buffer[position] != '\n') {
        position++;
      }
      tooLong |= line.length() + position - from > most;
      if (!tooLong) {
        line.append(new String(buffer, from, position - from, StandardCharsets.ISO_8859_1));
      }
      if (position < end) {
        position++;
        if (tooLong) {
          throw new LineTooLong();
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r'
            ? line.substring(0, length - 1)
            : line.toString();
      }
    }
    return null;
  }

  /** The next byte, or −1 at the end of the stream. */
  public int octet() throws IOException {
    return fill() ? buffer[position++] & 0xff : -1;
  }

  public byte[] octets(int count) throws IOException {
    var octets = new byte[count];
    int filled = 0;
    while (filled < count) {
      if (!fill()) {
        throw new EOFException("The stream ended inside a body");
      }
      int part = Math.min(count - filled, end - position);
      System.arraycopy(buffer, position, octets, filled, part);
      position += part;
      filled += part;
    }
    return octets;
  }

  /**
   * Ends this side and reads on until the other side has closed, for two seconds at most: closing
   * with unread bytes would reset the connection, and a reset takes answers away that were already
   * sent.
   */
  public void lingerUntilClosed(Socket socket) throws IOException {
    socket.shutdownOutput();
    socket.setSoTimeout(LINGER_MILLIS);
    long deadline = System.nanoTime() + LINGER_MILLIS * 1_000_000L;
    try {
      do {
        position = end;
      } while (fill() && System.nanoTime() < deadline);
    } catch (SocketTimeoutException e) {
      // It had its time.
    }
  }

  private boolean fill() throws IOException {
    if (position < end) {
      return true;
    }
    position = 0;
    end = Math.max(in.read(buffer), 0);
    return end > 0;
  }

  /** A line above the protocol's bound. */
  public static final class LineTooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
