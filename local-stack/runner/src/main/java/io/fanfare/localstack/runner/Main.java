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

  private static volatile boolean stopping;

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
      if (stopping) {
        // The shutdown hook has closed the stack under way, and ends the process.
        return;
      }
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
    DirectoryLock lock = DirectoryLock.tryLock(data).orElse(null);
    if (lock == null) {
      refuse("a stack is already running on " + data);
      return;
    }
    Console console = new Console(System.out);
    LocalStack stack = LocalStack.of(new StackSettings(data, true, Map.of()), console::starting);
    stopAtExit(stack, lock, console, data);
    stack.start();
    console.started(stack);
    console.line("Ctrl-C stops it.");
    new CountDownLatch(1).await();
  }

  private static int demo(Path data, boolean json) {
    Console console = new Console(json ? System.err : System.out);
    DirectoryLock lock = DirectoryLock.tryLock(data).orElse(null);
    if (lock == null) {
      Optional<StackFile.Content> running = StackFile.read(data);
      if (running.isEmpty()) {
        refuse("a stack is just starting or stopping on " + data + "; try again in a moment");
      }
      return demo(running.orElseThrow(), LocalKeys.in(data), console).run(json);
    }
    LocalStack stack =
        LocalStack.of(new StackSettings(data, true, DEMO_SETTINGS), console::starting);
    stopAtExit(stack, lock, console, data);
    stack.start();
    console.started(stack);
    StackFile.Content content = StackFile.read(data).orElseThrow();
    int status = demo(content, stack.keys(), console).run(json);
    if (!json && console.interactive()) {
      console.line("The stack stays up until Enter is pressed.");
      console.awaitEnter();
    }
    return status;
  }

  private static Demo demo(StackFile.Content stack, LocalKeys keys, Console console) {
    return new Demo(stack, keys, console, System.out, Demo.CONTACTS);
  }

  /** However the process ends from here on, the services finish what they hold. */
  private static void stopAtExit(LocalStack stack, DirectoryLock lock, Console console, Path data) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping = true;
                  console.line("stopping …");
                  try {
                    stack.close();
                    console.line("stopped; the data is in " + data);
                  } catch (IllegalStateException e) {
                    LoggerFactory.getLogger(Main.class).error("not everything stopped", e);
                    console.line("not everything stopped; more is in " + Logging.file());
                  } finally {
                    lock.close();
                  }
                },
                "stack-stop"));
  }

  private static void refuse(String why) {
    System.err.println("fanfare: " + why);
    System.exit(1);
  }
}
