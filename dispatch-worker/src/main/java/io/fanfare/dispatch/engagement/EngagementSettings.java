package io.fanfare.dispatch.engagement;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How what recipients do is followed.
 *
 * @param publicUrl where recipients reach this deployment, http or https; null: links stay as they
 *     are and nobody is followed
 * @param tooSoon how soon after a message was made nobody can have read it
 * @param patience how long the broker may take to acknowledge an event
 */
@ConfigurationProperties("fanfare.engagement")
public record EngagementSettings(
    @Nullable URI publicUrl,
    @DefaultValue("1s") Duration tooSoon,
    @DefaultValue("2s") Duration patience) {

  public EngagementSettings {
    if (publicUrl != null && publicUrl.toString().isBlank()) {
      publicUrl = null;
    }
    if (publicUrl != null
        && !("https".equals(publicUrl.getScheme()) || "http".equals(publicUrl.getScheme()))) {
      throw new IllegalArgumentException("FANFARE_PUBLIC_URL must be an http or https URL");
    }
  }
}
