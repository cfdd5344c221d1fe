package io.fanfare.localstack.runner;

import java.nio.file.Path;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** One log file for the broker and five services, set up once and left alone by each of them. */
final class Logging {

  private static final String FILE = "fanfare.log";

  private Logging() {}

  /** To be called before anything logs; {@code logback.xml} reads the property. */
  static void into(Path directory) {
    System.setProperty(FILE, directory.resolve(FILE).toString());
    // Each Spring context would otherwise set logging up anew, and empty the file of the others.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** Where it is. */
  static String file() {
    return System.getProperty(FILE, FILE);
  }
}
