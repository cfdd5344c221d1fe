package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.media.FrozenMedia;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Starts scheduled broadcasts when their time has come. Any number of instances may look: the row's
 * lock lets one of them start it. One that cannot be started any more fails, with the reason.
 */
@Component
class ScheduledStarts {

  private static final int PAGE = 50;

  /** Broadcasts whose files are fetched at one time. */
  private static final int FETCHING = 8;

  private final BroadcastRepository repository;
  private final BroadcastMoves moves;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final BroadcastMedia media;

  /** Looked at by the scheduler's thread alone. */
  private final Map<UUID, CompletableFuture<FrozenMedia>> fetching = new HashMap<>();

  ScheduledStarts(
      BroadcastRepository repository,
      BroadcastMoves moves,
      PlatformTransactionManager transactions,
      Clock clock,
      BroadcastMedia media) {
    this.media = media;
    this.repository = repository;
    this.moves = moves;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /** Half a second between looks keeps starts within a second of their instant. */
  @Scheduled(fixedDelay = 500)
  void startDue() {
    Instant now = clock.instant();
    List<UUID> due = repository.due(now, PAGE);
    // What was unscheduled meanwhile is never asked for again.
    fetching.keySet().retainAll(Set.copyOf(due));
    RuntimeException failure = null;
    for (UUID id : due) {
      try {
        startOrFail(id, now);
      } catch (RuntimeException e) {
        // The others are not to wait for this one; the scheduler logs it and looks again.
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void startOrFail(UUID id, Instant now) {
    StateReason refusal = start(id, now);
    if (refusal != null) {
      transaction.executeWithoutResult(status ->
          repository
              .lockDue(id, now)
              .ifPresent(broadcast ->
                  moves.move(
                      Identity.system(broadcast.tenantId()),
                      broadcast,
                      BroadcastAction.FAIL,
                      refusal)));
    }
  }

  private @Nullable StateReason start(UUID id, Instant now) {
    try {
      FrozenMedia files = files(id);
      if (files == null) {
        return null;
      }
      transaction.executeWithoutResult(status ->
          repository
              .lockDue(id, now)
              .ifPresent(broadcast ->
                  moves.start(Identity.system(broadcast.tenantId()), broadcast, files)));
      return null;
    } catch (ProblemException refusal) {
      if (refusal.status().is5xxServerError()) {
        throw refusal;
      }
      return new StateReason("not_startable", detail(refusal));
    }
  }

  /** Null while files are fetched that its templates did not name when it was scheduled. */
  private @Nullable FrozenMedia files(UUID id) {
    Optional<Broadcast> broadcast = media.scheduled(id);
    if (broadcast.isEmpty()) {
      return FrozenMedia.NONE;
    }
    CompletableFuture<FrozenMedia> begun = fetching.get(id);
    if (begun == null) {
      Optional<FrozenMedia> ready = media.ready(broadcast.get());
      if (ready.isEmpty() && fetching.size() < FETCHING) {
        // Aside, since the others are not to wait for somebody's slow host.
        fetching.put(
            id,
            CompletableFuture.supplyAsync(
                () -> media.takeMissing(broadcast.get()), Thread::startVirtualThread));
      }
      return ready.orElse(null);
    }
    if (!begun.isDone()) {
      return null;
    }
    fetching.remove(id);
    try {
      return begun.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static String detail(ProblemException refusal) {
    return refusal.errors().isEmpty()
        ? refusal.detail()
        : refusal.errors().stream()
            .map(ScheduledStarts::sentence)
            .collect(Collectors.joining("; "));
  }

  private static String sentence(FieldProblem problem) {
    return problem.pointer() + ": " + problem.detail();
  }
}
