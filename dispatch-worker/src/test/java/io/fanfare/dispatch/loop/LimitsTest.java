package io.fanfare.dispatch.loop;

import static io.fanfare.dispatch.loop.DispatchStage.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.contract.Lane;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.DispatchSettings;
import io.fanfare.dispatch.PoolSettings;
import io.fanfare.dispatch.TestSwitches;
import io.fanfare.dispatch.channel.RecipientLimit;
import io.fanfare.dispatch.channel.SendOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one address, one lane and one broadcast may take of a worker. */
class LimitsTest {

  private static final Duration WINDOW = Duration.ofSeconds(1);

  private DispatchStage stage;

  @BeforeEach
  void open() throws Exception {
    stage = new DispatchStage();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void oneAddressGetsOneMessageASecondAndNobodyElseWaitsForIt() throws Exception {
    ChannelAccount account = stage.account(0, 1, 1, UUID.randomUUID());
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.limits(address -> List.of(new RecipientLimit(1, WINDOW)));
    stage.provider.takes(Duration.ofMillis(2));
    List<SendMessage> commands = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      commands.add(DispatchStage.addressed(stage.command(broadcast, i), "same@example.org"));
    }
    for (int i = 5; i < 300; i++) {
      commands.add(stage.command(broadcast, i));
    }
    stage.start("w1");
    stage.release(commands);
    stage.awaitResults(broadcast, 300);

    List<Long> same = arrivalsOf("same@example.org");
    assertThat(same).hasSize(5);
    for (int i = 1; i < same.size(); i++) {
      assertThat(same.get(i) - same.get(i - 1)).isGreaterThanOrEqualTo(WINDOW.toNanos());
    }
    long lastOther =
        stage.provider.arrivals().stream()
            .filter(arrival -> !arrival.address().equals("same@example.org"))
            .mapToLong(FakeProvider.Arrival::nanos)
            .max()
            .orElseThrow();
    assertThat(lastOther).isLessThan(same.get(2));
  }

  @Test
  void aLaneThatIsToldToSlowDownRestsAndSendsLess() throws Exception {
    // Of twenty-three a second something other than commands has three.
    ChannelAccount account = stage.account(23, 1, 1, UUID.randomUUID());
    stage.provider.keepsApart(3);
    BroadcastControl broadcast = stage.broadcast(account);
    AtomicInteger asked = new AtomicInteger();
    stage.provider.answers(message ->
        asked.incrementAndGet() == 10
            ? new SendOutcome.Deferred(
                new Cause("too_fast", "429", null), Duration.ofMillis(1_500), true)
            : new SendOutcome.Sent(null));
    stage.start("w1");
    stage.release(broadcast, 0, 90);
    stage.awaitResults(broadcast, 90);

    assertThat(stage.results(broadcast)).containsEntry(Outcome.RATE_LIMITED, 1L);
    List<Long> arrivals =
        stage.provider.arrivals().stream().map(FakeProvider.Arrival::nanos).sorted().toList();
    // The first second's twenty were under way together; then it rests, then fourteen at most.
    long rested = arrivals.get(20) - arrivals.get(19);
    assertThat(rested).isGreaterThan(Duration.ofMillis(1_400).toNanos());
    for (int i = 20; i + 14 < arrivals.size(); i++) {
      assertThat(arrivals.get(i + 14) - arrivals.get(i)).isGreaterThanOrEqualTo(WINDOW.toNanos());
    }
  }

  @Test
  void noSlidingSecondOfAMailDomainExceedsItsLimitOnAnyNumberOfWorkersAndOthersGoOn()
      throws Exception {
    ChannelAccount account = stage.account(0, 4, 1, UUID.randomUUID());
    BroadcastControl broadcast = stage.broadcast(account);
    RecipientLimit twenty = new RecipientLimit("slow.example", 20, WINDOW);
    stage.provider.limits(
        address -> address.endsWith("@slow.example") ? List.of(twenty) : List.of());
    stage.provider.takes(Duration.ofMillis(5));
    List<SendMessage> commands = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      SendMessage command = stage.command(broadcast, i);
      commands.add(
          i % 5 == 0 ? DispatchStage.addressed(command, "c" + i + "@slow.example") : command);
    }
    stage.start("w1");
    stage.start("w2");
    stage.release(commands);
    stage.awaitResults(broadcast, 400);

