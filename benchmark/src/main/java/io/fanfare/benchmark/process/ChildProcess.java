package io.fanfare.benchmark.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Java process with an environment of its own and its output in a file. */
public final class ChildProcess implements AutoCloseable {

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(40);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final String name;
  private final Process process;
  private final Path output;
  private final long outputBegin;
  private volatile boolean stopped;

  private ChildProcess(String name, Process process, Path output, long outputBegin) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.outputBegin = outputBegin;
  }

  /**
   * Starts {@code java} of this JVM's own version.
   *
   * @param name what it is called in messages and in the name of its output file
   * @param folder where its output goes
   * @param arguments options and what to run
   * @param environment all the variables it sees, beside {@code PATH} and the locale
   */
  public static ChildProcess java(
      String name, Path folder, List<String> arguments, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    Path output = folder.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().keySet().removeIf(variable -> !variable.matches("PATH|HOME|LANG|LC_.*"));
    builder.environment().putAll(environment);
    try {
      // Appended to what an earlier process of that name wrote.
      long begin = Files.exists(output) ? Files.size(output) : 0;
      return new ChildProcess(name, builder.start(), output, begin);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a main class of this JVM's own class path. */
  public static ChildProcess harness(
      String name,
      Path folder,
      Class<?> main,
      Map<String, String> environment,
      String... arguments) {
    // From any folder: the child runs in another one.
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>(List.of("-Xmx768m", "-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return java(name, folder, command, environment);
  }

  /**
   * Waits for a line of its output.
   *
   * @throws IllegalStateException with its last lines, when it died or said nothing in time
   */
  public Matcher awaitOutput(Pattern pattern, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Matcher matcher = pattern.matcher(output());
      if (matcher.find()) {
        return matcher;
      }
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(name + " did not say " + pattern + ":\n" + lastLines());
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** Whether it has written something like that. */
  public boolean hasSaid(Pattern pattern) {
    return pattern.matcher(output()).find();
  }

  /** Ends it as a crash would: SIGKILL, no goodbye. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Stops it where it stands (SIGSTOP), until {@link #wake}. */
  public void stop() {
    Signals.send("STOP", process.pid());
    stopped = true;
  }

  /** Lets it go on (SIGCONT). */
  public void wake() {
    stopped = false;
    Signals.send("CONT", process.pid());
  }

  /** Asks it to end (SIGTERM) and waits until it has. A stopped process is killed. */
  @Override
  public void close() {
    if (stopped) {
      kill();
      return;
    }
    process.destroy();
    awaitEnd();
  }

  /**
   * Waits until it has ended by itself.
   *
   * @throws IllegalStateException with its last lines, when it failed
   */
  void awaitSuccess() {
    awaitEnd();
    if (process.exitValue() != 0) {
      throw new IllegalStateException(name + " failed:\n" + lastLines());
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IllegalStateException(name + " did not stop within " + STOP_PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public String name() {
    return name;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** The last 30 lines it wrote. */
  public String lastLines() {
    List<String> lines = output().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
  }

  private String output() {
    try (SeekableByteChannel channel = Files.newByteChannel(output)) {
      channel.position(outputBegin);
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
