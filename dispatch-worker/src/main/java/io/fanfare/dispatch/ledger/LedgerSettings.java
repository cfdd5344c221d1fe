package io.fanfare.dispatch.ledger;

import java.time.Duration;

/**
 * How results are written.
 *
 * @param batch most results in one transaction, 1 to 5000
 * @param linger how long a result waits for others to share its transaction
 * @param maxUnpublished events waiting for the broker above which no send starts
 * @param dropEveryForTest for tests alone: every so many-th result is lost, so that the checks that
 *     should see it can be seen to see it; 0 drops none
 */
public record LedgerSettings(
    int batch, Duration linger, int maxUnpublished, int dropEveryForTest) {}
