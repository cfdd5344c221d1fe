package io.fanfare.audience.segment.behaviour;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long it is remembered what contacts did.
 *
 * @param keepDays days after a broadcast was made, 1 to 3,650; {@code
 *     FANFARE_SEGMENT_BEHAVIOUR_DAYS}
 */
@ConfigurationProperties("fanfare.segment.behaviour")
record BehaviourProperties(@DefaultValue("400") int keepDays) {

  BehaviourProperties {
    if (keepDays < 1 || keepDays > 3_650) {
      throw new IllegalArgumentException("fanfare.segment.behaviour.keep-days is 1 to 3650");
    }
  }
}
