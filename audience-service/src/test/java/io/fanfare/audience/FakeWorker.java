package io.fanfare.audience;

import io.fanfare.contract.Channel;
import io.fanfare.contract.EventCodec;
import io.fanfare.contract.Lane;
import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.DeliveryProgress;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.RetryDue;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.support.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Plays dispatch-worker and its ledger: takes each command once, counts results, tells of them. It
 * sees what is published after it was made.
 */
public final class FakeWorker implements AutoCloseable {

  private final AudienceService audience;
  private final Set<UUID> broadcasts = new HashSet<>();
  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<RunLane, Ledger> ledgers = new HashMap<>();
  private final Set<List<Object>> claims = new HashSet<>();
  private int received;

  public FakeWorker(AudienceService audience) {
    this.audience = audience;
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    Topics.sendTopics()
        .forEach(topic ->
            consumer
                .partitionsFor(topic.name())
                .forEach(
                    info -> partitions.add(new TopicPartition(info.topic(), info.partition()))));
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  public FakeWorker follow(BroadcastControl control) {
    broadcasts.add(control.broadcastId());
    return this;
  }

  /** Commands published since the last call, doubles included. */
  public List<SendMessage> poll() {
    List<SendMessage> commands = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
      SendMessage command = EventCodec.decode(SendMessage.class, record.value());
      if (broadcasts.contains(command.broadcastId())) {
        if (!record.key().equals(command.lane().key())) {
          throw new AssertionError(record.key() + " is not the lane of " + command);
        }
        commands.add(command);
      }
    }
    received += commands.size();
    return commands;
  }

  public int received() {
    return received;
  }

  /** Polls until so many commands came, or fails after 30 s. */
  public List<SendMessage> await(int count) {
    return await(commands -> commands.size() >= count);
  }

