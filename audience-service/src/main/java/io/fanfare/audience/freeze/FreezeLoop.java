package io.fanfare.audience.freeze;

import io.fanfare.audience.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Freezes broadcasts as they start, one after the other in this instance, apart from release. */
@Component
class FreezeLoop extends Loop {

  private static final Duration PAUSE = Duration.ofMillis(200);

  FreezeLoop(Freezer freezer, MeterRegistry metrics) {
    super("freeze", PAUSE, () -> timed(freezer, metrics));
  }

  private static boolean timed(Freezer freezer, MeterRegistry metrics) {
    Timer.Sample sample = Timer.start(metrics);
    boolean froze = freezer.freezeNext();
    if (froze) {
      sample.stop(
          Timer.builder("fanfare.freeze")
              .description("Time to freeze the audience of one broadcast")
              .register(metrics));
    }
    return froze;
  }
}
