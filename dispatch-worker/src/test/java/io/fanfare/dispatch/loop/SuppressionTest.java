package io.fanfare.dispatch.loop;

import static io.fanfare.dispatch.loop.DispatchStage.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Topics;
import io.fanfare.contract.account.ChannelAccount;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.contact.ContactSuppression.Suppression;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.TestSwitches;
import io.fanfare.dispatch.channel.SendOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Opt-outs that come after the release. */
class SuppressionTest {

  private DispatchStage stage;
  private ChannelAccount account;
  private BroadcastControl broadcast;

  @BeforeEach
  void open() throws Exception {
    stage = new DispatchStage();
    account = stage.account(0, 4, 1, UUID.randomUUID());
    broadcast = stage.broadcast(account);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void whoOptedOutBeforeTheClaimIsSkipped() throws Exception {
    stage.release(broadcast, 0, 20);
    stage.suppress(3, 1, optedOut(null));
    stage.suppress(4, 1, optedOut(Channel.EMAIL));
    stage.suppress(5, 1, optedOut(Channel.TELEGRAM));
    stage.suppress(6, 1, optedOut(null));
    stage.suppress(6, 2);
    stage.suppress(6, 1, optedOut(null));
    String key = stage.suppress(7, 1).key();
    stage.publishBytes(Topics.CONTACT_SUPPRESSION, key, "{not json");
    stage.publishBytes(Topics.CONTACT_SUPPRESSION, "nobody", "{not json");
    stage.start("w1");
    stage.awaitResults(broadcast, 20);

    assertThat(arrived()).hasSize(17).doesNotContain(3L, 4L, 7L);
    assertThat(skipped()).isEqualTo(Map.of(3L, "opted_out", 4L, "opted_out", 7L, "unreadable"));
    assertCounted(new Counts(17, 0, 0, 0, 0, 3, 0, 20));
  }

  @Test
  void whoOptedOutBetweenClaimAndWriteIsSkippedAndNobodyElse() throws Exception {
    stage.release(broadcast, 0, 200);
    stage.provider.hang();
    DispatchWorker worker = stage.start("w1");
    // Eight connections are busy, the others' messages are claimed and wait behind them.
    await()
        .atMost(PATIENCE)
        .until(() -> stage.provider.arrivals().size() == 8 && worker.openClaims() > 8);
    long victim = claimed().stream().filter(id -> !arrived().contains(id)).findAny().orElseThrow();
    stage.suppress(victim, 1, optedOut(null));
    stage.awaitSuppressed(victim);
    stage.provider.release();
    stage.awaitResults(broadcast, 200);

    assertThat(arrived()).hasSize(199).doesNotContain(victim);
    assertThat(skipped()).isEqualTo(Map.of(victim, "opted_out"));
    assertCounted(new Counts(199, 0, 0, 0, 0, 1, 0, 200));
  }

  @Test
  void whoOptsOutOfACategoryAfterTheStartGetsTheOthers() throws Exception {
    BroadcastControl news = stage.broadcast(account, DeliveryPolicy.NEVER_TWICE, "news");
    stage.release(news, 0, 200);
    stage.suppress(3, 1, ofCategory("news"));
    stage.suppress(4, 1, ofCategory("offers"));
    stage.provider.hang();
    DispatchWorker worker = stage.start("w1");
    // Eight connections are busy, the others' messages are claimed and wait behind them.
    await()
        .atMost(PATIENCE)
        .until(() -> stage.provider.arrivals().size() == 8 && worker.openClaims() > 8);
    long victim =
        claimed().stream().filter(id -> id > 4 && !arrived().contains(id)).findAny().orElseThrow();
    stage.suppress(victim, 1, ofCategory("news"));
    stage.awaitSuppressed(victim, "news");
    stage.provider.release();
    stage.awaitResults(news, 200);

    assertThat(arrived()).hasSize(198).contains(4L).doesNotContain(3L, victim);
    broadcast = news;
    String reason = Suppression.OPTED_OUT_OF_CATEGORY;
    assertThat(skipped()).isEqualTo(Map.of(3L, reason, victim, reason));
    assertCounted(new Counts(198, 0, 0, 0, 0, 2, 0, 200));
  }

  @Test
  void aRetryOfSomebodyWhoOptedOutEndsAsSkipped() throws Exception {
    stage.provider.answers(message -> new SendOutcome.NotSent(new Cause("test", "as told", null)));
    stage.start("w1");
    stage.release(broadcast, 0, 2);
    stage.awaitResults(broadcast, 2);
    assertThat(stage.counters(broadcast).retrying()).isEqualTo(2);
    // One was seen at the release of the retry, the other comes after it.
    stage.suppress(1, 1, optedOut(null));
    stage.awaitSuppressed(1);
    stage.release(
        List.of(
            foundSuppressed(
                DispatchStage.next(stage.command(broadcast, 0), Bucket.RETRYING, false)),
            DispatchStage.next(stage.command(broadcast, 1), Bucket.RETRYING, false)));
    stage.awaitResults(broadcast, 4);

    assertThat(stage.provider.arrivals()).hasSize(2);
    assertThat(skipped()).isEqualTo(Map.of(0L, "opted_out", 1L, "opted_out"));
    assertCounted(new Counts(0, 0, 0, 0, 0, 2, 0, 4));
  }

  @Test
  void readsTheLastFifteenMinutesOnly() throws Exception {
    stage.suppressed(Instant.now().minus(Duration.ofMinutes(20)), 1);
    stage.suppressed(Instant.now().minus(Duration.ofMinutes(14)), 2);
    stage.release(broadcast, 0, 4);
    stage.start("w1");
    stage.awaitResults(broadcast, 4);
    assertThat(skipped()).containsOnlyKeys(2L);
    assertThat(arrived()).containsExactlyInAnyOrder(0L, 1L, 3L);
  }

  @Test
  void withoutSuppressionsTheProviderSeesWhoOptedOut() throws Exception {
    stage.release(broadcast, 0, 20);
    stage.suppress(3, 1, optedOut(null));
    stage.start(
        "w1",
        DispatchStage.settings(),
        TestSwitches.skippingSuppressions(),
        UnaryOperator.identity());
    stage.awaitResults(broadcast, 20);
    assertThat(arrived()).contains(3L);
  }

  private static Suppression ofCategory(String category) {
    return new Suppression(null, Suppression.OPTED_OUT_OF_CATEGORY, Instant.now(), category);
  }

  private static Suppression optedOut(Channel channel) {
    return new Suppression(channel, Suppression.OPTED_OUT, Instant.now());
  }

  private Set<Long> arrived() {
    return stage.provider.arrivals().stream()
        .map(FakeProvider.Arrival::contactId)
        .collect(Collectors.toSet());
  }

  private Set<Long> claimed() {
    return stage.query(
        "select contact_id from dispatch_worker.claim",
        row -> {
          Set<Long> contacts = new HashSet<>();
          do {
            contacts.add(row.getLong(1));
          } while (row.next());
          return contacts;
        });
  }

  /** Causes by contact, as the events tell. */
  private Map<Long, String> skipped() {
    long results = stage.results(broadcast).getOrDefault(Outcome.SKIPPED, 0L);
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                stage.events(broadcast).stream()
                    .filter(event -> event.outcome() == Outcome.SKIPPED)
                    .collect(
                        Collectors.toMap(DeliveryEvent::contactId, event -> event.cause().code())),
            skips -> skips.size() == results);
  }

  private void assertCounted(Counts expected) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(stage.progress(broadcast)).isEqualTo(expected));
    assertThat(stage.counters(broadcast)).isEqualTo(expected);
  }

  /** As audience-service makes the command of somebody whose opt-out it knows. */
  private static SendMessage foundSuppressed(SendMessage command) {
    return new SendMessage(
        command.tenantId(),
        command.broadcastId(),
        command.contactId(),
        command.channel(),
        command.issue(),
        command.attempt(),
        command.bucket(),
        command.granted(),
        command.ledgerDay(),
        command.lane(),
        command.variant(),
        command.controlEpoch(),
        null,
        command.releasedAt(),
        command.data(),
        Suppression.OPTED_OUT,
        null);
  }
}
