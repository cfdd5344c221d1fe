package io.fanfare.retry.due;

import static io.fanfare.retry.Deliveries.LONG;
import static io.fanfare.retry.Deliveries.SHORT;
import static io.fanfare.retry.Deliveries.control;
import static io.fanfare.retry.Deliveries.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.RetryDue;
import io.fanfare.localstack.testing.TestInfrastructure;
import io.fanfare.retry.Deliveries;
import io.fanfare.retry.RetryUnderTest;
import io.fanfare.retry.RetryUnderTest.Announcement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RetryAnnouncementTest {

  private static RetryUnderTest retries;

  private final UUID broadcast = UUID.randomUUID();

  @BeforeAll
  static void open() {
    TestInfrastructure.resetTopics();
    retries = new RetryUnderTest();
    retries.start();
  }

  @AfterAll
  static void close() {
    retries.close();
  }

  @Test
  void aRetryIsAnnouncedOnceItIsDueAndNotBefore() {
    publishAndAwait(BroadcastState.RUNNING, 1, Duration.ofMillis(500));
    var failure = event(broadcast, 42, 1, Bucket.IN_FLIGHT, Outcome.RETRYING);
    retries.publish(failure);

    var announced = retries.awaitAnnouncements(broadcast, all -> !all.isEmpty()).getFirst();
    assertThat(announced.due())
        .isEqualTo(
            new RetryDue(
                Deliveries.TENANT,
                broadcast,
                42,
                failure.channel(),
                2,
                2,
                Bucket.RETRYING,
                false,
                Deliveries.DAY,
                failure.lane(),
                "a",
                null));
    var delay = BackoffPolicy.delay(List.of(Duration.ofMillis(500)), 1, Recipient.of(failure), 1);
    assertThat(announced.atMillis())
        .isGreaterThanOrEqualTo(failure.at().plus(delay).toEpochMilli());
  }

  @Test
  void theProvidersInstantIsKeptToTheMillisecond() {
    publishAndAwait(BroadcastState.RUNNING, 1, SHORT);
    var retryAt = Instant.now().plusMillis(700);
    retries.publish(event(broadcast, 1, 1, 1, Bucket.IN_FLIGHT, Outcome.RATE_LIMITED, retryAt));

    var announced = retries.awaitAnnouncements(broadcast, all -> !all.isEmpty()).getFirst();
    assertThat(announced.due().attempt()).isEqualTo(1);
    assertThat(announced.due().issue()).isEqualTo(2);
    assertThat(announced.atMillis()).isGreaterThanOrEqualTo(retryAt.toEpochMilli());
  }

  @Test
  void pauseHoldsAndResumeReleases() throws Exception {
    publishAndAwait(BroadcastState.RUNNING, 1, SHORT);
    publishAndAwait(BroadcastState.PAUSED, 2, SHORT);
    retries.publish(event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
    awaitOpen(1);
    announceSomethingElse();
    assertThat(retries.announcements(broadcast)).isEmpty();
    retries.await(of(broadcast, "due_at < now() and announced_at is null"), 1);

    publishAndAwait(BroadcastState.RUNNING, 3, SHORT);
    retries.awaitAnnouncements(broadcast, all -> all.size() == 1);
  }

  @Test
  void reportsWhatIsHeldWhatWaitsAndWhatIsDead() throws Exception {
    publishAndAwait(BroadcastState.PAUSED, 1, LONG);
    retries.publish(
        event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING),
        event(broadcast, 2, 1, Bucket.IN_FLIGHT, Outcome.RETRYING),
        event(broadcast, 3, 1, Bucket.IN_FLIGHT, Outcome.FAILED));
    awaitStatus("0 0 2 1");
    publishAndAwait(BroadcastState.RUNNING, 2, LONG);
    awaitStatus("0 2 0 1");
    assertThat(
            retries.number(
                """
                select count(*) from information_schema.columns c
                join pg_class t on t.relname = c.table_name
                where c.table_name = 'retry_queue_status'
                  and col_description(t.oid, c.ordinal_position) is null
                """))
        .isZero();
  }

  private void awaitStatus(String status) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                retries.text(
                    """
                    select concat_ws(' ', coalesce(sum(due), 0), coalesce(sum(waiting), 0),
                      coalesce(sum(held), 0), coalesce(sum(dead), 0))
                    from retry_queue_status where tenant_id = '%s' and broadcast_id = '%s'
                    """
                        .formatted(Deliveries.TENANT, broadcast)),
            status::equals);
  }

  @Test
  void aGlobalStopHoldsEveryRetryAndLiftedTheyAreAnnounced() {
    publishAndAwait(BroadcastState.RUNNING, 1, SHORT);
    retries.stopAll(true, 1);
    try {
      retries.publish(event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
      retries.await(of(broadcast, "due_at < now() and announced_at is null"), 1);
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(5))
          .until(() -> retries.announcements(broadcast).isEmpty());
    } finally {
      retries.stopAll(false, 2);
    }
    retries.awaitAnnouncements(broadcast, all -> all.size() == 1);
  }

  @Test
  void cancelAnnouncesAtOnceSoThatWorkersCanEndThem() {
    publishAndAwait(BroadcastState.RUNNING, 1, LONG);
    retries.publish(event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
    awaitOpen(1);
    publishAndAwait(BroadcastState.CANCELLED, 2, LONG);
    retries.awaitAnnouncements(broadcast, all -> all.size() == 1);

    // One that comes after the end, too.
    retries.publish(event(broadcast, 2, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
    retries.awaitAnnouncements(broadcast, all -> all.size() == 2);
    retries.publish(
        event(broadcast, 1, 2, Bucket.RETRYING, Outcome.CANCELLED),
        event(broadcast, 2, 2, Bucket.RETRYING, Outcome.CANCELLED));
    awaitOpen(0);
  }

  @Test
  void cancelLeavesWhoeverIsInDoubtInDoubt() {
    var running = control(broadcast, 1, BroadcastState.RUNNING, DeliveryPolicy.AT_LEAST_ONCE, LONG);
    retries.publish(running);
    retries.awaitPolicy(running);
    retries.publish(
        event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.IN_DOUBT),
        event(broadcast, 2, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
    awaitOpen(2);
    var cancelled =
        control(broadcast, 2, BroadcastState.CANCELLED, DeliveryPolicy.AT_LEAST_ONCE, LONG);
    retries.publish(cancelled);
    retries.awaitPolicy(cancelled);
    var announced = retries.awaitAnnouncements(broadcast, all -> all.size() == 1);
    assertThat(announced.getFirst().due().contactId()).isEqualTo(2);
    retries.await(of(broadcast, "bucket = 'in_doubt' and due_at is null"), 1);
  }

  @Test
  void resultsDeliveredAgainInAnyOrderChangeNothing() throws Exception {
    publishAndAwait(BroadcastState.RUNNING, 1, LONG, LONG, LONG);
    var events = new ArrayList<DeliveryEvent>();
    for (int contact = 1; contact <= 20; contact++) {
      events.add(event(broadcast, contact, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
      events.add(event(broadcast, contact, 2, Bucket.RETRYING, Outcome.RETRYING));
      if (contact % 2 == 0) {
        events.add(event(broadcast, contact, 3, Bucket.RETRYING, Outcome.SENT));
      }
      if (contact % 3 == 0) {
        events.add(event(broadcast, 100 + contact, 1, Bucket.IN_FLIGHT, Outcome.FAILED));
      }
    }
    retries.publish(events);
    retries.await(of(broadcast, "history @> '[{\"issue\": 2}]'"), 20);
    retries.await(of(broadcast, "history @> '[{\"outcome\": \"sent\"}]'"), 10);
    retries.await(of(broadcast, "bucket = 'failed'"), 6);
    awaitOpen(10);
    var table = everything();

    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Collections.shuffle(events, new Random(seed));
    retries.publish(events);
    // Keyed as the others are, so that it is handled after all of them.
    var markers = new ArrayList<DeliveryEvent>();
    var markerBroadcast = UUID.randomUUID();
    for (int contact = 1; contact <= 20; contact++) {
      markers.add(event(markerBroadcast, contact, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
    }
    retries.publish(markers);
    awaitOpen(markerBroadcast, 20);
    assertThat(everything()).isEqualTo(table);
  }

  @Test
  void aBroadcastWhoseControlIsUnknownIsHeld() {
    // A result of a past whose due time has come, whatever the delays are.
    retries.publish(
        event(broadcast, 1, 1, 1, Bucket.IN_FLIGHT, Outcome.RATE_LIMITED, Instant.EPOCH));
    awaitOpen(1);
    announceSomethingElse();
    assertThat(retries.announcements(broadcast)).isEmpty();
    publishAndAwait(BroadcastState.RUNNING, 1, SHORT);
    retries.awaitAnnouncements(broadcast, all -> all.size() == 1);
  }

  @Test
  void aRetryThatComesBackUntriedIsAnnouncedAgainAsTheNextIssue() {
    publishAndAwait(BroadcastState.RUNNING, 1, SHORT);
    retries.publish(
        // This one went back to where first orders come from.
        event(broadcast, 7, 1, Bucket.IN_FLIGHT, Outcome.RETURNED),
        event(broadcast, 1, 2, 2, Bucket.RETRYING, Outcome.RETURNED, null));
    var announced = retries.awaitAnnouncements(broadcast, all -> !all.isEmpty());
    assertThat(announced).hasSize(1);
    assertThat(announced.getFirst().due().contactId()).isEqualTo(1);
    assertThat(announced.getFirst().due().issue()).isEqualTo(3);
    assertThat(announced.getFirst().due().attempt()).isEqualTo(2);
  }

  @Test
  void inDoubtIsTriedAgainUnderAtLeastOnceOnly() {
    var cautious = UUID.randomUUID();
    retries.publish(
        event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.IN_DOUBT),
        event(cautious, 1, 1, Bucket.IN_FLIGHT, Outcome.IN_DOUBT));
    awaitOpen(broadcast, 1);
    awaitOpen(cautious, 1);
    retries.publish(control(cautious, 1, BroadcastState.RUNNING, SHORT));
    retries.publish(
        control(broadcast, 1, BroadcastState.RUNNING, DeliveryPolicy.AT_LEAST_ONCE, SHORT));
    retries.awaitAnnouncements(broadcast, all -> all.size() == 1);
    announceSomethingElse();
    assertThat(retries.announcements(cautious)).isEmpty();
  }

  @Test
  void poisonGoesToTheDeadLetterTopicAndTheNextResultIsHandled() {
    publishAndAwait(BroadcastState.RUNNING, 1, SHORT);
    var topic = Topics.DELIVERY_EVENTS;
    retries.probe().produce(topic.name(), "1", "{ no JSON".getBytes(StandardCharsets.UTF_8));
    retries.publish(event(broadcast, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
    retries.awaitAnnouncements(broadcast, all -> all.size() == 1);
    assertThat(retries.probe().readAll(topic.deadLetterTopic(Topics.Groups.RETRY_DELIVERY)))
        .hasSize(1);
  }

  private void publishAndAwait(BroadcastState state, long epoch, Duration... delays) {
    var control = control(broadcast, epoch, state, delays);
    retries.publish(control);
    retries.awaitPolicy(control);
  }

  private void awaitOpen(long count) {
    awaitOpen(broadcast, count);
  }

  private static void awaitOpen(UUID broadcast, long count) {
    retries.await(of(broadcast, "due_at is not null"), count);
  }

  private static String of(UUID broadcast, String condition) {
    return "select count(*) from retry where broadcast_id = '%s' and ".formatted(broadcast)
        + condition;
  }

  /** Another broadcast's retry goes all the way; what is not announced by then is held. */
  private List<Announcement> announceSomethingElse() {
    var other = UUID.randomUUID();
    retries.publish(control(other, 1, BroadcastState.RUNNING, Duration.ofMillis(300)));
    retries.publish(event(other, 1, 1, Bucket.IN_FLIGHT, Outcome.RETRYING));
    return retries.awaitAnnouncements(other, all -> !all.isEmpty());
  }

  private String everything() throws Exception {
    return retries.text(
        """
        select jsonb_build_array(
          (select jsonb_agg(to_jsonb(r) order by contact_id) from retry r
           where broadcast_id = '%1$s'),
          (select jsonb_agg(to_jsonb(d) order by contact_id) from dead_letter d
           where broadcast_id = '%1$s'))
        """
            .formatted(broadcast));
  }
}
