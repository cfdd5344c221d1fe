package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.schedule.FirePlanner;
import io.fanfare.broadcast.schedule.FireTimes;
import io.fanfare.broadcast.schedule.Misfire;
import io.fanfare.broadcast.schedule.ScheduleChoice;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recurring broadcast as it stands.
 *
 * @param broadcast what is made each time
 * @param schedule when, with its defaults
 * @param nextFireAt the first time nothing was made for yet; null unless it is active
 * @param lastFireAt the last time something was made for
 * @param fired broadcasts it has made
 * @param missed times that passed without one
 * @param version grows by one with every change that people make
 */
record RecurringBroadcast(
    UUID id,
    UUID tenantId,
    NewBroadcast broadcast,
    ScheduleChoice schedule,
    RecurringState state,
    @Nullable Instant nextFireAt,
    @Nullable Instant lastFireAt,
    int fired,
    long missed,
    long version,
    Instant createdAt,
    String createdBy) {

  static RecurringBroadcast of(
      UUID id, UUID tenantId, NewRecurringBroadcast wanted, Instant now, String createdBy) {
    return new RecurringBroadcast(
            id,
            tenantId,
            wanted.broadcast(),
            wanted.schedule().withDefaults(),
            RecurringState.ACTIVE,
            null,
            null,
            0,
            0,
            1,
            now,
            createdBy)
        .from(now);
  }

  FireTimes times() {
    return FireTimes.of(schedule);
  }

  Misfire misfire() {
    return Objects.requireNonNullElse(schedule.misfire(), Misfire.SKIP);
  }

  /** How many more it may make; null: any number. */
  @Nullable Integer left() {
    return schedule.maxFires() == null ? null : Math.max(0, schedule.maxFires() - fired);
  }

  RecurringBroadcast edited(
      @Nullable ScheduleChoice newSchedule, @Nullable NewBroadcast newBroadcast, Instant now) {
    RecurringBroadcast edited =
        with(
            newBroadcast == null ? broadcast : newBroadcast,
            newSchedule == null ? schedule : newSchedule.withDefaults(),
            state,
            nextFireAt,
            version + 1);
    return newSchedule == null || state == RecurringState.PAUSED ? edited : edited.from(now);
  }

  RecurringBroadcast paused() {
    return with(broadcast, schedule, RecurringState.PAUSED, null, version + 1);
  }

  /** What has passed meanwhile is not made up for. */
  RecurringBroadcast resumed(Instant now) {
    return with(broadcast, schedule, RecurringState.ACTIVE, null, version + 1).from(now);
  }

  /** After what was planned for it is done. */
  RecurringBroadcast advanced(FirePlanner.Plan plan) {
    return new RecurringBroadcast(
        id,
        tenantId,
        broadcast,
        schedule,
        plan.next() == null ? RecurringState.ENDED : RecurringState.ACTIVE,
        plan.next(),
        plan.fire() == null ? lastFireAt : plan.fire(),
        plan.fire() == null ? fired : fired + 1,
        missed + plan.missed(),
        version,
        createdAt,
        createdBy);
  }

  /** Its times count from an instant. */
  private RecurringBroadcast from(Instant now) {
    Integer left = left();
    Instant next = left != null && left == 0 ? null : times().next(now);
    return with(
        broadcast,
        schedule,
        next == null ? RecurringState.ENDED : RecurringState.ACTIVE,
        next,
        version);
  }

  private RecurringBroadcast with(
      NewBroadcast what,
      ScheduleChoice when,
      RecurringState newState,
      @Nullable Instant next,
      long newVersion) {
    return new RecurringBroadcast(
        id,
        tenantId,
        what,
        when,
        newState,
        next,
        lastFireAt,
        fired,
        missed,
        newVersion,
        createdAt,
        createdBy);
  }
}
