package io.fanfare.audience.progress;

import io.fanfare.audience.Loop;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Looks for settled broadcasts four times a second. */
@Component
class SettleLoop extends Loop {

  private static final Duration PAUSE = Duration.ofMillis(250);

  SettleLoop(Settler settler) {
    super(
        "settle",
        PAUSE,
        () -> {
          settler.settle();
          return false;
        });
  }
}
