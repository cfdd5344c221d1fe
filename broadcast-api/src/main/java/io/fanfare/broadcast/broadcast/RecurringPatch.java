package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.schedule.ScheduleChoice;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

/**
 * What is to change of a recurring broadcast; what is left out stays.
 *
 * @param schedule the whole schedule; times of the new one count from now on
 * @param broadcast all of what is made each time
 */
public record RecurringPatch(
    @Nullable ScheduleChoice schedule, @Nullable @Valid NewBroadcast broadcast) {}
