package io.fanfare.audience.freeze;

import io.fanfare.audience.freeze.DueTimePolicy.Due;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.broadcast.ChannelPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Splits the contacts of an audience, in any order, into chunks of one channel, lane, variant, part
 * of the audience and due time each, and skips with their reasons. Every contact becomes exactly
 * one recipient on every channel, or in fallback order exactly one altogether: in one chunk or
 * skipped once.
 */
final class FreezePlanner {

  /** Takes chunks and skips as they fill up. */
  interface Sink {
    /**
     * @param dueAt when they may be sent to by their own clocks; null: at once
     */
    void chunk(
        Channel channel,
        Lane lane,
        String variant,
        int segment,
        @Nullable Instant dueAt,
        long[] contactIds);

    void skip(Channel channel, SkipReason reason, long[] contactIds);

    /**
     * Contacts that must not fall back to a channel: an earlier contact has their address on it.
     */
    void addressTaken(Channel channel, long[] contactIds);
  }

  /** What a contact wants no messages of. */
  @FunctionalInterface
  interface OptOuts {

    /** Why nothing must be sent on a channel; null when something may. */
    @Nullable SkipReason on(Channel channel);
  }

  /** Recipients of one channel on one lane. */
  record LaneTotal(Channel channel, Lane lane, long planned, long skipped) {}

  /**
   * Chunks being filled at once. Zones, hours, variants, parts and lanes multiply; beyond this all
   * of them are handed out as they are.
   */
  static final int MAX_OPEN = 10_000;

  private final int chunkSize;
  private final Sink sink;
  private final boolean fallback;
  private final LongFunction<String> variantOf;
  private final List<ChannelFreeze> channels = new ArrayList<>();
  private int open;

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
    add(contactId, 1, email, telegramChatId, any -> null);
  }

  /**
   * Plans one contact; no contact may come twice.
   *
   * @param segment the number of the part of the audience that chose it
   * @param optOuts what the contact wants no messages of
   */
  void add(
      long contactId,
      int segment,
      @Nullable String email,
      @Nullable Long telegramChatId,
      OptOuts optOuts) {
    add(contactId, segment, email, telegramChatId, optOuts, Due.AT_ONCE);
  }

  /**
   * The same for one whose own clock says when.
   *
   * @param due the same on every channel
   */
  void add(
      long contactId,
      int segment,
      @Nullable String email,
      @Nullable Long telegramChatId,
      OptOuts optOuts,
      Due due) {
    if (fallback) {
      addToFirst(contactId, segment, email, telegramChatId, optOuts, due);
      return;
    }
    for (ChannelFreeze channel : channels) {
      channel.add(
          contactId, segment, due.at(), channel.skipReason(email, telegramChatId, optOuts, due));
    }
  }

  // An address belongs to the first contact that has it, also where that one may only fall back to
  // it: whoever falls back later cannot know whom the address was written to meanwhile.
  private void addToFirst(
      long contactId,
      int segment,
      @Nullable String email,
      @Nullable Long telegramChatId,
      OptOuts optOuts,
      Due due) {
    ChannelFreeze reached = null;
    ChannelFreeze refused = channels.getFirst();
    SkipReason refusal = SkipReason.NO_ADDRESS;
    for (ChannelFreeze channel : channels) {
      SkipReason reason = channel.skipReason(email, telegramChatId, optOuts, due);
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
      refused.add(contactId, segment, null, refusal);
    } else {
      reached.add(contactId, segment, due.at(), null);
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
  private record Cell(String variant, int segment, @Nullable Instant dueAt) {}

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

    void add(long contactId, int segment, @Nullable Instant dueAt, @Nullable SkipReason reason) {
      Lane lane = Lane.of(plan.accountId(), contactId, plan.shards());
      planned[lane.shard()]++;
      if (reason == null) {
        Cell cell = new Cell(variantOf.apply(contactId), segment, dueAt);
        ContactIds ids = pending.get(lane.shard()).get(cell);
        if (ids == null) {
          ids = open(lane.shard(), cell);
        }
        if (ids.add(contactId)) {
          hand(lane, cell, ids);
        }
        return;
      }
      skipped[lane.shard()]++;
      ContactIds ids = skips.computeIfAbsent(reason, any -> new ContactIds(chunkSize));
      if (ids.add(contactId)) {
        sink.skip(plan.channel(), reason, ids.drain());
      }
    }

    private ContactIds open(int shard, Cell cell) {
      if (open == MAX_OPEN) {
        channels.forEach(ChannelFreeze::handOutAll);
        open = 0;
      }
      open++;
      ContactIds ids = new ContactIds(chunkSize);
      pending.get(shard).put(cell, ids);
      return ids;
    }

    private void hand(Lane lane, Cell cell, ContactIds ids) {
      sink.chunk(plan.channel(), lane, cell.variant, cell.segment, cell.dueAt, ids.drain());
    }

    void handOutAll() {
      for (int shard = 0; shard < plan.shards(); shard++) {
        Lane lane = new Lane(plan.accountId(), shard);
        pending
            .get(shard)
            .forEach((cell, ids) -> {
              if (!ids.isEmpty()) {
                hand(lane, cell, ids);
              }
            });
        pending.get(shard).clear();
      }
    }

    void addressTaken(long contactId) {
      if (taken.add(contactId)) {
        sink.addressTaken(plan.channel(), taken.drain());
      }
    }

    /** Null when it may be sent to; the address is the contact's from then on. */
    @Nullable SkipReason skipReason(
        @Nullable String email, @Nullable Long chatId, OptOuts optOuts, Due due) {
      SkipReason optedOut = optOuts.on(plan.channel());
      if (optedOut != null) {
        return optedOut;
      }
      String mail = plan.channel().equals(Channel.EMAIL) ? email : null;
      Long chat = plan.channel().equals(Channel.TELEGRAM) ? chatId : null;
      if (mail == null && chat == null) {
        return SkipReason.NO_ADDRESS;
      }
      if (due.past()) {
        // Whoever is not sent to takes no address from somebody whose time is yet to come.
        return SkipReason.LOCAL_TIME_PAST;
      }
      boolean first = (mail == null || seen.add(mail)) && (chat == null || seen.add(chat));
      return first ? null : SkipReason.DUPLICATE_ADDRESS;
    }

    void finish(List<LaneTotal> totals) {
      handOutAll();
      for (int shard = 0; shard < plan.shards(); shard++) {
        Lane lane = new Lane(plan.accountId(), shard);
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

    private static final int FIRST_CAPACITY = 16;

    private final int most;
    private long[] ids;
    private int size;

    ContactIds(int most) {
      this.most = most;
      ids = new long[Math.min(most, FIRST_CAPACITY)];
    }

    boolean add(long id) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, Math.min(most, 2 * size));
      }
      ids[size++] = id;
      return size == most;
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
