package io.fanfare.audience.freeze;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.broadcast.ChannelPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Splits the contacts of an audience, in any order, into chunks of one channel, lane, variant and
 * part of the audience each, and skips with their reasons. Every contact becomes exactly one
 * recipient on every channel, or in fallback order exactly one altogether: in one chunk or skipped
 * once.
 */
final class FreezePlanner {

  /** Takes chunks and skips as they fill up. */
  interface Sink {
    void chunk(Channel channel, Lane lane, String variant, int segment, long[] contactIds);

    void skip(Channel channel, SkipReason reason, long[] contactIds);

    /**
     * Contacts that must not fall back to a channel: an earlier contact has their address on it.
     */
    void addressTaken(Channel channel, long[] contactIds);
  }

  /** Recipients of one channel on one lane. */
  record LaneTotal(Channel channel, Lane lane, long planned, long skipped) {}

  private final int chunkSize;
  private final Sink sink;
  private final boolean fallback;
  private final LongFunction<String> variantOf;
  private final List<ChannelFreeze> channels = new ArrayList<>();

  /** Every channel for every contact. */
  FreezePlanner(List<ChannelPlan> plans, int chunkSize, Sink sink) {
    this(plans, false, any -> VariantAssignment.ONLY, chunkSize, sink);
  }

  /**
   * @param fallback the first channel, in the order of the plans, that a contact has an address on
   * @param variantOf the variant each contact gets
   */
  FreezePlanner(
      List<ChannelPlan> plans,
      boolean fallback,
      LongFunction<String> variantOf,
      int chunkSize,
      Sink sink) {
    this.fallback = fallback;
    this.variantOf = variantOf;
    this.chunkSize = chunkSize;
    this.sink = sink;
    plans.forEach(plan -> channels.add(new ChannelFreeze(plan)));
  }

  /** Plans one contact of the first part; no contact may come twice. */
  void add(long contactId, @Nullable String email, @Nullable Long telegramChatId) {
    add(contactId, 1, email, telegramChatId, any -> false);
  }

  /** Plans one contact whose addresses are not suppressed; no contact may come twice. */
  void add(
      long contactId,
      int segment,
      @Nullable String email,
      @Nullable Long telegramChatId,
      Predicate<Channel> optedOut) {
    add(contactId, segment, email, telegramChatId, optedOut, any -> false);
  }

  /**
   * Plans one contact; no contact may come twice.
   *
   * @param segment the number of the part of the audience that chose it
   * @param optedOut the channels the contact wants no messages on
   * @param suppressed the channels on which its address is never to be sent to
   */
  void add(
      long contactId,
      int segment,
      @Nullable String email,
      @Nullable Long telegramChatId,
      Predicate<Channel> optedOut,
      Predicate<Channel> suppressed) {
    if (fallback) {
      addToFirst(contactId, segment, email, telegramChatId, optedOut, suppressed);
      return;
    }
    for (ChannelFreeze channel : channels) {
      channel.add(
          contactId, segment, channel.skipReason(email, telegramChatId, optedOut, suppressed));
    }
  }

  // An address belongs to the first contact that has it, also where that one may only fall back to
  // it: whoever falls back later cannot know whom the address was written to meanwhile.
  private void addToFirst(
      long contactId,
      int segment,
      @Nullable String email,
      @Nullable Long telegramChatId,
      Predicate<Channel> optedOut,
      Predicate<Channel> suppressed) {
    ChannelFreeze reached = null;
    ChannelFreeze refused = channels.getFirst();
    SkipReason refusal = SkipReason.NO_ADDRESS;
    for (ChannelFreeze channel : channels) {
      SkipReason reason = channel.skipReason(email, telegramChatId, optedOut, suppressed);
      if (reason == null) {
        reached = reached == null ? channel : reached;
      } else if (reached != null && reason == SkipReason.DUPLICATE_ADDRESS) {
        channel.addressTaken(contactId);
      } else if (refusal == SkipReason.NO_ADDRESS && reason != SkipReason.NO_ADDRESS) {
        refused = channel;
        refusal = reason;
      }
    }
    if (reached == null) {
      refused.add(contactId, segment, refusal);
    } else {
      reached.add(contactId, segment, null);
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

  /** What the recipients of a chunk have in common beside channel and lane. */
  private record Cell(String variant, int segment) {}

  private final class ChannelFreeze {

    private final ChannelPlan plan;
    private final AddressSet seen = new AddressSet();
    private final List<Map<Cell, ContactIds>> pending = new ArrayList<>();
    private final long[] planned;
    private final long[] skipped;
    private final Map<SkipReason, ContactIds> skips = new HashMap<>();
    private final ContactIds taken = new ContactIds(chunkSize);

    ChannelFreeze(ChannelPlan plan) {
      this.plan = plan;
      this.planned = new long[plan.shards()];
      this.skipped = new long[plan.shards()];
      for (int shard = 0; shard < plan.shards(); shard++) {
        pending.add(new LinkedHashMap<>());
      }
    }

    void add(long contactId, int segment, @Nullable SkipReason reason) {
      Lane lane = Lane.of(plan.accountId(), contactId, plan.shards());
      planned[lane.shard()]++;
      if (reason == null) {
        Cell cell = new Cell(variantOf.apply(contactId), segment);
        ContactIds ids =
            pending.get(lane.shard()).computeIfAbsent(cell, any -> new ContactIds(chunkSize));
        if (ids.add(contactId)) {
          sink.chunk(plan.channel(), lane, cell.variant, segment, ids.drain());
        }
        return;
      }
      skipped[lane.shard()]++;
      ContactIds ids = skips.computeIfAbsent(reason, any -> new ContactIds(chunkSize));
      if (ids.add(contactId)) {
        sink.skip(plan.channel(), reason, ids.drain());
      }
    }

    void addressTaken(long contactId) {
      if (taken.add(contactId)) {
        sink.addressTaken(plan.channel(), taken.drain());
      }
    }

    /** Null when it may be sent to; the address is the contact's from then on. */
    @Nullable SkipReason skipReason(
        @Nullable String email,
        @Nullable Long chatId,
        Predicate<Channel> optedOut,
        Predicate<Channel> suppressed) {
      if (optedOut.test(plan.channel())) {
        return SkipReason.OPTED_OUT;
      }
      if (suppressed.test(plan.channel())) {
        return SkipReason.SUPPRESSED;
      }
      if (plan.channel().equals(Channel.EMAIL) && email != null) {
        return seen.add(email) ? null : SkipReason.DUPLICATE_ADDRESS;
      }
      if (plan.channel().equals(Channel.TELEGRAM) && chatId != null) {
        return seen.add(chatId) ? null : SkipReason.DUPLICATE_ADDRESS;
      }
      return SkipReason.NO_ADDRESS;
    }

    void finish(List<LaneTotal> totals) {
      for (int shard = 0; shard < plan.shards(); shard++) {
        Lane lane = new Lane(plan.accountId(), shard);
        pending
            .get(shard)
            .forEach((cell, ids) -> {
              if (!ids.isEmpty()) {
                sink.chunk(plan.channel(), lane, cell.variant, cell.segment, ids.drain());
              }
            });
        totals.add(new LaneTotal(plan.channel(), lane, planned[shard], skipped[shard]));
      }
      skips.forEach((reason, ids) -> {
        if (!ids.isEmpty()) {
          sink.skip(plan.channel(), reason, ids.drain());
        }
      });
      if (!taken.isEmpty()) {
        sink.addressTaken(plan.channel(), taken.drain());
      }
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
