package io.fanfare.retry.due;

import static io.fanfare.retry.Deliveries.SHORT;
import static io.fanfare.retry.Deliveries.control;
import static io.fanfare.retry.Deliveries.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.retry.RetryUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetryInstancesTest {

  private final UUID broadcast = UUID.randomUUID();
  private RetryUnderTest retries;

  @BeforeEach
  void open() {
    TestInfrastructure.resetTopics();
    retries = new RetryUnderTest();
  }

  @AfterEach
  void close() {
    retries.close();
  }

  @Test
  void aRestartForgetsNothing() {
    retries.start();
    publishAndAwait(BroadcastState.RUNNING, 1, Duration.ofSeconds(1));
    retries.publish(event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
    awaitOpen(1);
    retries.stopOldest();
    retries.start();
    retries.awaitAnnouncements(broadcast, all -> all.size() == 1);
  }

  @Test
  void anAnnouncedRetryIsAnnouncedAgainUntilItsResultComes() {
    retries.start("--fanfare.retry.announce-again-after=150ms");
    publishAndAwait(BroadcastState.RUNNING, 1, SHORT);
    retries.publish(event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
    var announced = retries.awaitAnnouncements(broadcast, all -> all.size() >= 3);
    assertThat(announced).extracting(one -> one.due().issue()).containsOnly(2);

    retries.publish(event(broadcast, 1, 2, Bucket.RETRYING, Outcome.SENT));
    awaitOpen(0);
  }

  @Test
  void severalInstancesAnnounceEachRetryOnce() {
    retries.start();
    retries.start();
    publishAndAwait(BroadcastState.RUNNING, 1, SHORT);
    publishAndAwait(BroadcastState.PAUSED, 2, SHORT);
    var events = new ArrayList<DeliveryEvent>();
    for (int contact = 1; contact <= 3_000; contact++) {
      events.add(event(broadcast, contact, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
    }
    retries.publish(events);
    awaitOpen(3_000);
    retries.await("select count(*) from retry where due_at < now()", 3_000);
    publishAndAwait(BroadcastState.RUNNING, 3, SHORT);
    retries.await("select count(*) from retry where announced_at is not null", 3_000);
    assertThat(retries.announcements(broadcast))
        .hasSize(3_000)
        .extracting(one -> one.due().contactId())
        .doesNotHaveDuplicates();
    assertThat(retries.metrics())
        .contains("fanfare_retries_due", "fanfare_retries_announced_total");
  }

  private void publishAndAwait(BroadcastState state, long epoch, Duration... delays) {
    var control = control(broadcast, epoch, state, delays);
    retries.publish(control);
    retries.awaitPolicy(control);
  }

  private void awaitOpen(long count) {
    retries.await("select count(*) from retry where due_at is not null", count);
  }
}
