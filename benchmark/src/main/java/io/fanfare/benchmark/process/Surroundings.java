package io.fanfare.benchmark.process;

import io.fanfare.localstack.embedded.BrokerMain;
import io.fanfare.localstack.embedded.EmbeddedDatabase;
import io.fanfare.localstack.embedded.FreePort;
import io.fanfare.localstack.simulator.SimulatorMain;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the services stand on: broker, database and simulated providers, each a process of its own.
 * Broker and database can be ended and started again on their data and ports; the providers never
 * are, because they are the witnesses.
 */
final class Surroundings implements AutoCloseable {

  private static final Duration START_PATIENCE = Duration.ofSeconds(240);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
  private static final Pattern PROVIDERS_READY =
      Pattern.compile("simulators ready smtp=(\\d+) telegram=(\\d+) http=(\\d+)");

  private final Path folder;
  private final Map<String, String> environment;
  private final int brokerPort = FreePort.choose();
  private EmbeddedDatabase database;
  private ChildProcess broker;
  private final ChildProcess simulators;
  private @Nullable Matcher providerPorts;
  private boolean closed;

  /**
   * Starts all three beside each other.
   *
   * @param environment of the two that are JVMs
   * @param mailbox whether the providers keep the newest messages, and not only count them
   */
  Surroundings(Path folder, Map<String, String> environment, boolean mailbox) {
    this.folder = folder;
    this.environment = environment;
    broker = newBroker();
    simulators =
        mailbox
            ? harness("simulators", SimulatorMain.class)
            : harness("simulators", SimulatorMain.class, "--count-only");
    try {
      database =
          EmbeddedDatabase.start(
              new EmbeddedDatabase.Settings(folder.resolve("postgresql"), FreePort.choose()));
    } catch (IllegalStateException e) {
      broker.kill();
      simulators.kill();
      throw e;
    }
  }

  void awaitReady() {
    database.createDatabase("fanfare");
    awaitBroker();
    providerPorts = simulators.awaitOutput(PROVIDERS_READY, START_PATIENCE);
  }

  private ChildProcess newBroker() {
    return harness(
        "broker",
        BrokerMain.class,
        "--data-dir=" + folder.resolve("kafka"),
        "--port=" + brokerPort);
  }

  private ChildProcess harness(String name, Class<?> main, String... arguments) {
    return ChildProcess.harness(name, folder, main, environment, arguments);
  }

  private void awaitBroker() {
    broker().awaitOutput(Pattern.compile("broker ready (\\S+)"), START_PATIENCE);
  }

  void restartBroker(boolean hard) {
    ChildProcess ending = broker();
    if (hard) {
      ending.kill();
    } else {
      ending.close();
    }
    synchronized (this) {
      refuseWhenClosed();
      broker = newBroker();
    }
    awaitBroker();
  }

  void stopDatabaseHard() {
    EmbeddedDatabase ending = database();
    Signals.send("QUIT", ending.postmasterPid());
    ProcessHandle.of(ending.postmasterPid()).ifPresent(Surroundings::awaitEnd);
    // Gives the data directory free for the next start.
    ending.close();
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("PostgreSQL did not stop within " + STOP_PATIENCE, e);
    }
  }

  synchronized void startDatabase() {
    refuseWhenClosed();
    database =
        EmbeddedDatabase.start(
            new EmbeddedDatabase.Settings(folder.resolve("postgresql"), database.port()));
  }

  private void refuseWhenClosed() {
    if (closed) {
      throw new IllegalStateException("the deployment is closed");
    }
  }

  synchronized EmbeddedDatabase database() {
    return database;
  }

  synchronized ChildProcess broker() {
    return broker;
  }

  ChildProcess simulators() {
    return simulators;
  }

  String bootstrapServers() {
    return "127.0.0.1:" + brokerPort;
  }

  int smtpPort() {
    return port(1);
  }

  int telegramPort() {
    return port(2);
  }

  URI simulatorsUrl() {
    return URI.create("http://localhost:" + port(3));
  }

  private int port(int group) {
    if (providerPorts == null) {
      throw new IllegalStateException("the providers are not ready");
    }
    return Integer.parseInt(providerPorts.group(group));
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      broker.close();
    } finally {
      try {
        simulators.close();
      } finally {
        database.close();
      }
    }
  }
}
