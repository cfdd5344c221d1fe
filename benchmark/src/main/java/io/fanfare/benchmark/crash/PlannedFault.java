package io.fanfare.benchmark.crash;

import java.time.Duration;

/**
 * A fault and when it begins.
 *
 * @param after since the one before was done
 */
record PlannedFault(Duration after, Fault fault) {

  Duration estimate() {
    return after.plus(fault.estimate());
  }
}
