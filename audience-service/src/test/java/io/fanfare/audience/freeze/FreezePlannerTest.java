package io.fanfare.audience.freeze;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.freeze.DueTimePolicy.Due;
import io.fanfare.audience.freeze.FreezePlanner.LaneTotal;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.broadcast.ChannelPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FreezePlannerTest {

  private static final UUID BOT = UUID.randomUUID();
  private static final UUID SERVER = UUID.randomUUID();

  private final Recorded recorded = new Recorded();
  private final FreezePlanner planner =
      new FreezePlanner(
          List.of(
              new ChannelPlan(Channel.EMAIL, SERVER, 3, List.of()),
              new ChannelPlan(Channel.TELEGRAM, BOT, 1, List.of())),
          10,
          recorded);

  @Test
  void everyContactIsOneRecipientOnEveryChannel() {
    for (long id = 1; id <= 95; id++) {
      planner.add(id, id % 5 == 0 ? null : "c" + id + "@example.org", id % 2 == 0 ? null : id);
    }
    List<LaneTotal> totals = planner.finish();
    assertThat(recorded.of(Channel.EMAIL))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 95).boxed().toList());
    assertThat(recorded.of(Channel.TELEGRAM))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 95).boxed().toList());
    assertThat(totals).hasSize(4);
    assertThat(totals.stream().mapToLong(LaneTotal::planned).sum()).isEqualTo(190);
    assertThat(totals.stream().mapToLong(LaneTotal::skipped).sum()).isEqualTo(19 + 47);
  }

  @Test
  void chunksHoldOneLaneAndAreBounded() {
    for (long id = 1; id <= 100; id++) {
      planner.add(id, "c" + id + "@example.org", id);
    }
    planner.finish();
    assertThat(recorded.chunks)
        .allSatisfy(chunk -> {
          assertThat(chunk.ids.length).isBetween(1, 10);
          int shards = chunk.channel.equals(Channel.EMAIL) ? 3 : 1;
          assertThat(Arrays.stream(chunk.ids))
              .allMatch(id -> Lane.of(chunk.lane.accountId(), id, shards).equals(chunk.lane));
        });
  }

  @Test
  void skipsASecondContactOfOneAddressWhateverItsCase() {
    planner.add(1, "Ada@example.org", 7L);
    planner.add(2, "ada@EXAMPLE.org", 7L);
    planner.add(3, null, 8L);
    planner.finish();
    assertThat(recorded.skips)
        .extracting(skip -> skip.channel + " " + skip.reason + " " + Arrays.toString(skip.ids))
        .containsExactlyInAnyOrder(
            "email DUPLICATE_ADDRESS [2]",
            "email NO_ADDRESS [3]",
            "telegram DUPLICATE_ADDRESS [2]");
  }

  @Test
  void aChannelThisServiceHasNoAddressForSkipsEverybody() {
    var webhook = new Recorded();
    var planned =
        new FreezePlanner(
            List.of(new ChannelPlan(Channel.of("webhook"), SERVER, 1, List.of())), 10, webhook);
    planned.add(1, "ada@example.org", 7L);
    planned.finish();
    assertThat(webhook.chunks).isEmpty();
    assertThat(webhook.skips).singleElement().matches(s -> s.reason == SkipReason.NO_ADDRESS);
  }

  @Test
  void inFallbackOrderAContactIsOneRecipientOnTheFirstChannelThatReachesIt() {
    List<LaneTotal> totals = fallBack();
    assertThat(recorded.chunks)
        .extracting(chunk -> chunk.channel + " " + chunk.variant + " " + Arrays.toString(chunk.ids))
        .containsExactlyInAnyOrder("telegram a [1]", "telegram b [2]", "email a [3]");
    assertThat(recorded.skips)
        .extracting(skip -> skip.channel + " " + skip.reason + " " + Arrays.toString(skip.ids))
        .containsExactlyInAnyOrder(
            "telegram NO_ADDRESS [4]",
            "telegram DUPLICATE_ADDRESS [5]",
            "email DUPLICATE_ADDRESS [6]");
    assertThat(totals.stream().mapToLong(LaneTotal::planned).sum()).isEqualTo(6);
    assertThat(totals.stream().mapToLong(LaneTotal::skipped).sum()).isEqualTo(3);
  }

  @Test
  void nobodyFallsBackToAnAddressThatAnEarlierContactHas() {
    fallBack();
    assertThat(recorded.taken).containsExactly("email [2]");
  }

  @Test
  void chunksHaveOneDueTimeAndWhoseTimeHasPassedIsSkippedAndTakesNoAddress() {
    Instant nine = Instant.parse("2027-03-01T08:00:00Z");
    for (long id = 1; id <= 30; id++) {
      Due due = id % 3 == 0 ? Due.PAST : id % 3 == 1 ? new Due(nine, false) : Due.AT_ONCE;
      // Of every three the first, whose time has passed, shares the address of the last.
      planner.add(id, 1, "c" + (id - id % 3) + id % 2 + "@example.org", null, any -> null, due);
    }
    planner.finish();
    assertThat(recorded.chunks)
        .allSatisfy(chunk ->
            assertThat(Arrays.stream(chunk.ids))
                .allMatch(id -> id % 3 == (chunk.dueAt == null ? 2 : 1))
                .isNotEmpty());
    assertThat(recorded.chunks).extracting(chunk -> chunk.dueAt).contains(nine, (Instant) null);
    assertThat(recorded.skips)
        .filteredOn(skip -> skip.reason == SkipReason.LOCAL_TIME_PAST)
        .flatExtracting(skip -> Arrays.stream(skip.ids).boxed().toList())
        .hasSize(10)
        .allMatch(id -> id % 3 == 0);
    assertThat(recorded.of(Channel.EMAIL)).hasSize(30);
    assertThat(recorded.skips).noneMatch(skip -> skip.reason == SkipReason.DUPLICATE_ADDRESS);
  }

  @Test
  void howeverManyKindsOfChunksThereAreABoundedNumberIsOpen() {
    Instant start = Instant.parse("2027-03-01T08:00:00Z");
    int contacts = FreezePlanner.MAX_OPEN + 500;
    for (long id = 1; id <= contacts; id++) {
      Due due = new Due(start.plusSeconds(id), false);
      planner.add(id, 1, "c" + id + "@example.org", null, any -> null, due);
      if (id == FreezePlanner.MAX_OPEN) {
        assertThat(recorded.chunks).isEmpty();
      }
    }
    assertThat(recorded.chunks).hasSize(FreezePlanner.MAX_OPEN);
    planner.finish();
    assertThat(recorded.chunks).hasSize(contacts);
  }

  private List<LaneTotal> fallBack() {
    var fallback =
        new FreezePlanner(
            List.of(
                new ChannelPlan(Channel.TELEGRAM, BOT, 1, List.of()),
                new ChannelPlan(Channel.EMAIL, SERVER, 1, List.of())),
            true,
            contact -> contact % 2 == 0 ? "b" : "a",
            10,
            recorded);
    fallback.add(1, "ada@example.org", 7L);
    fallback.add(2, "Ada@example.org", 8L);
    fallback.add(3, "bob@example.org", null);
    fallback.add(4, null, null);
    fallback.add(5, null, 7L);
    // The address may still be needed by the first contact, which is reached elsewhere so far.
    fallback.add(6, "ADA@example.org", null);
    return fallback.finish();
  }

  private static final class Recorded implements FreezePlanner.Sink {

    private final List<Chunk> chunks = new ArrayList<>();
    private final List<Skip> skips = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();

    @Override
    public void chunk(
        Channel channel,
        Lane lane,
        String variant,
        int segment,
        @Nullable Instant dueAt,
        long[] contactIds) {
      chunks.add(new Chunk(channel, lane, variant, dueAt, contactIds));
    }

    @Override
    public void skip(Channel channel, SkipReason reason, long[] contactIds) {
      skips.add(new Skip(channel, reason, contactIds));
    }

    @Override
    public void addressTaken(Channel channel, long[] contactIds) {
      taken.add(channel + " " + Arrays.toString(contactIds));
    }

    List<Long> of(Channel channel) {
      return LongStream.concat(
              chunks.stream()
                  .filter(chunk -> chunk.channel.equals(channel))
                  .flatMapToLong(chunk -> Arrays.stream(chunk.ids)),
              skips.stream()
                  .filter(skip -> skip.channel.equals(channel))
                  .flatMapToLong(skip -> Arrays.stream(skip.ids)))
          .sorted()
          .boxed()
          .toList();
    }
  }

  private record Chunk(
      Channel channel, Lane lane, String variant, @Nullable Instant dueAt, long[] ids) {}

  private record Skip(Channel channel, SkipReason reason, long[] ids) {}
}
