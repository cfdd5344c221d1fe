package io.fanfare.localstack.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Chooses TCP ports of the loopback interface that nobody listens on. */
final class FreePort {

  private FreePort() {}

  /** The wanted port, or one chosen now when {@code wanted} is 0. */
  static int orChosen(int wanted) {
    if (wanted != 0) {
      return wanted;
    }
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int checked(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("A port is 0 (chosen) to 65535, not " + port);
    }
    return port;
  }
}
