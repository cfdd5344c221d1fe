package io.fanfare.analytics.counting;

import io.fanfare.analytics.AnalyticsProperties;
import io.fanfare.analytics.TestSwitches;
import io.fanfare.support.kafka.EventBatches;
import io.fanfare.support.kafka.TopicsReady;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.stereotype.Component;

/** Keeps one consumer for each feed, counting into the live generation, while the service runs. */
@Component
final class CountingConsumers implements SmartLifecycle {

  private final List<TopicConsumer<?>> all;
  private volatile boolean running;

  CountingConsumers(
      List<Feed<?>> feeds,
      Generation live,
      ConsumerFactory<String, byte[]> consumers,
      AnalyticsProperties properties,
      EventBatches batches,
      ApplicationEventPublisher events,
      MeterRegistry meters,
      TestSwitches switches,
      TopicsReady topicsReady) {
    this.all =
        feeds.stream()
            .<TopicConsumer<?>>map(feed ->
                consumer(feed, live, consumers, properties, batches, events, meters, switches))
            .toList();
  }

  private static <E extends Record> TopicConsumer<E> consumer(
      Feed<E> feed,
      Generation live,
      ConsumerFactory<String, byte[]> consumers,
      AnalyticsProperties properties,
      EventBatches batches,
      ApplicationEventPublisher events,
      MeterRegistry meters,
      TestSwitches switches) {
    DeadLetters deadLetters = (record, reason) -> batches.setAside(feed.group(), record, reason);
    return new TopicConsumer<>(
        feed,
        consumers,
        properties,
        live.offsets(),
        live.counter(feed, deadLetters, meters, switches.dropEventEvery()),
        events,
        meters);
  }

  @Override
  public void start() {
    running = true;
    all.forEach(TopicConsumer::start);
  }

  @Override
  public void stop() {
    running = false;
    all.forEach(TopicConsumer::askToStop);
    all.forEach(TopicConsumer::awaitStop);
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
