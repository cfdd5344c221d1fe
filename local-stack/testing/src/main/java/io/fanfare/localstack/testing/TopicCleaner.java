package io.fanfare.localstack.testing;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Deletes topics and groups on the shared broker and waits until they are gone. */
final class TopicCleaner implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Admin admin;

  TopicCleaner(String bootstrapServers) {
    admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  void deleteTopics(Predicate<String> chosen) {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    for (var topics = listed(chosen); !topics.isEmpty(); topics = listed(chosen)) {
      tolerating(admin.deleteTopics(topics).all(), UnknownTopicOrPartitionException.class);
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Topics still listed after " + PATIENCE + ": " + topics);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  void deleteEmptyGroups() {
    var groups =
        result(admin.listGroups(new ListGroupsOptions()).all()).stream()
            .map(GroupListing::groupId)
            .toList();
    for (var deletion : admin.deleteConsumerGroups(groups).deletedGroups().values()) {
      tolerating(deletion, GroupNotEmptyException.class, GroupIdNotFoundException.class);
    }
  }

  private Set<String> listed(Predicate<String> chosen) {
    return result(admin.listTopics().names()).stream()
        .filter(name -> !name.startsWith("__"))
        .filter(chosen)
        .collect(Collectors.toSet());
  }

  @SafeVarargs
  private static void tolerating(
      KafkaFuture<Void> future, Class<? extends Exception>... tolerated) {
    try {
      future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      for (var type : tolerated) {
        if (type.isInstance(e.getCause())) {
          return;
        }
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw failed(e);
    }
  }

  static <T> T result(KafkaFuture<T> future) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return new IllegalStateException("No answer of the broker", e);
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
