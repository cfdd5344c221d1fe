package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.schedule.FireTime;
import io.fanfare.broadcast.schedule.ScheduleChoice;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recurring broadcast as the API shows it.
 *
 * @param state active, paused or ended
 * @param version grows by one with every change that people make; also the ETag
 * @param schedule when it comes
 * @param broadcast what is made each time
 * @param nextFires its next ten times; none unless it is active
 * @param fired broadcasts it has made
 * @param missed times that passed without one, because nobody was there to make it
 * @param lastFireAt the last time a broadcast was made for
 * @param links paths of what belongs to it
 */
@Schema(name = "RecurringBroadcast")
record RecurringView(
    UUID id,
    RecurringState state,
    long version,
    ScheduleChoice schedule,
    NewBroadcast broadcast,
    List<FireTime> nextFires,
    int fired,
    long missed,
    @Nullable Instant lastFireAt,
    Instant createdAt,
    String createdBy,
    Map<String, String> links) {

  /** How many of its next times are shown. */
  static final int SHOWN = 10;

  static RecurringView of(RecurringBroadcast recurring) {
    return new RecurringView(
        recurring.id(),
        recurring.state(),
        recurring.version(),
        recurring.schedule(),
        recurring.broadcast(),
        nextFires(recurring),
        recurring.fired(),
        recurring.missed(),
        recurring.lastFireAt(),
        recurring.createdAt(),
        recurring.createdBy(),
        Map.of("self", path(recurring.id()), "broadcasts", path(recurring.id()) + "/broadcasts"));
  }

  static String path(UUID id) {
    return "/api/v1/recurring-broadcasts/" + id;
  }

  private static List<FireTime> nextFires(RecurringBroadcast recurring) {
    Instant next = recurring.nextFireAt();
    if (next == null) {
      return List.of();
    }
    Integer left = recurring.left();
    int most = left == null ? SHOWN : Math.min(SHOWN, left);
    return FireTime.upcoming(recurring.times(), next.minusNanos(1), most);
  }
}
