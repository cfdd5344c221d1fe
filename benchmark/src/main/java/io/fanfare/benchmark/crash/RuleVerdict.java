package io.fanfare.benchmark.crash;

import java.util.Map;

/**
 * What came of frequency caps, quiet hours and opt-outs.
 *
 * @param capViolations messages a contact got beyond his cap, over all broadcasts and channels
 * @param quietViolations messages that arrived in a contact's quiet hours
 * @param optOutViolations messages that arrived later than a second after an opt-out held
 * @param skippedWithoutReason recipients skipped for a reason that does not hold
 * @param skips recipients skipped, by reason
 */
public record RuleVerdict(
    long capViolations,
    long quietViolations,
    long optOutViolations,
    long skippedWithoutReason,
    Map<String, Long> skips) {

  static final RuleVerdict NONE = new RuleVerdict(0, 0, 0, 0, Map.of());

  boolean held() {
    return capViolations == 0
        && quietViolations == 0
        && optOutViolations == 0
        && skippedWithoutReason == 0;
  }
}
