package io.fanfare.audience.segment;

import io.fanfare.audience.segment.sql.PlannerSettings;
import io.fanfare.audience.segment.sql.Sql;
import io.fanfare.support.problem.ProblemException;
import java.sql.Array;
import java.time.Duration;
import java.util.ArrayList;
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
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Counts the contacts a condition matches, exactly, within a time that is bounded. */
@Repository
class CountRepository {

  static final int SAMPLE = 10;
  private static final int IDS_AT_ONCE = 10_000;

  /** Opt-outs of a tenant whose ids are sent with the question, 8 bytes each, twice at most. */
  static final int SET_MOST = 50_000;

  private static final int LINE = 500;

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
    // What is asked in two questions is one state of the contacts.
    this.reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
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
    Object[] parameters =
        Stream.concat(Stream.of(tenantId), condition.parameters().stream()).toArray();
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
    Sql question = question(tenantId, condition, SET_MOST);
    SegmentCounts counts =
        jdbc.query(
                question.text(),
                (row, index) ->
                    new SegmentCounts(row.getLong(1), row.getLong(2), row.getLong(3), List.of()),
                question.parametersAnd())
            .getFirst();
    if (counts.contacts() == 0) {
      return counts;
    }
    Object[] sampleParameters =
        Stream.of(Stream.of(tenantId), condition.parameters().stream(), Stream.of(SAMPLE))
            .flatMap(part -> part)
            .toArray();
    List<Long> sample =
        jdbc.query(sampleSql(condition), (row, index) -> row.getLong(1), sampleParameters);
    return new SegmentCounts(counts.contacts(), counts.byEmail(), counts.byTelegram(), sample);
  }

  /** How the database counts; for whoever measures it. */
  List<String> explain(UUID tenantId, Sql condition) {
    List<String> plan =
        reading.execute(status -> {
          settings(PATIENCE, condition);
          Sql question = question(tenantId, condition, SET_MOST);
          return jdbc
              .query(
                  "explain (analyze, buffers, costs off) " + question.text(),
                  (row, index) -> row.getString(1),
                  question.parametersAnd())
              .stream()
              .map(CountRepository::shortened)
              .toList();
        });
    return plan == null ? List.of() : plan;
  }

  /** The ids of all who opted out are a line of a hundred thousand characters. */
  private static String shortened(String line) {
    return line.length() <= LINE ? line : line.substring(0, LINE) + " …";
  }

  /**
   * Those who opted out are told by a set of their ids where it is small, and by a join where not:
   * a look into a set that the plan brings with it is less than one into the hash of a join.
   *
   * @param setMost opt-outs of which a set is made
   */
  Sql question(UUID tenantId, Sql condition, int setMost) {
    OptedOut out =
        jdbc.query(
                OPTED_OUT,
                (row, index) -> new OptedOut(row.getLong(1), row.getArray(2), row.getArray(3)),
                tenantId,
                setMost + 1)
            .getFirst();
    boolean bySet = out.rows() <= setMost;
    List<Object> parameters =
        new ArrayList<>(bySet ? List.of(out.email(), out.telegram()) : List.of(tenantId));
    parameters.add(tenantId);
    parameters.addAll(condition.parameters());
    return new Sql((bySet ? BY_SET : BY_JOIN).formatted(condition.text()), parameters);
  }

  private record OptedOut(long rows, Array email, Array telegram) {}

  private static final String OPTED_OUT =
      """
      select count(*),
             coalesce(array_agg(contact_id) filter (where channel in ('*', 'email')), '{}'),
             coalesce(array_agg(contact_id) filter (where channel in ('*', 'telegram')), '{}')
      from (select contact_id, channel from opt_out
            where tenant_id = ? and category = '*' limit ?) o
      """;

  private static final String BY_SET =
      """
      select count(*),
             count(*) filter (where c.email is not null and c.id <> all(?)),
             count(*) filter (where c.telegram_chat_id is not null and c.id <> all(?))
      from contact c where c.tenant_id = ? and %s
      """;

  private static final String BY_JOIN =
      """
      select count(*),
             count(*) filter (where c.email is not null and o.email is not true),
             count(*) filter (where c.telegram_chat_id is not null and o.telegram is not true)
      from contact c
      left join (
        select contact_id, bool_or(channel in ('*', 'email')) as email,
               bool_or(channel in ('*', 'telegram')) as telegram
        from opt_out where tenant_id = ? and category = '*' group by contact_id
      ) o on o.contact_id = c.id
      where c.tenant_id = ? and %s
      """;

  private static String sampleSql(Sql condition) {
    return "select c.id from contact c where c.tenant_id = ? and %s limit ?"
        .formatted(condition.text());
  }
}
