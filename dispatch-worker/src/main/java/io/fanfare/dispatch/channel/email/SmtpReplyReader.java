package io.fanfare.dispatch.channel.email;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads replies off a stream, however they are cut into packets. A line over 512 bytes (RFC 5321
 * §4.5.3.1.5), a reply over 100 lines or anything that is no reply ends the connection.
 */
final class SmtpReplyReader {

  private static final int MAX_LINE = 512;
  private static final int MAX_LINES = 100;

  private final InputStream in;
  private final byte[] buffer = new byte[4096];
  private final byte[] line = new byte[MAX_LINE];
  private int from;
  private int until;

  SmtpReplyReader(InputStream in) {
    this.in = in;
  }

  /**
   * Reads one reply.
   *
   * @throws SmtpGarbage when it is none
   * @throws EOFException when the server closed the connection
   */
  SmtpReply read() throws IOException {
    int length = readLine();
    int code = code(length);
    String text = text(length);
    if (isLast(length)) {
      return new SmtpReply(code, List.of(text));
    }
    List<String> lines = new ArrayList<>();
    lines.add(text);
    while (true) {
      length = readLine();
      if (code(length) != code || lines.size() == MAX_LINES) {
        throw new SmtpGarbage("the lines of a reply do not belong together");
      }
      lines.add(text(length));
      if (isLast(length)) {
        return new SmtpReply(code, List.copyOf(lines));
      }
    }
  }

  /** True when bytes have come that no command asked for. */
  boolean hasUnread() throws IOException {
    return from < until || in.available() > 0;
  }

  private int readLine() throws IOException {
    int length = 0;
    while (true) {
      int b = next();
      if (b == '\n') {
        return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
      }
      if (length == MAX_LINE) {
        throw new SmtpGarbage("a reply is longer than 512 bytes");
      }
      line[length++] = (byte) b;
    }
  }

  private int next() throws IOException {
    if (from == until) {
      from = 0;
      until = in.read(buffer);
      if (until <= 0) {
        until = 0;
        throw new EOFException("the server closed the connection");
      }
    }
    return buffer[from++];
  }

  private int code(int length) throws SmtpGarbage {
    boolean wellFormed =
        length >= 3
            && line[0] >= '2'
            && line[0] <= '5'
            && isDigit(line[1])
            && isDigit(line[2])
            && (length == 3 || line[3] == ' ' || line[3] == '-');
    if (!wellFormed) {
      throw new SmtpGarbage("the server does not speak SMTP");
    }
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private boolean isLast(int length) {
    return length == 3 || line[3] == ' ';
  }

  private String text(int length) {
    return length <= 4 ? "" : new String(line, 4, length - 4, StandardCharsets.UTF_8);
  }
}
