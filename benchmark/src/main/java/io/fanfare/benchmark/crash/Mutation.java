package io.fanfare.benchmark.crash;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A way to break the product on purpose, and the column of the verdict that must turn red by it.
 */
public enum Mutation {
  CLAIMS_SKIPPED(
      "duplicates",
      Map.of("FANFARE_TEST_SKIPCLAIM", "true"),
      v -> v.duplicates() > 0,
      new Fault.KillWorker("dispatch-worker")),
  /** Commands that never reach the broker, and nothing that looks for them. */
  SWEEP_OFF(
      "lost",
      Map.of("FANFARE_TEST_LOSECOMMANDEVERY", "40", "FANFARE_RELEASE_SWEEP_AFTER", "1h"),
      v -> v.lost() > 0),
  RESULTS_DROPPED("lost", Map.of("FANFARE_TEST_DROPRESULTEVERY", "40"), v -> v.lost() > 0),
  ANSWERS_FORGOTTEN(
      "in_doubt",
      Map.of("FANFARE_TEST_FORGETANSWEREVERY", "2"),
      v -> v.inDoubt() > v.inDoubtBound()),
  REFUSALS_MISCOUNTED("gap", Map.of("FANFARE_TEST_MISCOUNT", "true"), v -> v.gap() > 0),
  SLOTS_FREE_AT_ONCE(
      "limit_violations",
      Map.of("FANFARE_DISPATCH_LIMITWINDOW", "1ms"),
      v -> v.limitViolations() > 0),
  CONTROL_IGNORED(
      "pause_violations",
      Map.of("FANFARE_TEST_KEEPFIRSTCONTROL", "true"),
      v -> v.pauseViolations() > 0,
      new Fault.PauseAndResume(3, Duration.ofSeconds(2), Duration.ofSeconds(1))),
  EVENTS_NOT_COUNTED(
      "analytics_mismatch",
      Map.of("FANFARE_TEST_DROPEVENTEVERY", "40"),
      v -> v.analyticsMismatch() > 0),
  /** Several broadcasts at once each find the cap free. */
  CAP_BY_WHAT_WAS_SENT(
      "cap_violations",
      Map.of("FANFARE_TEST_CAPSENTALONE", "true"),
      v -> v.rules().capViolations() > 0),
  /** Commands wait in the workers until after quiet hours have begun, and are carried out. */
  QUIET_HOURS_PASSED_OVER(
      "quiet_violations",
      Map.of("FANFARE_TEST_SKIPQUIETHOURS", "true"),
      v -> v.rules().quietViolations() > 0,
      // Longer than it takes them to begin, and shorter than they last.
      new Fault.RestartDatabase(Duration.ofSeconds(13), true)),
  OPT_OUTS_IGNORED(
      "opt_out_violations",
      Map.of("FANFARE_TEST_SKIPSUPPRESSION", "true"),
      v -> v.rules().optOutViolations() > 0,
      new Fault.RestartDatabase(Duration.ofSeconds(4)));

  private static final Duration UNDER_WAY = Duration.ofSeconds(2);

  private final String column;
  private final Map<String, String> settings;
  private final Predicate<Verdict> red;
  private final List<Fault> faults;

  /**
   * @param faults what brings it to light; most show without any
   */
  Mutation(String column, Map<String, String> settings, Predicate<Verdict> red, Fault... faults) {
    this.column = column;
    this.settings = settings;
    this.red = red;
    this.faults = List.of(faults);
  }

  /** The faults that bring it to light. */
  List<PlannedFault> plan() {
    return faults.stream().map(fault -> new PlannedFault(UNDER_WAY, fault)).toList();
  }

  /** The column that must turn red. */
  public String column() {
    return column;
  }

  /** What every service gets in its environment. */
  public Map<String, String> settings() {
    return settings;
  }

  /** Whether the column shows the fault. */
  public boolean seenIn(Verdict verdict) {
    return red.test(verdict);
  }
}
