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

/** Tells other commands where a running stack is. */
final class StackFile {

  private static final String NAME = "running.properties";

  private StackFile() {}

  /**
   * Where a stack is.
   *
   * @param pid its process
   * @param baseUrl its front door
   * @param mailboxUrl its simulators' page
   * @param smtpPort its simulated mail server, on loopback
   * @param telegramPort its simulated Bot API, on loopback
   */
  record Content(long pid, URI baseUrl, URI mailboxUrl, int smtpPort, int telegramPort) {}

  static void write(Path directory, Content content) {
    Properties properties = new Properties();
    properties.setProperty("pid", Long.toString(content.pid()));
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

  /** The stack running on a data directory; empty when its process is gone. */
  static Optional<Content> read(Path directory) {
    Path file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      Content content =
          new Content(
              Long.parseLong(value(properties, "pid")),
              URI.create(value(properties, "base-url")),
              URI.create(value(properties, "mailbox-url")),
              Integer.parseInt(value(properties, "smtp-port")),
              Integer.parseInt(value(properties, "telegram-port")));
      boolean alive = ProcessHandle.of(content.pid()).map(ProcessHandle::isAlive).orElse(false);
      return alive ? Optional.of(content) : Optional.empty();
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
