package io.fanfare.retry.doubt;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Measures the recipients in doubt, for alerts. */
@Component
class InDoubtMetrics {

  private final InDoubtRepository recipients;
  private final AtomicLong inDoubt = new AtomicLong();

  InDoubtMetrics(InDoubtRepository recipients, MeterRegistry meters) {
    this.recipients = recipients;
    Gauge.builder("fanfare.in.doubt.recipients", inDoubt, AtomicLong::get)
        .description("Recipients of whom nobody can know whether they were sent to")
        .register(meters);
  }

  @Scheduled(fixedDelayString = "${fanfare.retry.measure-interval:10s}")
  void measure() {
    inDoubt.set(recipients.count());
  }
}
