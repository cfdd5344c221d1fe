package io.fanfare.support.kafka;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/** Topics before listeners, one producer, and batches that are retried until they go through. */
@Configuration(proxyBeanMethods = false)
public class KafkaConfiguration {

  private static final long FIRST_PAUSE_MS = 200;
  private static final long LONGEST_PAUSE_MS = 5_000;

  @Bean
  TopicsReady topicsReady(
      @Value("${spring.kafka.bootstrap-servers}") String bootstrapServers,
      @Value("${FANFARE_TOPIC_PARTITIONS:16}") int hotPartitions,
      @Value("${FANFARE_TOPIC_REPLICATION:1}") short replication) {
    return TopicsReady.ensure(bootstrapServers, hotPartitions, replication);
  }

  @Bean(destroyMethod = "close")
  EventProducer eventProducer(
      @Value("${spring.kafka.bootstrap-servers}") String bootstrapServers,
      @Value("${spring.application.name}") String serviceName,
      TopicsReady topicsReady) {
    return new EventProducer(bootstrapServers, serviceName);
  }

  @Bean
  EventBatches eventBatches(EventProducer producer) {
    return new EventBatches(producer);
  }

  /** What reaches the container may pass with time: undecodable records were set aside before. */
  @Bean
  CommonErrorHandler retryBatchForEver() {
    ExponentialBackOff pause = new ExponentialBackOff(FIRST_PAUSE_MS, 2);
    pause.setMaxInterval(LONGEST_PAUSE_MS);
    return new DefaultErrorHandler(pause);
  }
}
