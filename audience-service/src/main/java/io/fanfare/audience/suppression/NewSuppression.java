package io.fanfare.audience.suppression;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An address to put on the list, as it came.
 *
 * @param channel email or telegram
 * @param address an e-mail address, or a chat id
 * @param reason manual unless said, as for a list that is brought along from elsewhere
 * @param source where it came from
 * @param status the enhanced status code of a bounce
 * @param evidence what was said
 */
record NewSuppression(
    @Schema(
            allowableValues = {"email", "telegram"},
            example = "email",
            requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable String channel,
    @Schema(example = "ada@example.org", requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable String address,
    @Schema(
            allowableValues = {"hard_bounce", "complaint", "manual"},
            defaultValue = "manual",
            example = "manual")
        @Nullable String reason,
    @Schema(maxLength = SuppressionPolicy.MOST_SOURCE, example = "support call")
        @Nullable String source,
    @Schema(example = "5.1.1") @Nullable String status,
    @Schema(maxLength = SuppressionPolicy.MOST_EVIDENCE, example = "550 5.1.1 no such user")
        @Nullable String evidence) {}
