package io.fanfare.audience.release;

import io.fanfare.audience.freeze.SkipReason;
import io.fanfare.audience.message.MessageRepository;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Pending recipients, a thousand to a row. Whoever takes from a lane holds the lane's lock. */
@Repository
class ChunkRepository {

  private static final int CHUNKS_PER_READ = 16;

  private final JdbcTemplate jdbc;
  private final MessageRepository messages;

  ChunkRepository(JdbcTemplate jdbc, MessageRepository messages) {
    this.jdbc = jdbc;
    this.messages = messages;
  }

  /** Takes up to so many recipients off the front of a broadcast's chunks that are due. */
  List<TakenChunk> take(UUID broadcastId, Lane lane, int wanted) {
    List<TakenChunk> taken = new ArrayList<>();
    int left = wanted;
    while (left > 0) {
      List<ChunkFront> fronts = fronts(broadcastId, lane, left);
      left -= take(fronts, left, taken);
      if (fronts.size() < CHUNKS_PER_READ) {
        break;
      }
    }
    return taken;
  }

  /**
   * The same where variants are tested: of each as many as its share says, while there are any.
   *
   * @param shares of the variants that may be released; the others stay where they are
   */
  List<TakenChunk> takeOfEach(UUID broadcastId, Lane lane, Map<String, Integer> shares, int most) {
    List<TakenChunk> taken = new ArrayList<>();
    Map<String, Integer> open = new LinkedHashMap<>(shares);
    int left = most;
    while (left > 0 && !open.isEmpty()) {
      Map<String, Integer> wanted = split(open, left);
      Map<String, List<ChunkFront>> fronts =
          fronts(broadcastId, lane, wanted).stream()
              .collect(Collectors.groupingBy(ChunkFront::variant));
      for (Map.Entry<String, Integer> each : wanted.entrySet()) {
        List<ChunkFront> own = fronts.getOrDefault(each.getKey(), List.of());
        int got = take(own, each.getValue(), taken);
        left -= got;
        if (got < each.getValue() && own.size() < CHUNKS_PER_READ) {
          open.remove(each.getKey());
        }
      }
    }
    return taken;
  }

  private static Map<String, Integer> split(Map<String, Integer> shares, int wanted) {
    int[] weights = shares.values().stream().mapToInt(Integer::intValue).toArray();
    int[] parts = VariantShares.split(wanted, weights, ThreadLocalRandom.current().nextDouble());
    Map<String, Integer> split = new LinkedHashMap<>();
    int at = 0;
    for (String variant : shares.keySet()) {
      int part = parts[at++];
      if (part > 0) {
        split.put(variant, part);
      }
    }
    return split;
  }

  /** Takes up to so many off these chunks, the first ones first; answers how many. */
  private int take(List<ChunkFront> fronts, int most, List<TakenChunk> taken) {
    List<Long> finished = new ArrayList<>();
    int left = most;
    for (ChunkFront front : fronts) {
      if (left == 0) {
        break;
      }
      TakenChunk chunk = front.take(left);
      taken.add(chunk);
      left -= chunk.contactIds().length;
      if (front.isFinishedBy(chunk)) {
        finished.add(front.id());
      } else {
        jdbc.update(
            "update chunk set next_index = next_index + ? where id = ?",
            chunk.contactIds().length,
            front.id());
      }
    }
    delete(finished);
    return most - left;
  }

  private List<ChunkFront> fronts(UUID broadcastId, Lane lane, int wanted) {
    return jdbc.query(
        """
        select id, variant, segment, issue, size - next_index as remaining,
               contact_ids[next_index + 1 : next_index + ?] as front
        from chunk
        where broadcast_id = ? and account_id = ? and shard = ? and due_at <= now()
        order by id limit ?
        """,
        ChunkRepository::front,
        wanted,
        broadcastId,
        lane.accountId(),
        lane.shard(),
        CHUNKS_PER_READ);
  }

