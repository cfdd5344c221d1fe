package io.fanfare.localstack.embedded;

import java.util.concurrent.CountDownLatch;

/**
 * The broker in a process of its own: {@code --data-dir=<folder> [--port=<port>]} or {@code
 * FANFARE_BROKER_DATA_DIR} and {@code FANFARE_BROKER_PORT}. Prints {@code broker ready <host:port>}
 * once and runs until SIGTERM.
 */
public final class BrokerMain {

  private BrokerMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    var options = new MainOptions("FANFARE_BROKER", arguments, System.getenv());
    var kafka =
        EmbeddedKafka.start(new EmbeddedKafka.Settings(options.dataDirectory(), options.port()));
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "broker-stop"));
    System.out.println("broker ready " + kafka.bootstrapServers());
    new CountDownLatch(1).await();
  }
}
