package io.fanfare.audience.suppression;

import io.fanfare.contract.Channel;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An address that is never to be sent to.
 *
 * @param id of the entry
 * @param channel the channel the address is on
 * @param address null once the contact that had it was erased
 * @param contactId the contact whose message came back or was complained of; null for none
 * @param reason why
 * @param source where it came from
 * @param status the enhanced status code of the bounce
 * @param evidence what the reporter said, without addresses
 * @param actor who wrote it down
 * @param since when
 */
@Schema(name = "Suppression")
record Suppression(
    @Schema(example = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d") UUID id,
    @Schema(type = "string", example = "email") Channel channel,
    @Schema(
            description = "Absent once the contact that had it was erased; it is held all the same",
            example = "ada@example.org")
        @Nullable String address,
    @Schema(example = "42") @Nullable Long contactId,
    @Schema(type = "string", example = "hard_bounce") SuppressionReason reason,
    @Schema(example = "engagement") @Nullable String source,
    @Schema(example = "5.1.1") @Nullable String status,
    @Schema(example = "smtp; 550 5.1.1 no such user") @Nullable String evidence,
    @Schema(example = "key:0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d") String actor,
    Instant since) {}
