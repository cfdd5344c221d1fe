package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.schedule.FirePlanner;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Identity;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes the broadcasts of recurring ones when their times come; {@link ScheduledStarts} starts
 * them. Any number of instances may look. The broadcast and the step to the next time are one
 * transaction under the row's lock, so that no time is used twice and none is lost.
 */
@Component
class RecurringFires {

  private static final int PAGE = 50;

  private final RecurringRepository repository;
  private final BroadcastMoves moves;
  private final TransactionTemplate transaction;
  private final Clock clock;

  RecurringFires(
      RecurringRepository repository,
      BroadcastMoves moves,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.repository = repository;
    this.moves = moves;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  @Scheduled(fixedDelay = 500)
  void fireDue() {
    fireDue(clock.instant());
  }

  /** Makes whatever is due at an instant. */
  void fireDue(Instant now) {
    List<UUID> due = repository.due(now, PAGE);
    RuntimeException failure = null;
    for (UUID id : due) {
      try {
        transaction.executeWithoutResult(
            status -> repository.lockDue(id, now).ifPresent(recurring -> fire(recurring, now)));
      } catch (RuntimeException e) {
        // The others are not to wait for this one; the scheduler logs it and looks again.
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void fire(RecurringBroadcast recurring, Instant now) {
    FirePlanner.Plan plan =
        FirePlanner.plan(
            recurring.times(),
            recurring.misfire(),
            Objects.requireNonNull(recurring.nextFireAt()),
            now,
            recurring.left());
    if (plan.fire() != null) {
      Identity who = Identity.system(recurring.tenantId());
      Broadcast draft =
          Broadcast.draft(
                  Ids.next(),
                  recurring.tenantId(),
                  recurring.broadcast().settings(),
                  now.truncatedTo(ChronoUnit.MILLIS),
                  who.actor())
              .madeFor(new Broadcast.Fire(recurring.id(), plan.fire()));
      moves.makeDue(who, draft, plan.fire());
    }
    repository.update(recurring.advanced(plan));
  }
}
