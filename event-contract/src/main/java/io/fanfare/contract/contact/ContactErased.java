package io.fanfare.contract.contact;

import java.time.Instant;
import java.util.UUID;

/**
 * A contact was erased: whoever keeps something personal of it forgets that. It says nothing of the
 * person itself. Keyed by tenant and contact.
 *
 * @param eventId the same for every delivery
 * @param tenantId the tenant
 * @param contactId the contact; the id is never given again
 * @param at when
 */
public record ContactErased(UUID eventId, UUID tenantId, long contactId, Instant at) {

  /** The record's key. */
  public String key() {
    return tenantId + ":" + contactId;
  }
}
