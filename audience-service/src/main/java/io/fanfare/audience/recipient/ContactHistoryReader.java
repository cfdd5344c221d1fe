package io.fanfare.audience.recipient;

import io.fanfare.audience.recipient.ContactHistory.Entry;
import io.fanfare.audience.recipient.ContactHistory.Kind;
import io.fanfare.contract.abtest.AbTest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Reads what is kept of one contact: the rows whose ids lie around it, and no others. */
@Repository
class ContactHistoryReader {

  private static final String ENTRIES =
      """
      with asked as materialized (select cast(? as uuid) as broadcast, cast(? as bigint) as contact)
      select 'pending' as kind, c.channel, c.variant, c.segment, c.issue, null::int as attempt,
             case when c.variant = '%1$s' and r.control ->> 'winner' is null then 'waits_for_winner'
                  when c.due_at > now() then 'not_due' end as reason,
             null::timestamptz as at, case when c.due_at > now() then c.due_at end as until,
             false as by_hand
      from asked, chunk c join broadcast_run r on r.broadcast_id = c.broadcast_id
      where c.broadcast_id = asked.broadcast and c.first_id <= asked.contact
        and c.last_id >= asked.contact
        and asked.contact = any(c.contact_ids[c.next_index + 1 :])
      union all
      select 'put_off', c.channel, null, null, null, null, 'quiet_hours', c.put_off_at, c.until,
             false
      from asked, put_off_recipients c
      where c.broadcast_id = asked.broadcast and c.first_id <= asked.contact
        and c.last_id >= asked.contact and asked.contact = any(c.contact_ids)
      union all
      select 'released', c.channel, c.variant, c.segment, c.issue, c.attempt, null,
             c.handed_over_at, null, c.granted
      from asked, handover c
      where c.broadcast_id = asked.broadcast and c.first_id <= asked.contact
        and c.last_id >= asked.contact and asked.contact = any(c.contact_ids)
      union all
      select 'skipped', c.channel, null, null, null, null, c.reason, c.skipped_at, null, false
      from asked, skipped c
      where c.broadcast_id = asked.broadcast and c.first_id <= asked.contact
        and c.last_id >= asked.contact and asked.contact = any(c.contact_ids)
      union all
      select 'cancelled', c.channel, c.variant, c.segment, null, null, c.reason, c.cancelled_at,
             null, false
      from asked, cancelled_pending c
      where c.broadcast_id = asked.broadcast and c.first_id <= asked.contact
        and c.last_id >= asked.contact and asked.contact = any(c.contact_ids)
      union all
      select 'retry_due', d.channel, d.variant, d.segment, d.issue, d.attempt,
             case when d.not_before is not null then 'quiet_hours' end, d.received_at, d.not_before,
             d.granted
      from asked, due_retry d
      where d.broadcast_id = asked.broadcast and d.contact_id = asked.contact
      union all
      select 'address_taken', t.channel, null, null, null, null, 'duplicate_address', null, null,
             false
      from asked, address_taken t
      where t.broadcast_id = asked.broadcast and t.contact_id = asked.contact
      """
          .formatted(AbTest.HOLD_BACK);

  private static final String PARTS =
      """
      select distinct part from audience_member
      where broadcast_id = ? and contact_ids @> array[?::bigint] order by part
      """;

  private final JdbcTemplate jdbc;

  ContactHistoryReader(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  ContactHistory read(UUID broadcastId, long contactId) {
    Instant frozenAt =
        jdbc
            .query(
                "select frozen_at from audience_freeze where broadcast_id = ?",
                (row, index) -> OwnRecipients.instant(row, "frozen_at"),
                broadcastId)
            .stream()
            .filter(time -> time != null)
            .findFirst()
            .orElse(null);
    return new ContactHistory(
        frozenAt,
        jdbc.query(PARTS, (row, index) -> row.getInt(1), broadcastId, contactId),
        jdbc.query(ENTRIES, ContactHistoryReader::entry, broadcastId, contactId));
  }

  private static Entry entry(ResultSet row, int index) throws SQLException {
    return new Entry(
        Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getString("channel"),
        row.getString("variant"),
        row.getObject("segment", Integer.class),
        row.getObject("issue", Integer.class),
        row.getObject("attempt", Integer.class),
        row.getString("reason"),
        OwnRecipients.instant(row, "at"),
        OwnRecipients.instant(row, "until"),
        row.getBoolean("by_hand"));
  }
}
