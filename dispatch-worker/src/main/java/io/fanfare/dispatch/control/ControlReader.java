package io.fanfare.dispatch.control;

import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Topics;
import io.fanfare.contract.UndecodableEvent;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.GlobalStop;
import io.fanfare.contract.contact.ContactSuppression;
import io.fanfare.support.secret.SecretBox;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tables of broadcasts, contents, accounts and suppressions as new as the broker has
 * them, and says whether that was confirmed lately: without it no send may start, since a pause or
 * an opt-out might be missed.
 */
public final class ControlReader {

  private static final Logger LOG = LoggerFactory.getLogger(ControlReader.class);

  private final CompactedReader reader;
  private final AccountTable accounts;
  private final ContentTable contents;
  private final ContentFetcher fetcher;
  private final ControlTable controls;
  private final SuppressionTable suppressions = new SuppressionTable();
  private final Clock clock = Clock.systemUTC();
  private final long freshNanos;
  private final boolean keepFirst;
  private volatile @Nullable Timer suppressionLatency;
  private volatile LongConsumer latency = millis -> {};

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
                Topics.CHANNEL_ACCOUNT.name(), this::account,
                Topics.CONTACT_SUPPRESSION.name(), this::suppression),
            topic ->
                topic.equals(Topics.CONTACT_SUPPRESSION.name())
                    ? suppressions.begin(clock.instant())
                    : null);
  }

  /** Where to record how long suppressions are on their way. */
  public void measureSuppressions(Timer latency) {
    suppressionLatency = latency;
  }

  /**
   * Has somebody told of every control record obeyed how long ago it was published.
   *
   * @param told takes milliseconds, by the clocks of the publisher and of this machine
   */
  public void onObeyed(LongConsumer told) {
    latency = told;
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

  public SuppressionTable suppressions() {
    return suppressions;
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
    if (GlobalStop.KEY.equals(record.key())) {
      decode(record, GlobalStop.class, controls::accept);
    } else if (record.value() == null) {
      ifDecodable(record, () -> controls.remove(UUID.fromString(record.key())));
    } else {
      decode(record, BroadcastControl.class, control -> accept(control, record.value().length));
    }
    // What was published before this worker ran says nothing of how soon it obeys.
    if (reader.age(System.nanoTime()) != Long.MAX_VALUE) {
      latency.accept(Math.max(0, System.currentTimeMillis() - record.timestamp()));
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

  private void suppression(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      return;
    }
    Instant at = Instant.ofEpochMilli(record.timestamp());
    Instant now = clock.instant();
    try {
      var suppression = EventCodec.decode(ContactSuppression.class, record.value());
      suppressions.accept(suppression, at, now);
      Timer latency = suppressionLatency;
      // Those read at the start are old.
      if (latency != null && reader.age(System.nanoTime()) != Long.MAX_VALUE) {
        latency.record(Duration.between(suppression.at(), now));
      }
    } catch (UndecodableEvent e) {
      LOG.error(
          "{}-{}@{} is taken as a suppression of everything: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
      ifDecodable(record, () -> suppressions.acceptUnreadable(contactOf(record.key()), at, now));
    }
  }

  /**
   * @throws IllegalArgumentException when the key names no contact
   */
  private static long contactOf(@Nullable String key) {
    return Long.parseLong(key == null ? "" : key.substring(key.indexOf(':') + 1));
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
