package io.fanfare.retry.budget;

import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.retry.broadcast.BroadcastPolicy;
import io.fanfare.retry.broadcast.BroadcastPolicyRepository;
import io.fanfare.support.outbox.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Asks for the pause of a broadcast whose provider fails most of its tries, once per control epoch.
 * Each instance looks at the contacts it reads, which are a fair sample. The budgets of the
 * broadcasts that had results last are kept, in memory.
 */
@Component
public class RetryBudgets {

  private static final Logger log = LoggerFactory.getLogger(RetryBudgets.class);

  /** Broadcasts looked at; the one without results for the longest time goes first. */
  static final int MAX_BROADCASTS = 1_000;

  private final BudgetProperties properties;
  private final BroadcastPolicyRepository policies;
  private final Outbox outbox;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final Map<UUID, RetryBudget> budgets = new LeastRecentlyUsed();

  RetryBudgets(
      BudgetProperties properties,
      BroadcastPolicyRepository policies,
      Outbox outbox,
      TransactionTemplate transaction,
      Clock clock) {
    this.properties = properties;
    this.policies = policies;
    this.outbox = outbox;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Takes in results, in their order. */
  public synchronized void observe(List<DeliveryEvent> events) {
    Set<UUID> unknown = new HashSet<>();
    for (DeliveryEvent event : events) {
      UUID broadcastId = event.broadcastId();
      if (!isTry(event) || unknown.contains(broadcastId)) {
        continue;
      }
      RetryBudget known = budgets.get(broadcastId);
      RetryBudget budget = known == null ? begin(broadcastId) : known;
      if (budget == null) {
        unknown.add(broadcastId);
      } else if (budget.isUsedUpAfter(event.at(), mayPass(event))) {
        pause(broadcastId, budget);
      }
    }
  }

  private @Nullable RetryBudget begin(UUID broadcastId) {
    BroadcastPolicy policy = policies.find(List.of(broadcastId)).get(broadcastId);
    if (policy == null) {
      return null;
    }
    RetryBudget budget =
        new RetryBudget(
            properties.tries(),
            properties.share(),
            properties.lasting(),
            policy.epoch(),
            // After a start of this instance: no further back than failures have to last anyway.
            clock.instant().minus(properties.lasting()));
    budgets.put(broadcastId, budget);
    return budget;
  }

  private void pause(UUID broadcastId, RetryBudget budget) {
    BroadcastPolicy policy = policies.find(List.of(broadcastId)).get(broadcastId);
    Instant now = clock.instant();
    // What was seen belongs to an earlier epoch: somebody acted since, and the new one may do well.
    if (policy != null
        && policy.epoch() == budget.epoch()
        && policy.state() == BroadcastState.RUNNING) {
      transaction.executeWithoutResult(status -> ask(policy, now));
    }
    budget.startAnew(policy == null ? budget.epoch() : policy.epoch(), now);
  }

  private void ask(BroadcastPolicy policy, Instant now) {
    if (!policies.markPauseAsked(policy.broadcastId(), policy.epoch())) {
      return;
    }
    String detail =
        "%.0f %% or more of the last %d tries failed in a way that may pass, for %d s"
            .formatted(
                properties.share() * 100, properties.tries(), properties.lasting().toSeconds());
    log.warn("asking for the pause of broadcast {}: {}", policy.broadcastId(), detail);
    outbox.publish(
        Topics.BROADCAST_SIGNAL,
        policy.broadcastId().toString(),
        new BroadcastSignal(
            policy.broadcastId(),
            policy.tenantId(),
            Signal.PAUSE,
            policy.epoch(),
            null,
            new StateReason("provider_melting", detail),
            now.truncatedTo(ChronoUnit.MILLIS)));
  }

  /**
   * The provider was asked, and said anything but when to come again. "Too fast" without a time
   * counts as well: nobody knows when it ends.
   */
  private static boolean isTry(DeliveryEvent event) {
    return switch (event.outcome()) {
      case SENT, FAILED, DEAD, RETRYING -> true;
      case IN_DOUBT -> !isOurOwn(event.cause());
      case RATE_LIMITED -> event.retryAt() == null;
      // Whether it was tried, and what it failed of, was told by the retries before it.
      case RETURNED, SKIPPED, CANCELLED, FELL_BACK -> false;
    };
  }

  private static boolean mayPass(DeliveryEvent event) {
    return switch (event.outcome()) {
      case DEAD, RETRYING, IN_DOUBT -> true;
      case RATE_LIMITED -> event.retryAt() == null;
      case SENT, FAILED, RETURNED, SKIPPED, CANCELLED, FELL_BACK -> false;
    };
  }

  private static boolean isOurOwn(@Nullable Cause cause) {
    return cause != null && cause.code().equals("worker_lost");
  }

  private static final class LeastRecentlyUsed extends LinkedHashMap<UUID, RetryBudget> {
    private static final long serialVersionUID = 1L;

    LeastRecentlyUsed() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<UUID, RetryBudget> eldest) {
      return size() > MAX_BROADCASTS;
    }
  }
}
