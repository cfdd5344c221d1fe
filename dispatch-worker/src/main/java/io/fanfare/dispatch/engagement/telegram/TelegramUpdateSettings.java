package io.fanfare.dispatch.engagement.telegram;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bounds and times of what comes in by Telegram.
 *
 * @param maxBots bots one worker asks for updates; 0 for none. Further ones are left to others
 * @param poll how long Telegram may wait for something to tell, 1 to 50 s
 * @param lease how long a worker that is gone keeps a bot; longer than {@code poll} and the time
 *     for an answer, {@value #ANSWER_SECONDS} s
 * @param renew how often leases are renewed and free bots are looked for
 * @param plainReply how long after a message what its chat writes is taken for an answer to it
 * @param mostBackOff how long a bot that cannot be asked is left alone at most
 */
@ConfigurationProperties("fanfare.telegram")
public record TelegramUpdateSettings(
    @DefaultValue("500") int maxBots,
    @DefaultValue("10s") Duration poll,
    @DefaultValue("30s") Duration lease,
    @DefaultValue("5s") Duration renew,
    @DefaultValue("7d") Duration plainReply,
    @DefaultValue("60s") Duration mostBackOff) {

  static final int ANSWER_SECONDS = 10;

  public TelegramUpdateSettings {
    if (poll.toSeconds() < 1 || poll.toSeconds() > 50) {
      throw new IllegalArgumentException("poll is 1 to 50 s");
    }
    if (maxBots < 0
        || renew.toMillis() < 10
        || lease.compareTo(poll.plusSeconds(ANSWER_SECONDS).plus(renew)) < 0) {
      throw new IllegalArgumentException(
          "max-bots >= 0, lease >= poll + " + ANSWER_SECONDS + " s + renew");
    }
  }

  /** The longest one request for updates takes. */
  Duration longestCall() {
    return poll.plusSeconds(ANSWER_SECONDS);
  }
}
