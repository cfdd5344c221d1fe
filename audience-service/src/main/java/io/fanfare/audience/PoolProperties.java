package io.fanfare.audience;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a tenant's broadcasts may take of the release, and how often they are looked at.
 *
 * @param maxPerUser running broadcasts of a tenant that release at a time, at least 1, those that
 *     started first; the others wait for one of them to end; {@code BROADCAST_MAX_POOLS_PER_USER}
 * @param completionCheck how often every open broadcast is looked at for completion; those with
 *     news are looked at four times a second; {@code BROADCAST_COMPLETION_CHECK_SECONDS}
 * @param progressLog how often the log says where running broadcasts stand; {@code
 *     BROADCAST_PROGRESS_LOG_SECONDS}
 */
@ConfigurationProperties("fanfare.pools")
public record PoolProperties(
    @DefaultValue("10") int maxPerUser,
    @DefaultValue("10s") Duration completionCheck,
    @DefaultValue("30s") Duration progressLog) {

  public PoolProperties {
    if (maxPerUser < 1 || !completionCheck.isPositive() || !progressLog.isPositive()) {
      throw new IllegalArgumentException("the bounds of pools are at least 1");
    }
  }
}
