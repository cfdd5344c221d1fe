package io.fanfare.dispatch.ledger;

import io.fanfare.dispatch.TestSwitches;
import java.time.Duration;

/**
 * How results are written.
 *
 * @param batch most results in one transaction, 1 to 5000
 * @param linger how long a result waits for others to share its transaction
 * @param maxUnpublished events waiting for the broker above which no send starts
 * @param faults for tests alone
 */
public record LedgerSettings(int batch, Duration linger, int maxUnpublished, TestSwitches faults) {}
