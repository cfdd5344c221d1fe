package io.fanfare.audience.release;

import io.fanfare.audience.Loop;
import org.springframework.stereotype.Component;

/**
 * Notes about once a second how many results are known of each tenant with a rate, whether or not
 * anything is released for it: a tenant that was quiet for a minute has its whole rate again.
 */
@Component
class TenantPaceSampler extends Loop {

  TenantPaceSampler(TenantPaceRepository paces, PacePolicy policy) {
    super(
        "tenant-pace-sampler",
        policy.sampleEvery(),
        () -> {
          paces.sample();
          return false;
        });
  }
}
