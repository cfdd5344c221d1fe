package io.fanfare.broadcast.message;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How single messages are kept.
 *
 * @param perContact messages a contact gets at most of one template version from one account on one
 *     day (UTC); {@code FANFARE_MESSAGES_PER_CONTACT}
 * @param keepDays whole days a message can be looked up, 4 to 80; {@code FANFARE_MESSAGE_KEEP_DAYS}
 * @param resumeAfter when messages that a refused account or a melting provider stopped are tried
 *     again
 */
@ConfigurationProperties("fanfare.message")
record MessageProperties(
    @DefaultValue("1000") int perContact,
    @DefaultValue("7") int keepDays,
    @DefaultValue("60s") Duration resumeAfter) {

  MessageProperties {
    // retry-service remembers recipients for 90 days: nothing it could order may be forgotten here.
    if (perContact < 1 || keepDays < 4 || keepDays > 80) {
      throw new IllegalArgumentException(
          "fanfare.message.per-contact is at least 1, fanfare.message.keep-days 4 to 80");
    }
  }
}
