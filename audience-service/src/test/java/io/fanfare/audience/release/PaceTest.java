package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ConfigurableApplicationContext;

/** Rates per minute of broadcasts and tenants, with a minute of three seconds. */
@ExtendWith(AudienceExtension.class)
@AudienceExtension.Settings("fanfare.release.pace-minute=3s")
class PaceTest {

  private static final long SEED = 20261123;
  private static final Duration MINUTE = Duration.ofSeconds(3);
  private static final Map<String, Object> SHORT_MINUTES =
      Map.of("fanfare.release.pace-minute", MINUTE);

  private record Sending(SendMessage command, long arrivesAt, long answeredAt) {}

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  PaceTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void noSlidingMinuteSeesMoreThanTheRateHoweverManyLanesAndInstances() {
    int rate = 60;
    int contacts = 80;
    UUID mail = scenario.account(Channel.EMAIL, 4, 0);
    UUID bot = scenario.account(Channel.TELEGRAM, 2, 100);
    List<Long> arrivals = new ArrayList<>();
    try (ConfigurableApplicationContext other = audience.another(SHORT_MINUTES)) {
      assertThat(other.isRunning()).isTrue();
      BroadcastControl broadcast =
          scenario.paced(
              rate,
              scenario.list(scenario.contacts(contacts)),
              Scenario.plan(Channel.EMAIL, mail, 4),
              Scenario.plan(Channel.TELEGRAM, bot, 2));
      worker.follow(broadcast);
      send(2 * contacts, arrivals);
      scenario.awaitProgress(broadcast, p -> p.path("sent").asLong() == 2 * contacts);
    }
    assertNoMinuteAbove(rate, arrivals);
  }

  @Test
  void noSlidingMinuteOfATenantSeesMoreThanItsRateOverAllBroadcastsLanesAndInstances() {
    int rate = 60;
    int contacts = 60;
    UUID mail = scenario.account(Channel.EMAIL, 4, 0);
    UUID bot = scenario.account(Channel.TELEGRAM, 2, 100);
    scenario.tenantRate(rate, 1);
    List<Long> arrivals = new ArrayList<>();
    try (ConfigurableApplicationContext other = audience.another(SHORT_MINUTES)) {
      assertThat(other.isRunning()).isTrue();
      UUID list = scenario.list(scenario.contacts(contacts));
      BroadcastControl first =
          scenario.start(
              list, Scenario.plan(Channel.EMAIL, mail, 4), Scenario.plan(Channel.TELEGRAM, bot, 2));
      BroadcastControl second = scenario.start(list, Scenario.plan(Channel.EMAIL, mail, 4));
      worker.follow(first).follow(second);
      long began = System.nanoTime();
      send(3 * contacts, arrivals);
      double minutes = (double) (System.nanoTime() - began) / MINUTE.toNanos();
      assertThat(minutes).as("minutes for three times the rate").isBetween(1.5, 8.0);
      scenario.awaitProgress(first, p -> p.path("sent").asLong() == 2 * contacts);
      scenario.awaitProgress(second, p -> p.path("sent").asLong() == contacts);
      // Lifted, the next one goes out at once; quiet for a minute, a tenant has its rate again.
      scenario.tenantRate(0, 2);
      BroadcastControl third = scenario.start(list, Scenario.plan(Channel.EMAIL, mail, 4));
      worker.follow(third);
      assertThat(worker.await(contacts)).hasSize(contacts);
    }
    assertNoMinuteAbove(rate, arrivals);
  }

  private static void assertNoMinuteAbove(int rate, List<Long> arrivals) {
    arrivals.sort(null);
    assertThat(arrivals).hasSizeGreaterThan(rate);
    for (int i = rate; i < arrivals.size(); i++) {
      assertThat(arrivals.get(i) - arrivals.get(i - rate))
          .as("seed %d", SEED)
          .isGreaterThanOrEqualTo(MINUTE.toNanos());
    }
  }

  /** Messages arrive up to 600 ms after they are read and are answered up to 200 ms later. */
  private void send(int count, List<Long> arrivals) {
    Random random = new Random(SEED);
    PriorityQueue<Sending> underWay =
        new PriorityQueue<>(Comparator.comparingLong(Sending::answeredAt));
    int ended = 0;
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (ended < count) {
      assertThat(System.nanoTime()).as("only %d ended", ended).isLessThan(deadline);
      for (SendMessage command : worker.poll()) {
        // A slow machine has some published again, and a worker sends none of them twice.
        if (!worker.claim(command)) {
          continue;
        }
        long arrives = System.nanoTime() + random.nextLong(600_000_000);
        arrivals.add(arrives);
        underWay.add(new Sending(command, arrives, arrives + random.nextLong(200_000_000)));
      }
      List<SendMessage> answered = new ArrayList<>();
      while (!underWay.isEmpty() && underWay.element().answeredAt() <= System.nanoTime()) {
        answered.add(underWay.remove().command());
      }
      if (!answered.isEmpty()) {
        for (SendMessage command : answered) {
          worker.count(command, Outcome.SENT);
          worker.publishEvent(command, Outcome.SENT);
        }
        worker.tell();
        ended += answered.size();
      }
    }
  }
}
