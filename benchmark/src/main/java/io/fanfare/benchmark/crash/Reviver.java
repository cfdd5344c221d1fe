package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.process.ChildProcess;
import io.fanfare.benchmark.process.Deployment;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Starts again what died, as a supervisor in production does. */
final class Reviver {

  private static final Duration START_PATIENCE = Duration.ofSeconds(120);

  private static final Pattern SERVING = Pattern.compile("Started \\w+ in ");

  private final Deployment deployment;
  private final RunLog log;

  Reviver(Deployment deployment, RunLog log) {
    this.deployment = deployment;
    this.log = log;
  }

  /** Kills a service and starts it again at once, without waiting for it. */
  void kill(String name) {
    ChildProcess process = deployment.service(name);
    if (process.isAlive()) {
      process.kill();
    }
    deployment.startAgain(name);
  }

  /** Starts again what ended by itself, which nothing should. */
  void reviveTheDead() {
    for (String name : deployment.serviceNames()) {
      ChildProcess process = deployment.service(name);
      if (!process.isAlive()) {
        report(name, process);
        deployment.startAgain(name);
      }
    }
  }

  /** Who finds no database or broker at its start may give up; who once served may not. */
  private void report(String name, ChildProcess process) {
    if (process.hasSaid(SERVING)) {
      log.surprise(name + " ended by itself:\n" + process.lastLines());
    } else {
      log.say(name + " gave up while starting");
    }
  }

  /** Waits until everything is ready, reviving what dies on the way. */
  void awaitAll() {
    for (String name : deployment.serviceNames()) {
      if (!await(name)) {
        log.surprise(name + " is not ready:\n" + deployment.service(name).lastLines());
      }
    }
  }

  /** Whether a service becomes ready in time. */
  boolean await(String name) {
    return Patience.until(
        START_PATIENCE,
        () -> {
          reviveTheDead();
          return deployment.isReady(name);
        });
  }

  /** Workers that can be waited for, beginning with one of them. */
  List<String> readyFrom(List<String> workers, String first) {
    int begin = workers.indexOf(first);
    return IntStream.range(0, workers.size())
        .mapToObj(i -> workers.get((begin + i) % workers.size()))
        .filter(name -> deployment.service(name).isAlive() && deployment.isReady(name))
        .toList();
  }
}
