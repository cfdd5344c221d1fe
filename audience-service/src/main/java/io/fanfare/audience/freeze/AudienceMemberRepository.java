package io.fanfare.audience.freeze;

import io.fanfare.audience.freeze.AudienceMembers.Member;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Who was in the parts of audiences when they were frozen. */
@Repository
class AudienceMemberRepository {

  private final JdbcTemplate jdbc;

  AudienceMemberRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** How many were in each part that is kept. */
  Map<Integer, Long> counts(UUID broadcastId) {
    Map<Integer, Long> counts = new HashMap<>();
    jdbc.query(
        "select part, sum(size) from audience_member where broadcast_id = ? group by part",
        row -> {
          counts.put(row.getInt(1), row.getLong(2));
        },
        broadcastId);
    return counts;
  }

  /** Members after a position, in the order of their ids; empty positions begin at the start. */
  List<Member> page(UUID broadcastId, int part, long afterRow, long afterIndex, int limit) {
    return jdbc.query(
        """
        select a.id, m.contact_id, m.position
        from audience_member a cross join lateral unnest(a.contact_ids)
          with ordinality as m (contact_id, position)
        where a.broadcast_id = ? and a.part = ? and a.id >= ? and (a.id, m.position) > (?, ?)
        order by a.id, m.position limit ?
        """,
        (row, index) ->
            new Member(row.getLong("contact_id"), row.getLong("id"), row.getLong("position")),
        broadcastId,
        part,
        afterRow,
        afterRow,
        afterIndex,
        limit);
  }
}
