package io.fanfare.audience.preferredhour;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The hour a contact prefers.
 *
 * @param hour 0 to 23, by the clock of the contact's time zone; null: he has told none
 */
@Schema(name = "PreferredHour", description = "Empty: none is set")
record PreferredHour(@Nullable @Schema(example = "18") Integer hour) {

  static final PreferredHour NONE = new PreferredHour(null);

  boolean isAnHour() {
    return hour != null && hour >= 0 && hour <= 23;
  }
}
