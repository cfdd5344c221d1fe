package io.fanfare.localstack.simulator.mailbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fanfare.localstack.simulator.fault.Faults;
import io.fanfare.localstack.simulator.log.ProviderLog;
import io.fanfare.localstack.simulator.recipient.Recipients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mailbox page for people at {@code /} and the control interface for tests under {@code
 * /simulator}. It has no login, so it belongs on the loopback interface or a private network.
 */
public final class SimulatorServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SimulatorServer.class);

  private final HttpServer server;
  private final ExecutorService threads;

  private SimulatorServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * @param port 0 for any free one
   */
  public static SimulatorServer start(
      InetAddress address,
      int port,
      ProviderLog log,
      Faults email,
      Faults telegram,
      Recipients recipients) {
    try {
      var server = HttpServer.create(new InetSocketAddress(address, port), 0);
      var threads = Executors.newVirtualThreadPerTaskExecutor();
      server.setExecutor(threads);
      var pages = new MailboxPages();
      var control = new ControlApi(log, email, telegram, recipients);
      server.createContext("/", exchange -> answer(exchange, pages::answer));
      server.createContext("/simulator/", exchange -> answer(exchange, control::answer));
      server.start();
      return new SimulatorServer(server, threads);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on " + address + ":" + port, e);
    }
  }

  interface Resource {
    Response answer(HttpExchange exchange) throws IOException;
  }

  private static void answer(HttpExchange exchange, Resource resource) throws IOException {
    try (exchange) {
      Response response;
      try {
        response = resource.answer(exchange);
      } catch (BadRequest e) {
        response = Response.problem(e.status(), e.code(), e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
        response = Response.problem(500, "internal", "The simulator failed; see its log");
      }
      response.writeTo(exchange);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String baseUrl() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
