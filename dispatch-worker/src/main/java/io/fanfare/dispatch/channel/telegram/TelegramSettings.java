package io.fanfare.dispatch.channel.telegram;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the worker speaks to the Bot API.
 *
 * @param requests requests of one account at one time, 1 to 1000
 * @param connectTimeout for the TCP connection and the handshake
 * @param writeTimeout for one write of a request
 * @param answerTimeout for the answer to a request; when it passes, the message is in doubt
 * @param idleTimeout how long an unused connection is kept; at ten seconds OkHttp begins to probe a
 *     connection before it is used
 * @param answers whether bots answer people who write to them, for which their lanes leave a
 *     message a second alone
 */
@ConfigurationProperties("fanfare.dispatch.telegram")
record TelegramSettings(
    @DefaultValue("64") int requests,
    @DefaultValue("10s") Duration connectTimeout,
    @DefaultValue("10s") Duration writeTimeout,
    @DefaultValue("60s") Duration answerTimeout,
    @DefaultValue("30s") Duration idleTimeout,
    @DefaultValue("true") boolean answers) {

  TelegramSettings {
    if (requests < 1 || requests > 1000) {
      throw new IllegalArgumentException("requests must be 1 to 1000");
    }
  }
}
