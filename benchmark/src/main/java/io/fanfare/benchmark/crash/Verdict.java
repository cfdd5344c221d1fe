package io.fanfare.benchmark.crash;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param recipients planned
 * @param kills of workers
 * @param killsWithoutClaims kills that hit no open claim and so proved little
 * @param stops of workers that woke up after others had taken them over
 * @param lost without an end once the broadcast was complete, or called sent while no provider has
 *     them
 * @param duplicates messages a provider took beyond the first for a recipient
 * @param inDoubt recipients of whom nobody can know
 * @param inDoubtReallySent those of them a provider has
 * @param inDoubtBound the most there may be: open claims of each killed or stopped worker, and
 *     answers that providers dropped
 * @param gap how far the sums are apart: progress, ledger, providers
 * @param limitViolations messages one too many in a sliding second at the provider
 * @param pauseViolations messages that arrived later than a second after a pause was answered
 * @param analyticsMismatch how far the analytics is from a recount of the ledger
 * @param stoppedLate sends by stopped processes after they woke up; they count against no limit and
 *     no pause
 * @param completed whether the broadcast completed
 * @param seconds from start to completion
 * @param rules what came of caps, quiet hours and opt-outs
 */
public record Verdict(
    int recipients,
    int kills,
    int killsWithoutClaims,
    int stops,
    long lost,
    long duplicates,
    long inDoubt,
    long inDoubtReallySent,
    long inDoubtBound,
    long gap,
    long limitViolations,
    long pauseViolations,
    long analyticsMismatch,
    long stoppedLate,
    boolean completed,
    double seconds,
    RuleVerdict rules) {

  /** Together with a broadcast that was sent beside, and under the same faults. */
  Verdict and(Verdict beside) {
    return new Verdict(
        recipients + beside.recipients,
        kills,
        killsWithoutClaims,
        stops,
        lost + beside.lost,
        duplicates + beside.duplicates,
        inDoubt + beside.inDoubt,
        inDoubtReallySent + beside.inDoubtReallySent,
        inDoubtBound + beside.inDoubtBound,
        gap + beside.gap,
        limitViolations + beside.limitViolations,
        pauseViolations + beside.pauseViolations,
        analyticsMismatch + beside.analyticsMismatch,
        stoppedLate + beside.stoppedLate,
        completed && beside.completed,
        seconds,
        rules);
  }

  /** The same with what came of the rules; a skip without a reason is one who was lost. */
  Verdict under(RuleVerdict ofRules) {
    return new Verdict(
        recipients,
        kills,
        killsWithoutClaims,
        stops,
        lost + ofRules.skippedWithoutReason(),
        duplicates,
        inDoubt,
        inDoubtReallySent,
        inDoubtBound,
        gap,
        limitViolations,
        pauseViolations,
        analyticsMismatch,
        stoppedLate,
        completed,
        seconds,
        ofRules);
  }

  /** Every guarantee held. */
  public boolean passed() {
    return completed
        && lost == 0
        && duplicates == 0
        && gap == 0
        && limitViolations == 0
        && pauseViolations == 0
        && analyticsMismatch == 0
        && rules.held()
        && inDoubt <= inDoubtBound;
  }

  /** The columns by their names. */
  public Map<String, Object> columns() {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("recipients", recipients);
    columns.put("kills", kills);
    columns.put("kills_without_claims", killsWithoutClaims);
    columns.put("stops", stops);
    columns.put("lost", lost);
    columns.put("duplicates", duplicates);
    columns.put("in_doubt", inDoubt);
    columns.put("in_doubt_really_sent", inDoubtReallySent);
    columns.put("in_doubt_bound", inDoubtBound);
    columns.put("gap", gap);
    columns.put("limit_violations", limitViolations);
    columns.put("pause_violations", pauseViolations);
    columns.put("analytics_mismatch", analyticsMismatch);
    columns.put("cap_violations", rules.capViolations());
    columns.put("quiet_violations", rules.quietViolations());
    columns.put("opt_out_violations", rules.optOutViolations());
    columns.put("skips", rules.skips());
    columns.put("stopped_late", stoppedLate);
    columns.put("completed", completed);
    columns.put("seconds", Math.round(seconds * 10) / 10.0);
    columns.put("passed", passed());
    return columns;
  }
}
