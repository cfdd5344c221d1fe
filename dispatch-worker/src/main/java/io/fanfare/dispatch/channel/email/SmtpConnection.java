package io.fanfare.dispatch.channel.email;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One connection to a server: writes bytes, reads replies, each within a deadline. Used by one
 * thread at a time; the watchdog alone closes it from outside.
 */
final class SmtpConnection implements AutoCloseable {

  private static final byte[] QUIT = "QUIT\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int PIECE = 64 * 1024;

  private final ConnectionWatchdog watchdog;
  private final Socket raw;
  private final long accountVersion;
  private final MessageBytes outgoing = new MessageBytes(8 * 1024);
  private OutputStream out;
  private SmtpReplyReader replies;
  private boolean pipelining;
  private boolean resetPending;
  private int messages;
  private long idleSince;
  // Zero while nothing is awaited; a real deadline that happens to be zero is off by a nanosecond.
  private volatile long deadline;
  private volatile boolean overdue;

  SmtpConnection(Socket raw, ConnectionWatchdog watchdog, long accountVersion) throws IOException {
    this.raw = raw;
    this.watchdog = watchdog;
    this.accountVersion = accountVersion;
    this.out = raw.getOutputStream();
    this.replies = new SmtpReplyReader(raw.getInputStream());
    watchdog.watch(this);
  }

  Socket raw() {
    return raw;
  }

  /** Speaks over an encrypted stream from now on; bytes that came before it are forgotten. */
  void encrypted(InputStream secureIn, OutputStream secureOut) {
    out = secureOut;
    replies = new SmtpReplyReader(secureIn);
    pipelining = false;
  }

  /** An empty buffer for the next write. */
  MessageBytes outgoing() {
    return outgoing.clear();
  }

  /** Writes the buffer in one go. */
  void write(Duration timeout) throws IOException {
    start(timeout);
    try {
      outgoing.writeTo(out);
      out.flush();
    } catch (IOException failed) {
      throw explained(failed, "the server did not read in time");
    } finally {
      deadline = 0;
    }
  }

  /**
   * Writes bytes that belong to many messages, after the buffer, without a copy of them.
   *
   * @param timeout for each {@value #PIECE} bytes
   */
  void write(byte[] bytes, Duration timeout) throws IOException {
    try {
      for (int from = 0; from < bytes.length; from += PIECE) {
        start(timeout);
        out.write(bytes, from, Math.min(PIECE, bytes.length - from));
      }
    } catch (IOException failed) {
      throw explained(failed, "the server did not read in time");
    } finally {
      deadline = 0;
    }
  }

  SmtpReply read(Duration timeout) throws IOException {
    start(timeout);
    try {
      return replies.read();
    } catch (SmtpGarbage garbage) {
      throw garbage;
    } catch (IOException failed) {
      throw explained(failed, "the server did not answer in time");
    } finally {
      deadline = 0;
    }
  }

  /** Runs a step that reads and writes by itself, such as a handshake, within a deadline. */
  void within(Duration timeout, IoStep step) throws IOException {
    start(timeout);
    try {
      step.run();
    } catch (IOException failed) {
      throw explained(failed, "the handshake took too long");
    } finally {
      deadline = 0;
    }
  }

  /** A step of the dialogue. */
  @FunctionalInterface
  interface IoStep {
    void run() throws IOException;
  }

  private void start(Duration timeout) {
    deadline = System.nanoTime() + timeout.toNanos();
  }

  private IOException explained(IOException failed, String whenOverdue) {
    return overdue ? new SocketTimeoutException(whenOverdue) : failed;
  }

  void closeWhenOverdue(long now) {
    long until = deadline;
    if (until != 0 && now - until > 0) {
      overdue = true;
      close();
    }
  }

  boolean hasUnread() {
    try {
      return replies.hasUnread();
    } catch (IOException closed) {
      return true;
    }
  }

  boolean pipelining() {
    return pipelining;
  }

  void setPipelining(boolean announced) {
    pipelining = announced;
  }

  /** True when the server still holds an envelope that RSET has to clear first. */
  boolean resetPending() {
    return resetPending;
  }

  void setResetPending(boolean pending) {
    resetPending = pending;
  }

  int messages() {
    return messages;
  }

  void countMessage() {
    messages++;
  }

  long accountVersion() {
    return accountVersion;
  }

  long idleSince() {
    return idleSince;
  }

  void setIdleSince(long nanos) {
    idleSince = nanos;
  }

  /** Says goodbye without waiting for the answer, and closes. */
  void quit() {
    try {
      outgoing().put(QUIT);
      write(Duration.ofSeconds(1));
    } catch (IOException gone) {
      // The server left first, which is what was wanted.
    } finally {
      close();
    }
  }

  /** Closes at once; whatever the server has not got the end of, it forgets. */
  @Override
  public void close() {
    watchdog.forget(this);
    try {
      // The socket below TLS: closing the encrypted one waits for a write that may be blocked.
      raw.close();
    } catch (IOException alreadyGone) {
      // Nothing is left to release.
    }
  }
}
