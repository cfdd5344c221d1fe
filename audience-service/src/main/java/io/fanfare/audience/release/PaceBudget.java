package io.fanfare.audience.release;

import io.fanfare.audience.release.PaceRepository.Pace;
import io.fanfare.audience.release.TenantPaceRepository.TenantPace;
import io.fanfare.audience.run.BroadcastRun;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What the rates of broadcasts and of their tenants leave for one release; those without one are
 * not held back.
 */
final class PaceBudget {

  private final PacePolicy policy;
  private final PaceRepository repository;
  private final TenantPaceRepository tenantRepository;
  private final Map<UUID, Integer> rates = new HashMap<>();
  private final Map<UUID, Pace> paces = new HashMap<>();
  private final Map<UUID, Integer> left = new HashMap<>();
  private final Map<UUID, UUID> tenants = new HashMap<>();
  private final Map<UUID, TenantPace> tenantPaces = new HashMap<>();
  private final Map<UUID, Integer> tenantLeft = new HashMap<>();

  /** Locks the paces of those that have one; the caller holds their runs. */
  PaceBudget(
      PacePolicy policy,
      PaceRepository repository,
      TenantPaceRepository tenantRepository,
      Collection<BroadcastRun> runs) {
    this.policy = policy;
    this.repository = repository;
    this.tenantRepository = tenantRepository;
    for (BroadcastRun run : runs) {
      // Nothing of a cancelled one reaches a provider.
      if (!run.state().endsSending()) {
        tenants.put(run.broadcastId(), run.tenantId());
        Integer rate = run.control().ratePerMinute();
        if (rate != null && rate > 0) {
          rates.put(run.broadcastId(), rate);
        }
      }
    }
    if (!tenants.isEmpty()) {
      for (TenantPace pace : tenantRepository.lock(new TreeSet<>(tenants.values()))) {
        tenantPaces.put(pace.tenantId(), pace);
        tenantLeft.put(pace.tenantId(), credit(pace));
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

  private int credit(TenantPace pace) {
    return policy.credit(
        pace.ratePerMinute(), pace.issued(), pace.resultsBefore(), pace.nextAt(), pace.now());
  }

  /** What of a demand may be handed over. */
  long allowed(UUID broadcastId, long wanted) {
    UUID tenantId = tenants.get(broadcastId);
    long ofTenant = tenantId == null ? wanted : allowedOfTenant(tenantId);
    return Math.min(Math.min(wanted, ofTenant), left.getOrDefault(broadcastId, Integer.MAX_VALUE));
  }

  /** What may be handed over for all broadcasts of a tenant together. */
  long allowedOfTenant(UUID tenantId) {
    return tenantLeft.getOrDefault(tenantId, Integer.MAX_VALUE);
  }

  void spend(UUID broadcastId, int commands) {
    left.computeIfPresent(broadcastId, (id, before) -> Math.max(0, before - commands));
    UUID tenantId = tenants.get(broadcastId);
    if (tenantId != null) {
      tenantLeft.computeIfPresent(tenantId, (id, before) -> Math.max(0, before - commands));
    }
  }

  /** Writes when each may go on, once all was spent. */
  void finish() {
    tenantPaces.forEach((tenantId, pace) -> {
      int spent = credit(pace) - tenantLeft.getOrDefault(tenantId, 0);
      if (spent > 0) {
        tenantRepository.handedOver(
            tenantId, policy.nextAt(pace.ratePerMinute(), spent, pace.nextAt(), pace.now()));
      }
    });
    paces.forEach((broadcastId, pace) -> {
      int spent = credit(pace) - left.getOrDefault(broadcastId, 0);
      if (spent > 0) {
        int rate = rates.getOrDefault(broadcastId, 1);
        repository.handedOver(broadcastId, policy.nextAt(rate, spent, pace.nextAt(), pace.now()));
      }
    });
  }
}
