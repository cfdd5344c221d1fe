package io.fanfare.dispatch.channel.telegram;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A Bot API that answers what a test tells it to. */
final class BotPeer implements AutoCloseable {

  /** An answer. */
  record Answer(int status, String body) {}

  /** A request that came. */
  record Asked(String path, String body) {}

  static final String TAKEN =
      """
      {"ok":true,"result":{"message_id":77,"date":1700000000,
       "chat":{"id":5,"type":"private","first_name":"Ann"},"text":"x"}}
      """;
  static final String BOT =
      """
      {"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Fan","username":"fan_bot"}}
      """;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  final List<Asked> asked = new CopyOnWriteArrayList<>();
  volatile Answer answer = new Answer(200, TAKEN);

  BotPeer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          asked.add(new Asked(exchange.getRequestURI().getRawPath(), body));
          byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
