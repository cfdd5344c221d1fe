package io.fanfare.localstack.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses TCP ports that nobody listens on, below those that systems give to outgoing connections:
 * between the choice and the start, and while a server is started again, nobody's connection takes
 * it. One JVM gets no port twice.
 */
public final class FreePort {

  private static final int LOWEST = 17_000;
  private static final int HIGHEST = 32_000;

  // Each JVM begins somewhere else, so that those beside each other rarely try the same.
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(HIGHEST - LOWEST));

  private FreePort() {}

  /** A port of the loopback interface. */
  public static int choose() {
    for (int tries = LOWEST; tries < HIGHEST; tries++) {
      int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), HIGHEST - LOWEST);
      if (isFree(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
        return port;
      }
    }
    throw new IllegalStateException("no free port from " + LOWEST + " to " + HIGHEST);
  }

  /** The usual port where nobody on any interface has it, else one chosen. */
  public static int preferably(int usual) {
    return isFree(new InetSocketAddress(usual)) ? usual : choose();
  }

  /** The wanted port, or one chosen now when {@code wanted} is 0. */
  static int orChosen(int wanted) {
    return wanted == 0 ? choose() : wanted;
  }

  static int checked(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("A port is 0 (chosen) to 65535, not " + port);
    }
    return port;
  }

  private static boolean isFree(InetSocketAddress address) {
    try (var socket = new ServerSocket()) {
      // As servers do: a port whose last connections have just ended is free.
      socket.setReuseAddress(true);
      socket.bind(address, 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
