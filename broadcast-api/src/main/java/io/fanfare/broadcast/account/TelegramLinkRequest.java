package io.fanfare.broadcast.account;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which bot a contact is to meet.
 *
 * @param accountId a Telegram account; may be left out where there is one only
 */
@Schema(name = "NewTelegramLink")
record TelegramLinkRequest(
    @Nullable @Schema(example = "018f0000-0000-7000-8000-000000000003") UUID accountId) {}
