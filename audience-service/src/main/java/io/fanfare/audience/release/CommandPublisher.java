package io.fanfare.audience.release;

import io.fanfare.audience.TestSwitches;
import io.fanfare.audience.release.LaneReleaser.Released;
import io.fanfare.audience.run.BroadcastRun;
import io.fanfare.audience.run.RunRepository;
import io.fanfare.contract.Topic;
import io.fanfare.contract.Topics;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.support.kafka.EventProducer;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Publishes what was handed over and marks it once the broker has it. What a crash or the broker
 * left unpublished is published again, whatever became of the broadcast: it belongs to the ledger,
 * and only the workers may end it.
 */
@Component
class CommandPublisher {

  private static final Logger log = LoggerFactory.getLogger(CommandPublisher.class);
  private static final int HANDOVERS_AGAIN = 8;

  private final EventProducer producer;
  private final HandoverRepository handovers;
  private final RunRepository runs;
  private final RecipientRepository recipients;
  private final ReleaseProperties properties;
  private final TransactionOperations transaction;
  private final Clock clock;
  private final int loseEvery;
  private final AtomicLong published = new AtomicLong();

  CommandPublisher(
      EventProducer producer,
      HandoverRepository handovers,
      RunRepository runs,
      RecipientRepository recipients,
      ReleaseProperties properties,
      TransactionOperations transaction,
      Clock clock,
      TestSwitches switches) {
    this.producer = producer;
    this.handovers = handovers;
    this.runs = runs;
    this.recipients = recipients;
    this.properties = properties;
    this.transaction = transaction;
    this.clock = clock;
    this.loseEvery = switches.loseCommandEvery();
  }

  /** A publication to add hand-overs to, so that lanes are handed over while others are sent. */
  Publication begin() {
    return new Publication();
  }

  /**
   * Publishes the oldest hand-overs that nobody has published in time.
   *
   * @return whether there may be more
   */
  boolean publishAgain() {
    return Boolean.TRUE.equals(
        transaction.execute(status -> {
          List<Handover> unpublished =
              handovers.lockUnpublished(properties.publishAgainAfter(), HANDOVERS_AGAIN);
          if (unpublished.isEmpty()) {
            return false;
          }
          log.warn("publishing {} hand-overs again", unpublished.size());
          Publication publication = begin();
          unpublished.forEach(handover -> publishAgain(handover, publication));
          publication.finish();
          return unpublished.size() == HANDOVERS_AGAIN;
        }));
  }

  /** One that cannot be published goes behind the others. */
  private void publishAgain(Handover handover, Publication publication) {
    try {
      publication.add(prepare(handover));
    } catch (IllegalStateException | IllegalArgumentException | NoSuchElementException e) {
      log.error("hand-over {} cannot be published: {}", handover.id(), e.getMessage(), e);
      handovers.putOff(handover.id());
    }
  }

  private Released prepare(Handover handover) {
    BroadcastRun run = runs.find(handover.broadcastId()).orElseThrow();
    Map<Long, Recipient> found = recipients.read(run, handover.channel(), handover.contactIds());
    return new Released(
        List.of(handover),
        run.control().sendClass(),
        CommandFactory.commands(
            run, handover, found, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
  }

  /** Commands on their way to the broker. */
  final class Publication {

    private final List<Long> handoverIds = new ArrayList<>();
    private final List<CompletableFuture<?>> sent = new ArrayList<>();

    private Publication() {}

    void add(Released released) {
      Handover handover = released.handovers().getFirst();
      Topic topic = Topics.send(handover.channel(), released.sendClass());
      String key = handover.lane().key();
      try {
        int partition = handover.lane().partition(producer.partitions(topic));
        for (SendMessage command : released.commands()) {
          if (loseEvery == 0 || published.incrementAndGet() % loseEvery != 0) {
            sent.add(producer.send(topic, partition, key, command));
          }
        }
      } catch (KafkaException e) {
        sent.add(CompletableFuture.failedFuture(e));
      }
      // Last: one that could not be sent whole must not be marked as published.
      released.handovers().forEach(each -> handoverIds.add(each.id()));
    }

    int size() {
      return sent.size();
    }

    /** Waits for the broker; what it did not take stays unpublished, to be published again. */
    void finish() {
      if (handoverIds.isEmpty()) {
        return;
      }
      try {
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
      } catch (CompletionException e) {
        log.warn("the broker did not take {} hand-overs: {}", handoverIds.size(), e.toString());
        return;
      }
      handovers.markPublished(handoverIds);
    }
  }
}
