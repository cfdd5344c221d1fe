package io.fanfare.audience.release;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ReleaseConfiguration {

  @Bean
  CreditPolicy creditPolicy(ReleaseProperties properties) {
    return new CreditPolicy(properties.lookAhead(), properties.unlimitedOutstanding());
  }
}
