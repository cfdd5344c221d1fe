package io.fanfare.benchmark.endpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Sends requests at a steady rate, whether or not those before are answered, and takes the time
 * from the moment each was due: a server that stands still is not spared the requests that would
 * have come meanwhile.
 */
final class OpenLoop {

  private static final int CONNECTIONS = 128;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * What came of it.
   *
   * @param answered numbers of the requests that were answered as they should be
   * @param latencies of those, nanoseconds, in order
   * @param refused how many were answered otherwise, by status; 0 for those never answered
   * @param seconds from when the first was due until the last was answered
   */
  record Outcome(BitSet answered, long[] latencies, Map<Integer, Integer> refused, double seconds) {

    /** A quantile in milliseconds. */
    double milliseconds(double quantile) {
      if (latencies.length == 0) {
        return Double.NaN;
      }
      int index = (int) Math.ceil(quantile * latencies.length) - 1;
      return latencies[Math.max(0, index)] / 1e6;
    }
  }

  private final InetSocketAddress server;
  private final int expectedStatus;
  private final IntFunction<byte[]> requests;

  /**
   * @param requests the bytes of the request of a number
   */
  OpenLoop(InetSocketAddress server, int expectedStatus, IntFunction<byte[]> requests) {
    this.server = server;
    this.expectedStatus = expectedStatus;
    this.requests = requests;
  }

  /** Sends requests of the numbers from {@code first} on; returns when they are answered. */
  Outcome run(int first, int count, int rate) {
    try (Selector selector = Selector.open()) {
      List<KeptConnection> connections = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        connections.add(new KeptConnection(server, selector));
      }
      try {
        return new Run(selector, connections, first, count, 1e9 / rate).go();
      } finally {
        for (KeptConnection connection : connections) {
          connection.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Run {

    private final Selector selector;
    private final Deque<KeptConnection> free;
    private final int first;
    private final int count;
    private final double interval;
    private final long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
    private final BitSet answered = new BitSet();
    private final long[] latencies;
    private final Map<Integer, Integer> refused = new TreeMap<>();
    private int good;
    private int sent;
    private int ended;

    Run(
        Selector selector,
        List<KeptConnection> connections,
        int first,
        int count,
        double interval) {
      this.selector = selector;
      this.free = new ArrayDeque<>(connections);
      this.first = first;
      this.count = count;
      this.interval = interval;
      this.latencies = new long[count];
    }

    Outcome go() throws IOException {
      long deadline = due(count) + PATIENCE.toNanos();
      while (ended < count && System.nanoTime() < deadline) {
        sendWhatIsDue();
        // What is due waits for a connection where none is free; else a millisecond late at most.
        selector.select(this::proceed, 1);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      if (ended < count) {
        refused.merge(0, count - ended, Integer::sum);
      }
      long[] sorted = Arrays.copyOf(latencies, good);
      Arrays.sort(sorted);
      return new Outcome(answered, sorted, refused, seconds);
    }

    private long due(int number) {
      return start + (long) (number * interval);
    }

    private void sendWhatIsDue() {
      long now = System.nanoTime();
      while (sent < count && due(sent) <= now && !free.isEmpty()) {
        KeptConnection connection = free.pop();
        int number = sent++;
        try {
          connection.send(number, requests.apply(first + number));
        } catch (IOException e) {
          fail(connection);
        }
      }
    }

    private void proceed(SelectionKey key) {
      KeptConnection connection = (KeptConnection) key.attachment();
      int number = connection.request();
      try {
        int status = connection.proceed(key);
        if (status > 0) {
          end(connection, number, status);
        }
      } catch (IOException e) {
        fail(connection);
      }
    }

    private void end(KeptConnection connection, int number, int status) {
      if (status == expectedStatus) {
        latencies[good++] = System.nanoTime() - due(number);
        answered.set(first + number);
      } else {
        refused.merge(status, 1, Integer::sum);
      }
      ended++;
      free.push(connection);
    }

    private void fail(KeptConnection connection) {
      try {
        connection.close();
      } catch (IOException e) {
        // It is given up in any case.
      }
      refused.merge(0, 1, Integer::sum);
      ended++;
      free.push(connection);
    }
  }
}
