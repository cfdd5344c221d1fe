package io.fanfare.localstack.simulator.log;

import io.fanfare.localstack.simulator.Channel;
import io.fanfare.localstack.simulator.fault.Fate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the providers took. Counts every accepted message by channel, marker and address; keeps the
 * newest whole. Bounded: beyond {@value #ACCEPTED_REMEMBERED} accepted messages the report says
 * that it is incomplete.
 */
public final class ProviderLog {

  static final int ACCEPTED_REMEMBERED = 10_000_000;
  private static final int MARKERS_REMEMBERED = 10_000;
  private static final int MESSAGES_KEPT = 2_000;
  private static final long BYTES_KEPT = 64L << 20;

  private final boolean keepsMessages;
  // Steps of the wall clock must not disturb rates, so it is read once and the monotonic clock
  // added.
  private final long epochNanosAtZero;

  private final Map<MarkerKey, MarkerLog> markers = new ConcurrentHashMap<>();
  private final Map<MarkerKey, Arrivals> accounts = new ConcurrentHashMap<>();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong ids = new AtomicLong();
  private final KeptFiles files = new KeptFiles();
  private final ArrayDeque<AcceptedMessage> newest = new ArrayDeque<>();
  private long bytesKept;
  private volatile @Nullable Consumer<AcceptedMessage> reader;

  /**
   * @param keepsMessages false to count only, as benchmarks do
   */
  public ProviderLog(boolean keepsMessages, Clock clock) {
    this.keepsMessages = keepsMessages;
    var now = clock.instant();
    this.epochNanosAtZero =
        now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
  }

  /** What bots uploaded. */
  public KeptFiles files() {
    return files;
  }

  /** Whether {@link #accept} wants the content. */
  public boolean keepsMessages() {
    return keepsMessages || reader != null;
  }

  /**
   * Gives every message accepted from now on to somebody else as well, on the thread that accepted
   * it.
   *
   * @param reader must not block; null for nobody
   */
  public void readBy(@Nullable Consumer<AcceptedMessage> reader) {
    this.reader = reader;
  }

  /**
   * Records one message for one address, as accepted now.
   *
   * @param content the whole message; ignored when the log only counts
   */
  public void accept(
      MarkerKey key,
      String address,
      String sender,
      String account,
      String kind,
      byte @Nullable [] content) {
    long nanos = epochNanosAtZero + System.nanoTime();
    if (accepted.incrementAndGet() <= ACCEPTED_REMEMBERED) {
      of(key).accept(address, nanos);
      bounded(accounts, new MarkerKey(key.channel(), account), Arrivals::new).add(nanos);
    }
    var readsIt = reader;
    if (content != null && (keepsMessages || readsIt != null)) {
      var at = Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
      var message =
          new AcceptedMessage(
              ids.incrementAndGet(),
              key.channel(),
              address,
              sender,
              key.marker(),
              at,
              kind,
              content);
      if (keepsMessages) {
        keep(message);
      }
      if (readsIt != null) {
        readsIt.accept(message);
      }
    }
  }

  /**
   * Counts a try and how it ended; an accepted one is counted by this and recorded by {@link
   * #accept}.
   */
  public void tried(MarkerKey key, Fate fate) {
    of(key).tried(fate);
  }

  /** Counts a try that the rate limit turned away. */
  public void limited(MarkerKey key) {
    of(key).limited();
  }

  private MarkerLog of(MarkerKey key) {
    return bounded(markers, key, MarkerLog::new);
  }

  /** Beyond the bound everything is counted together under the empty name. */
  private static <V> V bounded(Map<MarkerKey, V> map, MarkerKey key, Supplier<V> empty) {
    var found = map.get(key);
    if (found != null) {
      return found;
    }
    var name = map.size() < MARKERS_REMEMBERED ? key : new MarkerKey(key.channel(), "");
    return map.computeIfAbsent(name, absent -> empty.get());
  }

  private void keep(AcceptedMessage message) {
    synchronized (newest) {
      newest.addFirst(message);
      bytesKept += message.content().length;
      while (newest.size() > MESSAGES_KEPT || (bytesKept > BYTES_KEPT && newest.size() > 1)) {
        bytesKept -= newest.removeLast().content().length;
      }
    }
  }

  /**
   * Up to {@code limit} kept messages that satisfy the condition, newest first, older than {@code
   * beforeId}.
   */
  public List<AcceptedMessage> newest(
      Predicate<AcceptedMessage> condition, long beforeId, int limit) {
    synchronized (newest) {
      return newest.stream()
          .filter(message -> message.id() < beforeId)
          .filter(condition)
          .limit(limit)
          .toList();
    }
  }

  public Optional<AcceptedMessage> message(long id) {
    synchronized (newest) {
      return newest.stream().filter(message -> message.id() == id).findFirst();
    }
  }

  /** The figures of every marker. */
  public ProviderReport report() {
    return report(marker -> true);
  }

  /** The figures of one marker, on both channels. */
  public ProviderReport report(String marker) {
    return report(marker::equals);
  }

  private ProviderReport report(Predicate<String> chosen) {
    var reports = keys(chosen).map(entry -> entry.getValue().report(entry.getKey())).toList();
    return new ProviderReport(
        reports.stream().mapToLong(MarkerReport::accepted).sum(),
        reports.stream().mapToLong(MarkerReport::distinct).sum(),
        reports.stream().mapToLong(MarkerReport::duplicates).sum(),
        reports.stream().mapToLong(MarkerReport::attempts).sum(),
        accepted.get() <= ACCEPTED_REMEMBERED,
        reports,
        accounts.entrySet().stream()
            .map(entry -> accountReport(entry.getKey(), entry.getValue().sorted()))
            .toList());
  }

  private static AccountReport accountReport(MarkerKey account, long[] times) {
    return new AccountReport(
        account.channel().label(), account.marker(), times.length, Arrivals.peakPerSecond(times));
  }

  private Stream<Map.Entry<MarkerKey, MarkerLog>> keys(Predicate<String> chosen) {
    return markers.entrySet().stream().filter(entry -> chosen.test(entry.getKey().marker()));
  }

  /**
   * Every address of a marker that accepted it at least {@code fromCount} times; 2 lists the
   * duplicates.
   */
  public List<RecipientCount> recipients(Channel channel, String marker, int fromCount) {
    var log = markers.get(new MarkerKey(channel, marker));
    return log == null ? List.of() : log.recipients(fromCount);
  }

  /** Times of acceptance of a marker, ascending, in nanoseconds since the epoch. */
  public long[] arrivals(Channel channel, String marker) {
    var log = markers.get(new MarkerKey(channel, marker));
    return log == null ? new long[0] : log.arrivals().sorted();
  }

  /** Forgets everything; ids go on. */
  public void reset() {
    markers.clear();
    accounts.clear();
    accepted.set(0);
    synchronized (newest) {
      newest.clear();
      bytesKept = 0;
    }
  }
}
