package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.Channel;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.StateReason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast as it stands.
 *
 * @param settings what it is
 * @param state where it stands
 * @param reason why it is paused or failed, if it is
 * @param version grows by one with every change
 * @param run what was frozen at its start; null before
 * @param planned recipients, the skipped ones included; null until the audience is frozen
 * @param scheduledAt when it is to start, if it is scheduled or was
 * @param completedAt when it reached a state that no other follows
 * @param fire what a recurring broadcast made it for; null: people made it
 */
record Broadcast(
    UUID id,
    UUID tenantId,
    BroadcastSettings settings,
    BroadcastState state,
    @Nullable StateReason reason,
    long version,
    @Nullable BroadcastRun run,
    @Nullable Long planned,
    @Nullable Instant scheduledAt,
    @Nullable Instant completedAt,
    Instant createdAt,
    String createdBy,
    @Nullable Fire fire) {

  /**
   * One time of a recurring broadcast.
   *
   * @param recurringId the recurring broadcast
   * @param at the time, which no other of its broadcasts has
   */
  record Fire(UUID recurringId, Instant at) {}

  /** One that people made. */
  Broadcast(
      UUID id,
      UUID tenantId,
      BroadcastSettings settings,
      BroadcastState state,
      @Nullable StateReason reason,
      long version,
      @Nullable BroadcastRun run,
      @Nullable Long planned,
      @Nullable Instant scheduledAt,
      @Nullable Instant completedAt,
      Instant createdAt,
      String createdBy) {
    this(
        id,
        tenantId,
        settings,
        state,
        reason,
        version,
        run,
        planned,
        scheduledAt,
        completedAt,
        createdAt,
        createdBy,
        null);
  }

  static Broadcast draft(
      UUID id, UUID tenantId, BroadcastSettings settings, Instant now, String createdBy) {
    return new Broadcast(
        id,
        tenantId,
        settings,
        BroadcastState.DRAFT,
        null,
        1,
        null,
        null,
        null,
        null,
        now,
        createdBy);
  }

  Broadcast madeFor(Fire what) {
    return new Broadcast(
        id,
        tenantId,
        settings,
        state,
        reason,
        version,
        run,
        planned,
        scheduledAt,
        completedAt,
        createdAt,
        createdBy,
        what);
  }

  List<Channel> channels() {
    return settings.channels().stream().map(ChannelChoice::channel).toList();
  }

  Broadcast edited(BroadcastSettings changed) {
    return new Broadcast(
        id,
        tenantId,
        changed,
        state,
        reason,
        version + 1,
        run,
        planned,
        scheduledAt,
        completedAt,
        createdAt,
        createdBy,
        fire);
  }

  Broadcast moved(
      BroadcastState next,
      @Nullable StateReason why,
      @Nullable BroadcastRun nextRun,
      @Nullable Instant nextScheduledAt,
      Instant now) {
    return new Broadcast(
        id,
        tenantId,
        settings,
        next,
        why,
        version + 1,
        nextRun,
        planned,
        nextScheduledAt,
        next.isTerminal() ? now : null,
        createdAt,
        createdBy,
        fire);
  }

  Broadcast decided(BroadcastRun nextRun) {
    return paced(settings.ratePerMinute(), nextRun);
  }

  Broadcast paced(int ratePerMinute, BroadcastRun nextRun) {
    return new Broadcast(
        id,
        tenantId,
        settings.withRate(ratePerMinute),
        state,
        reason,
        version + 1,
        nextRun,
        planned,
        scheduledAt,
        completedAt,
        createdAt,
        createdBy,
        fire);
  }

  Broadcast withPlanned(long recipients) {
    return new Broadcast(
        id,
        tenantId,
        settings,
        state,
        reason,
        version + 1,
        run,
        recipients,
        scheduledAt,
        completedAt,
        createdAt,
        createdBy,
        fire);
  }
}
