package io.fanfare.dispatch.engagement.intake;

import java.time.LocalDate;
import java.util.UUID;

/**
 * Where the ledger has a broadcast.
 *
 * @param tenantId whose it is
 * @param ledgerDay the day its claims and results are filed under
 */
record FiledBroadcast(UUID broadcastId, UUID tenantId, LocalDate ledgerDay) {}
