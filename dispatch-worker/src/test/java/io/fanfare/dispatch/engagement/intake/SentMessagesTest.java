package io.fanfare.dispatch.engagement.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanfare.contract.Channel;
import io.fanfare.dispatch.engagement.intake.SentMessageRepository.Recipient;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

class SentMessagesTest {

  private static final UUID BROADCAST = new UUID(1, 2);
  private static final UUID TENANT = new UUID(1, 1);
  private static final LocalDate DAY = LocalDate.of(2026, 11, 23);

  /** Answers when it may, and keeps what it was asked. */
  private static final class Ledger implements SentMessages.Source {
    final List<List<Recipient>> asked = new CopyOnWriteArrayList<>();
    final List<UUID> broadcasts = new ArrayList<>();
    final CountDownLatch mayAnswer = new CountDownLatch(1);
    RuntimeException failure;
    boolean everyBroadcast;

    @Override
    public Optional<FiledBroadcast> findBroadcast(UUID broadcastId) {
      broadcasts.add(broadcastId);
      return everyBroadcast || broadcastId.equals(BROADCAST)
          ? Optional.of(new FiledBroadcast(broadcastId, TENANT, DAY))
          : Optional.empty();
    }

    @Override
    public Map<Recipient, SentMessage> findSent(LocalDate day, List<Recipient> recipients) {
      asked.add(recipients);
      try {
        mayAnswer.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (failure != null) {
        throw failure;
      }
      Map<Recipient, SentMessage> sent = new HashMap<>();
      for (Recipient recipient : recipients) {
        sent.put(recipient, new SentMessage("v" + recipient.contactId(), 2, Instant.EPOCH));
      }
      return sent;
    }
  }

  private final Ledger ledger = new Ledger();
  private final SentMessages messages = new SentMessages(ledger);

  @Test
  void whoComesWhileAStatementRunsSharesTheNextOne() {
    List<CompletableFuture<Map<Recipient, SentMessage>>> answers = new ArrayList<>();
    answers.add(ask(1, DAY));
    await().atMost(Duration.ofSeconds(10)).until(() -> ledger.asked.size() == 1);
    for (long contact = 2; contact <= 50; contact++) {
      answers.add(ask(contact, DAY));
    }
    CompletableFuture<?> other = ask(51, DAY.plusDays(1));
    await().atMost(Duration.ofSeconds(10)).until(() -> messages.waitingRecipients() == 50);
    ledger.mayAnswer.countDown();
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).join())
          .containsEntry(recipient(i + 1), new SentMessage("v" + (i + 1), 2, Instant.EPOCH));
    }
    other.join();
    // One and the rest, with those of the other day in a statement of their own among them.
    assertThat(ledger.asked).hasSizeBetween(3, 4);
  }

  @Test
  void moreThanMayWaitAreRefused() {
    CompletableFuture<?> first = ask(0, DAY);
    await().atMost(Duration.ofSeconds(10)).until(() -> ledger.asked.size() == 1);
    List<Recipient> most =
        LongStream.range(0, SentMessages.MOST_WAITING)
            .mapToObj(SentMessagesTest::recipient)
            .toList();
    CompletableFuture<?> full = CompletableFuture.runAsync(() -> messages.findSent(DAY, most));
    await().atMost(Duration.ofSeconds(10)).until(() -> messages.waitingRecipients() > 0);
    assertThatThrownBy(() -> messages.findSent(DAY, List.of(recipient(1))))
        .isInstanceOf(QueryTimeoutException.class);
    ledger.mayAnswer.countDown();
    first.join();
    full.join();
    assertThat(messages.findSent(DAY, List.of(recipient(1)))).hasSize(1);
  }

  @Test
  void aFailureReachesThoseWhoSharedItAndNobodyElse() {
    ledger.failure = new QueryTimeoutException("no answer");
    ledger.mayAnswer.countDown();
    assertThatThrownBy(() -> messages.findSent(DAY, List.of(recipient(1))))
        .isSameAs(ledger.failure);
    ledger.failure = null;
    assertThat(messages.findSent(DAY, List.of(recipient(1)))).hasSize(1);
  }

  @Test
  void aBroadcastIsLookedForOnceAndFoundByItsTenantAlone() {
    assertThat(messages.findBroadcast(new UUID(9, 9), BROADCAST)).isEmpty();
    assertThat(messages.findBroadcast(TENANT, BROADCAST)).isPresent();
    assertThat(ledger.broadcasts).hasSize(1);
    assertThat(messages.findBroadcast(TENANT, new UUID(3, 3))).isEmpty();
    assertThat(messages.findBroadcast(TENANT, new UUID(3, 3))).isEmpty();
    assertThat(ledger.broadcasts).hasSize(3);
  }

  @Test
  void ofVeryManyBroadcastsThoseAskedForLatelyAreRemembered() {
    ledger.everyBroadcast = true;
    for (long i = 0; i <= SentMessages.MOST_REMEMBERED; i++) {
      messages.findBroadcast(TENANT, new UUID(5, i));
    }
    messages.findBroadcast(TENANT, new UUID(5, SentMessages.MOST_REMEMBERED));
    assertThat(ledger.broadcasts).hasSize(SentMessages.MOST_REMEMBERED + 1);
    assertThat(messages.findBroadcast(TENANT, new UUID(5, 0))).isPresent();
    assertThat(ledger.broadcasts).hasSize(SentMessages.MOST_REMEMBERED + 2);
  }

  private CompletableFuture<Map<Recipient, SentMessage>> ask(long contact, LocalDate day) {
    CompletableFuture<Map<Recipient, SentMessage>> answer = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        answer.complete(messages.findSent(day, List.of(recipient(contact))));
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    });
    return answer;
  }

  private static Recipient recipient(long contact) {
    return new Recipient(BROADCAST, contact, Channel.EMAIL);
  }
}
