package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.media.MediaChecks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes content and control of broadcasts that ended long ago off the compacted topics: later than
 * retry-service remembers anything that could be sent again.
 */
@Component
class BroadcastForgetting {

  private static final int PORTION = 200;

  private final BroadcastRepository repository;
  private final BroadcastPublisher publisher;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final MediaChecks media;
  private final Duration after;

  BroadcastForgetting(
      BroadcastRepository repository,
      BroadcastPublisher publisher,
      PlatformTransactionManager transactions,
      Clock clock,
      MediaChecks media,
      @Value("${fanfare.broadcast.forget-after:92d}") Duration after) {
    this.media = media;
    this.repository = repository;
    this.publisher = publisher;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
    this.after = after;
  }

  @Scheduled(initialDelayString = "PT3M", fixedDelayString = "PT1H")
  void forget() {
    Integer forgotten;
    do {
      forgotten = transaction.execute(status -> forgetPortion());
    } while (forgotten != null && forgotten == PORTION);
  }

  private int forgetPortion() {
    Instant now = clock.instant();
    List<UUID> ended = repository.lockEndedBefore(now.minus(after), PORTION);
    ended.forEach(publisher::forget);
    ended.forEach(media::endUses);
    repository.forgotten(ended, now);
    return ended.size();
  }
}
