package io.fanfare.broadcast.message;

import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A single message to be sent.
 *
 * @param contactId whom to; or
 * @param externalId whom to, by the contact's external id; one of the two
 * @param accountId the channel account it is sent with; its channel is the message's
 * @param templateId what it says
 * @param templateVersion which version of the template; left out: the newest
 * @param variables values for {@code {{ vars.x }}}, at most 100
 * @param policy {@code at-least-once} (the default): sent again by itself when nobody can know
 *     whether it was sent; or {@code never-twice}
 * @param category the name of the category it belongs to; to who opted out of it it is not sent
 */
record NewMessage(
    @Nullable @Schema(example = "42") Long contactId,
    @Nullable @Size(min = 1, max = 200) @Schema(example = "student-42") String externalId,
    @NotNull UUID accountId,
    @NotNull UUID templateId,
    @Nullable @Positive @Schema(example = "3") Long templateVersion,
    @Nullable @Schema(example = "{\"code\": \"4711\"}") Map<String, Object> variables,
    @Nullable @Schema(example = "at-least-once") DeliveryPolicy policy,
    @Nullable @Schema(example = "billing") String category) {

  @Nullable String categoryOrNone() {
    return category == null || category.isEmpty() ? null : category;
  }

  DeliveryPolicy policyOrDefault() {
    return policy == null ? DeliveryPolicy.AT_LEAST_ONCE : policy;
  }

  Map<String, Object> variablesOrNone() {
    return variables == null ? Map.of() : variables;
  }
}
