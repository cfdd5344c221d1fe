package io.fanfare.dispatch.loop;

import io.fanfare.dispatch.DispatchSettings;
import io.fanfare.dispatch.PoolSettings;
import io.fanfare.dispatch.TestSwitches;
import io.fanfare.dispatch.channel.ChannelSender;
import io.fanfare.dispatch.control.ControlReader;
import io.fanfare.support.kafka.EventProducer;
import io.fanfare.support.kafka.TopicsReady;
import io.fanfare.support.secret.SecretBox;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the worker together. */
@Configuration(proxyBeanMethods = false)
class DispatchConfiguration {

  @Bean
  ControlReader controlReader(
      @Value("${spring.kafka.bootstrap-servers}") String bootstrapServers,
      @Value("${FANFARE_WORKER_NAME:${HOSTNAME:dispatch-worker}}") String name,
      SecretBox secrets,
      DispatchSettings settings,
      TestSwitches switches,
      TopicsReady topicsReady) {
    return new ControlReader(
        bootstrapServers,
        name + "-control",
        secrets,
        settings.controlFresh(),
        switches.keepFirstControl());
  }

  @Bean(destroyMethod = "")
  DispatchWorker dispatchWorker(
      @Value("${spring.kafka.bootstrap-servers}") String bootstrapServers,
      @Value("${FANFARE_WORKER_NAME:${HOSTNAME:dispatch-worker}}") String name,
      DataSource dataSource,
      EventProducer producer,
      ControlReader control,
      List<ChannelSender> senders,
      DispatchSettings settings,
      TestSwitches switches,
      MeterRegistry registry,
      Clock clock) {
    return new DispatchWorker(
        name,
        bootstrapServers,
        dataSource,
        producer,
        control,
        senders,
        settings,
        switches,
        registry,
        clock);
  }

  private static Map<String, Object> pools(PoolSettings pools, DispatchWorker worker) {
    return Map.of(
        "broadcast_max_workers_per_pool", pools.maxWorkers(),
        "broadcast_worker_queue_size", pools.queueSize(),
        "broadcast_pool_cleanup_minutes", pools.cleanup().toMinutes(),
        "broadcast_progress_log_seconds", pools.progressLog().toSeconds(),
        "live", worker.livePools());
  }

  /** {@code GET /actuator/info}: what bounds this worker. */
  @Bean
  InfoContributor dispatchBounds(DispatchSettings settings, DispatchWorker worker) {
    return info ->
        info.withDetail(
            "dispatch",
            Map.of(
                "window", settings.window(),
                "held", worker.held(),
                "max_in_flight", settings.maxInFlight(),
                "open_claims", worker.openClaims(),
                "fence_seconds", settings.fence().toSeconds(),
                "takeover_after_seconds", settings.takeoverAfter().toSeconds(),
                "incarnation", worker.incarnation(),
                "pools", pools(settings.pools(), worker)));
  }
}