  public List<SendMessage> await(Predicate<List<SendMessage>> enough) {
    List<SendMessage> commands = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!enough.test(commands)) {
      commands.addAll(poll());
      if (System.nanoTime() > deadline) {
        throw new AssertionError("only " + commands.size() + " commands came");
      }
    }
    return commands;
  }

  /**
   * Polls until the service has read all it was told and has looked at every lane twice since, and
   * answers what came: what is due after that is out.
   */
  public List<SendMessage> settled() {
    List<SendMessage> commands = new ArrayList<>();
    audience.producer().flush();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    try (GroupLag lag = new GroupLag()) {
      while (lag.any()) {
        commands.addAll(poll());
        failAfter(deadline, "the service does not read all it was told");
      }
    }
    // The look that is under way may have begun before.
    long looks = audience.looks() + 3;
    while (audience.looks() < looks) {
      commands.addAll(poll());
      failAfter(deadline, "the service does not look at its lanes");
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      commands.addAll(poll());
    }
    return commands;
  }

  private static void failAfter(long deadline, String what) {
    if (System.nanoTime() > deadline) {
      throw new AssertionError(what);
    }
  }

  /** Polls for a while and answers what came. */
  public List<SendMessage> during(Duration time) {
    List<SendMessage> commands = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      commands.addAll(poll());
    }
    return commands;
  }

  /** Claims a command; false when it, or its double, was claimed before. */
  public boolean claim(SendMessage command) {
    return claims.add(
        List.of(command.broadcastId(), command.contactId(), command.channel(), command.issue()));
  }

  /** Counts a result; nothing is told before {@link #tell}. */
  public void count(SendMessage command, Outcome outcome) {
    ledger(command).count(command.bucket(), outcome.bucketAfter(command.bucket()));
  }

  /** Claims and counts commands, and tells of them. */
  public void end(List<SendMessage> commands, Outcome outcome) {
    for (SendMessage command : commands) {
      if (claim(command)) {
        count(command, outcome);
        publishEvent(command, outcome);
      }
    }
    tell();
  }

  /** How a worker ends a command that its channel alone would end so. */
  public static Outcome end(SendMessage command, Outcome outcome) {
    return switch (outcome) {
      case FAILED, DEAD, SKIPPED -> command.fallsBack() ? Outcome.FELL_BACK : outcome;
      default -> outcome;
    };
  }

  public void publishEvent(SendMessage command, Outcome outcome) {
    DeliveryEvent event = event(command, outcome);
    audience.producer().send(Topics.DELIVERY_EVENTS, Long.toString(command.contactId()), event);
  }

  public static DeliveryEvent event(SendMessage command, Outcome outcome) {
    return new DeliveryEvent(
        DeliveryEvent.idOf(
            command.broadcastId(),
            command.contactId(),
            command.channel(),
            command.issue(),
            outcome),
        outcome,
        command.tenantId(),
        command.broadcastId(),
        command.contactId(),
        command.channel(),
        command.issue(),
        command.attempt(),
        command.bucket(),
        command.ledgerDay(),
        command.lane(),
        command.variant(),
        Instant.parse("2026-11-23T07:00:01Z"),
        outcome == Outcome.SENT ? null : new Cause("test", "test", null),
        null,
        null,
        command.segment());
  }

  /** The announcement of the recipient's next command. */
  public static RetryDue retryOf(SendMessage command, Bucket bucket, boolean granted) {
    return new RetryDue(
        command.tenantId(),
        command.broadcastId(),
        command.contactId(),
        command.channel(),
        command.issue() + 1,
        command.attempt() + 1,
        bucket,
        granted,
        command.ledgerDay(),
        command.lane(),
        command.variant(),
        command.segment());
  }

  public void announce(RetryDue due) {
    audience.producer().send(Topics.DELIVERY_RETRY_DUE, due.lane().key(), due);
  }

  /** Publishes the counters that changed. */
  public void tell() {
    ledgers.forEach((lane, ledger) -> {
      if (ledger.told < ledger.sequence) {
        ledger.told = ledger.sequence;
        DeliveryProgress progress =
            new DeliveryProgress(
                lane.broadcastId,
                lane.channel,
                lane.lane,
                ledger.incarnation,
                ledger.sequence,
                ledger.counts,
                Instant.parse("2026-11-23T07:00:01Z"));
        audience.producer().send(Topics.DELIVERY_PROGRESS, progress.key(), progress);
      }
    });
    audience.producer().flush();
  }

  private Ledger ledger(SendMessage command) {
    return ledgers.computeIfAbsent(
        new RunLane(command.broadcastId(), command.channel(), command.lane()), any -> new Ledger());
  }

  /** From here on another incarnation counts, as after a takeover. */
  public void becomeAnother() {
    tell();
    ledgers.clear();
  }

  @Override
  public void close() {
    consumer.close();
  }

  /** What the service's consumers have not finished of what is in their topics. */
  private static final class GroupLag implements AutoCloseable {

    private static final Map<String, Topic> TOPICS =
        Map.of(
            Topics.Groups.AUDIENCE_CONTROL, Topics.BROADCAST_CONTROL,
            Topics.Groups.AUDIENCE_ACCOUNT, Topics.CHANNEL_ACCOUNT,
            Topics.Groups.AUDIENCE_PROGRESS, Topics.DELIVERY_PROGRESS,
            Topics.Groups.AUDIENCE_RETURN, Topics.DELIVERY_EVENTS,
            Topics.Groups.AUDIENCE_RETRY, Topics.DELIVERY_RETRY_DUE);

    private final Admin admin =
        Admin.create(Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers()));
    private final Map<String, Map<TopicPartition, Long>> ends = new HashMap<>();

    GroupLag() {
      TOPICS.forEach((group, topic) -> ends.put(group, ends(topic)));
    }

    private Map<TopicPartition, Long> ends(Topic topic) {
      try {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        admin
            .describeTopics(List.of(topic.name()))
            .allTopicNames()
            .get()
            .get(topic.name())
            .partitions()
            .forEach(info ->
                latest.put(
                    new TopicPartition(topic.name(), info.partition()), OffsetSpec.latest()));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(latest).all().get().forEach((p, end) -> offsets.put(p, end.offset()));
        return offsets;
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Compared with the ends when this was made. */
    boolean any() {
      return ends.entrySet().stream().anyMatch(group -> behind(group.getKey(), group.getValue()));
    }

    private boolean behind(String group, Map<TopicPartition, Long> ends) {
      try {
        Map<TopicPartition, OffsetAndMetadata> read =
            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        return ends.entrySet().stream()
            .anyMatch(end ->
                end.getValue() > 0
                    && (read.get(end.getKey()) == null
                        || read.get(end.getKey()).offset() < end.getValue()));
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      admin.close();
    }
  }

  private record RunLane(UUID broadcastId, Channel channel, Lane lane) {}

  private static final class Ledger {
    private final UUID incarnation = Ids.next();
    private Counts counts = Counts.ZERO;
    private long sequence;
    private long told;

    void count(Bucket from, Bucket to) {
      counts = counts.afterResult(from, to);
      sequence++;
    }
  }
}
