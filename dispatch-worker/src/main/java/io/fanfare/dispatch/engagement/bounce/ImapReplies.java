package io.fanfare.dispatch.engagement.bounce;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what an IMAP server says (RFC 3501), however hostile, in bounded memory. */
final class ImapReplies {

  static final int MOST_LINE = 8_192;

  /** Lines in answer to one command; a window of mails and what else a server likes to tell. */
  static final int MOST_LINES = 1_000;

  /** A literal of the longest mail that is read, and a byte more to see that it is longer. */
  static final int MOST_LITERAL = ReportReader.MOST_BYTES + 1;

  private static final Pattern LITERAL = Pattern.compile("\\{([0-9]{1,10})\\+?\\}$");

  /**
   * A reply, its literals taken out.
   *
   * @param literal the first one; null when it has none
   */
  record Reply(String text, byte @Nullable [] literal) {}

  private final InputStream in;

  ImapReplies(InputStream in) {
    this.in = new BufferedInputStream(in, MOST_LINE);
  }

  /**
   * What comes up to the reply to a command, that one the last.
   *
   * @throws MailboxFailed when it is more than a server has to say
   */
  List<Reply> upTo(String tag) throws IOException {
    List<Reply> replies = new ArrayList<>();
    while (replies.size() < MOST_LINES) {
      Reply reply = next();
      replies.add(reply);
      if (reply.text().startsWith(tag + " ")) {
        return replies;
      }
    }
    throw new MailboxFailed("unreadable", "the server says more than " + MOST_LINES + " lines");
  }

  Reply next() throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] literal = null;
    int left = MOST_LITERAL;
    while (true) {
      String line = line(MOST_LINE - text.length());
      Matcher announced = LITERAL.matcher(line);
      if (!announced.find()) {
        return new Reply(text.append(line).toString(), literal);
      }
      long length = Long.parseLong(announced.group(1));
      if (length > left) {
        throw new MailboxFailed("unreadable", "the server sends more than was asked for");
      }
      left -= (int) length;
      byte[] bytes = in.readNBytes((int) length);
      if (bytes.length < length) {
        throw new EOFException("the connection ended");
      }
      literal = literal == null ? bytes : literal;
      text.append(line, 0, announced.start());
    }
  }

  private String line(int most) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended");
      }
      if (line.length() >= most) {
        throw new MailboxFailed("unreadable", "the server's line does not end");
      }
      line.append((char) c);
    }
    int end = line.length();
    return new String(
        line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end)
            .getBytes(StandardCharsets.ISO_8859_1),
        StandardCharsets.UTF_8);
  }
}
