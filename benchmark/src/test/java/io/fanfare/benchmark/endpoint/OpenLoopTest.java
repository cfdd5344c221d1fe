package io.fanfare.benchmark.endpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

  private static final long STALL_NANOS = 300_000_000;

  private final ExecutorService oneAtATime = Executors.newSingleThreadExecutor();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(oneAtATime);
    // Number 50 holds up everybody behind it, 60 is refused, 70 cut off, 80 the last of its
    // connection; odd ones come in chunks.
    server.createContext(
        "/",
        exchange -> {
          int number = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
          if (number == 50) {
            long until = System.nanoTime() + STALL_NANOS;
            while (System.nanoTime() < until) {
              LockSupport.parkNanos(until - System.nanoTime());
            }
          }
          if (number == 70) {
            exchange.close();
            return;
          }
          if (number == 80) {
            exchange.getResponseHeaders().set("Connection", "close");
          }
          byte[] body = "answer\r\n".getBytes(US_ASCII);
          exchange.sendResponseHeaders(number == 60 ? 503 : 200, number % 2 == 0 ? body.length : 0);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    oneAtATime.shutdown();
  }

  @Test
  void whoIsDueWhileTheServerStandsStillIsCountedFromThen() {
    OpenLoop loop =
        new OpenLoop(
            server.getAddress(),
            200,
            number ->
                ("GET /" + number + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
    OpenLoop.Outcome outcome = loop.run(10, 290, 1_000);
    assertThat(outcome.refused()).isEqualTo(Map.of(503, 1, 0, 1));
    assertThat(outcome.answered().cardinality())
        .isEqualTo(288)
        .isEqualTo(outcome.latencies().length);
    assertThat(outcome.answered().get(60)).isFalse();
    assertThat(outcome.answered().get(70)).isFalse();
    assertThat(outcome.answered().get(299)).isTrue();
    // A hundred and more were due in the first third of it.
    assertThat(outcome.milliseconds(1)).isGreaterThan(290);
    assertThat(outcome.milliseconds(0.7)).isGreaterThan(190);
  }
}
