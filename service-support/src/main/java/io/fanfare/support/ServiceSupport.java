package io.fanfare.support;

import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.IdentityConfiguration;
import io.fanfare.support.kafka.KafkaConfiguration;
import io.fanfare.support.outbox.OutboxConfiguration;
import io.fanfare.support.page.PageRequestResolver;
import io.fanfare.support.problem.ProblemAdvice;
import io.fanfare.support.secret.SecretConfiguration;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Everything of this module, for a service to import. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@Import({
  IdentityConfiguration.class,
  OpenApiConventions.class,
  TestSwitchAlarm.class,
  KafkaConfiguration.class,
  OutboxConfiguration.class,
  SecretConfiguration.class,
  AuditTrail.class,
  ProblemAdvice.class
})
public class ServiceSupport {

  /** What "now" is to everything that asks, in UTC. */
  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  /** Lets controllers take a {@code PageRequest}. */
  @Bean
  WebMvcConfigurer pageRequests() {
    return new WebMvcConfigurer() {
      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new PageRequestResolver());
      }
    };
  }
}
