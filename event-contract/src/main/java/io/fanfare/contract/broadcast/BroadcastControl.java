package io.fanfare.contract.broadcast;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfare.contract.Channel;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.abtest.AbTest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything the other services must know of a broadcast to run it. Compacted by broadcast id, so
 * the newest record is the truth; a record with a lower epoch than one already seen is stale.
 *
 * @param broadcastId the broadcast
 * @param tenantId its tenant
 * @param name its name, for {@code {{ broadcast.name }}}
 * @param epoch grows by one with every change; commands carry it and workers wait for it
 * @param state where it stands; never {@code DRAFT} or {@code SCHEDULED} here
 * @param listId the list whose contacts it goes to, where it goes to one list and no more
 * @param channels one plan per channel, in the order in which a fall back uses them
 * @param policy what happens to a send whose outcome nobody can know
 * @param sendClass bulk or priority
 * @param ledgerDay the day its claims and results are filed under, frozen at the start
 * @param retryDelays the wait before the 1st, 2nd, … retry after a retriable failure; their number
 *     bounds the attempts
 * @param variables values of the broadcast's own variables, {@code {{ vars.x }}} in templates
 * @param startedAt when it started
 * @param ratePerMinute messages a minute over all its channels, in any sliding minute; null or 0:
 *     as fast as the channels allow
 * @param channelMode on all channels at once, or in the order of {@code channels}; null: all
 * @param abTest the test its audience is split for; null: everybody gets variant {@code a}
 * @param winner the variant the hold-back of {@code abTest} gets; null: not decided, or no test
 * @param audience whom it goes to; null when its recipients come one by one, as single messages
 * @param category what kind of messages these are, by the name its tenant gave it: who wants none
 *     of the category gets none of them; null for no category
 * @param sendTime when each contact gets it by his own clock; null: as soon as it is his turn
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BroadcastControl(
    UUID broadcastId,
    UUID tenantId,
    String name,
    long epoch,
    BroadcastState state,
    @Nullable UUID listId,
    List<ChannelPlan> channels,
    DeliveryPolicy policy,
    SendClass sendClass,
    LocalDate ledgerDay,
    List<Duration> retryDelays,
    Map<String, Object> variables,
    @Nullable Instant startedAt,
    @Nullable Integer ratePerMinute,
    @Nullable ChannelMode channelMode,
    @Nullable AbTest abTest,
    @Nullable String winner,
    @Nullable Audience audience,
    @Nullable String category,
    @Nullable SendTime sendTime) {

  public BroadcastControl {
    audience = audience == null && listId != null ? Audience.ofList(listId) : audience;
  }

  /** Of no category, sent to everybody as soon as it is his turn. */
  public BroadcastControl(
      UUID broadcastId,
      UUID tenantId,
      String name,
      long epoch,
      BroadcastState state,
      @Nullable UUID listId,
      List<ChannelPlan> channels,
      DeliveryPolicy policy,
      SendClass sendClass,
      LocalDate ledgerDay,
      List<Duration> retryDelays,
      Map<String, Object> variables,
      @Nullable Instant startedAt,
      @Nullable Integer ratePerMinute,
      @Nullable ChannelMode channelMode,
      @Nullable AbTest abTest,
      @Nullable String winner,
      @Nullable Audience audience) {
    this(
        broadcastId,
        tenantId,
        name,
        epoch,
        state,
        listId,
        channels,
        policy,
        sendClass,
        ledgerDay,
        retryDelays,
        variables,
        startedAt,
        ratePerMinute,
        channelMode,
        abTest,
        winner,
        audience,
        null,
        null);
  }

  /** Of a list or of single messages, without anything that may be left out. */
  public BroadcastControl(
      UUID broadcastId,
      UUID tenantId,
      String name,
      long epoch,
      BroadcastState state,
      @Nullable UUID listId,
      List<ChannelPlan> channels,
      DeliveryPolicy policy,
      SendClass sendClass,
      LocalDate ledgerDay,
      List<Duration> retryDelays,
      Map<String, Object> variables,
      @Nullable Instant startedAt) {
    this(
        broadcastId,
        tenantId,
        name,
        epoch,
        state,
        listId,
        channels,
        policy,
        sendClass,
        ledgerDay,
        retryDelays,
        variables,
        startedAt,
        null,
        null,
        null,
        null,
        null);
  }

  /** A contact that a channel does not reach goes on to the next one. */
  public boolean fallsBack() {
    return channelMode == ChannelMode.FALLBACK;
  }

  /**
   * The channels a contact goes on to, in their order, when one does not reach it; none unless the
   * broadcast falls back.
   */
  public List<ChannelPlan> channelsAfter(Channel channel) {
    if (fallsBack()) {
      for (int i = 0; i < channels.size(); i++) {
        if (channels.get(i).channel().equals(channel)) {
          return channels.subList(i + 1, channels.size());
        }
      }
    }
    return List.of();
  }

  /** Its recipients are single messages: they come one by one, and are no audience. */
  public boolean carriesMessages() {
    return audience == null;
  }

  /** Part of its audience waits for the winner of its test. */
  public boolean holdsBack() {
    return abTest != null && abTest.holdBackPercent() > 0 && winner == null;
  }

  /**
   * When its test begins: when the last variant may be sent to the last contact, so that whatever
   * is found at a look could be done by everybody before. Null before the start.
   */
  public @Nullable Instant testStartsAt() {
    if (startedAt == null) {
      return null;
    }
    Instant lastContact = sendTime == null ? startedAt : sendTime.lastTime(startedAt);
    Duration lastVariant = Duration.ZERO;
    for (AbTest.Variant variant : abTest == null ? List.<AbTest.Variant>of() : abTest.variants()) {
      Duration delay = variant.delay();
      lastVariant = delay == null || delay.compareTo(lastVariant) < 0 ? lastVariant : delay;
    }
    return lastContact.plus(lastVariant);
  }

  /** Sends of one recipient that cost an attempt, the first one included. */
  public int maxAttempts() {
    return retryDelays.size() + 1;
  }

  /**
   * A send that ended in doubt is sent again by itself.
   *
   * @param attempt the counted try that ended so, from 1
   */
  public boolean resendsInDoubt(int attempt) {
    return policy == DeliveryPolicy.AT_LEAST_ONCE && attempt < maxAttempts();
  }
}
