package io.fanfare.dispatch.engagement;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bounds and times of what comes in.
 *
 * @param confirm how long the broker may take to confirm an event before it counts as not taken
 * @param maxInFlight events that wait for the broker, at least 1; more are refused
 * @param beforeDelivery a click sooner after the message was made than this is no human's
 */
@ConfigurationProperties("fanfare.engagement")
public record EngagementSettings(
    @DefaultValue("2s") Duration confirm,
    @DefaultValue("10000") int maxInFlight,
    @DefaultValue("2s") Duration beforeDelivery) {

  public EngagementSettings {
    if (confirm.toMillis() < 100 || maxInFlight < 1 || beforeDelivery.isNegative()) {
      throw new IllegalArgumentException(
          "confirm >= 100 ms, max-in-flight >= 1, before-delivery >= 0");
    }
  }
}
