package io.fanfare.audience.release;

import io.fanfare.audience.freeze.SkipReason;
import io.fanfare.audience.message.MessageRepository;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.abtest.AbTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
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

  /**
   * Takes up to so many recipients off the front of a broadcast's chunks that are due.
   *
   * @param holdsBack those who wait for the winner of its test stay where they are
   */
  List<TakenChunk> take(UUID broadcastId, Lane lane, boolean holdsBack, int wanted) {
    List<TakenChunk> taken = new ArrayList<>();
    List<Long> finished = new ArrayList<>();
    int left = wanted;
    while (left > 0) {
      List<ChunkFront> fronts = fronts(broadcastId, lane, holdsBack, left);
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
      finished.clear();
      if (fronts.size() < CHUNKS_PER_READ) {
        break;
      }
    }
    return taken;
  }

  private List<ChunkFront> fronts(UUID broadcastId, Lane lane, boolean holdsBack, int wanted) {
    return jdbc.query(
        """
        select id, variant, segment, issue, size - next_index as remaining,
               contact_ids[next_index + 1 : next_index + ?] as front
        from chunk
        where broadcast_id = ? and account_id = ? and shard = ? and due_at <= now()
          and not (? and variant = ?)
        order by id limit ?
        """,
        (row, index) ->
            new ChunkFront(
                row.getLong("id"),
                row.getString("variant"),
                row.getInt("segment"),
                row.getInt("issue"),
                row.getInt("remaining"),
                ContactIds.of(row.getArray("front"))),
        wanted,
        broadcastId,
        lane.accountId(),
        lane.shard(),
        holdsBack,
        AbTest.HOLD_BACK,
        CHUNKS_PER_READ);
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
    jdbc.update(
        """
        insert into chunk
          (broadcast_id, channel, account_id, shard, variant, segment, issue, contact_ids, size)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        broadcastId,
        channel.name(),
        lane.accountId(),
        lane.shard(),
        variant,
        segment,
        issue,
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
