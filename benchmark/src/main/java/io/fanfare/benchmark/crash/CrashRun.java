package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.Histogram;
import io.fanfare.benchmark.process.Deployment;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One run of the fault suite: separate processes, one broadcast on both channels and some beside it
 * to contacts with caps, quiet hours and opt-outs, a plan of faults by a seed, and a verdict by the
 * providers' own logs.
 */
public final class CrashRun {

  private static final List<String> WORKERS =
      List.of("dispatch-worker", "dispatch-worker-2", "dispatch-worker-3");
  private static final int KILLS_FOR_THREE_WORKERS = 4;
  private static final String FURTHER_AUDIENCE = "audience-service-2";
  private static final List<String> SERVICES =
      List.of("broadcast-api", "audience-service", "retry-service", "analytics-service");

  /** Slow enough to be under way until the last fault: about half of the time is lost to them. */
  private static final double PACE = 1.2;

  /** About what the broadcast to ten takes before the first fault. */
  private static final Duration SMALL_ESTIMATE = Duration.ofSeconds(8);

  private static final int OPEN_CLAIM_BOUND = 256;
  static final Duration COMPLETION = Duration.ofSeconds(150);

  private final CrashOptions options;
  private final List<String> workers;
  private final List<PlannedFault> plan;
  private final int ratePerSecond;
  private final Duration estimate;
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
    this.estimate = FaultPlanner.estimate(plan).plus(SMALL_ESTIMATE);
    this.ratePerSecond =
        Subject.wholeRate(PACE * options.recipients() / 2.0 / estimate.toSeconds());
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
    try (Deployment deployment = Deployment.start(folder, project, settings(), further())) {
      try {
        return run(deployment);
      } finally {
        // Quick, because nothing is of use any more.
        deployment.kill();
      }
    }
  }

  /** The workers beside the first, more of them for many kills, and then two that release. */
  List<String> further() {
    List<String> further = new ArrayList<>(workers.subList(1, workers.size()));
    if (options.kills() >= KILLS_FOR_THREE_WORKERS) {
      further.add(FURTHER_AUDIENCE);
    }
    return further;
  }

  /** What the services are started with. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("FANFARE_DISPATCH_MAX_IN_FLIGHT", Integer.toString(OPEN_CLAIM_BOUND));
    settings.put("FANFARE_RETRY_DELAYS", "1s,2s,4s");
    // The storms are the point: above a share of 1 no broadcast is paused for them.
    settings.put("FANFARE_RETRY_BUDGET_SHARE", "2");
    settings.put("FANFARE_RELEASE_SWEEP_AFTER", "15s");
    settings.put("BROADCAST_COMPLETION_CHECK_SECONDS", "2");
    // Caps, hours and opt-outs of thousands are set with one key, each with a request of its own.
    settings.put("FANFARE_API_REQUESTS_PER_SECOND", "5000");
    settings.put("FANFARE_API_BURST", "5000");
    // Only the path of the links is used.
    settings.put("FANFARE_PUBLIC_URL", "http://localhost");
    // Many starts, short lives.
    settings.put(
        "JAVA_TOOL_OPTIONS",
        "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=128m -XX:MetaspaceSize=128m -XX:+UseSerialGC"
            + " -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote");
    settings.putAll(options.settings());
    return settings;
  }

  /**
   * The same in a deployment that is there, with these {@link #further()} and {@link #settings()}.
   *
   * @throws SQLException when the ledger cannot be read in the end
   */
  Report run(Deployment deployment) throws SQLException {
    int contacts = options.recipients() / 2;
    Subject subject = new Subject(deployment, contacts, RulePlan.QUIET_THROUGHOUT, ratePerSecond);
    Providers providers = new Providers(deployment.simulators(), ratePerSecond);
    LedgerReader ledger = subject.watched().ledger();
    Rules rules =
        new Rules(
            deployment,
            workers,
            subject,
            new RulePlan(contacts, Subject.SMALL, Instant.now(), estimate),
            log);
    Reviver reviver = new Reviver(deployment, log);
    WorkerFaults killer = new WorkerFaults(deployment, workers, ledger, reviver, log);
    FaultInjector injector =
        new FaultInjector(deployment, subject, providers, ledger, rules, killer, reviver, log);
    providers.behave();
    long begun = System.nanoTime();
    subject.start();
    log.say("started, %d/s on each channel".formatted(ratePerSecond));
    rules.begin();
    Watched smallOne = subject.draftSmall();
    Duration small = subject.send(smallOne);
    rules.smallWasSent(smallOne);
    if (small == null) {
      log.surprise("a broadcast to ten did not complete beside the large one");
    }
    for (PlannedFault planned : plan) {
      injector.inject(planned);
    }
    rules.end();
    providers.hurry();
    Map<String, Figures.Limit> limits = subject.raiseRates();
    log.say("nothing is broken any more: " + subject.progress());
    reviver.awaitAll();
    boolean completed = awaitCompleted(subject, rules, reviver);
    double seconds = (System.nanoTime() - begun) / 1e9;
    log.say((completed ? "completed: " : "not completed: ") + subject.progress());
    Judge judge =
        new Judge(
            options,
            new FiguresReader(subject, providers, log),
            subject.watched(),
            rules,
            limits,
            OPEN_CLAIM_BOUND,
            log);
    return judge.judge(
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

  private boolean awaitCompleted(Subject subject, Rules rules, Reviver reviver) {
    return Patience.until(
        completion,
        () -> {
          reviver.reviveTheDead();
          String state = subject.state();
          if (state.equals("paused")) {
            log.surprise("paused by itself, resumed by hand: " + subject.progress().path("reason"));
            subject.move("resume", "running");
          }
          return state.equals("completed") && rules.settled();
        });
  }
}
