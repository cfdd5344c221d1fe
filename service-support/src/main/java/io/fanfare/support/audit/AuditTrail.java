package io.fanfare.support.audit;

import io.fanfare.contract.Topics;
import io.fanfare.contract.audit.AuditRecorded;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes down who changed what, in the transaction of the change. The entries travel through the
 * outbox to broadcast-api, which keeps and shows them.
 */
@Component
public class AuditTrail {

  private static final String OPERATOR_KEY = "operator";

  private final Outbox outbox;
  private final Clock clock;

  AuditTrail(Outbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Somebody changed something of their own tenant's. */
  public void record(
      Identity who,
      String action,
      String resource,
      String resourceId,
      @Nullable Map<String, Object> before,
      @Nullable Map<String, Object> after) {
    record(who.tenantId(), who.actor(), action, resource, resourceId, before, after);
  }

  /**
   * Somebody changed something of a tenant's: the operator, or the system.
   *
   * @param tenantId the tenant whose data changed; null for the installation itself
   * @param action such as {@code create}
   * @param resource the kind of thing, singular
   * @param before what it was, without secrets; null when new
   * @param after what it is, without secrets; null when gone
   */
  public void record(
      @Nullable UUID tenantId,
      String actor,
      String action,
      String resource,
      String resourceId,
      @Nullable Map<String, Object> before,
      @Nullable Map<String, Object> after) {
    AuditRecorded entry =
        new AuditRecorded(
            Ids.next(),
            tenantId,
            actor,
            action,
            resource,
            resourceId,
            before,
            after,
            clock.instant().truncatedTo(ChronoUnit.MILLIS));
    String key = tenantId == null ? OPERATOR_KEY : tenantId.toString();
    outbox.publish(Topics.AUDIT_RECORDED, key, entry);
  }
}
