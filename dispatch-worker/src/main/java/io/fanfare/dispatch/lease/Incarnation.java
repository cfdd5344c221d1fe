package io.fanfare.dispatch.lease;

import java.util.UUID;

/**
 * One life of one worker.
 *
 * @param number its number in the ledger; grows over all workers
 * @param id its id in events
 */
public record Incarnation(long number, UUID id) {}
