package io.fanfare.retry.budget;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a broadcast is paused because its provider fails.
 *
 * @param tries how many of the newest tries are looked at, 1 to 10,000; fewer never pause
 * @param share the share of them that may fail in a way that may pass, above 0; above 1 nothing is
 *     ever paused
 * @param lasting how long the share has to be reached without a break
 */
@ConfigurationProperties("fanfare.retry.budget")
record BudgetProperties(
    @DefaultValue("200") int tries,
    @DefaultValue("0.5") double share,
    @DefaultValue("10s") Duration lasting) {

  private static final int MAX_TRIES = 10_000;

  BudgetProperties {
    if (tries < 1 || tries > MAX_TRIES) {
      throw new IllegalArgumentException("fanfare.retry.budget.tries is 1 to " + MAX_TRIES);
    }
    if (share <= 0) {
      throw new IllegalArgumentException("fanfare.retry.budget.share is above 0");
    }
  }
}
