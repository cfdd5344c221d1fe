package io.fanfare.dispatch.channel.email;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A server that follows the RFCs to the letter, except where a test's script says otherwise. Events
 * are {@code GREETING}, the command lines, and {@code MESSAGE} once a body has ended.
 */
final class SmtpPeer implements AutoCloseable {

  /** What a test wants done at an event. */
  sealed interface Action {}

  /** Says this instead of the usual; a refusal has the effect a refusal has. */
  record Say(String reply) implements Action {}

  /** Closes before the event takes effect. */
  record DropBefore(boolean reset) implements Action {}

  /** Lets the event take effect, and closes instead of answering. */
  record DropUnanswered(boolean reset) implements Action {}

  /** Answers as usual, and closes. */
  record DropAnswered(boolean reset) implements Action {}

  /** Never answers. */
  record Silence() implements Action {}

  /** Decides on an event; null for the usual. */
  @FunctionalInterface
  interface Script {
    Action on(int connection, String event);
  }

  /** A message the server took. */
  record Taken(String recipient, String message) {}

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);
  final List<Taken> taken = new CopyOnWriteArrayList<>();
  final List<String> events = new CopyOnWriteArrayList<>();
  final List<String> chunks = new CopyOnWriteArrayList<>();
  volatile Script script = (connection, event) -> null;
  volatile List<String> capabilities = List.of("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES");
  volatile List<String> capabilitiesAfterTls = List.of();
  volatile SSLContext tls;
  volatile boolean tlsFromTheStart;
  volatile boolean byteByByte;
  volatile boolean readsBodies = true;
  volatile boolean opensDataWithoutRecipient;

  SmtpPeer() throws IOException {
    server = new ServerSocket();
    server.setReceiveBufferSize(64 * 1024);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  /** Closes every connection, as a server does that was idle for long enough. */
  void hangUp() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
  }

  int openConnections() {
    return open.size();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        // Three replies are three small writes: each would wait for the client's delayed ACK.
        socket.setTcpNoDelay(true);
        open.add(socket);
        int number = connections.incrementAndGet();
        Thread.startVirtualThread(() -> serve(socket, number));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      Session session = new Session(socket, number);
      session.run();
    } catch (IOException gone) {
      // The client left, or the script closed the connection.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    server.close();
    hangUp();
  }

  private final class Session {

    private final Socket raw;
    private final int number;
    private InputStream in;
    private OutputStream out;
    private boolean encrypted;
    private boolean sender;
    private String recipient = "";

    Session(Socket raw, int number) throws IOException {
      this.raw = raw;
      this.number = number;
      streams(raw);
    }

    private void streams(Socket socket) throws IOException {
      in = new BufferedInputStream(new Recording(socket.getInputStream()), 64 * 1024);
      out = socket.getOutputStream();
    }

    void run() throws IOException {
      if (tlsFromTheStart) {
        encrypt();
      }
      answer("GREETING", "220 peer.example ready", () -> {});
      while (true) {
        String line = line();
        String verb = line.split("[ :]")[0].toUpperCase();
        switch (verb) {
          case "EHLO" -> answer(line, hello(), () -> {});
          case "MAIL" ->
              answer(line, sender ? "503 5.5.1 nested MAIL" : "250 2.1.0 ok", () -> sender = true);
          case "RCPT" ->
              answer(
                  line,
                  sender ? "250 2.1.5 ok" : "503 5.5.1 need MAIL",
                  () -> recipient = sender ? line.substring(9, line.length() - 1) : "");
          case "DATA" -> data(line);
          case "RSET" -> answer(line, "250 2.0.0 ok", this::reset);
          case "STARTTLS" -> {
            answer(line, "220 2.0.0 go ahead", () -> {});
            encrypt();
          }
          case "QUIT" -> {
            answer(line, "221 2.0.0 bye", () -> {});
            return;
          }
          default -> answer(line, "502 5.5.2 unknown", () -> {});
        }
      }
    }

    private String hello() {
      StringBuilder reply = new StringBuilder("250-peer.example");
      for (String capability : encrypted ? capabilitiesAfterTls : capabilities) {
        reply.append("\r\n250-").append(capability);
      }
      return reply.append("\r\n250 HELP").toString();
    }

    private void data(String line) throws IOException {
      boolean wanted = !recipient.isEmpty() || opensDataWithoutRecipient && sender;
      String reply =
          answer(line, wanted ? "354 go ahead" : "554 5.5.1 no valid recipients", () -> {});
      if (!reply.startsWith("354")) {
        return;
      }
      if (!readsBodies) {
        waitForTheEnd();
      }
      String message = body();
      String to = recipient;
      Runnable take =
          () -> {
            if (!to.isEmpty()) {
              taken.add(new Taken(to, message));
            }
          };
      reset();
      answer(
          "MESSAGE " + to, to.isEmpty() ? "554 5.5.1 nobody" : "250 2.0.0 queued as Q" + to, take);
    }

    private void reset() {
      sender = false;
      recipient = "";
    }

    private String body() throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      while (true) {
        String line = line();
        if (line.equals(".")) {
          return body.toString(StandardCharsets.UTF_8);
        }
        body.writeBytes(
            ((line.startsWith(".") ? line.substring(1) : line) + "\r\n")
                .getBytes(StandardCharsets.UTF_8));
      }
    }

    /** Gives the reply that was said. */
    private String answer(String event, String usual, Runnable effect) throws IOException {
      events.add(event);
      Action action = script.on(number, event);
      switch (action) {
        case null -> {
          if (isGood(usual)) {
            effect.run();
          }
          write(usual);
          return usual;
        }
        case Say(String reply) -> {
          if (isGood(reply)) {
            effect.run();
          }
          write(reply);
          return reply;
        }
        case DropBefore(boolean reset) -> throw drop(reset);
        case DropUnanswered(boolean reset) -> {
          if (isGood(usual)) {
            effect.run();
          }
          throw drop(reset);
        }
        case DropAnswered(boolean reset) -> {
          if (isGood(usual)) {
            effect.run();
          }
          write(usual);
          throw drop(reset);
        }
        case Silence() -> {
          waitForTheEnd();
          throw new EOFException();
        }
      }
    }

    private static boolean isGood(String reply) {
      return reply.startsWith("2");
    }

    private IOException drop(boolean reset) throws IOException {
      if (reset) {
        raw.setSoLinger(true, 0);
      }
      raw.close();
      return new EOFException("dropped by the script");
    }

    private void waitForTheEnd() throws EOFException {
      try {
        closing.await();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      throw new EOFException();
    }

    private void write(String reply) throws IOException {
      byte[] bytes = (reply + "\r\n").getBytes(StandardCharsets.UTF_8);
      if (byteByByte) {
        for (byte b : bytes) {
          out.write(b);
          out.flush();
        }
      } else {
        out.write(bytes);
        out.flush();
      }
    }

    private String line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int previous = 0;
      while (true) {
        int b = in.read();
        if (b < 0) {
          throw new EOFException();
        }
        if (b == '\n' && previous == '\r') {
          String text = line.toString(StandardCharsets.UTF_8);
          return text.substring(0, text.length() - 1);
        }
        line.write(b);
        previous = b;
      }
    }

    private void encrypt() throws IOException {
      SSLSocket secure =
          (SSLSocket) tls.getSocketFactory().createSocket(raw, "localhost", port(), true);
      secure.setUseClientMode(false);
      secure.startHandshake();
      encrypted = true;
      streams(secure);
    }
  }

  /** Notes what came in one read, which on the loopback is what went out in one write. */
  private final class Recording extends InputStream {

    private final InputStream in;

    Recording(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, length);
      if (count > 0) {
        chunks.add(new String(buffer, offset, count, StandardCharsets.UTF_8));
      }
      return count;
    }
  }

  /** The command lines and message ends so far, without greetings. */
  List<String> dialogue() {
    List<String> dialogue = new ArrayList<>(events);
    dialogue.removeIf(event -> event.equals("GREETING") || event.startsWith("EHLO"));
    return dialogue;
  }
}
