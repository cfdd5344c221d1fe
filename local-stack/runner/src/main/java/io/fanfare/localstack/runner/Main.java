package io.fanfare.localstack.runner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** The commands {@code up} and {@code demo} of the launcher. */
public final class Main {

  private static final String USAGE = "usage: up | demo [--json]";

  /** The demo's retries come within seconds; elsewhere the defaults of the services hold. */
  private static final Map<String, String> DEMO_SETTINGS =
      Map.of("FANFARE_RETRY_DELAYS", "2s,4s,8s");

  private Main() {}

  /**
   * Runs a command.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(System.getenv().getOrDefault("FANFARE_DATA", ".fanfare")).toAbsolutePath();
    Files.createDirectories(data);
    Logging.into(data);
    try {
      run(List.of(arguments), data);
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(Main.class).error("the command failed", e);
      System.err.println("fanfare: " + e.getMessage());
      System.err.println("fanfare: more is in " + Logging.file());
      System.exit(1);
    }
  }

  private static void run(List<String> options, Path data) throws InterruptedException {
    switch (options.isEmpty() ? "" : options.getFirst()) {
      case "up" -> up(data);
      case "demo" -> System.exit(demo(data, options.contains("--json")));
      default -> {
        System.err.println(USAGE);
        System.exit(2);
      }
    }
  }

  private static void up(Path data) throws InterruptedException {
    DirectoryLock lock = lockOrExit(data);
    Console console = new Console(System.out);
    LocalStack stack = LocalStack.start(new StackSettings(data, true, Map.of()), console::starting);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  console.line("stopping …");
                  stack.close();
                  lock.close();
                  console.line("stopped; the data is in " + data);
                },
                "stack-stop"));
    console.started(stack);
    console.line("Ctrl-C stops it.");
    new CountDownLatch(1).await();
  }

  private static int demo(Path data, boolean json) throws InterruptedException {
    Console console = new Console(json ? System.err : System.out);
    Optional<StackFile.Content> running = StackFile.read(data);
    if (running.isPresent()) {
      return new Demo(running.get(), LocalKeys.in(data), console).run(json);
    }
    try (DirectoryLock lock = lockOrExit(data);
        LocalStack stack =
            LocalStack.start(new StackSettings(data, true, DEMO_SETTINGS), console::starting)) {
      console.started(stack);
      StackFile.Content content = StackFile.read(data).orElseThrow();
      int status = new Demo(content, stack.keys(), console).run(json);
      if (!json && console.interactive()) {
        console.line("The stack stays up until Enter is pressed.");
        console.awaitEnter();
      }
      return status;
    }
  }

  private static DirectoryLock lockOrExit(Path data) {
    return DirectoryLock.tryLock(data)
        .orElseGet(() -> {
          System.err.println("fanfare: a stack is already running on " + data);
          System.exit(1);
          throw new IllegalStateException();
        });
  }
}
