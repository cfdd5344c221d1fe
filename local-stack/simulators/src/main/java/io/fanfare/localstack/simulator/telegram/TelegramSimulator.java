package io.fanfare.localstack.simulator.telegram;

import io.fanfare.localstack.simulator.fault.Faults;
import io.fanfare.localstack.simulator.log.ProviderLog;
import io.fanfare.localstack.simulator.wire.TcpServer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/**
 * The Bot API under {@code http://host:port/bot<token>/<method>}: takes every message, records it
 * and delivers none; faults are asked before each answer. Its HTTP is plain HTTP/1.1 on kept
 * connections.
 */
public final class TelegramSimulator implements AutoCloseable {

  private static final int IDLE_MILLIS = (int) Duration.ofMinutes(5).toMillis();

  private final TcpServer server;
  private final Faults faults;
  private final TelegramSettings settings;
  private final Updates updates = new Updates();

  private TelegramSimulator(TelegramSettings settings, Faults faults, ProviderLog log) {
    this.settings = settings;
    this.faults = faults;
    var methods = new BotMethods(settings, faults, log, updates);
    this.server =
        TcpServer.start(
            "telegram", settings.address(), settings.port(), socket -> converse(socket, methods));
  }

  public static TelegramSimulator start(TelegramSettings settings, Faults faults, ProviderLog log) {
    return new TelegramSimulator(settings, faults, log);
  }

  private static void converse(Socket socket, BotMethods methods) throws IOException {
    socket.setSoTimeout(IDLE_MILLIS);
    new HttpConversation(socket, methods).run();
  }

  public int port() {
    return server.port();
  }

  /** In place of {@code https://api.telegram.org}, without a slash at the end. */
  public String baseUrl() {
    var host =
        settings.address().isAnyLocalAddress() ? "127.0.0.1" : settings.address().getHostAddress();
    return "http://" + host + ":" + port();
  }

  /** Connections taken since the start. */
  public long connections() {
    return server.accepted();
  }

  /** Cuts every open connection. */
  public void cutConnections() {
    server.cutConnections();
  }

  public Faults faults() {
    return faults;
  }

  /** What people send to bots. */
  public Updates updates() {
    return updates;
  }

  /** Forgets what people sent to bots. */
  public void forgetUpdates() {
    updates.forget();
  }

  @Override
  public void close() {
    updates.close();
    server.close();
  }
}
