package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.schedule.ScheduleChoice;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/**
 * A recurring broadcast to be made.
 *
 * @param schedule when it comes
 * @param broadcast what is made each time, its audience looked up anew; without {@code
 *     scheduled_at} and without a {@code local_time}
 */
public record NewRecurringBroadcast(
    @NotNull ScheduleChoice schedule, @NotNull @Valid NewBroadcast broadcast) {}
