package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.process.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The separate processes that the tests of this module share: their starts take longer than the
 * tests. Ends with this JVM.
 */
final class SharedDeployment {

  private static final int RECIPIENTS = 3_000;
  private static final int KILLS = 2;
  private static final long SEED = 17;

  private static @Nullable Deployment deployment;

  private SharedDeployment() {}

  /** The fault suite, as small as it may be, for which the deployment is set up. */
  static CrashRun newRun() {
    return new CrashRun(
        new CrashOptions(RECIPIENTS, KILLS, SEED, true, Map.of()), System.out::println);
  }

  /** With all services and two workers ready, also after a test that has killed one. */
  static synchronized Deployment ready() {
    Deployment ready = deployment;
    if (ready == null) {
      ready = start();
      deployment = ready;
    }
    for (String name : ready.serviceNames()) {
      if (!ready.service(name).isAlive()) {
        ready.startAgain(name);
      }
    }
    ready.serviceNames().forEach(ready::awaitReady);
    return ready;
  }

  private static Deployment start() {
    CrashRun run = newRun();
    Path module = Path.of("").toAbsolutePath();
    try {
      Path folder = Files.createTempDirectory(module.resolve("target"), "deployment");
      return Deployment.start(folder, module.getParent(), run.settings(), run.further());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
