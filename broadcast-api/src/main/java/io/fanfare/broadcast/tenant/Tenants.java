package io.fanfare.broadcast.tenant;

import io.fanfare.broadcast.key.ApiKeys;
import io.fanfare.broadcast.key.CreatedApiKey;
import io.fanfare.broadcast.key.NewApiKey;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
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
  private final AuditTrail audit;
  private final Clock clock;

  Tenants(TenantRepository repository, ApiKeys keys, AuditTrail audit, Clock clock) {
    this.repository = repository;
    this.keys = keys;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional
  Tenant create(Identity operator, NewTenant wanted) {
    Tenant tenant =
        new Tenant(
            Ids.next(), wanted.name().strip(), clock.instant().truncatedTo(ChronoUnit.MICROS));
    repository.insert(tenant);
    audit.record(
        inside(operator, tenant.id()),
        "create",
        "tenant",
        tenant.id().toString(),
        null,
        Map.of("name", tenant.name()));
    return tenant;
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
