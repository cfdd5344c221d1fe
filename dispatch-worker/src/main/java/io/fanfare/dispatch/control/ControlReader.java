package io.fanfare.dispatch.control;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.UndecodableEvent;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.support.secret.SecretBox;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tables of broadcasts, contents and accounts as new as the broker has them, and says
 * whether that was confirmed lately: without it no send may start, since a pause might be missed.
 */
public final class ControlReader {

  private static final Logger LOG = LoggerFactory.getLogger(ControlReader.class);

  private final CompactedReader reader;
  private final AccountTable accounts;
  private final ContentTable contents;
  private final ContentFetcher fetcher;
  private final ControlTable controls;
  private final long freshNanos;
  private final boolean keepFirst;

  /**
   * @param fresh how old the last confirmation may be
   * @param keepFirst for tests alone: changes of a broadcast's control are passed over
   */
  public ControlReader(
      String bootstrapServers,
      String clientId,
      SecretBox secrets,
      Duration fresh,
      boolean keepFirst) {
    this(bootstrapServers, clientId, secrets, fresh, keepFirst, ContentTable.MOST_BYTES);
  }

  ControlReader(
      String bootstrapServers,
      String clientId,
      SecretBox secrets,
      Duration fresh,
      boolean keepFirst,
      long contentBytes) {
    this.keepFirst = keepFirst;
    contents = new ContentTable(this::endedSending, this::fetch, contentBytes);
    fetcher = new ContentFetcher(bootstrapServers, clientId + "-content", contents);
    controls = new ControlTable(contents::remove);
    accounts = new AccountTable(secrets);
    freshNanos = fresh.toNanos();
    reader =
        new CompactedReader(
            bootstrapServers,
            clientId,
            Map.of(
                Topics.BROADCAST_CONTROL.name(), this::control,
                Topics.BROADCAST_CONTENT.name(), this::content,
                Topics.CHANNEL_ACCOUNT.name(), this::account));
  }

  public void start(Thread.UncaughtExceptionHandler fatal) {
    reader.start(fatal);
  }

  public void close() {
    fetcher.close();
    reader.close();
  }

  public AccountTable accounts() {
    return accounts;
  }

  public ContentTable contents() {
    return contents;
  }

  public ControlTable controls() {
    return controls;
  }

  /** True when everything the broker has was read within the stated time. */
  public boolean confirmed() {
    return reader.age(System.nanoTime()) < freshNanos;
  }

  /** Seconds since the last confirmation; infinite before the first. */
  public double confirmedAgeSeconds() {
    long age = reader.age(System.nanoTime());
    return age == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : age / 1e9;
  }

  private void control(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      ifDecodable(record, () -> controls.remove(UUID.fromString(record.key())));
    } else {
      decode(record, BroadcastControl.class, control -> accept(control, record.value().length));
    }
  }

  private void accept(BroadcastControl control, int bytes) {
    if (!keepFirst || controls.find(control.broadcastId()) == null) {
      controls.accept(control, bytes);
    }
  }

  private void content(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      ifDecodable(record, () -> contents.remove(record.key()));
    } else {
      var place = new ContentTable.Place(record.partition(), record.offset());
      ifDecodable(record, () -> contents.accept(record.key(), record.value(), place));
    }
  }

  private boolean endedSending(UUID broadcastId) {
    return controls.endedSending(broadcastId);
  }

  private void fetch(String key, ContentTable.Place place) {
    fetcher.ask(key, place);
  }

  private void account(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      ifDecodable(record, () -> accounts.remove(UUID.fromString(record.key())));
    } else {
      decode(record, ChannelAccount.class, accounts::accept);
    }
  }

  private static <E extends Record> void decode(
      ConsumerRecord<String, byte[]> record, Class<E> type, Consumer<E> action) {
    ifDecodable(record, () -> action.accept(EventCodec.decode(type, record.value())));
  }

  /**
   * There is no group here to own a dead letter; commands that need the record wait, and return.
   */
  private static void ifDecodable(ConsumerRecord<String, byte[]> record, Runnable action) {
    try {
      action.run();
    } catch (UndecodableEvent | IllegalArgumentException e) {
      LOG.error(
          "{}-{}@{} is passed over: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
    }
  }
}
