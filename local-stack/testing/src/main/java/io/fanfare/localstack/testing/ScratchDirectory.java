package io.fanfare.localstack.testing;

import io.fanfare.localstack.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The data directory of one test JVM, under the module's build folder. What JVMs that were killed
 * left there, servers that still run included, is cleared away by the next one.
 */
record ScratchDirectory(Path directory) {

  static ScratchDirectory create() {
    try {
      var build = Path.of("target").toAbsolutePath();
      var parent =
          Files.isDirectory(build)
              ? build.resolve("test-infrastructure")
              : Path.of(System.getProperty("java.io.tmpdir"), "fanfare-test-infrastructure");
      Files.createDirectories(parent);
      clearAbandoned(parent);
      var own = parent.resolve(Long.toString(ProcessHandle.current().pid()));
      Files.createDirectory(own);
      return new ScratchDirectory(own);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void clearAbandoned(Path parent) throws IOException {
    try (var children = Files.list(parent)) {
      for (var child : children.toList()) {
        if (!belongsToLiveProcess(child)) {
          EmbeddedDatabase.stopAbandoned(child.resolve("postgresql"));
          new ScratchDirectory(child).delete();
        }
      }
    }
  }

  private static boolean belongsToLiveProcess(Path child) {
    long pid = Long.parseLong(child.getFileName().toString());
    return pid != ProcessHandle.current().pid()
        && ProcessHandle.of(pid)
            .flatMap(handle -> handle.info().command())
            .filter(command -> command.contains("java"))
            .isPresent();
  }

  void delete() {
    try {
      Files.walkFileTree(directory, new Deletion());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tolerates files that Kafka's delayed deletion takes away at the same time. */
  private static final class Deletion extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
