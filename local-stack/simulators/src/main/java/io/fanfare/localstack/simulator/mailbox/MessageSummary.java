package io.fanfare.localstack.simulator.mailbox;

import java.time.Instant;

/** A line of the mailbox. {@code subject} is a Telegram message's beginning. */
record MessageSummary(
    long id,
    String channel,
    String address,
    String sender,
    String subject,
    String marker,
    Instant acceptedAt,
    int sizeBytes) {}
