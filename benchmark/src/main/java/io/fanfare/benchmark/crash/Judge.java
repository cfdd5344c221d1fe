package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.Histogram;
import io.fanfare.contract.delivery.Bucket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers what everybody says about all broadcasts of a run, and has it checked. */
final class Judge {

  private static final Duration COUNTED = Duration.ofSeconds(45);

  private final CrashOptions options;
  private final FiguresReader reader;
  private final Watched large;
  private final Rules rules;
  private final Map<String, Figures.Limit> limits;
  private final int openClaimBound;
  private final RunLog log;

  Judge(
      CrashOptions options,
      FiguresReader reader,
      Watched large,
      Rules rules,
      Map<String, Figures.Limit> limits,
      int openClaimBound,
      RunLog log) {
    this.options = options;
    this.reader = reader;
    this.large = large;
    this.rules = rules;
    this.limits = limits;
    this.openClaimBound = openClaimBound;
    this.log = log;
  }

  /** Analytics counts a moment later than the ledger: whatever still differs then is wrong. */
  Report judge(
      @Nullable Duration small, Histogram controlLatency, boolean completed, double seconds)
      throws SQLException {
    Set<Recipient> cancelled = rules.cancelQuiet();
    Patience.until(
        completed ? COUNTED : Duration.ZERO,
        () -> verdict(figures(cancelled, completed, seconds)).analyticsMismatch() == 0);
    All all = figures(cancelled, completed, seconds);
    explain(large, all.large());
    all.beside().forEach(this::explain);
    List<RuleFigures.OfBroadcast> ofBroadcasts = new ArrayList<>();
    ofBroadcasts.add(of(large, all.large()));
    for (Map.Entry<Watched, Figures> each : all.beside().entrySet()) {
      ofBroadcasts.add(of(each.getKey(), each.getValue()));
    }
    RuleFigures ruleFigures = rules.figures(ofBroadcasts);
    RuleChecker.examples(ruleFigures).forEach((what, who) -> log.say(what + ", such as " + who));
    Checker.tooMany(all.large())
        .forEach((channel, times) ->
            log.say(
                "above the limit of %s: %d messages, the first at %.1f s, the last at %.1f s"
                    .formatted(
                        channel,
                        times.length,
                        log.secondsAt(times[0]),
                        log.secondsAt(times[times.length - 1]))));
    return new Report(
        options,
        verdict(all).under(RuleChecker.check(ruleFigures)),
        measures(all.large(), small, controlLatency),
        log.surprises());
  }

  /** What is said of all broadcasts. */
  private record All(Figures large, Map<Watched, Figures> beside) {}

  private void explain(Watched watched, Figures figures) {
    Checker.examples(figures)
        .forEach((what, who) -> log.say(what + " of " + watched.id() + ", such as " + who));
  }

  private All figures(Set<Recipient> cancelled, boolean completed, double seconds)
      throws SQLException {
    Map<Watched, Figures> beside = new HashMap<>();
    Map<String, List<Figures.Taken>> alongside = new HashMap<>();
    for (Watched each : rules.beside()) {
      // The bound of claims in doubt is one for all broadcasts.
      Figures figures =
          reader.read(
              each,
              0,
              Map.of(),
              completed,
              seconds,
              rules.isQuiet(each) ? cancelled : Set.of(),
              Map.of());
      Set<Recipient> late = Checker.stoppedLate(figures);
      figures
          .taken()
          .forEach((who, taken) -> {
            if (!late.contains(who)) {
              alongside.computeIfAbsent(who.channel(), any -> new ArrayList<>()).add(taken);
            }
          });
      beside.put(each, figures);
    }
    return new All(
        reader.read(large, openClaimBound, limits, completed, seconds, Set.of(), alongside),
        beside);
  }

  private static Verdict verdict(All all) {
    Verdict verdict = Checker.check(all.large());
    for (Figures each : all.beside().values()) {
      verdict = verdict.and(Checker.check(each));
    }
    return verdict;
  }

  private static RuleFigures.OfBroadcast of(Watched watched, Figures figures) throws SQLException {
    Map<Recipient, String> skipped = watched.ledger().skippedAtSend();
    skipped.putAll(watched.ledger().skipped());
    Set<Recipient> refused = new HashSet<>();
    figures
        .ends()
        .forEach((who, end) -> {
          if (end == Bucket.FAILED) {
            refused.add(who);
          }
        });
    return new RuleFigures.OfBroadcast(
        figures.taken(), Checker.stoppedLate(figures), skipped, figures.ends().keySet(), refused);
  }

  private Measures measures(Figures figures, @Nullable Duration small, Histogram controlLatency)
      throws SQLException {
    List<Double> takeovers = new ArrayList<>();
    List<Double> recoveries = new ArrayList<>();
    LedgerReader ledger = large.ledger();
    for (RunLog.Kill kill : log.kills()) {
      ledger.settledAfter(kill).ifPresent(after -> takeovers.add(after.toMillis() / 1000.0));
      recoveries.add(ledger.resumedAfter(kill).toMillis() / 1000.0);
    }
    return Measures.of(figures, small, controlLatency, takeovers, recoveries);
  }
}
