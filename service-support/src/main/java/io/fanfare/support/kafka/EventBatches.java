package io.fanfare.support.kafka;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.UndecodableEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/**
 * Decodes a batch and hands it on. What cannot be decoded, and what a listener cannot handle
 * however often it tries, goes to {@code <topic>.<group>.dlt} with the reason, so that no record
 * ever blocks its partition; what may pass with time is thrown on, and the container tries the
 * batch again.
 */
public final class EventBatches {

  private static final Logger log = LoggerFactory.getLogger(EventBatches.class);

  private final EventProducer producer;

  public EventBatches(EventProducer producer) {
    this.producer = producer;
  }

  /**
   * Handles a batch.
   *
   * @param group the consumer group, for the name of the dead-letter topic
   * @param type the only kind of event expected
   * @param records the batch; tombstones are passed over
   * @param action takes the events in order, all or nothing: it is called again with single events
   *     when it refuses the whole
   */
  public <E extends Record> void handle(
      String group,
      Class<E> type,
      List<ConsumerRecord<String, byte[]>> records,
      Consumer<List<E>> action) {
    List<ConsumerRecord<String, byte[]>> decodable = new ArrayList<>(records.size());
    List<E> events = new ArrayList<>(records.size());
    for (ConsumerRecord<String, byte[]> record : records) {
      if (record.value() == null) {
        continue;
      }
      try {
        events.add(EventCodec.decode(type, record.value()));
        decodable.add(record);
      } catch (UndecodableEvent e) {
        setAside(group, record, "undecodable: " + e.getMessage());
      }
    }
    if (events.isEmpty()) {
      return;
    }
    try {
      action.accept(events);
    } catch (RuntimeException e) {
      if (mayPass(e)) {
        throw e;
      }
      log.error("{} refused a batch of {}; trying them one by one", group, events.size(), e);
      handleOneByOne(group, decodable, events, action);
    }
  }

  private <E extends Record> void handleOneByOne(
      String group,
      List<ConsumerRecord<String, byte[]>> records,
      List<E> events,
      Consumer<List<E>> action) {
    for (int i = 0; i < events.size(); i++) {
      try {
        action.accept(List.of(events.get(i)));
      } catch (RuntimeException e) {
        if (mayPass(e)) {
          throw e;
        }
        setAside(group, records.get(i), "not handled: " + e);
      }
    }
  }

  /**
   * Puts a record into its group's dead-letter topic and waits until the broker has it.
   *
   * @param reason what is wrong with it; goes into the header {@code fanfare_reason}
   */
  public void setAside(String group, ConsumerRecord<String, byte[]> record, String reason) {
    String target = record.topic() + "." + group + ".dlt";
    log.error(
        "{}-{}@{} goes to {}: {}",
        record.topic(),
        record.partition(),
        record.offset(),
        target,
        reason);
    List<Header> headers = new ArrayList<>();
    record.headers().forEach(headers::add);
    headers.add(header("fanfare_reason", reason));
    headers.add(header("fanfare_origin", record.partition() + "@" + record.offset()));
    try {
      producer.send(target, record.key(), record.value(), headers).join();
    } catch (CompletionException e) {
      throw new DataAccessResourceFailureException("dead letter not acknowledged", e);
    }
  }

  private static boolean mayPass(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TransientDataAccessException
          || cause instanceof RecoverableDataAccessException
          || cause instanceof DataAccessResourceFailureException
          || cause instanceof CannotCreateTransactionException
          || cause instanceof TransactionSystemException
          || cause instanceof RetriableException
          || cause instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
