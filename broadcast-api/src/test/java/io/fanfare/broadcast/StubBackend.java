package io.fanfare.broadcast;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * The other end of what this service asks of others by HTTP: records requests and gives the answers
 * tests put in, the one with the longest fitting path first; without one, 404.
 */
public final class StubBackend implements AutoCloseable {

  /** A request as it arrived. */
  public record Received(
      String method, String pathAndQuery, Map<String, List<String>> headers, byte[] body) {

    /** A header's first value; empty when it is missing. */
    public String header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> entry.getValue().getFirst())
          .findFirst()
          .orElse("");
    }
  }

  private final HttpServer server;
  private final Map<String, HttpHandler> answers = new ConcurrentHashMap<>();
  private final List<Received> received = new CopyOnWriteArrayList<>();

  private StubBackend(HttpServer server) {
    this.server = server;
  }

  static StubBackend start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      StubBackend backend = new StubBackend(server);
      server.createContext("/", backend::handle);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
      return backend;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** Answers requests whose path begins so. */
  public void answer(String pathPrefix, HttpHandler handler) {
    answers.put(pathPrefix, handler);
  }

  /** Answers requests whose path begins so with JSON. */
  public void answer(String pathPrefix, int status, String json) {
    answer(
        pathPrefix,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          reply(exchange, status, json);
        });
  }

  /** What arrived under a path, in order. */
  public List<Received> received(String pathPrefix) {
    return received.stream()
        .filter(request -> request.pathAndQuery().startsWith(pathPrefix))
        .toList();
  }

  public static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().toString();
    received.add(
        new Received(
            exchange.getRequestMethod(), path, Map.copyOf(exchange.getRequestHeaders()), body));
    answers.entrySet().stream()
        .filter(entry -> path.startsWith(entry.getKey()))
        .max(Map.Entry.comparingByKey(java.util.Comparator.comparingInt(String::length)))
        .map(Map.Entry::getValue)
        .orElse(missing -> reply(missing, 404, ""))
        .handle(exchange);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
