package io.fanfare.benchmark.crash;

import io.fanfare.benchmark.crash.Figures.Limit;
import io.fanfare.benchmark.crash.Figures.Pause;
import io.fanfare.benchmark.crash.Figures.Taken;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Compares the providers' own log with the ledger, the progress and the analytics. The providers
 * are believed; a send of a process that was stopped between its last check and the write is
 * counted apart, because no check can prevent it.
 */
final class Checker {

  private static final long SECOND = 1_000_000_000L;
  private static final Set<Bucket> ENDS =
      EnumSet.of(
          Bucket.SENT,
          Bucket.FAILED,
          Bucket.DEAD,
          Bucket.IN_DOUBT,
          Bucket.SKIPPED,
          Bucket.CANCELLED);
  private static final Set<Bucket> COUNTED =
      EnumSet.of(
          Bucket.SENT,
          Bucket.FAILED,
          Bucket.DEAD,
          Bucket.IN_DOUBT,
          Bucket.RETRYING,
          Bucket.SKIPPED,
          Bucket.CANCELLED);

  private final Figures figures;
  private final Set<Recipient> stoppedLate;

  private Checker(Figures figures) {
    this.figures = figures;
    this.stoppedLate = stoppedLate(figures);
  }

  static Verdict check(Figures figures) {
    return new Checker(figures).verdict();
  }

  private Verdict verdict() {
    return new Verdict(
        figures.planned().size(),
        figures.kills().size(),
        (int) figures.kills().stream().filter(open -> open == 0).count(),
        figures.stops().size(),
        lost(),
        duplicates(),
        standing(Bucket.IN_DOUBT),
        inDoubtReallySent(),
        inDoubtBound(),
        gap(),
        limitViolations(),
        pauseViolations(),
        analyticsMismatch(),
        stoppedLate.size(),
        figures.completed(),
        figures.seconds(),
        RuleVerdict.NONE);
  }

  /** Sends by a stopped process after it woke up: its own open claims and nobody else's. */
  static Set<Recipient> stoppedLate(Figures figures) {
    Set<Recipient> late = new HashSet<>();
    for (Figures.Stop stop : figures.stops()) {
      for (Recipient recipient : stop.openClaims()) {
        Taken taken = figures.taken().get(recipient);
        if (taken != null && taken.last() >= stop.woken()) {
          late.add(recipient);
        }
      }
    }
    return late;
  }

  /** A few of those that went wrong, for whoever has to find out why. */
  static Map<String, List<Recipient>> examples(Figures figures) {
    Checker checker = new Checker(figures);
    Map<String, List<Recipient>> examples = new HashMap<>();
    examples.put("lost", few(figures.planned().stream().filter(checker::isLost)));
    examples.put(
        "duplicates",
        few(figures.taken().keySet().stream().filter(who -> checker.furtherMessages(who) > 0)));
    examples.put(
        "taken and not sent", few(figures.taken().keySet().stream().filter(checker::isUnrecorded)));
    examples.values().removeIf(List::isEmpty);
    return examples;
  }

  private static List<Recipient> few(Stream<Recipient> all) {
    return all.limit(5).toList();
  }

  private long lost() {
    return figures.planned().stream().filter(this::isLost).count();
  }

  /** No end anywhere, or said to be sent while no provider has it. */
  private boolean isLost(Recipient recipient) {
    if (figures.unreleased().containsKey(recipient)) {
      return false;
    }
    Bucket end = figures.ends().get(recipient);
    return end == null
        || !ENDS.contains(end)
        || (end == Bucket.SENT && !figures.taken().containsKey(recipient));
  }

  private long duplicates() {
    return figures.taken().keySet().stream().mapToLong(this::furtherMessages).sum();
  }

  /** Also of a stopped process: nobody ordered a resend, so nobody else was free to send. */
  private long furtherMessages(Recipient recipient) {
    Taken taken = figures.taken().get(recipient);
    return taken == null ? 0 : taken.count() - 1L;
  }

  private long standing(Bucket bucket) {
    return figures.ends().values().stream().filter(end -> end == bucket).count();
  }

  private long inDoubtReallySent() {
    return figures.ends().entrySet().stream()
        .filter(entry -> entry.getValue() == Bucket.IN_DOUBT)
        .filter(entry -> figures.taken().containsKey(entry.getKey()))
        .count();
  }

  private long inDoubtBound() {
    return (long) figures.openClaimBound() * (figures.kills().size() + figures.stops().size())
        + figures.answersDropped();
  }

