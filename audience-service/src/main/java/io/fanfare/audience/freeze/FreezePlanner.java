package io.fanfare.audience.freeze;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.broadcast.ChannelPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Splits the contacts of a list, in any order, into chunks of one channel and lane each, and skips
 * with their reasons. Every contact becomes exactly one recipient on every channel: in one chunk or
 * skipped once.
 */
final class FreezePlanner {

  /** Takes chunks and skips as they fill up. */
  interface Sink {
    void chunk(Channel channel, Lane lane, long[] contactIds);

    void skip(Channel channel, SkipReason reason, long[] contactIds);
  }

  /** Recipients of one channel on one lane. */
  record LaneTotal(Channel channel, Lane lane, long planned, long skipped) {}

  private final int chunkSize;
  private final Sink sink;
  private final List<ChannelFreeze> channels = new ArrayList<>();

  FreezePlanner(List<ChannelPlan> plans, int chunkSize, Sink sink) {
    this.chunkSize = chunkSize;
    this.sink = sink;
    plans.forEach(plan -> channels.add(new ChannelFreeze(plan)));
  }

  /** Plans one contact; no contact may come twice. */
  void add(long contactId, @Nullable String email, @Nullable Long telegramChatId) {
    add(contactId, email, telegramChatId, any -> false);
  }

  /**
   * Plans one contact; no contact may come twice.
   *
   * @param optedOut the channels the contact wants no messages on
   */
  void add(
      long contactId,
      @Nullable String email,
      @Nullable Long telegramChatId,
      Predicate<Channel> optedOut) {
    for (ChannelFreeze channel : channels) {
      channel.add(contactId, email, telegramChatId, optedOut.test(channel.plan.channel()));
    }
  }

  /**
   * Hands out what is still in hand; answers the totals of every lane, those of nobody included.
   */
  List<LaneTotal> finish() {
    List<LaneTotal> totals = new ArrayList<>();
    channels.forEach(channel -> channel.finish(totals));
    return totals;
  }

  private final class ChannelFreeze {

    private final ChannelPlan plan;
    private final AddressSet seen = new AddressSet();
    private final ContactIds[] pending;
    private final long[] planned;
    private final long[] skipped;
    private final Map<SkipReason, ContactIds> skips = new HashMap<>();

    ChannelFreeze(ChannelPlan plan) {
      this.plan = plan;
      this.planned = new long[plan.shards()];
      this.skipped = new long[plan.shards()];
      this.pending = new ContactIds[plan.shards()];
      for (int shard = 0; shard < pending.length; shard++) {
        pending[shard] = new ContactIds(chunkSize);
      }
    }

    void add(
        long contactId, @Nullable String email, @Nullable Long telegramChatId, boolean optedOut) {
      Lane lane = Lane.of(plan.accountId(), contactId, plan.shards());
      planned[lane.shard()]++;
      SkipReason reason = optedOut ? SkipReason.OPTED_OUT : skipReason(email, telegramChatId);
      if (reason == null) {
        ContactIds ids = pending[lane.shard()];
        if (ids.add(contactId)) {
          sink.chunk(plan.channel(), lane, ids.drain());
        }
        return;
      }
      skipped[lane.shard()]++;
      ContactIds ids = skips.computeIfAbsent(reason, any -> new ContactIds(chunkSize));
      if (ids.add(contactId)) {
        sink.skip(plan.channel(), reason, ids.drain());
      }
    }

    private @Nullable SkipReason skipReason(@Nullable String email, @Nullable Long chatId) {
      if (plan.channel().equals(Channel.EMAIL) && email != null) {
        return seen.add(email) ? null : SkipReason.DUPLICATE_ADDRESS;
      }
      if (plan.channel().equals(Channel.TELEGRAM) && chatId != null) {
        return seen.add(chatId) ? null : SkipReason.DUPLICATE_ADDRESS;
      }
      return SkipReason.NO_ADDRESS;
    }

    void finish(List<LaneTotal> totals) {
      for (int shard = 0; shard < pending.length; shard++) {
        Lane lane = new Lane(plan.accountId(), shard);
        if (!pending[shard].isEmpty()) {
          sink.chunk(plan.channel(), lane, pending[shard].drain());
        }
        totals.add(new LaneTotal(plan.channel(), lane, planned[shard], skipped[shard]));
      }
      skips.forEach((reason, ids) -> {
        if (!ids.isEmpty()) {
          sink.skip(plan.channel(), reason, ids.drain());
        }
      });
    }
  }

  private static final class ContactIds {

    private final long[] ids;
    private int size;

    ContactIds(int capacity) {
      ids = new long[capacity];
    }

    boolean add(long id) {
      ids[size++] = id;
      return size == ids.length;
    }

    boolean isEmpty() {
      return size == 0;
    }

    long[] drain() {
      long[] drained = Arrays.copyOf(ids, size);
      size = 0;
      return drained;
    }
  }
}
