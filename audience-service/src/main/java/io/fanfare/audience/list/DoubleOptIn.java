package io.fanfare.audience.list;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How whoever is added to a list is asked whether it wants to be on it.
 *
 * @param accountId the channel account the question goes over
 * @param templateId what it says; {@code {{ confirm_link }}} leads to the page with the button
 */
@Schema(
    name = "DoubleOptIn",
    description = "Contacts are members once they confirmed; an empty object ends it")
record DoubleOptIn(
    @Schema(example = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7d") @Nullable UUID accountId,
    @Schema(example = "0190b3c8-6e3c-7c1e-9f0a-2f6d3a1b5c7e") @Nullable UUID templateId) {

  /** It asks nobody. */
  boolean isEmpty() {
    return accountId == null && templateId == null;
  }

  /** It says only half of what is needed. */
  boolean isHalf() {
    return (accountId == null) != (templateId == null);
  }

  static @Nullable DoubleOptIn of(@Nullable UUID accountId, @Nullable UUID templateId) {
    return accountId == null ? null : new DoubleOptIn(accountId, templateId);
  }
}
