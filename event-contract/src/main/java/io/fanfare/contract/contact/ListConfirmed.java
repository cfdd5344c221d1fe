package io.fanfare.contract.contact;

import java.time.Instant;
import java.util.UUID;

/**
 * A contact confirmed that it wants to be on a list. Keyed by tenant and contact. It may arrive
 * more than once.
 *
 * @param tenantId the tenant
 * @param contactId the contact
 * @param listId the list
 * @param at when it confirmed
 */
public record ListConfirmed(UUID tenantId, long contactId, UUID listId, Instant at) {

  /** The record's key. */
  public String key() {
    return tenantId + ":" + contactId;
  }
}
