package io.fanfare.broadcast.media;

import java.time.Clock;
import java.time.Duration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Takes away files that nobody sees and no broadcast sends. */
@Component
class MediaHousekeeping {

  /** Longer than a broadcast takes from the copying of its files to its start. */
  private static final Duration PASSING = Duration.ofDays(1);

  private static final int PORTION = 100;

  private final MediaRepository repository;
  private final Clock clock;

  MediaHousekeeping(MediaRepository repository, Clock clock) {
    this.repository = repository;
    this.clock = clock;
  }

  @Scheduled(initialDelayString = "PT5M", fixedDelayString = "PT1H")
  void sweep() {
    while (repository.deleteUnused(clock.instant().minus(PASSING), PORTION) == PORTION) {
      // As long as there may be more.
    }
  }
}
