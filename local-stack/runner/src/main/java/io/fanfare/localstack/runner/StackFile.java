package io.fanfare.localstack.runner;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * Tells other commands where a running stack is. Whether it runs, {@link DirectoryLock} says: a
 * file that a crash left behind says nothing.
 */
final class StackFile {

  private static final String NAME = "running.properties";

  private StackFile() {}

  /**
   * Where a stack is.
   *
   * @param baseUrl its front door
   * @param mailboxUrl its simulators' page
   * @param smtpPort its simulated mail server, on loopback
   * @param telegramPort its simulated Bot API, on loopback
   */
  record Content(URI baseUrl, URI mailboxUrl, int smtpPort, int telegramPort) {}

  static void write(Path directory, Content content) {
    Properties properties = new Properties();
    properties.setProperty("base-url", content.baseUrl().toString());
    properties.setProperty("mailbox-url", content.mailboxUrl().toString());
    properties.setProperty("smtp-port", Integer.toString(content.smtpPort()));
    properties.setProperty("telegram-port", Integer.toString(content.telegramPort()));
    try (Writer writer = Files.newBufferedWriter(directory.resolve(NAME))) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stack on a data directory; empty when there is none, or none yet. */
  static Optional<Content> read(Path directory) {
    Path file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      return Optional.of(
          new Content(
              URI.create(value(properties, "base-url")),
              URI.create(value(properties, "mailbox-url")),
              Integer.parseInt(value(properties, "smtp-port")),
              Integer.parseInt(value(properties, "telegram-port"))));
    } catch (IOException | IllegalArgumentException e) {
      // A file cut short by a crash tells of no running stack.
      return Optional.empty();
    }
  }

  private static String value(Properties properties, String name) {
    return properties.getProperty(name, "");
  }

  static void delete(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(NAME));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
