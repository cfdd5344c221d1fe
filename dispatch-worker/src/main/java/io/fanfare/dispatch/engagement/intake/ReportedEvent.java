package io.fanfare.dispatch.engagement.intake;

import io.fanfare.contract.Channel;
import io.fanfare.contract.engagement.EngagementEvent.Kind;
import io.fanfare.contract.engagement.EngagementReported;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says a recipient did, as it came.
 *
 * @param contactId the contact
 * @param channel the channel of the message
 * @param kind bounced, complained, replied or custom
 * @param eventId the reporter's own id of it: the same one again is counted once
 * @param name hard or soft, or what a custom event is called
 * @param value what a custom event was worth
 * @param at when it happened; null: now
 */
record ReportedEvent(
    @Schema(example = "4711", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable Long contactId,
    @Schema(type = "string", example = "email", requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable Channel channel,
    @Schema(
            type = "string",
            allowableValues = {"bounced", "complained", "replied", "custom"},
            example = "custom",
            requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable Kind kind,
    @Schema(
            minLength = 1,
            maxLength = IntakePolicy.MOST_ID_CHARACTERS,
            example = "order-4711",
            requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable String eventId,
    @Schema(maxLength = 100, example = "purchase") @Nullable String name,
    @Schema(example = "19.99") @Nullable BigDecimal value,
    @Schema(example = "2026-11-23T07:00:00Z") @Nullable Instant at) {

  /**
   * @param writtenAt when it was written, which is when it happened where it does not say
   */
  static ReportedEvent of(EngagementReported reported, Instant writtenAt) {
    return new ReportedEvent(
        reported.contactId(),
        reported.channel(),
        reported.kind(),
        reported.eventId(),
        reported.name(),
        reported.value(),
        reported.at() == null ? writtenAt : reported.at());
  }
}
