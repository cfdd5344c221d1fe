package io.fanfare.analytics.abtest;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A test somebody thinks of. With an effect alone the answer is a sample, with a sample alone the
 * smallest effect it finds, with both the power it has.
 *
 * @param baseline the rate expected of the control, more than 0 and less than 1
 * @param effect what should be found: a difference of rates, or a share of the baseline
 * @param effectKind how {@code effect} is meant; absolute if left out
 * @param sample recipients per variant, 10 to 1,000,000,000
 * @param alpha two-sided, over all looks and variants, 0.001 to 0.2; 0.05 if left out
 * @param power the probability to find the effect, 0.5 to 0.99; 0.8 if left out
 * @param looks equally far apart, 1 to 5; 1 if left out
 * @param variants with the control, 2 to 8; 2 if left out
 */
record SampleSizeRequest(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable Double baseline,
    @Nullable Double effect,
    @Nullable EffectKind effectKind,
    @Nullable Long sample,
    @Nullable Double alpha,
    @Nullable Double power,
    @Nullable Integer looks,
    @Nullable Integer variants) {

  /** How an effect is meant. */
  enum EffectKind {
    ABSOLUTE,
    RELATIVE;

    /** The name in JSON. */
    @JsonValue
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
