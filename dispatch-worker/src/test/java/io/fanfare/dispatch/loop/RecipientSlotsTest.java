package io.fanfare.dispatch.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.contract.Lane;
import io.fanfare.dispatch.channel.RecipientLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipientSlotsTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final RecipientLimit CHAT = new RecipientLimit(1, Duration.ofSeconds(1));
  private static final RecipientLimit GROUP = new RecipientLimit(20, Duration.ofMinutes(1));

  private static final long LONG_AGO = -100 * SECOND;

  private final UUID bot = UUID.randomUUID();
  private final RecipientSlots recipients = new RecipientSlots(1_000, Duration.ofSeconds(1), 0);

  private Optional<List<LaneSlots>> take(String chat, long now, RecipientLimit... limits) {
    return recipients.take(new Lane(bot, 0), 1, chat, List.of(limits), LONG_AGO, now);
  }

  @Test
  void oneChatWaitsWhileAnotherAndAnotherBotGoOn() {
    assertThat(take("1", 0, CHAT)).isPresent();
    assertThat(take("1", 0, CHAT)).isEmpty();
    assertThat(take("2", 0, CHAT)).isPresent();
    assertThat(recipients.take(new Lane(UUID.randomUUID(), 0), 1, "1", List.of(CHAT), 0, 0))
        .isPresent();
  }

  @Test
  void eachLaneHasItsShareOfADomain() {
    RecipientLimit domain = new RecipientLimit("example.org", 7, Duration.ofSeconds(1));
    for (int shard = 0; shard < 3; shard++) {
      Lane lane = new Lane(bot, shard);
      for (int i = 0; i < 2; i++) {
        assertThat(recipients.take(lane, 3, i + "@example.org", List.of(domain), LONG_AGO, 0))
            .isPresent();
      }
      assertThat(recipients.take(lane, 3, "x@example.org", List.of(domain), LONG_AGO, 0)).isEmpty();
    }
    assertThat(recipients.size()).isEqualTo(3);
  }

  @Test
  void aSlotThatNothingWasWrittenWithIsFreeAtOnce() {
    take("1", 0, CHAT).orElseThrow().forEach(LaneSlots::giveBack);
    assertThat(take("1", 0, CHAT)).isPresent();
  }

  @Test
  void addressesAreForgottenAfterTheirWindow() {
    take("1", 0, CHAT).orElseThrow().forEach(slots -> slots.answered(0));
    take("-2", 0, CHAT, GROUP).orElseThrow().forEach(slots -> slots.answered(0));
    assertThat(recipients.size()).isEqualTo(3);
    recipients.forget(SECOND);
    assertThat(recipients.size()).isEqualTo(1);
    recipients.forget(60 * SECOND);
    assertThat(recipients.size()).isZero();
  }

  @Test
  void atMostSoManyAreRememberedAndFurtherOnesWait() {
    for (int chat = 0; chat < 1_000; chat++) {
      take("" + chat, 0, CHAT).orElseThrow().forEach(slots -> slots.answered(0));
    }
    assertThat(take("new", SECOND / 2, CHAT)).isEmpty();
    assertThat(recipients.size()).isEqualTo(1_000);
    assertThat(take("new", SECOND, CHAT)).isPresent();
    assertThat(recipients.size()).isEqualTo(1);
  }

  @Test
  void aNewOwnerOfTheLaneWaitsForTheLongestWindowOfAnother() {
    long othersUntil = 3 * SECOND;
    assertThat(
            recipients.take(
                new Lane(bot, 0), 1, "-1", List.of(CHAT, GROUP), othersUntil, 4 * SECOND))
        .isEmpty();
    assertThat(recipients.take(new Lane(bot, 0), 1, "1", List.of(CHAT), othersUntil, 2 * SECOND))
        .isEmpty();
    assertThat(recipients.take(new Lane(bot, 0), 1, "1", List.of(CHAT), othersUntil, 3 * SECOND))
        .isPresent();
    assertThat(
            recipients.take(
                new Lane(bot, 0), 1, "-1", List.of(CHAT, GROUP), othersUntil, 62 * SECOND))
        .isPresent();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23})
  void noMinuteOfAGroupSeesMoreThanTwenty(long seed) {
    Random random = new Random(seed);
    List<Long> arrivals = new ArrayList<>();
    long step = SECOND / 10;
    long busyUntil = 0;
    List<LaneSlots> held = List.of();
    for (long now = 0; now < 600 * SECOND; now += step) {
      if (!held.isEmpty() && now >= busyUntil) {
        long answered = now;
        held.forEach(slots -> slots.answered(answered));
        held = List.of();
      }
      Optional<List<LaneSlots>> taken = take("-100", now, CHAT, GROUP);
      if (taken.isPresent()) {
        held = taken.get();
        busyUntil = now + step * (1 + random.nextInt(10));
        arrivals.add(now + random.nextLong(busyUntil - now));
      }
    }
    for (int i = 20; i < arrivals.size(); i++) {
      assertThat(arrivals.get(i) - arrivals.get(i - 20)).isGreaterThanOrEqualTo(60 * SECOND);
    }
    for (int i = 1; i < arrivals.size(); i++) {
      assertThat(arrivals.get(i) - arrivals.get(i - 1)).isGreaterThanOrEqualTo(SECOND);
    }
    assertThat(arrivals.size()).as("and the limit is used").isGreaterThan(150);
  }
}
