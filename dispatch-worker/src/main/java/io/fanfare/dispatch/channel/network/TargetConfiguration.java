package io.fanfare.dispatch.channel.network;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which addresses accounts may reach, from the environment. */
@Configuration(proxyBeanMethods = false)
class TargetConfiguration {

  /**
   * @param privateAllowed {@code FANFARE_ALLOW_PRIVATE_TARGETS}, default false: true lets accounts
   *     reach private, loopback and link-local addresses
   */
  @Bean
  AllowedTargets allowedTargets(
      @Value("${FANFARE_ALLOW_PRIVATE_TARGETS:false}") boolean privateAllowed) {
    return new AllowedTargets(privateAllowed);
  }
}
