package io.fanfare.localstack.simulator.log;

import java.util.List;

/**
 * Sums over the markers of the report, which lists each of them; accounts are never filtered by
 * marker.
 *
 * @param complete false when more was accepted than the log remembers, so that duplicates may be
 *     missing
 */
public record ProviderReport(
    long accepted,
    long distinct,
    long duplicates,
    long attempts,
    boolean complete,
    List<MarkerReport> markers,
    List<AccountReport> accounts) {}
