package io.fanfare.audience.freeze;

import io.fanfare.contract.broadcast.Audience;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Notes who was in the segments of an audience when it was frozen, and who was left out by which
 * excluded part. Lists that are included need no note: their changes are events.
 */
final class MembershipWriter {

  private static final int ROW = 1_000;
  private static final int BATCH = 64;

  private final JdbcTemplate jdbc;
  private final UUID broadcastId;
  private final Map<Integer, Row> open = new HashMap<>();
  private final List<Object[]> full = new ArrayList<>(BATCH);

  MembershipWriter(JdbcTemplate jdbc, UUID broadcastId, Audience audience) {
    this.jdbc = jdbc;
    this.broadcastId = broadcastId;
    for (int i = 0; i < audience.include().size(); i++) {
      if (audience.include().get(i).kind() == Audience.Kind.SEGMENT) {
        open.put(i + 1, new Row());
      }
    }
    for (int i = 0; i < audience.exclude().size(); i++) {
      open.put(-(i + 1), new Row());
    }
  }

  /** The contact is in these parts. */
  void add(long contactId, Integer[] parts) {
    if (open.isEmpty()) {
      return;
    }
    for (Integer part : parts) {
      Row row = open.get(part);
      if (row != null && row.add(contactId)) {
        write(part, row);
      }
    }
  }

  /** Writes the rest. */
  void finish() {
    open.forEach((part, row) -> {
      if (row.size > 0) {
        write(part, row);
      }
    });
    flush();
  }

  private void write(int part, Row row) {
    full.add(new Object[] {broadcastId, part, row.drain(), row.drained});
    if (full.size() == BATCH) {
      flush();
    }
  }

  private void flush() {
    jdbc.batchUpdate(
        "insert into audience_member (broadcast_id, part, contact_ids, size) values (?, ?, ?, ?)",
        full);
    full.clear();
  }

  private static final class Row {
    private final long[] ids = new long[ROW];
    private int size;
    private int drained;

    boolean add(long id) {
      ids[size++] = id;
      return size == ROW;
    }

    long[] drain() {
      drained = size;
      size = 0;
      return Arrays.copyOf(ids, drained);
    }
  }
}
