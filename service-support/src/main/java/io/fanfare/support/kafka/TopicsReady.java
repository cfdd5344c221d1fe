package io.fanfare.support.kafka;

import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every topic of the contract exists. To hold one of these is to be ordered after their making;
 * existing topics are never changed, since added partitions would move keys.
 */
public final class TopicsReady {

  private static final Logger log = LoggerFactory.getLogger(TopicsReady.class);
  private static final int BROKER_TIMEOUT_MS = 60_000;

  private TopicsReady() {}

  /**
   * Makes the topics that are missing; waits up to a minute for a broker that is still starting.
   *
   * @param hotPartitions partitions of a topic with a record per recipient
   * @param replication copies of each partition; from 3 on a write needs two in sync
   */
  public static TopicsReady ensure(String bootstrapServers, int hotPartitions, short replication) {
    return ensure(bootstrapServers, hotPartitions, replication, name -> true);
  }

  /**
   * The same of some topics alone, for whoever knows that nobody needs the others.
   *
   * @param chosen tells by its name whether a topic is one of them
   */
  public static TopicsReady ensure(
      String bootstrapServers, int hotPartitions, short replication, Predicate<String> chosen) {
    Map<String, Object> config = new HashMap<>();
    config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, BROKER_TIMEOUT_MS);
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    try (Admin admin = Admin.create(config)) {
      List<NewTopic> wanted =
          wanted(hotPartitions, replication).stream()
              .filter(topic -> chosen.test(topic.name()))
              .toList();
      Set<String> existing = get(admin.listTopics().names());
      List<NewTopic> missing =
          wanted.stream().filter(topic -> !existing.contains(topic.name())).toList();
      create(admin, missing);
      awaitVisible(admin, wanted.stream().map(NewTopic::name).toList());
    }
    return new TopicsReady();
  }

  private static List<NewTopic> wanted(int hotPartitions, short replication) {
    List<NewTopic> topics = new ArrayList<>();
    for (Topic topic : Topics.all()) {
      Map<String, String> config = new HashMap<>(topic.config());
      if (replication >= 3) {
        config.put("min.insync.replicas", "2");
      }
      topics.add(
          new NewTopic(topic.name(), topic.partitions(hotPartitions), replication).configs(config));
    }
    for (String name : Topics.deadLetterTopics()) {
      topics.add(new NewTopic(name, 1, replication).configs(Map.of("retention.ms", "-1")));
    }
    return topics;
  }

  private static void create(Admin admin, List<NewTopic> missing) {
    if (missing.isEmpty()) {
      return;
    }
    log.info("creating {} topics", missing.size());
    admin
        .createTopics(missing)
        .values()
        .forEach((name, created) -> {
          try {
            get(created);
          } catch (TopicExistsException e) {
            log.debug("topic {} was created by another instance", name);
          }
        });
  }

  private static void awaitVisible(Admin admin, List<String> names) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BROKER_TIMEOUT_MS);
    while (true) {
      try {
        awaitLeaders(admin, get(admin.describeTopics(names).allTopicNames()).values());
        return;
      } catch (UnknownTopicOrPartitionException e) {
        // Creation is answered before every broker knows of it.
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  /**
   * Returns when every partition is served. A producer whose first record is refused by a partition
   * without a leader, and whose second one is taken, waits for the first for ever: a partition that
   * knows nothing of a producer yet takes any sequence number of it.
   */
  private static void awaitLeaders(Admin admin, Collection<TopicDescription> topics) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (TopicDescription topic : topics) {
      topic
          .partitions()
          .forEach(partition ->
              ends.put(
                  new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest()));
    }
    // Asked of the leaders; the client asks again where there is none yet.
    get(admin.listOffsets(ends).all());
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get(BROKER_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer from the broker within a minute", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
