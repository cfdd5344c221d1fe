package io.fanfare.audience.cap;

import io.fanfare.audience.Loop;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Forgets messages that no cap looks back to. */
@Component
class CapSweeper extends Loop {

  CapSweeper(CapRepository caps) {
    super("cap-sweeper", Duration.ofHours(1), caps::sweep);
  }
}
