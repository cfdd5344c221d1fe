package io.fanfare.audience.release;

import io.fanfare.audience.PoolProperties;
import java.util.Map;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ReleaseConfiguration {

  @Bean
  CreditPolicy creditPolicy(ReleaseProperties properties) {
    return new CreditPolicy(properties.lookAhead(), properties.unlimitedOutstanding());
  }

  @Bean
  PacePolicy pacePolicy(ReleaseProperties properties) {
    return new PacePolicy(properties.paceMinute());
  }

  /** {@code GET /actuator/info}: what bounds the release. */
  @Bean
  InfoContributor releaseBounds(ReleaseProperties release, PoolProperties pools) {
    return info ->
        info.withDetail(
                "release",
                Map.of(
                    "look_ahead_seconds", release.lookAhead().toSeconds(),
                    "unlimited_outstanding", release.unlimitedOutstanding()))
            .withDetail(
                "pools",
                Map.of(
                    "broadcast_max_pools_per_user", pools.maxPerUser(),
                    "broadcast_completion_check_seconds", pools.completionCheck().toSeconds(),
                    "broadcast_progress_log_seconds", pools.progressLog().toSeconds()));
  }
}