  private List<ChunkFront> fronts(UUID broadcastId, Lane lane, Map<String, Integer> wanted) {
    return jdbc.query(
        """
        select c.*
        from unnest(?, ?) as w (variant, wanted)
        cross join lateral (
          select id, variant, segment, issue, size - next_index as remaining,
                 contact_ids[next_index + 1 : next_index + w.wanted] as front
          from chunk
          where broadcast_id = ? and account_id = ? and shard = ? and due_at <= now()
            and variant = w.variant
          order by id limit ?
        ) c
        order by c.id
        """,
        ChunkRepository::front,
        wanted.keySet().toArray(String[]::new),
        wanted.values().toArray(Integer[]::new),
        broadcastId,
        lane.accountId(),
        lane.shard(),
        CHUNKS_PER_READ);
  }

  private static ChunkFront front(ResultSet row, int index) throws SQLException {
    return new ChunkFront(
        row.getLong("id"),
        row.getString("variant"),
        row.getInt("segment"),
        row.getInt("issue"),
        row.getInt("remaining"),
        ContactIds.of(row.getArray("front")));
  }

  private void delete(List<Long> ids) {
    if (!ids.isEmpty()) {
      jdbc.update("delete from chunk where id = any(?)", (Object) ids.toArray(Long[]::new));
    }
  }

  void insert(
      UUID broadcastId,
      Channel channel,
      Lane lane,
      String variant,
      int segment,
      int issue,
      long[] contactIds) {
    insert(broadcastId, channel, lane, variant, segment, issue, null, contactIds);
  }

  /** Puts recipients off: they stay pending, and nothing takes them before their time. */
  void putOff(
      UUID broadcastId,
      Channel channel,
      Lane lane,
      String variant,
      int segment,
      int issue,
      Instant until,
      long[] contactIds) {
    insert(broadcastId, channel, lane, variant, segment, issue, until, contactIds);
    jdbc.update(
        """
        insert into put_off as p (broadcast_id, channel, account_id, shard, due_at, recipients)
        values (?, ?, ?, ?, ?, ?)
        on conflict (broadcast_id, channel, account_id, shard, due_at)
        do update set recipients = p.recipients + excluded.recipients
        """,
        broadcastId,
        channel.name(),
        lane.accountId(),
        lane.shard(),
        Timestamp.from(until),
        contactIds.length);
    jdbc.update(
        """
        insert into put_off_recipients (broadcast_id, channel, until, contact_ids)
        values (?, ?, ?, ?)
        """,
        broadcastId,
        channel.name(),
        Timestamp.from(until),
        contactIds);
  }

  private void insert(
      UUID broadcastId,
      Channel channel,
      Lane lane,
      String variant,
      int segment,
      int issue,
      @Nullable Instant dueAt,
      long[] contactIds) {
    jdbc.update(
        """
        insert into chunk
          (broadcast_id, channel, account_id, shard, variant, segment, issue, due_at, contact_ids,
           size)
        values (?, ?, ?, ?, ?, ?, ?, coalesce(cast(? as timestamptz), now()), ?, ?)
        """,
        broadcastId,
        channel.name(),
        lane.accountId(),
        lane.shard(),
        variant,
        segment,
        issue,
        dueAt == null ? null : Timestamp.from(dueAt),
        contactIds,
        contactIds.length);
  }

  void insertSkipped(UUID broadcastId, Channel channel, SkipReason reason, long[] contactIds) {
    jdbc.update(
        """
        insert into skipped (broadcast_id, channel, reason, contact_ids, size)
        values (?, ?, ?, ?, ?)
        """,
        broadcastId,
        channel.name(),
        reason.id(),
        contactIds,
        contactIds.length);
    messages.markSkipped(broadcastId, contactIds, reason.id());
  }

  /** Recipients taken out of one chunk. */
  record TakenChunk(String variant, int segment, int issue, long[] contactIds) {}

  private record ChunkFront(
      long id, String variant, int segment, int issue, int remaining, long[] front) {

    TakenChunk take(int most) {
      return new TakenChunk(
          variant, segment, issue, front.length <= most ? front : Arrays.copyOf(front, most));
    }

    boolean isFinishedBy(TakenChunk taken) {
      return taken.contactIds().length == remaining;
    }
  }
}
