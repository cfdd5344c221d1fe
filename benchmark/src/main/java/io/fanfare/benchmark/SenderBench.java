package io.fanfare.benchmark;

import io.fanfare.benchmark.process.ChildProcess;
import io.fanfare.benchmark.process.Usage;
import io.fanfare.localstack.client.RestClient;
import io.fanfare.localstack.simulator.SimulatorMain;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command {@code bench --sender-only}: the worker's e-mail path out of its own jar, in a
 * process of its own, over 8 kept connections into a counting sink; prints its CPU time a message.
 * Postfix's {@code smtp-source}, which builds nothing, sends as much to the same sink beside it
 * where it is installed.
 */
final class SenderBench {

  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final int CONNECTIONS = 8;
  private static final Pattern SINK_READY =
      Pattern.compile("simulators ready smtp=(\\d+) telegram=(\\d+) http=(\\d+)");
  private static final Pattern SENT =
      Pattern.compile(
          "sent=(\\d+) broadcast=(\\S+) bytes=(\\d+) cpu_micros=([\\d.]+) per_second=(\\d+)");

  private SenderBench() {}

  /** Measures and prints; false when the sink did not get each message once. */
  static boolean run(BenchOptions options, Path folder) {
    try (ChildProcess sink =
        ChildProcess.harness("sink", folder, SimulatorMain.class, Map.of(), "--count-only")) {
      Matcher ready = sink.awaitOutput(SINK_READY, PATIENCE);
      Matcher sent = send(options, folder, ready.group(1));
      Double beside = smtpSource(options, ready.group(1), sent.group(3));
      JsonNode report =
          new RestClient(URI.create("http://localhost:" + ready.group(3)), "none")
              .get("/simulator/report?marker=" + sent.group(2));
      long taken = report.get("distinct").asLong();
      boolean exact =
          taken == Long.parseLong(sent.group(1)) && report.get("duplicates").asLong() == 0;
      print(options, sent, beside, exact);
      return exact;
    }
  }

  private static Matcher send(BenchOptions options, Path folder, String port) {
    List<String> command =
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-cp",
            workerJar().toString(),
            "-Dloader.main=io.fanfare.dispatch.channel.email.EmailPathBench",
            "org.springframework.boot.loader.launch.PropertiesLauncher",
            port,
            Integer.toString(options.recipients()),
            Integer.toString(options.recipients() / 3),
            Integer.toString(CONNECTIONS),
            options.dkim() ? "dkim" : "unsigned");
    try (ChildProcess sender = ChildProcess.java("sender", folder, command, Map.of())) {
      return sender.awaitOutput(SENT, PATIENCE);
    }
  }

  private static Path workerJar() {
    Path target = Path.of("dispatch-worker", "target").toAbsolutePath();
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.toString().endsWith("-exec.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no runnable jar in " + target));
    } catch (IOException e) {
      throw new IllegalStateException("dispatch-worker is not built; run mvn package", e);
    }
  }

  /** CPU µs a message of {@code smtp-source}; null where it is not installed. */
  private static @Nullable Double smtpSource(BenchOptions options, String port, String bytes) {
    String program =
        Stream.of("/usr/sbin/smtp-source", "/usr/libexec/postfix/smtp-source")
            .filter(path -> Files.isExecutable(Path.of(path)))
            .findFirst()
            .orElse(null);
    if (program == null) {
      return null;
    }
    long before = Usage.cpuMicrosOfEndedChildren();
    try {
      int status =
          new ProcessBuilder(
                  program,
                  "-d",
                  "-s",
                  Integer.toString(CONNECTIONS),
                  "-m",
                  Integer.toString(options.recipients()),
                  "-l",
                  bytes,
                  "-f",
                  "news@school.example",
                  "-t",
                  "ann@example.org",
                  "127.0.0.1:" + port)
              .inheritIO()
              .start()
              .waitFor();
      if (status != 0) {
        throw new IllegalStateException(program + " ended with " + status);
      }
    } catch (IOException e) {
      throw new IllegalStateException(program + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return (double) (Usage.cpuMicrosOfEndedChildren() - before) / options.recipients();
  }

  private static void print(
      BenchOptions options, Matcher sent, @Nullable Double beside, boolean exact) {
    double micros = Double.parseDouble(sent.group(4));
    long perSecond = Long.parseLong(sent.group(5));
    System.out.printf(
        Locale.ROOT,
        "%,d messages of %s bytes after a warm-up of %,d, %d connections: %,d/s%n%s%n%n"
            + "%-28s %14s%n%-28s %14.1f%n",
        options.recipients(),
        sent.group(3),
        options.recipients() / 3,
        CONNECTIONS,
        perSecond,
        exact ? "the sink got each once" : "THE SINK DID NOT GET EACH ONCE",
        "process",
        "CPU µs/message",
        options.dkim() ? "sender, signing" : "sender",
        micros);
    System.out.println(
        beside == null
            ? "smtp-source is not installed (Debian: package postfix)"
            : String.format(Locale.ROOT, "%-28s %14.1f", "smtp-source, building nothing", beside));
    if (options.json()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("messages", options.recipients());
      json.put("message_bytes", Integer.parseInt(sent.group(3)));
      json.put("dkim", options.dkim());
      json.put("per_second", perSecond);
      json.put("sender_cpu_micros", micros);
      json.put("smtp_source_cpu_micros", beside);
      json.put("exact", exact);
      System.out.println(JsonMapper.shared().writeValueAsString(json));
    }
  }
}
