package io.fanfare.analytics.counting;

import io.fanfare.analytics.AnalyticsProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** One generation of the figures: everything that counts into the schema a connection leads to. */
@Component
public final class Generation {

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final OffsetRepository offsets;
  private final DedupePartitions partitions;
  private final CountedEventRepository countedEvents;

  Generation(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      OffsetRepository offsets,
      DedupePartitions partitions,
      CountedEventRepository countedEvents) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.offsets = offsets;
    this.partitions = partitions;
    this.countedEvents = countedEvents;
  }

  /** A generation beside the live one. */
  public static Generation on(
      DataSource dataSource, List<Feed<?>> feeds, AnalyticsProperties properties, Clock clock) {
    JdbcClient jdbc = JdbcClient.create(dataSource);
    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    return new Generation(
        jdbc,
        transaction,
        new OffsetRepository(jdbc),
        new DedupePartitions(jdbc, transaction, feeds, properties, clock),
        new CountedEventRepository(jdbc));
  }

  /** What counts the records of a feed. */
  public <E extends Record> RecordCounter<E> counter(
      Feed<E> feed, DeadLetters deadLetters, MeterRegistry meters, int dropEvery) {
    BatchCounter<E> batches =
        new BatchCounter<>(
            feed,
            partitions,
            offsets,
            countedEvents,
            feed.figures(jdbc),
            transaction,
            meters,
            dropEvery);
    return new RecordCounter<>(feed, batches, deadLetters);
  }

  /** Where each partition's counting stands. */
  public OffsetRepository offsets() {
    return offsets;
  }
}
