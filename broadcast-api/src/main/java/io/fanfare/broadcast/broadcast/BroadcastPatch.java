package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is to change of a draft, or the rate of one that runs or is paused; what is left out stays.
 *
 * @param name 1 to 200 characters
 * @param listId the one list it goes to
 * @param audience the lists and segments it goes to, all of them; instead of {@code list_id}
 * @param channels all of them, 1 to 8
 * @param variables all of them, at most 100
 * @param ratePerMinute at most so many messages in any minute; 0 for as fast as the channels allow
 * @param channelMode {@code all} or {@code fallback}
 * @param abTest the whole plan of the test; an empty object for no test
 * @param category the name of a category; empty for none
 * @param sendTime the whole send time; an empty object for none
 */
@ListOrAudience(required = false)
public record BroadcastPatch(
    @Nullable @Size(min = 1, max = 200) @Schema(example = "Spring news, second try") String name,
    @Nullable UUID templateId,
    @Nullable UUID listId,
    @Nullable AudienceChoice audience,
    @Nullable @Size(min = 1, max = 8) List<ChannelChoice> channels,
    @Nullable DeliveryPolicy policy,
    @Nullable Map<String, Object> variables,
    @Nullable @Min(0) @Max(BroadcastSettings.MAX_RATE) @Schema(example = "600")
        Integer ratePerMinute,
    @Nullable @Schema(example = "fallback") ChannelMode channelMode,
    @Nullable AbTestPlan abTest,
    @Nullable @Schema(example = "newsletter") String category,
    @Nullable SendTimeChoice sendTime)
    implements ListOrAudience.Body {

  /** The new rate when nothing else is to change, else null. */
  @Nullable Integer rateAlone() {
    boolean others =
        name != null
            || templateId != null
            || listId != null
            || audience != null
            || channels != null
            || policy != null
            || variables != null
            || channelMode != null
            || abTest != null
            || category != null
            || sendTime != null;
    return others ? null : ratePerMinute;
  }

  BroadcastSettings over(BroadcastSettings old) {
    return new BroadcastSettings(
        name == null ? old.name() : name.strip(),
        templateId == null ? old.templateId() : templateId,
        listId == null && audience == null ? old.audience() : AudienceChoice.of(listId, audience),
        channels == null ? old.channels() : channels,
        policy == null ? old.policy() : policy,
        variables == null ? old.variables() : variables,
        ratePerMinute == null ? old.ratePerMinute() : ratePerMinute,
        channelMode == null ? old.channelMode() : channelMode,
        abTest == null ? old.abTest() : abTest.sayNothing() ? null : abTest.withDefaults(),
        category == null ? old.category() : category.isEmpty() ? null : category,
        sendTime == null ? old.sendTime() : sendTime.sayNothing() ? null : sendTime);
  }
}