    List<Long> slow =
        stage.provider.arrivals().stream()
            .filter(arrival -> arrival.address().endsWith("@slow.example"))
            .map(FakeProvider.Arrival::nanos)
            .sorted()
            .toList();
    assertThat(slow).hasSize(80);
    System.out.printf("slow.example: at most %d in a second, of 20%n", mostInAWindow(slow));
    assertThat(mostInAWindow(slow)).isBetween(10, 20);
    assertThat(stage.results(broadcast)).containsOnlyKeys(Outcome.SENT);
    assertThat(
            stage.provider.arrivals().stream()
                .filter(arrival -> !arrival.address().endsWith("@slow.example"))
                .map(FakeProvider.Arrival::nanos)
                .sorted()
                .toList()
                .get(300))
        .as("others pass")
        .isLessThan(slow.get(60));
  }

  @Test
  void theNextOwnerOfALaneGoesOnWithWhatTheOneBeforeLearned() throws Exception {
    ChannelAccount account = stage.account(20, 1, 1, UUID.randomUUID());
    BroadcastControl broadcast = stage.broadcast(account);
    Duration rest = Duration.ofSeconds(5);
    AtomicInteger asked = new AtomicInteger();
    AtomicLong refusedAt = new AtomicLong();
    stage.provider.answers(message -> {
      if (asked.incrementAndGet() != 10) {
        return new SendOutcome.Sent(null);
      }
      refusedAt.set(System.nanoTime());
      return new SendOutcome.Deferred(new Cause("too_fast", "429", null), rest, true);
    });
    DispatchWorker first = stage.start("w1");
    stage.release(broadcast, 0, 60);
    String learned =
        "select count(*) from dispatch_worker.lane where learned_rate = 14 and rest_until > now()";
    await().atMost(PATIENCE).until(() -> stage.count(learned) == 1);
    stage.stop(first);
    int before = stage.provider.arrivals().size();
    assertThat(before).isLessThan(60);
    stage.start("w2");
    stage.awaitResults(broadcast, 60);

    List<Long> arrivals =
        stage.provider.arrivals().stream()
            .map(FakeProvider.Arrival::nanos)
            .sorted()
            .skip(before)
            .toList();
    assertThat(arrivals.getFirst() - refusedAt.get()).isGreaterThanOrEqualTo(rest.toNanos());
    assertThat(mostInAWindow(arrivals)).isLessThanOrEqualTo(14);
    assertThat(stage.count("select epoch from dispatch_worker.lane")).isEqualTo(2);
  }

  @Test
  void aWorkerWhoseLaneAnotherOneTookSendsOnItAgainOnlyAfterItIsTheOwnerAndHasWaited()
      throws Exception {
    ChannelAccount account = stage.account(20, 1, 1, UUID.randomUUID());
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.takes(Duration.ofMillis(2));
    stage.start("w1");
    stage.release(broadcast, 0, 80);
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() >= 25);
    // As a new owner does while this worker does not know yet that it lost the partition.
    stage.execute("update dispatch_worker.lane set epoch = epoch + 1, incarnation = 0");
    long taken = System.nanoTime();
    stage.awaitResults(broadcast, 80);

    DispatchSettings settings = DispatchStage.settings();
    long late = taken + settings.claimToWrite().toNanos();
    long again = taken + settings.handover().toNanos();
    assertThat(stage.provider.arrivals())
        .noneMatch(arrival -> arrival.nanos() - late > 0 && arrival.nanos() - again < 0)
        .anyMatch(arrival -> arrival.nanos() - again >= 0);
    assertThat(stage.provider.arrivals().stream().map(FakeProvider.Arrival::contactId).distinct())
        .hasSize(stage.provider.arrivals().size())
        .hasSize(Math.toIntExact(stage.results(broadcast).get(Outcome.SENT)));
    assertThat(stage.count("select epoch from dispatch_worker.lane")).isEqualTo(3);
    assertThat(stage.meters.counter("fanfare.lanes.lost").count()).isEqualTo(1);
    assertThat(stage.meters.counter("fanfare.duplicates.suppressed").count()).isZero();
    await().atMost(PATIENCE).until(() -> stage.lag() == 0);
  }

  @Test
  void oneBroadcastHasNoMoreSendsAtOnceThanItsPool() throws Exception {
    ChannelAccount account = stage.account(0, 4, 1, UUID.randomUUID());
    BroadcastControl broadcast = stage.broadcast(account);
    stage.provider.takes(Duration.ofMillis(3));
    start(new PoolSettings(3, 1_000, Duration.ofMinutes(5), Duration.ofSeconds(30)));
    stage.release(broadcast, 0, 400);
    stage.awaitResults(broadcast, 400);
    assertThat(stage.provider.mostAtOnce()).isBetween(1, 3);
    assertThat(stage.provider.arrivals()).hasSize(400);
  }

  @Test
  void aFullQueueOfOneBroadcastIsReadOnLaterAndNothingIsLostOrDoubled() throws Exception {
    ChannelAccount account = stage.account(0, 1, 1, UUID.randomUUID());
    BroadcastControl large = stage.broadcast(account);
    stage.provider.hang();
    stage.release(large, 0, 500);
    DispatchWorker worker =
        start(new PoolSettings(5, 20, Duration.ofMillis(300), Duration.ofMillis(200)));
    await().atMost(PATIENCE).until(() -> worker.held() >= 15);
    await()
        .during(Duration.ofMillis(700))
        .atMost(Duration.ofSeconds(3))
        .until(() -> worker.held() >= 15 && worker.held() <= 25);
    int held = worker.held();
    // On the lane of another account nobody notices.
    ChannelAccount other = stage.account(0, 1, 1, otherPartition(account));
    BroadcastControl small = stage.broadcast(other);
    stage.release(small, 0, 10);
    await().atMost(PATIENCE).until(() -> worker.held() == held + 10);
    stage.provider.release();
    stage.awaitResults(large, 500);
    stage.awaitResults(small, 10);
    Map<String, Long> perContact =
        stage.provider.arrivals().stream()
            .collect(
                Collectors.groupingBy(
                    arrival -> arrival.broadcastId() + ":" + arrival.contactId(),
                    Collectors.counting()));
    assertThat(perContact).hasSize(510).allSatisfy((contact, times) -> assertThat(times).isOne());
    await().atMost(PATIENCE).until(() -> stage.lag() == 0);
    await().atMost(PATIENCE).until(() -> worker.livePools() == 0);
  }

  @Test
  void messagesFindASlotOfALaneThatABroadcastFills() throws Exception {
    ChannelAccount account = stage.account(20, 1, 1, UUID.randomUUID());
    BroadcastControl large = stage.broadcast(account);
    BroadcastControl messages = stage.broadcast(account);
    stage.start("w1");
    stage.release(large, 0, 400);
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() >= 20);
    // The first message says that others may come; then the broadcast leaves them their share.
    waitOf(messages, 0);
    int seen = stage.provider.arrivals().size();
    await().atMost(PATIENCE).until(() -> stage.provider.arrivals().size() >= seen + 40);
    long waited = 0;
    for (int i = 1; i <= 4; i++) {
      waited += waitOf(messages, i);
    }
    // Without a share each would wait for the slots of the broadcast, which come once a second.
    assertThat(Duration.ofNanos(waited)).isLessThan(Duration.ofMillis(1_200));
    stage.awaitResults(messages, 5);
    List<Long> arrivals =
        stage.provider.arrivals().stream().map(FakeProvider.Arrival::nanos).sorted().toList();
    for (int i = 0; i + 20 < arrivals.size(); i++) {
      assertThat(arrivals.get(i + 20) - arrivals.get(i)).isGreaterThanOrEqualTo(WINDOW.toNanos());
    }
  }

  @Test
  void messagesFindAConnectionOfAProviderThatHangsOnABroadcast() throws Exception {
    ChannelAccount account = stage.account(0, 1, 1, UUID.randomUUID());
    BroadcastControl large = stage.broadcast(account);
    BroadcastControl messages = stage.broadcast(account);
    DispatchWorker worker =
        stage.start(
            "w1", DispatchStage.settings(40, 4_000), TestSwitches.NONE, UnaryOperator.identity());
    waitOf(messages, 0);
    stage.provider.hang();
    stage.release(large, 0, 500);
    // Whichever is used up first: small batches take the connections, large ones the claims.
    await().atMost(PATIENCE).until(() -> stage.provider.atOnce() >= 7 || worker.openClaims() >= 24);
    waitOf(messages, 1);
    stage.provider.release();
    stage.awaitResults(large, 500);
    stage.awaitResults(messages, 2);
  }

  @Test
  void aMessageBringsItsOwnVariables() throws Exception {
    ChannelAccount account = stage.account(0, 1, 1, UUID.randomUUID());
    BroadcastControl messages = stage.broadcast(account);
    List<Object> variables = new CopyOnWriteArrayList<>();
    stage.provider.answers(message -> {
      variables.add(message.data().get("vars"));
      return new SendOutcome.Sent(null);
    });
    stage.start("w1");
    SendMessage plain = stage.command(messages, 1);
    SendMessage own = stage.command(messages, 2);
    stage.release(
        List.of(
            plain,
            DispatchStage.carrying(
                own, Map.of("contact", Map.of("name", "Ada"), "vars", Map.of("code", "4711")))),
        SendClass.PRIORITY);
    stage.awaitResults(messages, 2);
    assertThat(variables).containsExactlyInAnyOrder(Map.of(), Map.of("code", "4711"));
  }

  /** Nanoseconds from the release of a message to its arrival. */
  private long waitOf(BroadcastControl messages, long contact) {
    long released = System.nanoTime();
    stage.release(List.of(stage.command(messages, contact)), SendClass.PRIORITY);
    return await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(5))
            .until(
                () ->
                    stage.provider.arrivals().stream()
                        .filter(arrival -> arrival.broadcastId().equals(messages.broadcastId()))
                        .filter(arrival -> arrival.contactId() == contact)
                        .findFirst(),
                Optional::isPresent)
            .orElseThrow()
            .nanos()
        - released;
  }

  private static int mostInAWindow(List<Long> sorted) {
    int most = 0;
    int from = 0;
    for (int to = 0; to < sorted.size(); to++) {
      while (sorted.get(to) - sorted.get(from) > WINDOW.toNanos()) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  private DispatchWorker start(PoolSettings pools) throws Exception {
    DispatchSettings settings = DispatchStage.settings(256, 4_000, pools);
    return stage.start("w1", settings, TestSwitches.NONE, UnaryOperator.identity());
  }

  /** An account whose lane is in another partition of the four. */
  private static UUID otherPartition(ChannelAccount account) {
    while (true) {
      UUID id = UUID.randomUUID();
      if (partition(id) != partition(account.accountId())) {
        return id;
      }
    }
  }

  private static int partition(UUID account) {
    byte[] key = new Lane(account, 0).key().getBytes(UTF_8);
    return Utils.toPositive(Utils.murmur2(key)) % 4;
  }

  private List<Long> arrivalsOf(String address) {
    return stage.provider.arrivals().stream()
        .filter(arrival -> arrival.address().equals(address))
        .map(FakeProvider.Arrival::nanos)
        .sorted()
        .toList();
  }
}
