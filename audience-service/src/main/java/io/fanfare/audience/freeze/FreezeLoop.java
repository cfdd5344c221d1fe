package io.fanfare.audience.freeze;

import io.fanfare.audience.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Freezes broadcasts as they start, one after the other, apart from release. An instance has two of
 * these: one takes the broadcast that waits longest, so that none waits for ever, the other the one
 * with the fewest contacts, so that a small one never waits for a large one.
 */
final class FreezeLoop extends Loop {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private FreezeLoop(Freezer freezer, MeterRegistry metrics, boolean fewestFirst) {
    super(
        fewestFirst ? "freeze-small" : "freeze", PAUSE, () -> timed(freezer, metrics, fewestFirst));
  }

  private static boolean timed(Freezer freezer, MeterRegistry metrics, boolean fewestFirst) {
    Timer.Sample sample = Timer.start(metrics);
    boolean froze = freezer.freezeNext(fewestFirst);
    if (froze) {
      sample.stop(
          Timer.builder("fanfare.freeze")
              .description("Time to freeze the audience of one broadcast")
              .register(metrics));
    }
    return froze;
  }

  /** Both of them. */
  @Configuration(proxyBeanMethods = false)
  static class Both {

    @Bean
    FreezeLoop longestWaitingFirst(Freezer freezer, MeterRegistry metrics) {
      return new FreezeLoop(freezer, metrics, false);
    }

    @Bean
    FreezeLoop fewestContactsFirst(Freezer freezer, MeterRegistry metrics) {
      return new FreezeLoop(freezer, metrics, true);
    }
  }
}
