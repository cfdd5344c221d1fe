package io.fanfare.audience.progress;

import io.fanfare.audience.Loop;
import io.fanfare.audience.PoolProperties;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Looks for settled broadcasts: four times a second among those with news, now and then all. */
@Component
class SettleLoop extends Loop {

  private static final Duration PAUSE = Duration.ofMillis(250);

  SettleLoop(Settler settler, PoolProperties pools) {
    super("settle", PAUSE, new Turns(settler, pools.completionCheck().toNanos())::turn);
  }

  private static final class Turns {

    private final Settler settler;
    private final long everyNanos;
    private long lookedNanos;

    Turns(Settler settler, long everyNanos) {
      this.settler = settler;
      this.everyNanos = everyNanos;
      this.lookedNanos = System.nanoTime() - everyNanos;
    }

    boolean turn() {
      long now = System.nanoTime();
      if (now - lookedNanos < everyNanos) {
        settler.settleNews();
      } else {
        settler.settleAll();
        lookedNanos = now;
      }
      return false;
    }
  }
}
