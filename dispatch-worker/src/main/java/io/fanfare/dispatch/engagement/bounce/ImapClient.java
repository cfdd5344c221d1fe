package io.fanfare.dispatch.engagement.bounce;

import io.fanfare.dispatch.channel.network.AllowedTargets;
import io.fanfare.dispatch.engagement.bounce.ImapReplies.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;

/**
 * The few commands of IMAP (RFC 3501) that emptying a mailbox takes. Of its own, since tenants name
 * the server: Jakarta Mail reserves memory for whatever a server announces, literals of gigabytes
 * and folders of billions of mails. Encrypted from the beginning (RFC 8314) or not at all.
 */
final class ImapClient implements AutoCloseable {

  /**
   * A mail of the folder.
   *
   * @param bytes its size, as the server says
   * @param flags in lower case
   */
  record Mail(long uid, long bytes, String flags) {}

  private static final Pattern EXISTS = Pattern.compile("\\* ([0-9]{1,10}) EXISTS.*");
  private static final Pattern UID = Pattern.compile("[( ]UID ([0-9]{1,10})[ )]");
  private static final Pattern SIZE = Pattern.compile("[( ]RFC822\\.SIZE ([0-9]{1,18})[ )]");
  private static final Pattern FLAGS = Pattern.compile("[( ]FLAGS \\(([^()]*)\\)");
  private static final Pattern PLAIN = Pattern.compile("[ -~]*");

  private final Socket socket;
  private final ImapReplies replies;
  private final OutputStream out;
  private int commands;

  private ImapClient(Socket socket) throws IOException {
    this.socket = socket;
    this.replies = new ImapReplies(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /**
   * Connects and logs in.
   *
   * @throws MailboxFailed when it may not or cannot
   */
  static ImapClient open(
      BounceMailbox mailbox,
      AllowedTargets targets,
      SSLSocketFactory tls,
      Duration connectTimeout,
      Duration replyTimeout)
      throws IOException {
    Socket socket = MailboxConnection.open(mailbox, targets, tls, connectTimeout, replyTimeout);
    try {
      ImapClient client = new ImapClient(socket);
      String greeting = client.replies.next().text();
      if (!greeting.startsWith("* OK")) {
        throw new MailboxFailed("refused", "the server does not greet");
      }
      client.ask(
          "login_refused",
          "LOGIN " + quoted(mailbox.username()) + " " + quoted(mailbox.password()));
      return client;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Selects a folder; answers how many mails it has. */
  long select(String folder) throws IOException {
    long mails = 0;
    for (Reply reply : ask("folder_refused", "SELECT " + quoted(folder))) {
      Matcher exists = EXISTS.matcher(reply.text());
      if (exists.matches()) {
        mails = Long.parseLong(exists.group(1));
      }
    }
    return mails;
  }

  /**
   * Some mails of the folder.
   *
   * @param from the place of the first one, from 1
   */
  List<Mail> list(long from, long until) throws IOException {
    List<Mail> mails = new ArrayList<>();
    String command = "FETCH " + from + ":" + until + " (UID FLAGS RFC822.SIZE)";
    for (Reply reply : ask("list_refused", command)) {
      Matcher uid = UID.matcher(reply.text());
      Matcher size = SIZE.matcher(reply.text());
      Matcher flags = FLAGS.matcher(reply.text());
      if (reply.text().startsWith("* ") && uid.find() && size.find()) {
        mails.add(
            new Mail(
                Long.parseLong(uid.group(1)),
                Long.parseLong(size.group(1)),
                flags.find() ? flags.group(1).toLowerCase(Locale.ROOT) : ""));
      }
    }
    return mails;
  }

  /** The bytes of a mail, one more than the longest one at most; none when it is gone. */
  byte[] read(long uid) throws IOException {
    String command = "UID FETCH " + uid + " (BODY.PEEK[]<0." + ImapReplies.MOST_LITERAL + ">)";
    for (Reply reply : ask("fetch_refused", command)) {
      if (reply.literal() != null && reply.text().contains("BODY[]")) {
        return reply.literal();
      }
    }
    return new byte[0];
  }

  /** Copies a mail to a folder, which is made when there is none; false when it cannot be. */
  boolean copy(long uid, String folder) throws IOException {
    String copy = "UID COPY " + uid + " " + quoted(folder);
    if (isOk(command(copy))) {
      return true;
    }
    return isOk(command("CREATE " + quoted(folder))) && isOk(command(copy));
  }

  /**
   * Marks a mail.
   *
   * @param flag such as {@code \Deleted}
   */
  void mark(long uid, String flag) throws IOException {
    ask("store_refused", "UID STORE " + uid + " +FLAGS.SILENT (" + flag + ")");
  }

  /** Removes what is marked as deleted, and leaves. */
  void leave() throws IOException {
    ask("close_refused", "CLOSE");
    command("LOGOUT");
  }

  private List<Reply> ask(String cause, String command) throws IOException {
    List<Reply> answer = command(command);
    if (!isOk(answer)) {
      String said = answer.getLast().text();
      throw new MailboxFailed(cause, said.substring(0, Math.min(said.length(), 200)));
    }
    return answer;
  }

  private List<Reply> command(String command) throws IOException {
    String tag = "f" + ++commands;
    out.write((tag + " " + command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return replies.upTo(tag);
  }

  private static boolean isOk(List<Reply> answer) {
    String last = answer.getLast().text();
    return last.startsWith("OK", last.indexOf(' ') + 1);
  }

  /** Never lets a command end before its line does. */
  private static String quoted(String text) throws MailboxFailed {
    if (!PLAIN.matcher(text).matches()) {
      throw new MailboxFailed("account_invalid", "a setting of the mailbox is not plain text");
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
