package io.fanfare.benchmark.crash;

import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Asks everybody about a broadcast, once it is over. */
final class FiguresReader {

  private final Subject subject;
  private final Providers providers;
  private final RunLog log;

  FiguresReader(Subject subject, Providers providers, RunLog log) {
    this.subject = subject;
    this.providers = providers;
    this.log = log;
  }

  /**
   * @param openClaimBound claims a worker may have open
   * @param limits by channel
   * @param cancelled who waited for the end of quiet hours when the broadcast was cancelled
   * @param alongside what the providers took of other broadcasts
   */
  Figures read(
      Watched watched,
      int openClaimBound,
      Map<String, Figures.Limit> limits,
      boolean completed,
      double seconds,
      Set<Recipient> cancelled,
      Map<String, List<Figures.Taken>> alongside)
      throws SQLException {
    JsonNode progress = subject.progress(watched.id()).get("channels");
    JsonNode stats = subject.stats(watched.id()).path("channels");
    LedgerReader ledger = watched.ledger();
    Map<Recipient, Bucket> unreleased = new HashMap<>();
    cancelled.forEach(recipient -> unreleased.put(recipient, Bucket.CANCELLED));
    ledger.skipped().keySet().forEach(recipient -> unreleased.put(recipient, Bucket.SKIPPED));
    Map<String, Long> planned = new HashMap<>();
    Map<String, Map<Bucket, Long>> terms = new HashMap<>();
    Map<String, Map<Bucket, Long>> counts = new HashMap<>();
    Map<String, Map<Outcome, Long>> attempts = new HashMap<>();
    for (String channel : Providers.CHANNELS) {
      planned.put(channel, progress.path(channel).path("planned").asLong(0));
      terms.put(channel, read(progress.path(channel), Bucket.class, Bucket::id));
      counts.put(channel, read(stats.path(channel), Bucket.class, Bucket::id));
      attempts.put(channel, read(stats.path(channel).path("attempts"), Outcome.class, Outcome::id));
    }
    return new Figures(
        watched.planned(),
        ledger.ends(),
        ledger.attempts(),
        providers.taken(watched.id()),
        terms,
        planned,
        counts,
        attempts,
        limits,
        // Only the large one is paused.
        watched.equals(subject.watched()) ? log.pauses() : List.of(),
        log.stops(watched.id()),
        log.kills().stream().map(RunLog.Kill::openClaims).toList(),
        openClaimBound,
        providers.answersDropped(watched.id()),
        completed,
        seconds,
        unreleased,
        alongside);
  }

  private static <E extends Enum<E>> Map<E, Long> read(
      JsonNode node, Class<E> type, Function<E, String> name) {
    Map<E, Long> read = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      long value = node.path(name.apply(constant)).asLong(0);
      if (value != 0) {
        read.put(constant, value);
      }
    }
    return read;
  }
}
