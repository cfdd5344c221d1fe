package io.fanfare.localstack.simulator.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a port and gives every connection a virtual thread; at most {@value #CONNECTIONS} at
 * once.
 */
public final class TcpServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TcpServer.class);
  private static final int CONNECTIONS = 10_000;
  private static final int BACKLOG = 1_024;

  /** Speaks one connection to its end; the caller closes the socket. */
  public interface Conversation {
    void speak(Socket socket) throws IOException;
  }

  private final ServerSocket listener;
  private final Conversation conversation;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();

  private TcpServer(ServerSocket listener, Conversation conversation) {
    this.listener = listener;
    this.conversation = conversation;
  }

  /**
   * @param port 0 for any free one
   */
  public static TcpServer start(
      String name, InetAddress address, int port, Conversation conversation) {
    try {
      var listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(address, port), BACKLOG);
      var server = new TcpServer(listener, conversation);
      Thread.ofPlatform().daemon().name(name + "-listener").start(server::listen);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on " + address + ":" + port, e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Connections taken since the start. */
  public long accepted() {
    return accepted.get();
  }

  /** Cuts every open connection, as a network does; new ones are taken. */
  public void cutConnections() {
    open.forEach(TcpServer::closeQuietly);
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        if (open.size() >= CONNECTIONS) {
          closeQuietly(socket);
          continue;
        }
        accepted.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          LOG.warn("A connection could not be taken", e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      conversation.speak(socket);
    } catch (IOException e) {
      // Clients leave as they like; what they did before is recorded.
      LOG.debug("Connection ended: {}", e.toString());
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cutConnections();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("Socket already gone", e);
    }
  }
}
