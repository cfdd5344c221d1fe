package io.fanfare.audience.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.RetryDue;
import io.fanfare.contract.send.SendMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Workers answer at random; every reading of the progress must add up, and the end is exact. */
@ExtendWith(AudienceExtension.class)
class ConservationTest {

  private static final int CONTACTS = 1_500;

  private final AudienceService audience;
  private final Scenario scenario;

  ConservationTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
  }

  @ParameterizedTest(name = "seed {0}, fallback {1}")
  @CsvSource({"41, false", "42, false", "43, true"})
  void holdsAtEveryReadingWhateverWorkersAnswer(long seed, boolean fallback) {
    int recipients = fallback ? CONTACTS : 2 * CONTACTS;
    Random random = new Random(seed);
    UUID server = scenario.account(Channel.EMAIL, 4, 400);
    UUID bot = scenario.account(Channel.TELEGRAM, 1, 100);
    try (FakeWorker worker = new FakeWorker(audience)) {
      UUID list = scenario.list(scenario.contacts(CONTACTS));
      ChannelPlan email = Scenario.plan(Channel.EMAIL, server, 4);
      ChannelPlan telegram = Scenario.plan(Channel.TELEGRAM, bot, 1);
      BroadcastControl broadcast =
          fallback
              ? scenario.fallback(list, email, telegram)
              : scenario.start(list, email, telegram);
      worker.follow(broadcast);
      scenario.awaitFrozen(broadcast);
      Map<Bucket, Integer> ends = new EnumMap<>(Bucket.class);
      List<RetryDue> due = new ArrayList<>();
      int ended = 0;
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (ended < recipients) {
        assertThat(System.nanoTime()).as("ended %s", ends).isLessThan(deadline);
        for (SendMessage command : worker.poll()) {
          if (!worker.claim(command)) {
            continue;
          }
          Outcome outcome = FakeWorker.end(command, answer(random, command));
          worker.count(command, outcome);
          worker.publishEvent(command, outcome);
          Bucket after = outcome.bucketAfter(command.bucket());
          if (after == Bucket.RETRYING) {
            due.add(FakeWorker.retryOf(command, Bucket.RETRYING, false));
          } else if (after != Bucket.IN_FLIGHT) {
            ends.merge(after, 1, Integer::sum);
            ended += after == Bucket.FELL_BACK ? 0 : 1;
          }
        }
        if (random.nextInt(8) == 0) {
          worker.becomeAnother();
        }
        worker.tell();
        due.forEach(worker::announce);
        due.clear();
        broadcast = perhapsPause(random, broadcast);
        JsonNode progress = scenario.progress(broadcast);
        assertThat(progress.path("planned").asInt()).isIn(0, recipients);
        assertWithin(progress);
      }
      scenario.awaitSignal(broadcast, Signal.COMPLETE);
      JsonNode end = scenario.progress(broadcast);
      for (Bucket bucket : Bucket.values()) {
        assertThat(end.path(bucket.id()).asInt())
            .as(bucket.id())
            .isEqualTo(ends.getOrDefault(bucket, 0));
      }
    }
  }

  private BroadcastControl perhapsPause(Random random, BroadcastControl broadcast) {
    if (random.nextInt(15) > 0) {
      return broadcast;
    }
    return scenario.move(scenario.move(broadcast, BroadcastState.PAUSED), BroadcastState.RUNNING);
  }

  private static void assertWithin(JsonNode progress) {
    progress
        .path("channels")
        .properties()
        .forEach(channel ->
            assertThat(channel.getValue().path("in_flight").asLong())
                .isLessThanOrEqualTo(progress.path("look_ahead").path(channel.getKey()).asLong()));
  }

  private static Outcome answer(Random random, SendMessage command) {
    int roll = random.nextInt(100);
    if (roll < 6 && command.bucket() == Bucket.IN_FLIGHT) {
      return Outcome.RETURNED;
    }
    if (roll < 14) {
      return command.attempt() < 4 ? Outcome.RETRYING : Outcome.DEAD;
    }
    if (roll < 17) {
      return Outcome.RATE_LIMITED;
    }
    return roll < 20
        ? Outcome.FAILED
        : roll < 22 ? Outcome.IN_DOUBT : roll < 24 ? Outcome.SKIPPED : Outcome.SENT;
  }
}
