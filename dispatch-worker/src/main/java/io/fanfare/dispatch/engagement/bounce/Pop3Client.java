package io.fanfare.dispatch.engagement.bounce;

import io.fanfare.dispatch.channel.network.AllowedTargets;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;

/**
 * The few commands of POP3 (RFC 1939) that emptying a mailbox takes, in bounded memory whatever the
 * server says. What is marked as deleted goes when we leave in order, and not when the connection
 * is lost.
 */
final class Pop3Client implements AutoCloseable {

  /** A line of a server, without that of a mail. */
  static final int MOST_LINE = 1_000;

  /** Mails that are listed; what a server lists beyond is its end. */
  static final int MOST_LISTED = 1_000_000;

  /**
   * Bytes that are read of a mail whose size the server understated; none beyond the longest is
   * kept.
   */
  static final int MOST_READ = 10 * ReportReader.MOST_BYTES;

  /** Takes what a mailbox holds. */
  interface Listed {
    /**
     * A mail.
     *
     * @param number its place, while the connection lasts
     * @param id the same in every connection
     */
    void mail(long number, String id);
  }

  private static final Pattern ENTRY = Pattern.compile("([0-9]{1,10}) +([!-~]{1,70}) *");
  private static final Pattern SIZE = Pattern.compile("\\+OK +[0-9]{1,10} +([0-9]{1,18})\\b.*");
  private static final Pattern BUSY =
      Pattern.compile("-ERR +\\[(?:IN-USE|LOGIN-DELAY|SYS/TEMP)\\].*", Pattern.CASE_INSENSITIVE);
  private static final Pattern PLAIN = Pattern.compile("[ -~]*");

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private Pop3Client(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /**
   * Connects and logs in.
   *
   * @throws MailboxFailed when it may not or cannot
   */
  static Pop3Client open(
      BounceMailbox mailbox,
      AllowedTargets targets,
      SSLSocketFactory tls,
      Duration connectTimeout,
      Duration replyTimeout)
      throws IOException {
    Socket socket = MailboxConnection.open(mailbox, targets, tls, connectTimeout, replyTimeout);
    try {
      Pop3Client client = new Pop3Client(socket);
      if (!isOk(client.line())) {
        throw new MailboxFailed("refused", "the server does not greet");
      }
      client.ask("login_refused", "USER " + plain(mailbox.username()));
      client.ask("login_refused", "PASS " + plain(mailbox.password()));
      return client;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Tells every mail there is. */
  void list(Listed listed) throws IOException {
    ask("list_refused", "UIDL");
    int lines = 0;
    for (String line = line(); !line.equals("."); line = line()) {
      if (++lines > MOST_LISTED) {
        throw new MailboxFailed(
            "unreadable", "the server lists more than " + MOST_LISTED + " mails");
      }
      Matcher entry = ENTRY.matcher(line);
      if (entry.matches()) {
        listed.mail(Long.parseLong(entry.group(1)), entry.group(2));
      }
    }
  }

  /** The size of a mail, as the server says. */
  long bytes(long number) throws IOException {
    Matcher size = SIZE.matcher(ask("list_refused", "LIST " + number));
    if (!size.matches()) {
      throw new MailboxFailed("unreadable", "the server tells no size");
    }
    return Long.parseLong(size.group(1));
  }

  /** The bytes of a mail, one more than the longest one at most. */
  byte[] read(long number) throws IOException {
    ask("fetch_refused", "RETR " + number);
    ByteArrayOutputStream mail = new ByteArrayOutputStream();
    int read = 0;
    boolean lineBegins = true;
    while (true) {
      int c = next();
      if (lineBegins && c == '.') {
        c = next();
        if (c == '\r' || c == '\n') {
          if (c == '\r') {
            next();
          }
          return mail.toByteArray();
        }
      }
      if (++read > MOST_READ) {
        throw new MailboxFailed("unreadable", "the server's mail does not end");
      }
      if (mail.size() <= ReportReader.MOST_BYTES) {
        mail.write(c);
      }
      lineBegins = c == '\n';
    }
  }

  /** Marks a mail, which is gone once we left. */
  void delete(long number) throws IOException {
    ask("delete_refused", "DELE " + number);
  }

  /** Removes what is marked, and leaves. */
  void leave() throws IOException {
    ask("close_refused", "QUIT");
  }

  private String ask(String cause, String command) throws IOException {
    out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
    String reply = line();
    if (!isOk(reply)) {
      throw new MailboxFailed(
          BUSY.matcher(reply).matches() ? "mailbox_busy" : cause,
          reply.substring(0, Math.min(reply.length(), 200)));
    }
    return reply;
  }

  private static boolean isOk(String reply) {
    return reply.startsWith("+OK");
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = next(); c != '\n'; c = next()) {
      if (line.length() >= MOST_LINE) {
        throw new MailboxFailed("unreadable", "the server's line does not end");
      }
      line.append((char) c);
    }
    int end = line.length();
    return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
  }

  private int next() throws IOException {
    int c = in.read();
    if (c < 0) {
      throw new EOFException("the connection ended");
    }
    return c;
  }

  /** Never lets a command end before its line does. */
  private static String plain(String text) throws MailboxFailed {
    if (!PLAIN.matcher(text).matches()) {
      throw new MailboxFailed("account_invalid", "a setting of the mailbox is not plain text");
    }
    return text;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
