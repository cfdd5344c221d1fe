package io.fanfare.dispatch.loop;

import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.contract.UndecodableEvent;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.support.kafka.EventBatches;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The one consumer of commands: keeps polling, fills the window, pauses partitions while there is
 * no room, and commits the lowest unfinished offset of each. All on one thread.
 */
final class CommandReader implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(CommandReader.class);
  private static final Duration POLL = Duration.ofMillis(20);

  /** Commands one read brings at most. */
  static final int MOST_PER_POLL = 500;

  private static final long COMMIT_EVERY_NANOS = Duration.ofMillis(200).toNanos();
  private static final long REVOKE_PATIENCE_NANOS = Duration.ofSeconds(3).toNanos();

  private final KafkaConsumer<String, byte[]> consumer;
  private final Window window;
  private final OpenClaims open;
  private final EventBatches deadLetters;
  private final Set<Channel> channels;
  private final Predicate<LocalDate> dropped;
  private final long handoverNanos;
  private final Map<TopicPartition, PartitionOffsets> partitions = new HashMap<>();
  private final Map<TopicPartition, PartitionOffsets> kept = new HashMap<>();
  private int keptGeneration;
  private final Set<String> priorityTopics = new HashSet<>();
  private long committedNanos = System.nanoTime();
  private volatile long lag;
  private volatile boolean reading = true;
  private volatile boolean running = true;
  private volatile boolean abandoned;
  private @Nullable Thread thread;

  /**
   * @param channels those that can be sent over; commands of others are dead letters
   * @param dropped ledger days under which nothing can be claimed any more; their commands are dead
   *     letters
   * @param handover how long limited lanes of a partition that was another worker's wait
   */
  CommandReader(
      String bootstrapServers,
      String clientId,
      Window window,
      OpenClaims open,
      EventBatches deadLetters,
      Set<Channel> channels,
      Predicate<LocalDate> dropped,
      Duration handover) {
    this.window = window;
    this.open = open;
    this.deadLetters = deadLetters;
    this.channels = channels;
    this.dropped = dropped;
    this.handoverNanos = handover.toNanos();
    for (Channel channel : channels) {
      priorityTopics.add(Topics.send(channel, SendClass.PRIORITY).name());
    }
    consumer =
        new KafkaConsumer<>(
            config(bootstrapServers, clientId),
            new StringDeserializer(),
            new ByteArrayDeserializer());
  }

  private static Map<String, Object> config(String bootstrapServers, String clientId) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, Topics.Groups.DISPATCH_SEND);
    // Gives partition p of every topic to the same worker: a lane's priority and bulk share slots.
    config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_PER_POLL);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    return config;
  }

  void start(Thread.UncaughtExceptionHandler fatal) {
    consumer.subscribe(Topics.sendTopics().stream().map(Topic::name).toList(), this);
    thread =
        Thread.ofPlatform()
            .name("fanfare-commands")
            .uncaughtExceptionHandler(fatal)
            .start(this::read);
  }

  private void read() {
    try {
      while (running) {
        try {
          pauseOrResume();
          Set<TopicPartition> refused = new HashSet<>();
          ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
          window.cameRound();
          for (ConsumerRecord<String, byte[]> record : records) {
            TopicPartition from = new TopicPartition(record.topic(), record.partition());
            if (!refused.contains(from) && !admit(from, record)) {
              refused.add(from);
              consumer.seek(from, record.offset());
            }
          }
          commitDue();
          lag = unread();
        } catch (WakeupException e) {
          LOG.debug("woken up");
        } catch (KafkaException e) {
          LOG.warn("reading commands failed, trying on: {}", e.getMessage());
          LockSupport.parkNanos(COMMIT_EVERY_NANOS);
        }
      }
    } finally {
      leave();
    }
  }

  /** Commands on the broker this worker has not read yet, as far as its fetches told. */
  private long unread() {
    long records = 0;
    for (TopicPartition partition : partitions.keySet()) {
      records += consumer.currentLag(partition).orElse(0);
    }
    return records;
  }

  long lag() {
    return lag;
  }

  /** False when it must be read again: its broadcast's queue is full. */
  private boolean admit(TopicPartition from, ConsumerRecord<String, byte[]> record) {
    PartitionOffsets partition = partitions.get(from);
    if (partition == null) {
      return true;
    }
    SendMessage message = decode(record);
    if (message == null) {
      partition.add(record.offset()).finish();
      return true;
    }
    return window.admit(
        message,
        priorityTopics.contains(record.topic()),
        partition,
        () -> partition.add(record.offset()));
  }

  private @Nullable SendMessage decode(ConsumerRecord<String, byte[]> record) {
    String reason;
    try {
      SendMessage message = EventCodec.decode(SendMessage.class, record.value());
      if (!channels.contains(message.channel())) {
        reason = "no sender for the channel " + message.channel();
      } else if (dropped.test(message.ledgerDay())) {
        reason = "its ledger day " + message.ledgerDay() + " was dropped";
      } else {
        return message;
      }
    } catch (UndecodableEvent e) {
      reason = "undecodable: " + e.getMessage();
    }
    while (!abandoned) {
      try {
        deadLetters.setAside(Topics.Groups.DISPATCH_SEND, record, reason);
        return null;
      } catch (DataAccessException e) {
        LOG.warn("the dead letter is published again: {}", e.getMessage());
      }
    }
    return null;
  }

  private void pauseOrResume() {
    Set<TopicPartition> pause = new HashSet<>();
    if (!reading || window.full(MOST_PER_POLL)) {
      pause.addAll(consumer.assignment());
    } else {
      Set<PartitionOffsets> crowded = window.crowded();
      boolean fullForBroadcasts = window.fullForBroadcasts(MOST_PER_POLL);
      partitions.forEach((partition, offsets) -> {
        boolean urgent = priorityTopics.contains(partition.topic());
        if (crowded.contains(offsets) || (fullForBroadcasts && !urgent)) {
          pause.add(partition);
        }
      });
    }
    Set<TopicPartition> paused = consumer.paused();
    if (!paused.equals(pause)) {
      consumer.resume(paused.stream().filter(partition -> !pause.contains(partition)).toList());
      consumer.pause(pause);
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> toCommit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    partitions.forEach((partition, progress) -> {
      long offset = progress.toCommit();
      if (offset >= 0) {
        offsets.put(partition, new OffsetAndMetadata(offset));
      }
    });
    return offsets;
  }

  private void commitDue() {
    if (System.nanoTime() - committedNanos < COMMIT_EVERY_NANOS) {
      return;
    }
    committedNanos = System.nanoTime();
    Map<TopicPartition, OffsetAndMetadata> offsets = toCommit();
    if (!offsets.isEmpty()) {
      consumer.commitAsync(
          offsets,
          (done, failure) -> {
            if (failure == null) {
              markCommitted(done);
            } else {
              LOG.debug("the commit is made again: {}", failure.getMessage());
            }
          });
    }
  }

  private void markCommitted(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach((partition, offset) -> {
      PartitionOffsets progress = partitions.get(partition);
      if (progress != null) {
        progress.committed(offset.offset());
      }
    });
  }

  private void commitNow() {
    Map<TopicPartition, OffsetAndMetadata> offsets = toCommit();
    if (!offsets.isEmpty()) {
      try {
        consumer.commitSync(offsets, Duration.ofSeconds(3));
        markCommitted(offsets);
      } catch (KafkaException e) {
        LOG.warn("offsets were not committed, commands will come again: {}", e.getMessage());
      }
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    long now = System.nanoTime();
    if (consumer.groupMetadata().generationId() != keptGeneration + 1) {
      // A whole generation of the group passed without this worker.
      kept.clear();
    }
    for (TopicPartition partition : assigned) {
      // Another worker may have sent until now unless the partition was ours all along.
      PartitionOffsets before = kept.get(partition);
      long quietUntil = before == null ? now + handoverNanos : before.quietUntilNanos();
      partitions.put(partition, new PartitionOffsets(quietUntil));
    }
    kept.clear();
    LOG.info("owns {} partitions", partitions.size());
  }

  /**
   * What is not claimed is dropped and will be read by the next owner; what is claimed is finished
   * first, so that its offset can be committed.
   */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    window.drop(ended(revoked));
    long deadline = System.nanoTime() + REVOKE_PATIENCE_NANOS;
    while (!abandoned && open.count() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    if (!abandoned) {
      commitNow();
    }
    for (TopicPartition partition : revoked) {
      PartitionOffsets progress = partitions.get(partition);
      if (progress != null) {
        kept.put(partition, progress);
      }
    }
    keptGeneration = consumer.groupMetadata().generationId();
    forget(revoked);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    window.drop(ended(lost));
    forget(lost);
    kept.clear();
  }

  private Set<PartitionOffsets> ended(Collection<TopicPartition> gone) {
    Set<PartitionOffsets> ended = new HashSet<>();
    for (TopicPartition partition : gone) {
      PartitionOffsets progress = partitions.get(partition);
      if (progress != null) {
        ended.add(progress);
      }
    }
    return ended;
  }

  private void forget(Collection<TopicPartition> gone) {
    for (TopicPartition partition : gone) {
      PartitionOffsets progress = partitions.remove(partition);
      if (progress != null) {
        progress.end();
      }
    }
  }

  private void leave() {
    if (!abandoned) {
      commitNow();
    }
    consumer.close(CloseOptions.timeout(abandoned ? Duration.ZERO : Duration.ofSeconds(5)));
  }

  /** Reads nothing more, and goes on polling so that nobody else gets the partitions yet. */
  void stopReading() {
    reading = false;
  }

  /** Commits and leaves the group. */
  void close() {
    running = false;
    join();
  }

  /** Leaves without committing, as a crash would. */
  void abandon() {
    abandoned = true;
    close();
  }

  private void join() {
    Thread polling = thread;
    if (polling != null) {
      consumer.wakeup();
      try {
        polling.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
