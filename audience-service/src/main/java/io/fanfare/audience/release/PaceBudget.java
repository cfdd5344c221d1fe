package io.fanfare.audience.release;

import io.fanfare.audience.release.PaceRepository.Pace;
import io.fanfare.audience.run.BroadcastRun;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the rates of broadcasts leave for one release; those without one are not held back. */
final class PaceBudget {

  private final PacePolicy policy;
  private final PaceRepository repository;
  private final Map<UUID, Integer> rates = new HashMap<>();
  private final Map<UUID, Pace> paces = new HashMap<>();
  private final Map<UUID, Integer> left = new HashMap<>();

  /** Locks the paces of those that have one; the caller holds their runs. */
  PaceBudget(PacePolicy policy, PaceRepository repository, Collection<BroadcastRun> runs) {
    this.policy = policy;
    this.repository = repository;
    for (BroadcastRun run : runs) {
      Integer rate = run.control().ratePerMinute();
      // Nothing of a cancelled one reaches a provider.
      if (rate != null && rate > 0 && !run.state().endsSending()) {
        rates.put(run.broadcastId(), rate);
      }
    }
    if (!rates.isEmpty()) {
      for (Pace pace : repository.lock(List.copyOf(rates.keySet()))) {
        paces.put(pace.broadcastId(), pace);
        left.put(pace.broadcastId(), credit(pace));
      }
    }
  }

  private int credit(Pace pace) {
    return policy.credit(
        rates.getOrDefault(pace.broadcastId(), 1),
        pace.issued(),
        pace.resultsBefore(),
        pace.nextAt(),
        pace.now());
  }

  /** What of a demand may be handed over. */
  long allowed(UUID broadcastId, long wanted) {
    return Math.min(wanted, left.getOrDefault(broadcastId, Integer.MAX_VALUE));
  }

  void spend(UUID broadcastId, int commands) {
    left.computeIfPresent(broadcastId, (id, before) -> Math.max(0, before - commands));
  }

  /** Writes when each may go on, once all was spent. */
  void finish() {
    paces.forEach((broadcastId, pace) -> {
      int spent = credit(pace) - left.getOrDefault(broadcastId, 0);
      if (spent > 0) {
        int rate = rates.getOrDefault(broadcastId, 1);
        repository.handedOver(broadcastId, policy.nextAt(rate, spent, pace.nextAt(), pace.now()));
      }
    });
  }
}
