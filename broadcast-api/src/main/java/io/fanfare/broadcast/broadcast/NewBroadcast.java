package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast to be made.
 *
 * @param name for people and {@code {{ broadcast.name }}}, 1 to 200 characters
 * @param templateId what it says; with {@code ab_test} the templates of the variants are sent
 *     instead
 * @param listId the one list whose contacts it goes to; or else:
 * @param audience the lists and segments it goes to
 * @param channels 1 to 8, each once; {@code channel_mode} says how they are used
 * @param policy {@code never-twice} (the default) or {@code at-least-once}
 * @param variables values for {@code {{ vars.x }}}, at most 100
 * @param ratePerMinute at most so many messages in any minute, over all channels; 0 (the default):
 *     as fast as the channels allow, 1 to 6,000,000
 * @param channelMode {@code all} (the default): every channel for every contact; {@code fallback}:
 *     the first channel in this order on which the contact can be reached, and the next one when it
 *     fails for good; needs two channels or more
 * @param abTest a test of several variants as part of the broadcast
 * @param scheduledAt when to start it, in the future and within a year; left out: it stays a draft
 * @param category the name of the category its messages belong to; who opted out of it is skipped
 * @param sendTime when each contact gets it by his own clock; left out: as soon as it is his turn
 */
@ListOrAudience(required = true)
public record NewBroadcast(
    @NotBlank @Size(max = 200) @Schema(example = "Spring news") String name,
    @NotNull UUID templateId,
    @Nullable UUID listId,
    @Nullable AudienceChoice audience,
    @NotEmpty @Size(max = 8) List<ChannelChoice> channels,
    @Nullable @Schema(example = "never-twice") DeliveryPolicy policy,
    @Nullable @Schema(example = "{\"price\": 12}") Map<String, Object> variables,
    @Nullable @Min(0) @Max(BroadcastSettings.MAX_RATE) @Schema(example = "600")
        Integer ratePerMinute,
    @Nullable @Schema(example = "all") ChannelMode channelMode,
    @Nullable AbTestPlan abTest,
    @Nullable @Schema(example = "2030-01-01T08:00:00Z") Instant scheduledAt,
    @Nullable @Schema(example = "newsletter") String category,
    @Nullable SendTimeChoice sendTime)
    implements ListOrAudience.Body {

  BroadcastSettings settings() {
    return new BroadcastSettings(
        name.strip(),
        templateId,
        AudienceChoice.of(listId, audience),
        channels,
        policy == null ? DeliveryPolicy.NEVER_TWICE : policy,
        variables == null ? Map.of() : variables,
        ratePerMinute == null ? 0 : ratePerMinute,
        channelMode == null ? ChannelMode.ALL : channelMode,
        abTest == null || abTest.sayNothing() ? null : abTest.withDefaults(),
        category == null || category.isEmpty() ? null : category,
        sendTime == null || sendTime.sayNothing() ? null : sendTime);
  }
}
