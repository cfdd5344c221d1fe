package io.fanfare.benchmark;

import io.fanfare.benchmark.process.ChildProcess;
import io.fanfare.localstack.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The command {@code bench --segments}: audience-service's own classes, out of its jar and in a
 * process of its own, count whom ten filters choose of a million contacts in an embedded
 * PostgreSQL.
 */
final class SegmentBench {

  private static final String USAGE = "usage: bench --segments [--contacts N] [--json]";
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Pattern MEASURED = Pattern.compile("segments measured");
  private static final String DATABASE = "fanfare";

  private SegmentBench() {}

  /** Measures and prints; answers the exit status. */
  static int run(String[] arguments) throws IOException {
    int contacts = 1_000_000;
    boolean json = false;
    try {
      for (int i = 0; i < arguments.length; i++) {
        switch (arguments[i]) {
          case "--segments" -> {}
          case "--json" -> json = true;
          case "--contacts" -> contacts = Integer.parseInt(arguments[++i]);
          default -> throw new IllegalArgumentException(arguments[i]);
        }
      }
      if (contacts < 1_000 || contacts > 20_000_000) {
        throw new IllegalArgumentException("--contacts is 1,000 to 20,000,000");
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      System.err.println(USAGE);
      return 2;
    }
    Path folder = Files.createTempDirectory("fanfare-bench");
    try {
      System.out.print(measure(folder, contacts, json));
      return 0;
    } finally {
      Bench.delete(folder);
    }
  }

  private static String measure(Path folder, int contacts, boolean json) throws IOException {
    Path report = folder.resolve("report.txt");
    try (EmbeddedDatabase database =
        EmbeddedDatabase.start(new EmbeddedDatabase.Settings(folder.resolve("postgresql"), 0))) {
      database.createDatabase(DATABASE);
      System.err.printf("filling the database with %,d contacts%n", contacts);
      List<String> command =
          List.of(
              "-Xmx512m",
              "-XX:+UseSerialGC",
              "-cp",
              serviceJar().toString(),
              "-Dloader.main=io.fanfare.audience.segment.SegmentPathBench",
              "org.springframework.boot.loader.launch.PropertiesLauncher",
              database.jdbcUrl(DATABASE),
              database.username(),
              Integer.toString(contacts),
              json ? "json" : "text",
              report.toString());
      try (ChildProcess child = ChildProcess.java("segments", folder, command, Map.of())) {
        child.awaitOutput(MEASURED, PATIENCE);
      }
    }
    return Files.readString(report);
  }

  private static Path serviceJar() {
    Path target = Path.of("audience-service", "target").toAbsolutePath();
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.toString().endsWith("-exec.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no runnable jar in " + target));
    } catch (IOException e) {
      throw new UncheckedIOException("audience-service is not built; run mvn package", e);
    }
  }
}
