package io.fanfare.audience.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.audience.AudienceExtension;
import io.fanfare.audience.AudienceService;
import io.fanfare.audience.FakeWorker;
import io.fanfare.audience.Scenario;
import io.fanfare.audience.release.LaneWork.Waiting;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastSignal.VariantSize;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
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
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(AudienceExtension.class)
class HoldBackTest {

  private static final int CONTACTS = 100;

  private final AudienceService audience;
  private final Scenario scenario;
  private final FakeWorker worker;

  HoldBackTest(AudienceService audience) {
    this.audience = audience;
    this.scenario = new Scenario(audience);
    this.worker = new FakeWorker(audience);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  /** A broadcast on one mail lane whose tested recipients are out; what is held back stays. */
  private final class UnderTest {

    private final List<Long> contacts = scenario.contacts(CONTACTS);
    private final UUID account = scenario.account(Channel.EMAIL, 1, 0);
    private final BroadcastControl control =
        scenario.tested(
            Scenario.test(null, 20, 20),
            scenario.list(contacts),
            Scenario.plan(Channel.EMAIL, account, 1));
    private final List<SendMessage> tested;

    UnderTest() {
      worker.follow(control);
      scenario.awaitFrozen(control);
      tested = worker.await(1);
      tested.addAll(worker.settled());
      assertThat(tested).extracting(SendMessage::variant).containsOnly("a", "b");
      assertThat(tested).hasSizeBetween(15, 65);
    }

    int held() {
      return CONTACTS - tested.size();
    }

    /** Ends the rest, and sees that everybody had one message and nobody two. */
    void awaitWinnerSent(BroadcastControl decided) {
      List<SendMessage> rest = worker.await(held());
      assertThat(rest).extracting(SendMessage::variant).containsOnly(AbTest.HOLD_BACK);
      assertThat(rest).allMatch(command -> command.controlEpoch() == decided.epoch());
      worker.end(rest, Outcome.SENT);
      awaitEverybodyOnce(decided, rest);
    }

    private void awaitEverybodyOnce(BroadcastControl decided, List<SendMessage> rest) {
      scenario.awaitSignal(decided, Signal.COMPLETE);
      assertThat(worker.settled()).isEmpty();
      assertThat(scenario.progress(decided).path("sent").asLong()).isEqualTo(CONTACTS);
      Set<Long> reached = new HashSet<>();
      tested.forEach(command -> reached.add(command.contactId()));
      rest.forEach(command -> assertThat(reached.add(command.contactId())).isTrue());
      assertThat(reached).containsExactlyInAnyOrderElementsOf(contacts);
    }
  }

  @Test
  void aContactGetsOneVariantOnEveryChannelInThePlannedShares() {
    BroadcastControl broadcast =
        scenario.tested(
            Scenario.test(null, 20, 30),
            scenario.list(scenario.contacts(2_000)),
            Scenario.plan(Channel.EMAIL, Ids.next(), 8),
            Scenario.plan(Channel.TELEGRAM, Ids.next(), 1));
    scenario.awaitFrozen(broadcast);
    Map<Long, String> variants = new HashMap<>();
    audience
        .jdbc()
        .query(
            "select unnest(contact_ids) as contact, variant from chunk where broadcast_id = ?",
            row -> {
              String other = variants.put(row.getLong("contact"), row.getString("variant"));
              assertThat(other).isIn(null, row.getString("variant"));
            },
            broadcast.broadcastId());
    Map<String, Long> counts =
        variants.values().stream()
            .collect(Collectors.groupingBy(variant -> variant, Collectors.counting()));
    assertThat(counts.get("a")).isBetween(300L, 500L);
    assertThat(counts.get("b")).isBetween(480L, 720L);
    assertThat(counts.get(AbTest.HOLD_BACK)).isBetween(880L, 1_120L);
    List<VariantSize> sizes = scenario.awaitSignal(broadcast, Signal.FROZEN).variants();
    assertThat(sizes)
        .extracting(size -> size.channel() + " " + size.variant() + " " + size.recipients())
        .containsExactlyInAnyOrderElementsOf(
            List.of("email", "telegram").stream()
                .flatMap(channel ->
                    counts.entrySet().stream()
                        .map(each -> channel + " " + each.getKey() + " " + each.getValue()))
                .toList());
    JsonNode progress = scenario.progress(broadcast);
    assertThat(progress.path("planned").asLong()).isEqualTo(4_000);
    assertThat(progress.path("pending").asLong()).isEqualTo(4_000);
  }

  @Test
  void whoIsHeldBackIsPendingUntilTheWinnerIsThereAndThenReleasedOnce() {
    UnderTest test = new UnderTest();
    SendMessage returned = test.tested.getFirst();
    worker.end(List.of(returned), Outcome.RETURNED);
    worker.end(test.tested.subList(1, test.tested.size()), Outcome.SENT);
    List<SendMessage> again = worker.await(1);
    assertThat(again).extracting(SendMessage::variant).containsExactly(returned.variant());
    worker.end(again, Outcome.SENT);

    JsonNode held =
        scenario.awaitProgress(test.control, p -> p.path("sent").asLong() == test.tested.size());
    assertThat(held.path("pending").asLong()).isEqualTo(test.held());
    assertThat(worker.settled()).isEmpty();
    assertThat(scenario.signals(test.control))
        .extracting(BroadcastSignal::signal)
        .doesNotContain(Signal.COMPLETE);

    BroadcastControl decided = scenario.decided(test.control, "b");
    scenario.publish(decided);
    test.awaitWinnerSent(decided);
  }

  @Test
  void pauseResumeAndRestartsLeaveNobodyOutAndNobodyTwice() {
    UnderTest test = new UnderTest();
    worker.end(test.tested, Outcome.SENT);
    BroadcastControl paused = scenario.moveAndAwait(test.control, BroadcastState.PAUSED);
    audience.stop();
    audience.start(Map.of());
    assertThat(worker.settled()).isEmpty();
    BroadcastControl decided = scenario.decided(paused, "a");
    scenario.publish(decided);
    assertThat(worker.settled()).isEmpty();

    // The service hears of it only when it is up again.
    audience.stop();
    BroadcastControl resumed = scenario.move(decided, BroadcastState.RUNNING);
    audience.start(Map.of());
    List<SendMessage> handedOver = worker.await(test.held());

    // Killed between the commit and the broker's answer: what it leaves is published again.
    audience.stop();
    audience
        .jdbc()
        .update(
            "update handover set published_at = null where broadcast_id = ? and variant = ?",
            resumed.broadcastId(),
            AbTest.HOLD_BACK);
    worker.end(handedOver.subList(0, handedOver.size() / 2), Outcome.SENT);
    audience.start(Map.of());
    List<SendMessage> again = worker.await(test.held());
    assertThat(again).allMatch(command -> command.issue() == 1);
    worker.end(again, Outcome.SENT);
    test.awaitEverybodyOnce(resumed, again);
  }

  @Test
  void whoIsHeldBackIsCancelledWithTheBroadcast() {
    UnderTest test = new UnderTest();
    worker.end(test.tested, Outcome.SENT);
    BroadcastControl cancelled = scenario.moveAndAwait(test.control, BroadcastState.CANCELLED);
    JsonNode progress =
        scenario.awaitProgress(cancelled, p -> p.path("cancelled").asLong() == test.held());
    assertThat(progress.path("pending").asLong()).isZero();
    scenario.awaitProgress(cancelled, p -> p.path("sent").asLong() == test.tested.size());
    assertThat(worker.settled()).isEmpty();
  }

  @Test
  void whichOfFreezeAndWinnerIsFirstDoesNotMatter() {
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl decided =
        scenario.decided(
            scenario.testing(
                Scenario.test(null, 20, 20),
                scenario.list(scenario.contacts(CONTACTS)),
                Scenario.plan(Channel.EMAIL, account, 1)),
            "a");
    worker.follow(decided);
    scenario.publish(decided);
    List<SendMessage> all = worker.await(CONTACTS);
    assertThat(all).extracting(SendMessage::variant).contains("a", "b", AbTest.HOLD_BACK);
    worker.end(all, Outcome.SENT);
    scenario.awaitSignal(decided, Signal.COMPLETE);

    // A freeze that began before the winner was known ends after it: its rows say nothing of it.
    BroadcastControl frozen =
        scenario.tested(
            Scenario.test(null, 20, 20),
            scenario.list(scenario.contacts(CONTACTS)),
            Scenario.plan(Channel.EMAIL, Ids.next(), 1));
    scenario.awaitFrozen(frozen);
    assertThat(heldBackNow(frozen)).isPositive();
    scenario.publish(scenario.decided(frozen, "b"));
    scenario.awaitProgress(frozen, any -> heldBackNow(frozen) == 0);
  }

  private long heldBackNow(BroadcastControl broadcast) {
    Long held =
        audience
            .jdbc()
            .queryForObject(
                "select coalesce(sum(recipients), 0) from held_back_now where broadcast_id = ?",
                Long.class,
                broadcast.broadcastId());
    return held == null ? 0 : held;
  }

  /** However many are out: whoever looks then must not think that something chose them. */
  @Test
  void variantsGoOutSideBySideFromTheFirstToTheLast() {
    UUID account = scenario.account(Channel.EMAIL, 2, 0);
    BroadcastControl broadcast =
        scenario.tested(
            Scenario.test(null, 20, 50),
            scenario.list(scenario.contacts(2_000)),
            Scenario.plan(Channel.EMAIL, account, 2));
    worker.follow(broadcast);
    List<SendMessage> out = new ArrayList<>();
    long planned = pendingOf(broadcast);
    while (out.size() < planned) {
      List<SendMessage> more = worker.await(1);
      worker.end(more, Outcome.SENT);
      out.addAll(more);
    }
    // Who gets which is by lot: two in a hundred times the sizes themselves are as far off as that.
    double share =
        out.stream().filter(command -> command.variant().equals("a")).count() / (double) planned;
    assertThat(share).isBetween(0.2, 0.4);
    int[] sent = new int[2];
    double worst = 0;
    for (SendMessage command : out) {
      sent[command.variant().charAt(0) - 'a']++;
      double both = sent[0] + sent[1];
      if (both >= 50 && both <= planned - 100) {
        double tooMany = sent[0] - both * share;
        worst = Math.max(worst, tooMany * tooMany / (both * share * (1 - share)));
      }
    }
    // Pearson's chi-square of the sizes; 10.83 is where a look would decide nothing.
    System.out.printf("%,d of two variants: largest chi-square on the way %.2f%n", planned, worst);
    assertThat(worst).isLessThan(10.83 / 2);
    scenario.move(broadcast, BroadcastState.CANCELLED);
  }

  /** Of the tested ones, once the audience is frozen. */
  private long pendingOf(BroadcastControl broadcast) {
    return scenario.awaitFrozen(broadcast).path("planned").asLong()
        - audience
            .jdbc()
            .queryForObject(
                "select sum(recipients) from held_back where broadcast_id = ?",
                Long.class,
                broadcast.broadcastId());
  }

  @Test
  void aVariantIsNotReleasedBeforeItsTime() {
    Duration delay = Duration.ofSeconds(3);
    UUID account = scenario.account(Channel.EMAIL, 1, 0);
    List<Long> contacts = scenario.contacts(CONTACTS);
    audience
        .jdbc()
        .update(
            "update contact set time_zone = 'Asia/Kathmandu' where id = ?", contacts.getFirst());
    BroadcastControl broadcast =
        scenario.tested(
            Scenario.test(delay, 50, 50),
            scenario.list(contacts),
            Scenario.plan(Channel.EMAIL, account, 1));
    worker.follow(broadcast);
    List<SendMessage> all = worker.await(CONTACTS);
    Instant due = broadcast.startedAt().plus(delay);
    assertThat(all)
        .filteredOn(command -> command.variant().equals("b"))
        .isNotEmpty()
        .allMatch(command -> !command.releasedAt().isBefore(due.minusMillis(1)));
    assertThat(all)
        .filteredOn(command -> command.variant().equals("a"))
        .isNotEmpty()
        .anyMatch(command -> command.releasedAt().isBefore(due));
    assertThat(all)
        .filteredOn(command -> command.zone() != null)
        .singleElement()
        .matches(command -> command.contactId() == contacts.getFirst())
        .matches(command -> "Asia/Kathmandu".equals(command.zone()));
    worker.end(all, Outcome.SENT);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
  }

  @Test
  void whoFallsBackKeepsTheVariantAndSoDoesTheHoldBack() {
    UUID bot = scenario.account(Channel.TELEGRAM, 1, 0);
    UUID server = scenario.account(Channel.EMAIL, 1, 0);
    BroadcastControl broadcast =
        scenario.fallback(
            Scenario.test(null, 20, 20),
            scenario.list(scenario.contacts(CONTACTS)),
            Scenario.plan(Channel.TELEGRAM, bot, 1),
            Scenario.plan(Channel.EMAIL, server, 1));
    worker.follow(broadcast);
    scenario.awaitFrozen(broadcast);
    List<SendMessage> tested = worker.await(1);
    tested.addAll(worker.settled());
    sentByMailInstead(tested);
    assertThat(worker.settled()).isEmpty();
    assertThat(scenario.progress(broadcast).path("pending").asLong())
        .isEqualTo(CONTACTS - tested.size());

    scenario.publish(scenario.decided(broadcast, "a"));
    List<SendMessage> rest = worker.await(CONTACTS - tested.size());
    assertThat(rest).extracting(SendMessage::variant).containsOnly(AbTest.HOLD_BACK);
    sentByMailInstead(rest);
    scenario.awaitSignal(broadcast, Signal.COMPLETE);
    assertThat(scenario.progress(broadcast).path("sent").asLong()).isEqualTo(CONTACTS);
  }

  private void sentByMailInstead(List<SendMessage> commands) {
    assertThat(commands).extracting(SendMessage::channel).containsOnly(Channel.TELEGRAM);
    worker.end(commands, Outcome.FELL_BACK);
    List<SendMessage> mails = worker.await(commands.size());
    assertThat(mails).extracting(SendMessage::channel).containsOnly(Channel.EMAIL);
    assertThat(variants(mails)).isEqualTo(variants(commands));
    worker.end(mails, Outcome.SENT);
  }

  private static Map<Long, String> variants(List<SendMessage> commands) {
    return commands.stream()
        .collect(Collectors.toMap(SendMessage::contactId, SendMessage::variant));
  }

  @Test
  void whatIsHeldBackTakesNoShareOfALaneAndNoPool() {
    UnderTest test = new UnderTest();
    BroadcastControl other =
        scenario.start(
            scenario.list(scenario.contacts(500)), Scenario.plan(Channel.EMAIL, test.account, 1));
    scenario.awaitFrozen(other);
    List<LaneWork> work = audience.bean(LaneRepository.class).findWork(1);
    assertThat(work)
        .filteredOn(lane -> lane.lane().equals(new Lane(test.account, 0)))
        .flatExtracting(LaneWork::broadcasts)
        .singleElement()
        .matches(waiting -> ((Waiting) waiting).broadcastId().equals(other.broadcastId()))
        .matches(waiting -> ((Waiting) waiting).pending() > 0);
    scenario.move(test.control, BroadcastState.CANCELLED);
    scenario.move(other, BroadcastState.CANCELLED);
  }
}
