package io.fanfare.benchmark.crash;

import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Asks everybody about the broadcast, once it is over. */
final class FiguresReader {

  private final Subject subject;
  private final Providers providers;
  private final LedgerReader ledger;
  private final RunLog log;

  FiguresReader(Subject subject, Providers providers, LedgerReader ledger, RunLog log) {
    this.subject = subject;
    this.providers = providers;
    this.ledger = ledger;
    this.log = log;
  }

  /**
   * @param openClaimBound claims a worker may have open
   * @param limits by channel
   */
  Figures read(
      int openClaimBound, Map<String, Figures.Limit> limits, boolean completed, double seconds)
      throws SQLException {
    JsonNode progress = subject.progress().get("channels");
    JsonNode stats = subject.stats().get("channels");
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
        subject.recipients(),
        ledger.ends(),
        ledger.attempts(),
        providers.taken(subject.id()),
        terms,
        planned,
        counts,
        attempts,
        limits,
        log.pauses(),
        log.stops(),
        log.kills().stream().map(RunLog.Kill::openClaims).toList(),
        openClaimBound,
        providers.answersDropped(subject.id()),
        completed,
        seconds);
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
