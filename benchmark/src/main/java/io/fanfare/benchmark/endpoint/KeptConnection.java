package io.fanfare.benchmark.endpoint;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an HTTP/1.1 server that carries one request at a time and is kept as long as
 * the server keeps it. Knows as much of HTTP as it takes to find the end of an answer.
 */
final class KeptConnection {

  private static final int MOST_BYTES = 64 * 1024;
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final InetSocketAddress server;
  private final Selector selector;
  private final ByteBuffer answer = ByteBuffer.allocate(MOST_BYTES);
  private @Nullable SocketChannel channel;
  private @Nullable ByteBuffer unsent;
  private int request = -1;
  private int bodyAt;
  private int length;
  private boolean chunked;
  private boolean closes;

  KeptConnection(InetSocketAddress server, Selector selector) {
    this.server = server;
    this.selector = selector;
  }

  /** The number of the request under way. */
  int request() {
    return request;
  }

  /** Sends a request; connects first where the server has closed. */
  void send(int number, byte[] bytes) throws IOException {
    request = number;
    unsent = ByteBuffer.wrap(bytes);
    answer.clear();
    bodyAt = 0;
    if (channel == null) {
      connect();
    } else {
      write(channel);
    }
  }

  private void connect() throws IOException {
    SocketChannel fresh = SocketChannel.open();
    fresh.configureBlocking(false);
    fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel = fresh;
    boolean connected = fresh.connect(server);
    fresh.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    if (connected) {
      write(fresh);
    }
  }

  private void write(SocketChannel to) throws IOException {
    if (unsent == null) {
      return;
    }
    to.write(unsent);
    boolean all = !unsent.hasRemaining();
    to.keyFor(selector)
        .interestOps(all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    if (all) {
      unsent = null;
    }
  }

  /**
   * Goes on with what the selector found possible.
   *
   * @return the status of the answer; 0 while there is more to come
   * @throws IOException when the connection broke with an answer outstanding
   */
  int proceed(SelectionKey key) throws IOException {
    SocketChannel open = (SocketChannel) key.channel();
    if (key.isConnectable()) {
      open.finishConnect();
      write(open);
      return 0;
    }
    if (key.isWritable()) {
      write(open);
    }
    if (!key.isReadable()) {
      return 0;
    }
    int read = open.read(answer);
    if (read < 0) {
      close();
      if (request < 0) {
        return 0;
      }
      throw new IOException("closed before the answer");
    }
    if (!answer.hasRemaining()) {
      throw new IOException("an answer of more than " + MOST_BYTES + " bytes");
    }
    return isComplete() ? end() : 0;
  }

  private boolean isComplete() {
    if (bodyAt == 0 && !readHead()) {
      return false;
    }
    if (!chunked) {
      return answer.position() >= bodyAt + length;
    }
    int end = answer.position() - LAST_CHUNK.length;
    if (end < bodyAt) {
      return false;
    }
    for (int i = 0; i < LAST_CHUNK.length; i++) {
      if (answer.get(end + i) != LAST_CHUNK[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean readHead() {
    int end = headEnd();
    if (end < 0) {
      return false;
    }
    bodyAt = end;
    String head =
        new String(answer.array(), 0, end, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
    chunked = head.contains("\r\ntransfer-encoding: chunked");
    closes = head.contains("\r\nconnection: close");
    int at = head.indexOf("\r\ncontent-length: ");
    length = at < 0 ? 0 : Integer.parseInt(head, at + 18, head.indexOf('\r', at + 18), 10);
    return true;
  }

  private int headEnd() {
    byte[] bytes = answer.array();
    for (int i = 3; i < answer.position(); i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private int end() throws IOException {
    int status = Integer.parseInt(new String(answer.array(), 9, 3, StandardCharsets.US_ASCII));
    request = -1;
    if (closes) {
      close();
    }
    return status;
  }

  /** Gives it up; the next request connects anew. */
  void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
