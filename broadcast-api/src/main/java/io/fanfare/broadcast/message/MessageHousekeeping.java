package io.fanfare.broadcast.message;

import java.time.Clock;
import java.time.Instant;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks after the broadcasts that carry messages; any number of instances may. */
@Component
class MessageHousekeeping {

  private final MessageRuns runs;
  private final Clock clock;

  MessageHousekeeping(MessageRuns runs, Clock clock) {
    this.runs = runs;
    this.clock = clock;
  }

  @Scheduled(fixedDelay = 5_000)
  void look() {
    Instant now = clock.instant();
    runs.resume(now);
    runs.close(now);
    // A bounded part each time: others share the scheduler.
    runs.forget(now);
  }
}
