package io.fanfare.broadcast.tenant;

import io.fanfare.broadcast.key.ApiKeys;
import io.fanfare.broadcast.key.CreatedApiKey;
import io.fanfare.broadcast.key.NewApiKey;
import io.fanfare.contract.Topics;
import io.fanfare.contract.tenant.TenantLimits;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What the operator does with tenants; it stands in the audit log of the tenant it was done to. */
@Service
class Tenants {

  private final TenantRepository repository;
  private final ApiKeys keys;
  private final Outbox outbox;
  private final AuditTrail audit;
  private final Clock clock;

  Tenants(TenantRepository repository, ApiKeys keys, Outbox outbox, AuditTrail audit, Clock clock) {
    this.repository = repository;
    this.keys = keys;
    this.outbox = outbox;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional
  Tenant create(Identity operator, NewTenant wanted) {
    Tenant tenant =
        new Tenant(
            Ids.next(),
            wanted.name().strip(),
            wanted.ratePerMinute() == null ? 0 : wanted.ratePerMinute(),
            clock.instant().truncatedTo(ChronoUnit.MICROS));
    repository.insert(tenant);
    if (tenant.ratePerMinute() > 0) {
      publishLimits(tenant, 0);
    }
    audit.record(
        inside(operator, tenant.id()),
        "create",
        "tenant",
        tenant.id().toString(),
        null,
        summary(tenant));
    return tenant;
  }

  /** Changes its name or what it may send; the other services learn of it with the change. */
  @Transactional
  Tenant change(Identity operator, UUID id, TenantPatch patch) {
    Tenant before = repository.lock(id).orElseThrow(() -> ProblemException.notFound("tenant", id));
    Tenant after =
        new Tenant(
            id,
            patch.name() == null ? before.name() : patch.name().strip(),
            patch.ratePerMinute() == null ? before.ratePerMinute() : patch.ratePerMinute(),
            before.createdAt());
    if (after.equals(before)) {
      return before;
    }
    publishLimits(after, repository.update(after));
    audit.record(
        inside(operator, id), "update", "tenant", id.toString(), summary(before), summary(after));
    return after;
  }

  private void publishLimits(Tenant tenant, long version) {
    outbox.publish(
        Topics.TENANT_LIMITS,
        tenant.id().toString(),
        new TenantLimits(tenant.id(), version, tenant.ratePerMinute()));
  }

  private static Map<String, Object> summary(Tenant tenant) {
    return Map.of("name", tenant.name(), "rate_per_minute", tenant.ratePerMinute());
  }

  Tenant get(UUID id) {
    return repository.byId(id).orElseThrow(() -> ProblemException.notFound("tenant", id));
  }

  Page<Tenant> page(PageRequest request) {
    @Nullable UUID after = request.after() == null ? null : cursor(request.after());
    List<Tenant> rows = repository.page(after, request.limitPlusOne());
    return Page.of(rows, request.limit(), row -> Cursors.encode(row.id()));
  }

  /** Makes a key inside a tenant: its first admin key, or a new one when all were lost. */
  @Transactional
  CreatedApiKey createKey(Identity operator, UUID tenantId, NewApiKey wanted) {
    return keys.create(inside(operator, get(tenantId).id()), wanted);
  }

  private static Identity inside(Identity operator, UUID tenantId) {
    return new Identity(tenantId, operator.actor(), operator.role());
  }

  private static UUID cursor(String after) {
    try {
      return UUID.fromString(Cursors.decode(after, 1).getFirst());
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }
}
