package io.fanfare.dispatch.lease;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A wire to a database whose connections can be made to stall: they stay open and nothing passes
 * any more, as when a router between has forgotten them. New connections work.
 */
final class StallingWire implements AutoCloseable {

  private static final class Pair {
    private final Socket near;
    private final Socket far;
    private volatile boolean stalled;

    Pair(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }
  }

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final URI target;
  private final List<Pair> pairs = new CopyOnWriteArrayList<>();

  StallingWire(String jdbcUrl) throws IOException {
    target = URI.create(jdbcUrl.substring("jdbc:".length()));
    Thread.startVirtualThread(this::accept);
  }

  /** The database's address through this wire. */
  String jdbcUrl() {
    String query = target.getQuery() == null ? "" : "?" + target.getQuery();
    return "jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + target.getPath() + query;
  }

  /** Every connection there is now. */
  void stall() {
    pairs.forEach(pair -> pair.stalled = true);
  }

  private void accept() {
    try {
      while (true) {
        Pair pair = new Pair(server.accept(), new Socket(target.getHost(), target.getPort()));
        pairs.add(pair);
        Thread.startVirtualThread(() -> pump(pair, pair.near, pair.far));
        Thread.startVirtualThread(() -> pump(pair, pair.far, pair.near));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void pump(Pair pair, Socket from, Socket to) {
    byte[] bytes = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        if (!pair.stalled) {
          out.write(bytes, 0, n);
        }
      }
      if (!pair.stalled) {
        to.close();
      }
    } catch (IOException e) {
      // One end is gone.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Pair pair : pairs) {
      pair.near.close();
      pair.far.close();
    }
  }
}