  /**
   * Three ways in which the sums do not add up: planned and the terms of the progress, the progress
   * and a recount of the ledger's rows, the ledger and what providers took of those it calls not
   * sent or does not know.
   */
  private long gap() {
    Map<String, Map<Bucket, Long>> recount = recount();
    add(figures.unreleased(), recount);
    long gap = 0;
    for (String channel : channels()) {
      Map<Bucket, Long> told = figures.progress().getOrDefault(channel, Map.of());
      long terms = told.values().stream().mapToLong(Long::longValue).sum();
      gap += Math.abs(figures.progressPlanned().getOrDefault(channel, 0L) - terms);
      gap += difference(COUNTED, told, recount.getOrDefault(channel, Map.of()));
    }
    return gap + takenAndNotSent();
  }

  private long takenAndNotSent() {
    return figures.taken().keySet().stream().filter(this::isUnrecorded).count();
  }

  private boolean isUnrecorded(Recipient taken) {
    return !figures.planned().contains(taken)
        || !EnumSet.of(Bucket.SENT, Bucket.IN_DOUBT)
            .contains(figures.ends().getOrDefault(taken, Bucket.PENDING));
  }

  private long analyticsMismatch() {
    Map<String, Map<Bucket, Long>> recount = recount();
    long mismatch = 0;
    for (String channel : channels()) {
      mismatch +=
          difference(
              COUNTED,
              figures.statsCounts().getOrDefault(channel, Map.of()),
              recount.getOrDefault(channel, Map.of()));
      mismatch +=
          difference(
              EnumSet.allOf(Outcome.class),
              figures.statsAttempts().getOrDefault(channel, Map.of()),
              figures.attempts().getOrDefault(channel, Map.of()));
    }
    return mismatch;
  }

  private Set<String> channels() {
    Set<String> channels = new HashSet<>();
    figures.planned().forEach(recipient -> channels.add(recipient.channel()));
    return channels;
  }

  private Map<String, Map<Bucket, Long>> recount() {
    Map<String, Map<Bucket, Long>> recount = new HashMap<>();
    add(figures.ends(), recount);
    return recount;
  }

  private static void add(Map<Recipient, Bucket> ends, Map<String, Map<Bucket, Long>> sums) {
    ends.forEach((recipient, end) ->
        sums.computeIfAbsent(recipient.channel(), channel -> new HashMap<>())
            .merge(end, 1L, Long::sum));
  }

  private static <K> long difference(Set<K> keys, Map<K, Long> one, Map<K, Long> other) {
    return keys.stream()
        .mapToLong(key -> Math.abs(one.getOrDefault(key, 0L) - other.getOrDefault(key, 0L)))
        .sum();
  }

  private long limitViolations() {
    return figures.limits().keySet().stream().mapToLong(channel -> tooMany(channel).length).sum();
  }

  /** When messages came that were one too many in the second that ended with them. */
  private long[] tooMany(String channel) {
    Limit limit = figures.limits().getOrDefault(channel, new Limit(0, 0, 0));
    long[] arrivals =
        LongStream.concat(
                Arrays.stream(arrivals(channel)),
                figures.alongside().getOrDefault(channel, List.of()).stream()
                    .flatMapToLong(Checker::times))
            .sorted()
            .toArray();
    LongStream.Builder violations = LongStream.builder();
    int oldest = 0;
    for (int newest = 0; newest < arrivals.length; newest++) {
      while (arrivals[newest] - arrivals[oldest] >= SECOND) {
        oldest++;
      }
      if (newest - oldest + 1 > limit.at(arrivals[newest])) {
        violations.add(arrivals[newest]);
      }
    }
    return violations.build().toArray();
  }

  /** The same by channel, for whoever has to find out why; nanoseconds since the epoch. */
  static Map<String, long[]> tooMany(Figures figures) {
    Checker checker = new Checker(figures);
    Map<String, long[]> times = new HashMap<>();
    figures.limits().keySet().forEach(channel -> times.put(channel, checker.tooMany(channel)));
    times.values().removeIf(each -> each.length == 0);
    return times;
  }

  private long pauseViolations() {
    List<Pause> pauses = figures.pauses();
    return channels().stream()
        .flatMapToLong(channel -> Arrays.stream(arrivals(channel)))
        .filter(at ->
            pauses.stream()
                .anyMatch(pause -> at > pause.answered() + SECOND && at < pause.resumed()))
        .count();
  }

  /** Ascending, without those of stopped processes. */
  private long[] arrivals(String channel) {
    return figures.taken().entrySet().stream()
        .filter(entry -> entry.getKey().channel().equals(channel))
        .filter(entry -> !stoppedLate.contains(entry.getKey()))
        .flatMapToLong(entry -> times(entry.getValue()))
        .sorted()
        .toArray();
  }

  static LongStream times(Taken taken) {
    return taken.count() == 1
        ? LongStream.of(taken.first())
        : LongStream.of(taken.first(), taken.last());
  }
}
