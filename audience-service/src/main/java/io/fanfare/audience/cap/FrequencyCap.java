package io.fanfare.audience.cap;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * The most messages a contact gets in any time of such a length, over all broadcasts and channels.
 *
 * @param perDay in any 24 hours
 * @param perWeek in any 7 days
 * @param perMonth in any 30 days
 */
@Schema(name = "FrequencyCap", description = "What is absent is not limited")
public record FrequencyCap(
    @Nullable @Min(1) @Max(FrequencyCap.MOST) @Schema(example = "2") Integer perDay,
    @Nullable @Min(1) @Max(FrequencyCap.MOST) @Schema(example = "5") Integer perWeek,
    @Nullable @Min(1) @Max(FrequencyCap.MOST) @Schema(example = "15") Integer perMonth) {

  /** The largest cap: to whom nothing should be limited gets it as his own. */
  static final int MOST = 1_000;

  static final FrequencyCap NONE = new FrequencyCap(null, null, null);

  boolean limitsNothing() {
    return perDay == null && perWeek == null && perMonth == null;
  }
}
