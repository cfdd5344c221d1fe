package io.fanfare.localstack.simulator.smtp;

import io.fanfare.localstack.simulator.fault.Faults;
import io.fanfare.localstack.simulator.log.ProviderLog;
import io.fanfare.localstack.simulator.wire.TcpServer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * An SMTP server that takes every message, records it and delivers none; faults are asked before
 * each answer.
 */
public final class SmtpSimulator implements AutoCloseable {

  private static final int IDLE_MILLIS = (int) Duration.ofMinutes(5).toMillis();

  private final TcpServer server;
  private final Faults faults;
  private volatile SmtpSettings settings;

  private SmtpSimulator(SmtpSettings settings, Faults faults, ProviderLog log) {
    this.settings = settings;
    this.faults = faults;
    this.server =
        TcpServer.start(
            "smtp", settings.address(), settings.port(), socket -> converse(socket, log));
  }

  public static SmtpSimulator start(SmtpSettings settings, Faults faults, ProviderLog log) {
    return new SmtpSimulator(settings, faults, log);
  }

  private void converse(Socket socket, ProviderLog log) throws IOException {
    socket.setSoTimeout(IDLE_MILLIS);
    new SmtpSession(socket, settings, faults, log).run();
  }

  public int port() {
    return server.port();
  }

  /** Connections taken since the start. */
  public long connections() {
    return server.accepted();
  }

  /** Changes what connections made from now on are offered; address and port stay. */
  public void change(UnaryOperator<SmtpSettings> change) {
    settings = change.apply(settings);
  }

  /** Cuts every open connection. */
  public void cutConnections() {
    server.cutConnections();
  }

  public Faults faults() {
    return faults;
  }

  @Override
  public void close() {
    server.close();
  }
}
