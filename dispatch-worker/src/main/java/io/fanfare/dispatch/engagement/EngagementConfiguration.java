package io.fanfare.dispatch.engagement;

import io.fanfare.support.kafka.TopicsReady;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what takes engagement in. */
@Configuration(proxyBeanMethods = false)
class EngagementConfiguration {

  @Bean(destroyMethod = "close")
  EngagementPublisher engagementPublisher(
      @Value("${spring.kafka.bootstrap-servers}") String bootstrapServers,
      @Value("${spring.application.name}") String serviceName,
      EngagementSettings settings,
      TopicsReady topicsReady) {
    return new EngagementPublisher(bootstrapServers, serviceName + "-engagement", settings);
  }
}
