package io.fanfare.audience.segment.behaviour;

import io.fanfare.audience.Loop;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Forgets what was done with messages of broadcasts that were made too long ago. */
@Component
class BehaviourCleaner extends Loop {

  private static final Duration PAUSE = Duration.ofHours(1);

  BehaviourCleaner(BehaviourRepository behaviours, BehaviourProperties properties, Clock clock) {
    super(
        "behaviour-cleaner",
        PAUSE,
        () ->
            behaviours.forgetBroadcastsOf(
                clock.instant().minus(Duration.ofDays(properties.keepDays()))));
  }
}
