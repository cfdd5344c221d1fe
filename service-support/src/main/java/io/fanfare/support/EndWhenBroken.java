package io.fanfare.support;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationListener;

/**
 * Ends the process of a service that says it is broken, whose threads died of a bug: whoever runs
 * it starts it again, where half a service would stay half a service.
 */
final class EndWhenBroken implements ApplicationListener<AvailabilityChangeEvent<LivenessState>> {

  private static final Logger log = LoggerFactory.getLogger(EndWhenBroken.class);

  private final Runnable end;
  private final AtomicBoolean ending = new AtomicBoolean();

  /**
   * @param end ends the process; called once, on a thread of its own
   */
  EndWhenBroken(Runnable end) {
    this.end = end;
  }

  @Override
  public void onApplicationEvent(AvailabilityChangeEvent<LivenessState> event) {
    if (event.getState() == LivenessState.BROKEN && ending.compareAndSet(false, true)) {
      log.error("this instance is broken; ending it, to be started again");
      // The thread that tells of it may be one the shutdown waits for.
      Thread.ofPlatform().name("end-when-broken").start(end);
    }
  }
}
