package io.fanfare.dispatch.loop;

import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Starts the worker after everything it needs and stops it before: not ready first, then drained.
 */
@Component
class DispatchLifecycle implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(DispatchLifecycle.class);

  private final DispatchWorker worker;
  private final ApplicationEventPublisher events;
  private volatile boolean running;

  DispatchLifecycle(DispatchWorker worker, ApplicationEventPublisher events) {
    this.worker = worker;
    this.events = events;
  }

  @Override
  public void start() {
    try {
      worker.start(this::broken);
    } catch (SQLException e) {
      throw new IllegalStateException("no incarnation could begin", e);
    }
    running = true;
  }

  /** A thread that died of a bug leaves a worker that does half its work: better restart it. */
  private void broken(Thread thread, Throwable failure) {
    LOG.error("{} died; this worker must be restarted", thread.getName(), failure);
    AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
  }

  @Override
  public void stop() {
    AvailabilityChangeEvent.publish(events, this, ReadinessState.REFUSING_TRAFFIC);
    worker.stop();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
