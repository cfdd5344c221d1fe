package io.fanfare.broadcast.schedule;

import java.util.List;

/**
 * What a schedule means.
 *
 * @param nextFires its next ten times, fewer where it has no more
 */
record SchedulePreview(List<FireTime> nextFires) {}
