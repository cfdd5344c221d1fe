package io.fanfare.dispatch.channel.email;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the worker speaks SMTP.
 *
 * @param connections connections to one account at one time, 1 to 100
 * @param batchSize messages one connection is given at a time, 1 to 500
 * @param messagesPerConnection messages after which a connection is closed, at least 1; some
 *     providers allow 5,000
 * @param connectTimeout for the TCP connection and, once more, for each handshake on it
 * @param replyTimeout for the reply to a command
 * @param writeTimeout for one write, however slowly the server reads
 * @param answerTimeout for the reply to a message's end; when it passes, the message is in doubt
 * @param idleTimeout how long an unused connection is kept
 */
@ConfigurationProperties("fanfare.dispatch.email")
record SmtpSettings(
    @DefaultValue("8") int connections,
    @DefaultValue("50") int batchSize,
    @DefaultValue("1000") int messagesPerConnection,
    @DefaultValue("10s") Duration connectTimeout,
    @DefaultValue("30s") Duration replyTimeout,
    @DefaultValue("30s") Duration writeTimeout,
    @DefaultValue("60s") Duration answerTimeout,
    @DefaultValue("30s") Duration idleTimeout) {

  SmtpSettings {
    if (connections < 1 || connections > 100) {
      throw new IllegalArgumentException("connections must be 1 to 100");
    }
    if (batchSize < 1 || batchSize > 500) {
      throw new IllegalArgumentException("batch-size must be 1 to 500");
    }
    if (messagesPerConnection < 1) {
      throw new IllegalArgumentException("messages-per-connection must be at least 1");
    }
  }
}
