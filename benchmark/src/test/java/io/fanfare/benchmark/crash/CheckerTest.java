package io.fanfare.benchmark.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.benchmark.crash.Figures.Limit;
import io.fanfare.benchmark.crash.Figures.Pause;
import io.fanfare.benchmark.crash.Figures.Stop;
import io.fanfare.benchmark.crash.Figures.Taken;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each column of the checker turns red for the figures it is there for, and no other one does. */
class CheckerTest {

  private static final long SECOND = 1_000_000_000L;
  private static final long BEGIN = 1_800_000_000L * SECOND;
  private static final String CHANNEL = "email";
  private static final int RECIPIENTS = 20;

  private final World world = new World();

  @Test
  void passesWhenEverybodyWasReachedOnce() {
    Verdict verdict = world.verdict();
    assertThat(verdict.passed()).isTrue();
    assertThat(red(verdict)).isEmpty();
    assertThat(verdict.recipients()).isEqualTo(RECIPIENTS);
  }

  @Test
  void losesWhoHasNoEnd() {
    world.ends.remove(recipient(3));
    world.taken.remove(recipient(3));
    world.attempts.merge(Outcome.SENT, -1L, Long::sum);
    world.everybodyTellsTheLedger();
    world.progress.merge(Bucket.IN_FLIGHT, 1L, Long::sum);
    Verdict verdict = world.verdict();
    assertThat(verdict.lost()).isEqualTo(1);
    assertThat(red(verdict)).containsExactly("lost");
  }

  @Test
  void losesWhoStillWaitsForARetry() {
    world.end(3, Bucket.RETRYING, Outcome.RETRYING);
    world.taken.remove(recipient(3));
    assertThat(red(world.verdict())).containsExactly("lost");
  }

  @Test
  void losesWhoIsCalledSentWhileNoProviderHasThem() {
    world.taken.remove(recipient(3));
    Verdict verdict = world.verdict();
    assertThat(verdict.lost()).isEqualTo(1);
    assertThat(red(verdict)).containsExactly("lost");
  }

  @Test
  void countsEveryFurtherMessageAsADuplicate() {
    world.taken.put(recipient(3), new Taken(3, at(3), at(3) + 10 * SECOND));
    Verdict verdict = world.verdict();
    assertThat(verdict.duplicates()).isEqualTo(2);
    assertThat(red(verdict)).containsExactly("duplicates");
  }

  @Test
  void tellsWhoInDoubtWasReallySentTo() {
    world.end(3, Bucket.IN_DOUBT, Outcome.IN_DOUBT);
    world.end(4, Bucket.IN_DOUBT, Outcome.IN_DOUBT);
    world.taken.remove(recipient(4));
    Verdict verdict = world.verdict();
    assertThat(verdict.inDoubt()).isEqualTo(2);
    assertThat(verdict.inDoubtReallySent()).isEqualTo(1);
    assertThat(verdict.inDoubtBound()).isEqualTo(2);
    assertThat(verdict.passed()).isTrue();
  }

  @Test
  void failsWhenMoreAreInDoubtThanKillsAndDroppedAnswersExplain() {
    for (int i = 3; i < 6; i++) {
      world.end(i, Bucket.IN_DOUBT, Outcome.IN_DOUBT);
    }
    assertThat(world.verdict().passed()).isFalse();
    world.answersDropped = 1;
    assertThat(world.verdict().passed()).isTrue();
  }

  @Test
  void seesPlannedAndItsTermsApart() {
    world.planned = RECIPIENTS + 1;
    assertThat(red(world.verdict())).containsExactly("gap");
  }

  @Test
  void seesProgressAndLedgerApart() {
    world.progress.merge(Bucket.SENT, -1L, Long::sum);
    world.progress.merge(Bucket.FAILED, 1L, Long::sum);
    assertThat(red(world.verdict())).containsExactly("gap");
  }

  @Test
  void seesProvidersTakeWhatTheLedgerCallsFailed() {
    world.end(3, Bucket.FAILED, Outcome.FAILED);
    assertThat(red(world.verdict())).containsExactly("gap");
  }

