package io.fanfare.broadcast.broadcast;

import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.broadcast.ChannelMode;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.broadcast.StateReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast as the API shows it.
 *
 * @param state draft, scheduled, running, paused, completed, failed or cancelled
 * @param reason why it is paused or failed, if it is; why it stands still while it runs
 * @param version grows by one with every change; also the ETag
 * @param templateVersion the version it was started with
 * @param listId the list, where it goes to one list and no more
 * @param audience the lists and segments it goes to
 * @param ratePerMinute at most so many messages in any minute; 0: as fast as the channels allow
 * @param channelMode all: on every channel at once; fallback: on the first in their order that
 *     reaches the contact
 * @param abTest the test of several variants it is; absent where it tests nothing
 * @param planned recipients, the skipped ones included; absent until the audience is frozen
 * @param completedAt when it was completed, cancelled or failed
 * @param links paths of what belongs to it
 * @param notYetEffective why its pause or cancel does not hold yet; absent when it does
 * @param category the name of the category its messages belong to; absent when they belong to none
 * @param sendTime when each contact gets it by his own clock; absent: as soon as it is his turn
 * @param recurringId the recurring broadcast that made it; absent where people did
 * @param fireAt the time it was made for, which no other broadcast of the recurring one has
 */
public record BroadcastView(
    UUID id,
    String name,
    BroadcastState state,
    @Nullable StateReason reason,
    long version,
    UUID templateId,
    @Nullable Long templateVersion,
    @Nullable UUID listId,
    AudienceChoice audience,
    List<ChannelChoice> channels,
    DeliveryPolicy policy,
    Map<String, Object> variables,
    int ratePerMinute,
    ChannelMode channelMode,
    @Nullable AbTestView abTest,
    @Nullable Long planned,
    @Nullable Instant scheduledAt,
    @Nullable Instant startedAt,
    @Nullable Instant completedAt,
    Instant createdAt,
    String createdBy,
    Map<String, String> links,
    @Nullable StateReason notYetEffective,
    @Nullable String category,
    @Nullable SendTimeChoice sendTime,
    @Nullable UUID recurringId,
    @Nullable Instant fireAt) {

  /** One that people made, of no category, sent to everybody as soon as it is his turn. */
  public BroadcastView(
      UUID id,
      String name,
      BroadcastState state,
      @Nullable StateReason reason,
      long version,
      UUID templateId,
      @Nullable Long templateVersion,
      @Nullable UUID listId,
      AudienceChoice audience,
      List<ChannelChoice> channels,
      DeliveryPolicy policy,
      Map<String, Object> variables,
      int ratePerMinute,
      ChannelMode channelMode,
      @Nullable AbTestView abTest,
      @Nullable Long planned,
      @Nullable Instant scheduledAt,
      @Nullable Instant startedAt,
      @Nullable Instant completedAt,
      Instant createdAt,
      String createdBy,
      Map<String, String> links,
      @Nullable StateReason notYetEffective) {
    this(
        id,
        name,
        state,
        reason,
        version,
        templateId,
        templateVersion,
        listId,
        audience,
        channels,
        policy,
        variables,
        ratePerMinute,
        channelMode,
        abTest,
        planned,
        scheduledAt,
        startedAt,
        completedAt,
        createdAt,
        createdBy,
        links,
        notYetEffective,
        null,
        null,
        null,
        null);
  }

  static BroadcastView of(Broadcast broadcast) {
    return of(broadcast, null);
  }

  /**
   * @param stopped why nothing is sent of whatever runs; null when nothing is stopped
   */
  static BroadcastView of(Broadcast broadcast, @Nullable StateReason stopped) {
    BroadcastSettings settings = broadcast.settings();
    BroadcastRun run = broadcast.run();
    return new BroadcastView(
        broadcast.id(),
        settings.name(),
        broadcast.state(),
        broadcast.state() == BroadcastState.RUNNING && stopped != null
            ? stopped
            : broadcast.reason(),
        broadcast.version(),
        settings.templateId(),
        run == null ? null : run.templateVersion(),
        settings.audience().onlyList(),
        settings.audience(),
        settings.channels(),
        settings.policy(),
        settings.variables(),
        settings.ratePerMinute(),
        settings.channelMode(),
        test(settings, run),
        broadcast.planned(),
        broadcast.scheduledAt(),
        run == null ? null : run.startedAt(),
        broadcast.completedAt(),
        broadcast.createdAt(),
        broadcast.createdBy(),
        links(broadcast.id(), settings.abTest() != null),
        null,
        settings.category(),
        settings.sendTime(),
        broadcast.fire() == null ? null : broadcast.fire().recurringId(),
        broadcast.fire() == null ? null : broadcast.fire().at());
  }

  private static @Nullable AbTestView test(BroadcastSettings settings, @Nullable BroadcastRun run) {
    AbTestPlan plan = settings.abTest();
    return plan == null
        ? null
        : AbTestView.of(
            plan, settings.channels().getFirst().channel(), run == null ? null : run.winner());
  }

  BroadcastView notYet(StateReason why) {
    return new BroadcastView(
        id,
        name,
        state,
        reason,
        version,
        templateId,
        templateVersion,
        listId,
        audience,
        channels,
        policy,
        variables,
        ratePerMinute,
        channelMode,
        abTest,
        planned,
        scheduledAt,
        startedAt,
        completedAt,
        createdAt,
        createdBy,
        links,
        why,
        category,
        sendTime,
        recurringId,
        fireAt);
  }

  static String path(UUID id) {
    return "/api/v1/broadcasts/" + id;
  }

  private static Map<String, String> links(UUID id, boolean tests) {
    Map<String, String> links = new TreeMap<>();
    links.put("self", path(id));
    links.put("progress", path(id) + "/progress");
    links.put("progress_stream", path(id) + "/progress/stream");
    links.put("stats", path(id) + "/stats");
    if (tests) {
      // Known there once it has started: its power and what to be warned of, its looks, its winner.
      links.put("ab_test", path(id) + "/ab-test");
    }
    return links;
  }
}
