package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.Histogram;
import io.fanfare.benchmark.process.Deployment;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of the fault suite: separate processes, one broadcast on both channels, a plan of faults
 * by a seed, and a verdict by the providers' own logs.
 */
public final class CrashRun {

  private static final List<String> WORKERS =
      List.of("dispatch-worker", "dispatch-worker-2", "dispatch-worker-3");
  private static final int KILLS_FOR_THREE_WORKERS = 4;
  private static final List<String> SERVICES =
      List.of("broadcast-api", "audience-service", "retry-service", "analytics-service");

  /** Slow enough to be under way until the last fault: about half of the time is lost to them. */
  private static final double PACE = 1.2;

  /** About what the broadcast to ten takes before the first fault. */
  private static final Duration SMALL_ESTIMATE = Duration.ofSeconds(8);

  private static final int OPEN_CLAIM_BOUND = 256;
  static final Duration COMPLETION = Duration.ofSeconds(150);
  private static final Duration COUNTED = Duration.ofSeconds(45);

  private final CrashOptions options;
  private final List<String> workers;
  private final List<PlannedFault> plan;
  private final int ratePerSecond;
  private final RunLog log;
  private final Duration completion;

  /**
   * @param console takes lines for people
   */
  public CrashRun(CrashOptions options, Consumer<String> console) {
    this(
        options,
        FaultPlanner.plan(options.seed(), options.kills(), workers(options), SERVICES),
        COMPLETION,
        console);
  }

  /**
   * @param completion how long to wait for the end once nothing is broken any more
   */
  CrashRun(
      CrashOptions options,
      List<PlannedFault> plan,
      Duration completion,
      Consumer<String> console) {
    this.options = options;
    this.completion = completion;
    this.log = new RunLog(console);
    this.workers = workers(options);
    this.plan = plan;
    this.ratePerSecond =
        Subject.wholeRate(
            PACE
                * options.recipients()
                / 2.0
                / FaultPlanner.estimate(plan).plus(SMALL_ESTIMATE).toSeconds());
  }

  private static List<String> workers(CrashOptions options) {
    return WORKERS.subList(0, options.kills() < KILLS_FOR_THREE_WORKERS ? 2 : 3);
  }

  /** The plan, a line for each fault. */
  public List<String> plan() {
    List<String> lines = new ArrayList<>();
    for (PlannedFault planned : plan) {
      lines.add(
          "after %4.1f s  %s"
              .formatted(planned.after().toMillis() / 1000.0, planned.fault().words()));
    }
    return lines;
  }

  /**
   * Runs it: takes about as long as the plan and a minute and a half.
   *
   * @param folder for data and logs
   * @param project the checkout with the built jars
   * @throws SQLException when the ledger cannot be read in the end
   */
  public Report run(Path folder, Path project) throws SQLException {
    try (Deployment deployment = Deployment.start(folder, project, settings(), furtherWorkers())) {
      try {
        return run(deployment);
      } finally {
        // Quick, because nothing is of use any more.
        deployment.kill();
      }
    }
  }

  /** The workers beside the first, more of them for many kills. */
  List<String> furtherWorkers() {
    return workers.subList(1, workers.size());
  }

  /** What the services are started with. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("FANFARE_DISPATCH_MAX_IN_FLIGHT", Integer.toString(OPEN_CLAIM_BOUND));
    settings.put("FANFARE_RETRY_DELAYS", "1s,2s,4s");
    // The storms are the point: above a share of 1 no broadcast is paused for them.
    settings.put("FANFARE_RETRY_BUDGET_SHARE", "2");
    settings.put("FANFARE_RELEASE_SWEEP_AFTER", "15s");
    // Many starts, short lives.
    settings.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");
    settings.putAll(options.settings());
    return settings;
  }

  /**
   * The same in a deployment that is there, with these {@link #furtherWorkers()} and {@link
   * #settings()}.
   *
   * @throws SQLException when the ledger cannot be read in the end
   */
  Report run(Deployment deployment) throws SQLException {
    Subject subject = new Subject(deployment, options.recipients() / 2, ratePerSecond);
    Providers providers = new Providers(deployment.simulators(), ratePerSecond);
    LedgerReader ledger = new LedgerReader(deployment, subject.id());
    Reviver reviver = new Reviver(deployment, log);
    WorkerFaults killer = new WorkerFaults(deployment, workers, ledger, reviver, log);
    FaultInjector injector =
        new FaultInjector(deployment, subject, providers, ledger, killer, reviver, log);
    providers.behave();
    long begun = System.nanoTime();
    subject.start();
    log.say("started, %d/s on each channel".formatted(ratePerSecond));
    Duration small = subject.sendSmallBeside();
    if (small == null) {
      log.surprise("a broadcast to ten did not complete beside the large one");
    }
    for (PlannedFault planned : plan) {
      injector.inject(planned);
    }
    providers.hurry();
    Map<String, Figures.Limit> limits = subject.raiseRates();
    log.say("nothing is broken any more: " + subject.progress());
    reviver.awaitAll();
    boolean completed = awaitCompleted(subject, reviver);
    double seconds = (System.nanoTime() - begun) / 1e9;
    log.say((completed ? "completed: " : "not completed: ") + subject.progress());
    return judge(
        new FiguresReader(subject, providers, ledger, log),
        ledger,
        limits,
        small,
        Histogram.read(pages(deployment), "fanfare_control_latency_seconds"),
        completed,
        seconds);
  }

  /** What the workers have counted since they were started last. */
  private String pages(Deployment deployment) {
    return workers.stream()
        .filter(deployment::isReady)
        .map(deployment::metrics)
        .collect(Collectors.joining("\n"));
  }

  private boolean awaitCompleted(Subject subject, Reviver reviver) {
    return Patience.until(
        completion,
        () -> {
          reviver.reviveTheDead();
          String state = subject.state();
          if (state.equals("paused")) {
            log.surprise("paused by itself, resumed by hand: " + subject.progress().path("reason"));
            subject.move("resume", "running");
          }
          return state.equals("completed");
        });
  }

  /** Analytics counts a moment later than the ledger: whatever still differs then is wrong. */
  private Report judge(
      FiguresReader reader,
      LedgerReader ledger,
      Map<String, Figures.Limit> limits,
      @Nullable Duration small,
      Histogram controlLatency,
      boolean completed,
      double seconds)
      throws SQLException {
    Patience.until(
        completed ? COUNTED : Duration.ZERO,
        () ->
            Checker.check(reader.read(OPEN_CLAIM_BOUND, limits, true, seconds)).analyticsMismatch()
                == 0);
    Figures figures = reader.read(OPEN_CLAIM_BOUND, limits, completed, seconds);
    Checker.examples(figures).forEach((what, who) -> log.say(what + ", such as " + who));
    Checker.tooMany(figures)
        .forEach((channel, times) ->
            log.say(
                "above the limit of %s: %d messages, the first at %.1f s, the last at %.1f s"
                    .formatted(
                        channel,
                        times.length,
                        log.secondsAt(times[0]),
                        log.secondsAt(times[times.length - 1]))));
    List<Double> takeovers = new ArrayList<>();
    List<Double> recoveries = new ArrayList<>();
    for (RunLog.Kill kill : log.kills()) {
      ledger.settledAfter(kill).ifPresent(after -> takeovers.add(after.toMillis() / 1000.0));
      recoveries.add(ledger.resumedAfter(kill).toMillis() / 1000.0);
    }
    Measures measures = Measures.of(figures, small, controlLatency, takeovers, recoveries);
    return new Report(options, Checker.check(figures), measures, log.surprises());
  }
}
