package io.fanfare.localstack.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * Kafka's own server (broker and controller in one node) inside this JVM, listening on the loopback
 * interface only. Topics, records and committed offsets survive a restart on the same data
 * directory; a second start on a directory in use fails.
 */
public final class EmbeddedKafka implements AutoCloseable {

  private static final int NODE_ID = 1;
  private static final int MOST_STARTS = 3;

  private final KafkaRaftServer server;
  private final int port;

  /**
   * @param dataDirectory created and formatted when missing, used again when formatted
   * @param port 1–65535, or 0 for one chosen before the start
   */
  public record Settings(Path dataDirectory, int port) {

    public Settings {
      FreePort.checked(port);
    }

    public static Settings in(Path dataDirectory) {
      return new Settings(dataDirectory, 0);
    }
  }

  private EmbeddedKafka(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Returns when clients can produce and consume: 3–5 s on two cores. A chosen port that somebody
   * takes before the start is replaced by another one.
   *
   * @throws RuntimeException when it cannot start; nothing of it runs on then
   */
  public static EmbeddedKafka start(Settings settings) {
    var directory = settings.dataDirectory().toAbsolutePath();
    formatOnce(directory);
    for (int left = MOST_STARTS - 1; ; left--) {
      int port = FreePort.orChosen(settings.port());
      var config = new KafkaConfig(properties(directory, port, FreePort.orChosen(0)), false);
      var server = new KafkaRaftServer(config, Time.SYSTEM);
      try {
        server.startup();
        return new EmbeddedKafka(server, port);
      } catch (RuntimeException e) {
        // Its threads would keep the JVM alive for ever.
        server.shutdown();
        server.awaitShutdown();
        if (left == 0 || !somebodyTookThePort(e)) {
          throw e;
        }
      }
    }
  }

  private static boolean somebodyTookThePort(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /** Flushes and closes every log, so that the next start needs no recovery. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static void formatOnce(Path directory) {
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    try {
      Files.createDirectories(directory);
      new Formatter()
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(NODE_ID)
          .setDirectories(List.of(directory.toString()))
          .setMetadataLogDirectory(directory.toString())
          .setControllerListenerName("CONTROLLER")
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException("Kafka cannot format " + directory, e);
    }
  }

  private static Map<String, String> properties(Path directory, int port, int controllerPort) {
    var properties = new HashMap<>(BrokerSettings.NOTICEABLE);
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE_ID));
    properties.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("log.dirs", directory.toString());
    // Threads and memory of a laptop, not of a data centre; the cleaner alone would take 128 MB.
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    properties.put("background.threads", "2");
    properties.put("num.recovery.threads.per.data.dir", "2");
    properties.put("log.cleaner.threads", "1");
    properties.put("log.cleaner.dedupe.buffer.size", "4194304");
    properties.put("log.cleaner.io.buffer.size", "262144");
    properties.put("log.index.size.max.bytes", "1048576");
    properties.put("log.segment.delete.delay.ms", "1000");
    // A broker killed hard may register again only when its old session has ended.
    properties.put("broker.session.timeout.ms", "6000");
    properties.put("broker.heartbeat.interval.ms", "1000");
    return properties;
  }
}
