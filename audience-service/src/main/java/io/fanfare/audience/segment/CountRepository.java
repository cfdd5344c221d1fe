package io.fanfare.audience.segment;

import io.fanfare.audience.segment.sql.PlannerSettings;
import io.fanfare.audience.segment.sql.Sql;
import io.fanfare.support.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Counts the contacts a condition matches, exactly, within a time that is bounded. */
@Repository
class CountRepository {

  static final int SAMPLE = 10;
  private static final int IDS_AT_ONCE = 10_000;

  /** The other connections stay free for those who send. */
  static final int AT_ONCE = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final JdbcTemplate jdbc;
  private final JdbcTemplate inParts;
  private final TransactionTemplate reading;
  private final Semaphore free = new Semaphore(AT_ONCE, true);

  CountRepository(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
    this.jdbc = jdbc;
    this.inParts = new JdbcTemplate(Objects.requireNonNull(jdbc.getDataSource()));
    this.inParts.setFetchSize(IDS_AT_ONCE);
    this.reading = new TransactionTemplate(transactions);
    this.reading.setReadOnly(true);
  }

  /**
   * Counts.
   *
   * @param condition on a row {@code c} of {@code contact}
   * @throws ProblemException 503 {@code segment_too_slow} when it takes too long, 429 {@code
   *     too_many_counts} when others take that long
   */
  SegmentCounts count(UUID tenantId, Sql condition) {
    return count(tenantId, condition, PATIENCE);
  }

  SegmentCounts count(UUID tenantId, Sql condition, Duration patience) {
    return bounded(patience, condition, () -> counts(tenantId, condition));
  }

  /**
   * Who they are, in the order of their ids.
   *
   * @throws ProblemException as for {@link #count}
   */
  long[] ids(UUID tenantId, Sql condition) {
    String sql =
        "select c.id from contact c where c.tenant_id = ? and %s order by c.id"
            .formatted(condition.text());
    Object[] parameters = parameters(tenantId, condition);
    return bounded(
        PATIENCE,
        condition,
        () -> {
          try (Stream<Long> ids =
              inParts.queryForStream(sql, (row, index) -> row.getLong(1), parameters)) {
            return ids.mapToLong(Long::longValue).toArray();
          }
        });
  }

  private <T> T bounded(Duration patience, Sql condition, Supplier<T> question) {
    if (!acquired(patience)) {
      throw ProblemException.tooManyRequests(
          "too_many_counts", "at most " + AT_ONCE + " counts go on at once", RETRY_AFTER);
    }
    try {
      return Objects.requireNonNull(
          reading.execute(status -> {
            settings(patience, condition);
            return question.get();
          }));
    } catch (QueryTimeoutException e) {
      throw ProblemException.unavailable(
          "segment_too_slow",
          "the contacts could not be counted within %d ms".formatted(patience.toMillis()));
    } finally {
      free.release();
    }
  }

  /** How many more may begin. */
  int free() {
    return free.availablePermits();
  }

  private boolean acquired(Duration patience) {
    try {
      return free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void settings(Duration patience, Sql condition) {
    jdbc.queryForList(
        "select set_config('statement_timeout', ?, true)", Long.toString(patience.toMillis()));
    jdbc.queryForList(PlannerSettings.statement(condition.text()));
  }

  private SegmentCounts counts(UUID tenantId, Sql condition) {
    SegmentCounts counts =
        jdbc.query(
                COUNTS.formatted(condition.text()),
                (row, index) ->
                    new SegmentCounts(row.getLong(1), row.getLong(2), row.getLong(3), List.of()),
                parameters(tenantId, condition))
            .getFirst();
    if (counts.contacts() == 0) {
      return counts;
    }
    List<Long> sample =
        jdbc.query(
            SAMPLED.formatted(condition.text(), SAMPLE),
            (row, index) -> row.getLong(1),
            parameters(tenantId, condition));
    return new SegmentCounts(counts.contacts(), counts.byEmail(), counts.byTelegram(), sample);
  }

  /** How the database counts; for whoever measures it. */
  List<String> explain(UUID tenantId, Sql condition) {
    List<String> plan =
        reading.execute(status -> {
          settings(PATIENCE, condition);
          return jdbc.query(
              "explain (analyze, buffers, costs off) " + COUNTS.formatted(condition.text()),
              (row, index) -> row.getString(1),
              parameters(tenantId, condition));
        });
    return plan == null ? List.of() : plan;
  }

  private static Object[] parameters(UUID tenantId, Sql condition) {
    return Stream.concat(Stream.of(tenantId), condition.parameters().stream()).toArray();
  }

  private static final String COUNTS =
      """
      select count(*), count(*) filter (where c.reach & 1 <> 0),
             count(*) filter (where c.reach & 2 <> 0)
      from contact c where c.tenant_id = ? and %s
      """;

  private static final String SAMPLED =
      "select c.id from contact c where c.tenant_id = ? and %s limit %d";
}
