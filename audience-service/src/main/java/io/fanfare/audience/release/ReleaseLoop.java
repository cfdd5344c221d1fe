package io.fanfare.audience.release;

import io.fanfare.audience.Loop;
import org.springframework.stereotype.Component;

/** Looks at every lane ten times a second. */
@Component
class ReleaseLoop extends Loop {

  ReleaseLoop(ReleaseCycle cycle, ReleaseProperties properties) {
    super("release", properties.interval(), cycle::run);
  }
}
