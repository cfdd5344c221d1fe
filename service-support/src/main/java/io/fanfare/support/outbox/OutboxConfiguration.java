package io.fanfare.support.outbox;

import io.fanfare.support.kafka.EventProducer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The outbox and its relay. The table {@code outbox} belongs to each service's own changelog. */
@Configuration(proxyBeanMethods = false)
public class OutboxConfiguration {

  @Bean
  OutboxRelay outboxRelay(
      JdbcTemplate jdbc,
      PlatformTransactionManager transactions,
      EventProducer producer,
      @Value("${spring.application.name}") String service) {
    return new OutboxRelay(jdbc, new TransactionTemplate(transactions), producer, service);
  }

  @Bean
  Outbox outbox(JdbcTemplate jdbc, OutboxRelay relay) {
    return new Outbox(jdbc, relay);
  }
}
