package io.fanfare.benchmark.crash;

import java.util.Set;

/**
 * A broadcast that is judged.
 *
 * @param id its own
 * @param planned who is to be reached
 * @param ledger the rows behind it
 */
record Watched(String id, Set<Recipient> planned, LedgerReader ledger) {}
