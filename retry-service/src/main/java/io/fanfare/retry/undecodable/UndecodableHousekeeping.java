package io.fanfare.retry.undecodable;

import io.fanfare.retry.RetryProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Measures the open ones and forgets the others in the end. */
@Component
class UndecodableHousekeeping {

  private final UndecodableRepository events;
  private final RetryProperties properties;
  private final Clock clock;
  private final AtomicLong open = new AtomicLong();

  UndecodableHousekeeping(
      UndecodableRepository events, RetryProperties properties, Clock clock, MeterRegistry meters) {
    this.events = events;
    this.properties = properties;
    this.clock = clock;
    Gauge.builder("fanfare.undecodable.events.open", open, AtomicLong::get)
        .description("Records set aside that nobody has requeued or discarded yet")
        .register(meters);
  }

  @Scheduled(fixedDelayString = "${fanfare.retry.measure-interval:10s}")
  void measure() {
    open.set(events.countOpen());
  }

  @Scheduled(initialDelayString = "PT2M", fixedDelayString = "PT6H")
  void forget() {
    Instant before = clock.instant().minus(Duration.ofDays(properties.keepDays()));
    int forgotten;
    do {
      forgotten = events.forgetClosed(before);
    } while (forgotten > 0);
  }
}
