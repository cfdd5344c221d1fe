package io.fanfare.localstack.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the files of a data directory and the operating system say about the server that runs on it.
 */
record Postmaster(Path directory) {

  /** The process id in {@code postmaster.pid}, whether or not it is alive. */
  OptionalLong pid() {
    var file = directory.resolve("postmaster.pid");
    try {
      if (!Files.exists(file)) {
        return OptionalLong.empty();
      }
      var lines = Files.readAllLines(file);
      return lines.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseLong(lines.getFirst().trim()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void stopAbandoned(Duration patience) {
    if (pid().isEmpty()) {
      return;
    }
    refuseWhenInUse();
    var handle = ProcessHandle.of(pid().getAsLong()).filter(ProcessHandle::isAlive);
    if (handle.isPresent() && isForeign(handle.get())) {
      // The number was given to another program since, as after a container's restart; the server
      // would refuse to start.
      delete(directory.resolve("postmaster.pid"));
    } else if (handle.isPresent()) {
      endSessionsAndStop(handle.get());
      awaitEnd(handle.get().pid(), patience);
    }
  }

  void awaitEnd(long pid, Duration patience) {
    try {
      var handle = ProcessHandle.of(pid);
      if (handle.isPresent()) {
        handle.get().onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while PostgreSQL was stopping", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("PostgreSQL " + pid + " did not stop in " + patience, e);
    }
  }

  private static boolean isForeign(ProcessHandle handle) {
    return handle.info().command().filter(command -> !command.contains("postgres")).isPresent();
  }

  /** The library holds this lock while its JVM lives. */
  private void refuseWhenInUse() {
    var file = directory.resolve("epg-lock");
    try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      if (lock == null) {
        throw new IllegalStateException(directory + " is in use by another process");
      }
    } catch (OverlappingFileLockException e) {
      throw new IllegalStateException(directory + " is in use by this process", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * SIGINT is PostgreSQL's fast shutdown; Java can only send SIGTERM, which waits for every session
   * to leave.
   */
  private static void endSessionsAndStop(ProcessHandle handle) {
    if (System.getProperty("os.name", "").startsWith("Windows")) {
      handle.destroy();
      return;
    }
    try {
      new ProcessBuilder("sh", "-c", "kill -INT \"$0\"", Long.toString(handle.pid()))
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while stopping PostgreSQL", e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
