package io.fanfare.broadcast.account;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/**
 * A link that connects one contact with the chat of whoever opens it.
 *
 * @param url to be given to that person alone
 * @param expiresAt when it ceases to connect
 */
record TelegramLink(
    @Schema(example = "https://t.me/example_school_bot?start=AQ7…") String url,
    Instant expiresAt) {}