  @Test
  void seesProvidersTakeWhatNobodyPlanned() {
    world.taken.put(new Recipient(CHANNEL, "stranger"), new Taken(1, at(40), at(40)));
    assertThat(red(world.verdict())).containsExactly("gap");
  }

  @Test
  void countsMessagesAboveTheLimitOfASlidingSecond() {
    // Four within less than a second across a full second, where two are allowed.
    world.taken.put(recipient(3), new Taken(1, at(4) - 3, at(4) - 3));
    world.taken.put(recipient(5), new Taken(1, at(4) + 3, at(4) + 3));
    world.taken.put(recipient(6), new Taken(1, at(4) + 4, at(4) + 4));
    Verdict verdict = world.verdict();
    assertThat(verdict.limitViolations()).isEqualTo(2);
    assertThat(red(verdict)).containsExactly("limit_violations");
  }

  @Test
  void countsWhatOtherBroadcastsSentTowardsTheLimit() {
    world.alongside = Map.of(CHANNEL, List.of(new Taken(2, at(4) + 3, at(4) + 4)));
    assertThat(red(world.verdict())).containsExactly("limit_violations");
  }

  @Test
  void losesNobodyWhoWasSkippedBeforeRelease() {
    world.skipBeforeRelease(3);
    assertThat(red(world.verdict())).isEmpty();
    world.progress.merge(Bucket.SKIPPED, -1L, Long::sum);
    world.progress.merge(Bucket.CANCELLED, 1L, Long::sum);
    assertThat(red(world.verdict())).containsExactly("gap");
  }

  @Test
  void seesWhoWasSkippedBeforeReleaseAndSentToAllTheSame() {
    world.skipBeforeRelease(3);
    world.taken.put(recipient(3), new Taken(1, at(3), at(3)));
    assertThat(red(world.verdict())).containsExactly("gap");
  }

  @Test
  void takesTheRaisedLimitFromWhenItWasRaised() {
    world.limit = new Limit(2, at(4) - SECOND, 4);
    world.taken.put(recipient(3), new Taken(1, at(4) - 3, at(4) - 3));
    world.taken.put(recipient(5), new Taken(1, at(4) + 3, at(4) + 3));
    assertThat(world.verdict().passed()).isTrue();
  }

  @Test
  void countsMessagesLaterThanASecondAfterAPause() {
    world.pauses = List.of(new Pause(at(3) + 1, at(8) - 1));
    // The one a second after it is still allowed: 4. Too late: 5, 6, 7.
    Verdict verdict = world.verdict();
    assertThat(verdict.pauseViolations()).isEqualTo(3);
    assertThat(red(verdict)).containsExactly("pause_violations");
  }

  @Test
  void seesAnalyticsCountOtherRecipients() {
    world.stats.merge(Bucket.SENT, 1L, Long::sum);
    assertThat(red(world.verdict())).containsExactly("analytics_mismatch");
  }

  @Test
  void seesAnalyticsCountOtherAttempts() {
    world.statsAttempts.merge(Outcome.RATE_LIMITED, 1L, Long::sum);
    assertThat(red(world.verdict())).containsExactly("analytics_mismatch");
  }

  @Test
  void countsSendsOfAStoppedProcessApart() {
    // Claimed before the stop, sent after the waking: within a pause.
    world.stops = List.of(new Stop(Set.of(recipient(5), recipient(9)), at(5) - 2));
    world.pauses = List.of(new Pause(at(3) + 1, at(6) - 1));
    world.limit = new Limit(1, Long.MAX_VALUE, 1);
    world.taken.put(recipient(9), new Taken(1, at(4), at(4)));
    Verdict verdict = world.verdict();
    assertThat(verdict.stoppedLate()).isEqualTo(1);
    assertThat(verdict.pauseViolations()).isZero();
    // 9 was its claim too, but came before the waking: together with 4 it is one too many.
    assertThat(red(verdict)).containsExactly("limit_violations");
  }

  @Test
  void countsASecondSendOfAStoppedProcessAsADuplicate() {
    world.stops = List.of(new Stop(Set.of(recipient(5)), at(5) + SECOND / 2));
    world.taken.put(recipient(5), new Taken(2, at(5), at(6) + SECOND / 2));
    Verdict verdict = world.verdict();
    assertThat(verdict.stoppedLate()).isEqualTo(1);
    assertThat(red(verdict)).containsExactly("duplicates");
  }

