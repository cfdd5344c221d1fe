package io.fanfare.contract.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody changed something. Every service writes its own into its outbox, in the transaction of
 * the change; broadcast-api keeps and shows them. Event type {@code audit.recorded}.
 *
 * @param auditId the same for every delivery
 * @param tenantId the tenant whose data changed; null for the operator's own changes
 * @param actor {@code key:<id>}, {@code operator} or {@code system}
 * @param action what was done: {@code create}, {@code update}, {@code delete}, {@code start} …
 * @param resource the kind of thing, singular: {@code contact}, {@code list}, {@code broadcast} …
 * @param resourceId which one
 * @param before what it was; null when it is new. Never holds a secret; personal data of contacts
 *     is named, not copied, so that erasure stays possible
 * @param after what it is; null when it is gone
 * @param at when
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditRecorded(
    UUID auditId,
    @Nullable UUID tenantId,
    String actor,
    String action,
    String resource,
    String resourceId,
    @Nullable Map<String, Object> before,
    @Nullable Map<String, Object> after,
    Instant at) {}
