package io.fanfare.audience.imports;

import io.fanfare.audience.Loop;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Works on imports, one at a time in an instance: five seconds on one, then on the one that has
 * waited longest. Several instances work on several imports.
 */
@Component
class ImportLoop extends Loop {

  private static final Duration PAUSE = Duration.ofMillis(250);

  ImportLoop(ImportStep step) {
    super("contact-import", PAUSE, new Turns(step)::turn);
  }

  private static final class Turns {

    private static final Logger log = LoggerFactory.getLogger(ImportLoop.class);
    private static final long SLICE_NANOS = Duration.ofSeconds(5).toNanos();

    private final ImportStep step;
    private @Nullable ImportSession session;
    private @Nullable BatchFailed failed;
    private long sliceBegan;

    Turns(ImportStep step) {
      this.step = step;
    }

    boolean turn() {
      ImportSession current = session;
      boolean goesOn = current != null && System.nanoTime() - sliceBegan < SLICE_NANOS;
      UUID preferred = goesOn && current != null ? current.importId : null;
      // Only a session whose batch was committed is worth keeping.
      session = null;
      try {
        ImportSession next = step.run(preferred, current, failed);
        failed = null;
        if (!goesOn || next == null || !next.importId.equals(preferred)) {
          sliceBegan = System.nanoTime();
        }
        session = next;
        return next != null;
      } catch (BatchFailed e) {
        // One row the database does not take must not stop the file: it is looked for.
        log.warn("{}", e.getMessage(), e.getCause());
        failed = e;
        return true;
      }
    }
  }
}