  @Test
  void failsWhenTheBroadcastDidNotComplete() {
    world.completed = false;
    assertThat(world.verdict().passed()).isFalse();
  }

  @Test
  void tellsKillsThatHitNothing() {
    world.kills = List.of(4, 0, 2);
    Verdict verdict = world.verdict();
    assertThat(verdict.kills()).isEqualTo(3);
    assertThat(verdict.killsWithoutClaims()).isEqualTo(1);
  }

  private static List<String> red(Verdict verdict) {
    Map<String, Object> columns = verdict.columns();
    return List.of(
            "lost",
            "duplicates",
            "gap",
            "limit_violations",
            "pause_violations",
            "analytics_mismatch")
        .stream()
        .filter(column -> ((Long) columns.get(column)) != 0)
        .toList();
  }

  private static Recipient recipient(int number) {
    return new Recipient(CHANNEL, "person" + number + "@example.com");
  }

  private static long at(int number) {
    return BEGIN + number * SECOND;
  }

  /** A message a second, each sent and counted once; tests change one thing. */
  private static final class World {

    private final Map<Recipient, Bucket> ends = new HashMap<>();
    private final Map<Recipient, Taken> taken = new HashMap<>();
    private final Map<Outcome, Long> attempts = new EnumMap<>(Outcome.class);
    private final Map<Bucket, Long> progress = new EnumMap<>(Bucket.class);
    private final Map<Bucket, Long> stats = new EnumMap<>(Bucket.class);
    private final Map<Outcome, Long> statsAttempts = new EnumMap<>(Outcome.class);
    private final Set<Recipient> recipients = new HashSet<>();
    private long planned = RECIPIENTS;
    private Limit limit = new Limit(2, Long.MAX_VALUE, 2);
    private List<Pause> pauses = List.of();
    private List<Stop> stops = List.of();
    private List<Integer> kills = List.of(2);
    private long answersDropped;
    private boolean completed = true;
    private final Map<Recipient, Bucket> unreleased = new HashMap<>();
    private Map<String, List<Taken>> alongside = Map.of();

    World() {
      for (int i = 0; i < RECIPIENTS; i++) {
        recipients.add(recipient(i));
        ends.put(recipient(i), Bucket.SENT);
        taken.put(recipient(i), new Taken(1, at(i), at(i)));
      }
      attempts.put(Outcome.SENT, (long) RECIPIENTS);
      everybodyTellsTheLedger();
    }

    /** One recipient ends otherwise, and everybody says so. */
    void end(int number, Bucket bucket, Outcome outcome) {
      ends.put(recipient(number), bucket);
      attempts.merge(Outcome.SENT, -1L, Long::sum);
      attempts.merge(outcome, 1L, Long::sum);
      everybodyTellsTheLedger();
    }

    /** The ledger knows nothing of one, who counts as skipped in the progress. */
    void skipBeforeRelease(int number) {
      ends.remove(recipient(number));
      taken.remove(recipient(number));
      attempts.merge(Outcome.SENT, -1L, Long::sum);
      everybodyTellsTheLedger();
      unreleased.put(recipient(number), Bucket.SKIPPED);
      progress.merge(Bucket.SKIPPED, 1L, Long::sum);
    }

    void everybodyTellsTheLedger() {
      progress.clear();
      ends.values().forEach(end -> progress.merge(end, 1L, Long::sum));
      stats.clear();
      stats.putAll(progress);
      statsAttempts.clear();
      statsAttempts.putAll(attempts);
    }

    Verdict verdict() {
      return Checker.check(
          new Figures(
              recipients,
              ends,
              Map.of(CHANNEL, attempts),
              taken,
              Map.of(CHANNEL, progress),
              Map.of(CHANNEL, planned),
              Map.of(CHANNEL, stats),
              Map.of(CHANNEL, statsAttempts),
              Map.of(CHANNEL, limit),
              pauses,
              stops,
              kills,
              2,
              answersDropped,
              completed,
              20,
              unreleased,
              alongside));
    }
  }
}
