package io.fanfare.analytics;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of this service.
 *
 * @param batchSize events counted in one transaction, at most; 1 to 50,000
 * @param dedupeDays days after the last counted event of a ledger day until its dedupe rows are
 *     dropped; must be more than the days {@code delivery.events} are kept
 * @param sealDays days in which nothing was done with a broadcast until nothing more of it is
 *     counted and what each of its recipients did is dropped
 */
@ConfigurationProperties("fanfare.analytics")
public record AnalyticsProperties(
    @DefaultValue("5000") int batchSize,
    @DefaultValue("40") int dedupeDays,
    @DefaultValue("180") int sealDays) {

  private static final int MAX_BATCH = 50_000;

  public AnalyticsProperties {
    if (batchSize < 1 || batchSize > MAX_BATCH) {
      throw new IllegalArgumentException("fanfare.analytics.batch-size is 1 to " + MAX_BATCH);
    }
  }
}
