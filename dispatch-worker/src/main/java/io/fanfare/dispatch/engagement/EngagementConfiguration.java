package io.fanfare.dispatch.engagement;

import io.fanfare.support.kafka.EventProducer;
import io.fanfare.support.secret.SecretBox;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what follows recipients. */
@Configuration(proxyBeanMethods = false)
class EngagementConfiguration {

  @Bean
  LinkTokens linkTokens(SecretBox secrets) {
    return new LinkTokens(secrets.derivedKeys("fanfare link tokens"));
  }

  @Bean
  Tracking tracking(EngagementSettings settings, LinkTokens tokens, LinkRepository links) {
    return settings.publicUrl() == null
        ? Tracking.OFF
        : new PublicLinks(settings.publicUrl().toString(), tokens, links);
  }

  @Bean
  EngagementPublisher engagementPublisher(
      @Value("${spring.kafka.bootstrap-servers}") String bootstrapServers,
      @Value("${FANFARE_WORKER_NAME:${HOSTNAME:dispatch-worker}}") String name,
      EngagementSettings settings) {
    return new EngagementPublisher(
        new EventProducer(bootstrapServers, name + "-engagement", settings.patience()),
        settings.patience(),
        EngagementPublisher.MOST_WAITING);
  }
}
