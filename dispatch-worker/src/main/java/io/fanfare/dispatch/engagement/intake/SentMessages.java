package io.fanfare.dispatch.engagement.intake;

import io.fanfare.dispatch.engagement.intake.SentMessageRepository.Recipient;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;

/**
 * Looks recipients up in the ledger for many who ask at once: whoever comes while a statement runs
 * shares the next one, so that the database is asked no oftener than it answers.
 */
@Component
class SentMessages {

  /** Recipients that wait for a statement; more are refused. */
  static final int MOST_WAITING = 20_000;

  static final int MOST_REMEMBERED = 10_000;

  /** Recipients in a statement, one request above. */
  private static final int PORTION = 5_000;

  /** Where the ledger is read. */
  interface Source {
    Optional<FiledBroadcast> findBroadcast(UUID broadcastId);

    Map<Recipient, SentMessage> findSent(LocalDate ledgerDay, List<Recipient> recipients);
  }

  private record Asked(
      LocalDate day,
      Collection<Recipient> recipients,
      CompletableFuture<Map<Recipient, SentMessage>> answer) {}

  private final Source ledger;
  private final ArrayDeque<Asked> waiting = new ArrayDeque<>();
  private int waitingRecipients;
  private boolean running;

  private final LinkedHashMap<UUID, FiledBroadcast> broadcasts =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, FiledBroadcast> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  @Autowired
  SentMessages(SentMessageRepository repository) {
    this(
        new Source() {
          @Override
          public Optional<FiledBroadcast> findBroadcast(UUID broadcastId) {
            return repository.findBroadcast(broadcastId);
          }

          @Override
          public Map<Recipient, SentMessage> findSent(
              LocalDate ledgerDay, List<Recipient> recipients) {
            return repository.findSent(ledgerDay, recipients);
          }
        });
  }

  SentMessages(Source ledger) {
    this.ledger = ledger;
  }

  /** A tenant's broadcast of which something was sent. */
  Optional<FiledBroadcast> findBroadcast(UUID tenantId, UUID broadcastId) {
    FiledBroadcast found;
    synchronized (broadcasts) {
      found = broadcasts.get(broadcastId);
    }
    if (found == null) {
      // Its day never changes; that it has none yet is not remembered.
      found = ledger.findBroadcast(broadcastId).orElse(null);
      if (found != null) {
        synchronized (broadcasts) {
          broadcasts.put(broadcastId, found);
        }
      }
    }
    return Optional.ofNullable(found).filter(broadcast -> broadcast.tenantId().equals(tenantId));
  }

  /**
   * Those of a broadcast's recipients to whom something was sent, or may have been.
   *
   * @throws org.springframework.dao.DataAccessException when the database does not answer, or too
   *     many wait for it already
   */
  Map<Recipient, SentMessage> findSent(LocalDate ledgerDay, Collection<Recipient> recipients) {
    if (recipients.isEmpty()) {
      return Map.of();
    }
    Asked asked = new Asked(ledgerDay, recipients, new CompletableFuture<>());
    synchronized (waiting) {
      if (waitingRecipients + recipients.size() > MOST_WAITING) {
        throw new QueryTimeoutException("too many recipients wait to be looked up");
      }
      waiting.add(asked);
      waitingRecipients += recipients.size();
      if (!running) {
        running = true;
        Thread.ofVirtual().name("sent-messages").start(this::answerAll);
      }
    }
    try {
      return asked.answer().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Recipients that wait for a statement to end. */
  int waitingRecipients() {
    synchronized (waiting) {
      return waitingRecipients;
    }
  }

  private void answerAll() {
    while (true) {
      List<Asked> together = next();
      if (together.isEmpty()) {
        return;
      }
      try {
        Set<Recipient> recipients = new HashSet<>();
        together.forEach(asked -> recipients.addAll(asked.recipients()));
        Map<Recipient, SentMessage> sent =
            ledger.findSent(together.getFirst().day(), List.copyOf(recipients));
        together.forEach(asked -> asked.answer().complete(sent));
      } catch (RuntimeException | Error e) {
        together.forEach(asked -> asked.answer().completeExceptionally(e));
      }
    }
  }

  /** The first who waits and those behind it with the same ledger day; none ends the running. */
  private List<Asked> next() {
    List<Asked> together = new ArrayList<>();
    synchronized (waiting) {
      int recipients = 0;
      while (!waiting.isEmpty()
          && recipients < PORTION
          && (together.isEmpty() || waiting.getFirst().day().equals(together.getFirst().day()))) {
        Asked asked = waiting.remove();
        recipients += asked.recipients().size();
        together.add(asked);
      }
      waitingRecipients -= recipients;
      running = !together.isEmpty();
    }
    return together;
  }
}
