package io.fanfare.localstack.simulator.log;

import io.fanfare.localstack.simulator.Channel;
import java.time.Instant;

/**
 * One message a provider took, whole.
 *
 * @param id ascending in the order of acceptance
 * @param address the recipient's e-mail address or chat id
 * @param sender the envelope's sender or the bot's id
 * @param kind {@code message/rfc822}, or the Bot API's method
 * @param content the message of RFC 5322, or the method's parameters as JSON
 */
public record AcceptedMessage(
    long id,
    Channel channel,
    String address,
    String sender,
    String marker,
    Instant acceptedAt,
    String kind,
    byte[] content) {}
