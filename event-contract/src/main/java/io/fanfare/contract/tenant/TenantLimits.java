package io.fanfare.contract.tenant;

import java.util.UUID;

/**
 * What a tenant may send, over all its broadcasts. Compacted by tenant id.
 *
 * @param tenantId the tenant
 * @param version grows by one with every change; a record with a lower one than already seen is
 *     stale
 * @param ratePerMinute messages in any sliding minute; 0 for as many as the channels take
 */
public record TenantLimits(UUID tenantId, long version, int ratePerMinute) {}
