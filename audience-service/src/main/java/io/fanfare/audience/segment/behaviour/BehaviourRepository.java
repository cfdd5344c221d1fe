package io.fanfare.audience.segment.behaviour;

import io.fanfare.audience.contact.ContactErasure;
import io.fanfare.support.identity.Identity;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What contacts did, in PostgreSQL. Rows only ever take the earlier, or later, of two times, so
 * that seeing an event again changes nothing. A contact that is gone gets none.
 */
@Repository
class BehaviourRepository implements ContactErasure {

  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
  private static final int DELETED_AT_ONCE = 10_000;

  private final JdbcTemplate jdbc;

  BehaviourRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Two statements, whatever the number of events. */
  void merge(BehaviourTally tally) {
    if (!tally.messages().isEmpty()) {
      jdbc.update(MERGE_MESSAGES, JSON.writeValueAsString(tally.messages()));
    }
    if (!tally.contacts().isEmpty()) {
      jdbc.update(MERGE_CONTACTS, JSON.writeValueAsString(tally.contacts()));
    }
  }

  private static final String MERGE_MESSAGES =
      """
      insert into contact_behaviour as b
        (tenant_id, broadcast_id, contact_id, channel, sent_at, opened_at, clicked_at, replied_at,
         links)
      select g.tenant_id, g.broadcast_id, g.contact_id, g.channel, g.sent_at, g.opened_at,
             g.clicked_at, g.replied_at, nullif(g.links, '{}')
      from jsonb_to_recordset(?::jsonb) as g
        (tenant_id uuid, broadcast_id uuid, contact_id bigint, channel text, sent_at timestamptz,
         opened_at timestamptz, clicked_at timestamptz, replied_at timestamptz, links int[])
      join contact c on c.id = g.contact_id and (c.tenant_id = g.tenant_id) is true
      order by g.broadcast_id, g.contact_id, g.channel
      on conflict (broadcast_id, contact_id, channel) do update
      set sent_at = least(b.sent_at, excluded.sent_at),
          opened_at = least(b.opened_at, excluded.opened_at),
          clicked_at = least(b.clicked_at, excluded.clicked_at),
          replied_at = least(b.replied_at, excluded.replied_at),
          links = case when excluded.links is null or excluded.links <@ b.links then b.links else
            (select array_agg(distinct l order by l) from unnest(b.links || excluded.links) l) end
      where b.tenant_id = excluded.tenant_id
        and ((least(b.sent_at, excluded.sent_at), least(b.opened_at, excluded.opened_at),
              least(b.clicked_at, excluded.clicked_at), least(b.replied_at, excluded.replied_at))
            is distinct from (b.sent_at, b.opened_at, b.clicked_at, b.replied_at)
          or excluded.links is not null and (excluded.links <@ b.links) is not true)
      """;

  private static final String MERGE_CONTACTS =
      """
      insert into contact_activity as a
        (contact_id, tenant_id, opened_at, clicked_at, replied_at, active_at)
      select g.contact_id, g.tenant_id, g.opened_at, g.clicked_at, g.replied_at, g.active_at
      from jsonb_to_recordset(?::jsonb) as g
        (contact_id bigint, tenant_id uuid, opened_at timestamptz, clicked_at timestamptz,
         replied_at timestamptz, active_at timestamptz)
      join contact c on c.id = g.contact_id and (c.tenant_id = g.tenant_id) is true
      order by g.contact_id
      on conflict (contact_id) do update
      set opened_at = greatest(a.opened_at, excluded.opened_at),
          clicked_at = greatest(a.clicked_at, excluded.clicked_at),
          replied_at = greatest(a.replied_at, excluded.replied_at),
          active_at = greatest(a.active_at, excluded.active_at)
      where (greatest(a.opened_at, excluded.opened_at), greatest(a.clicked_at, excluded.clicked_at),
             greatest(a.replied_at, excluded.replied_at), greatest(a.active_at, excluded.active_at))
          is distinct from (a.opened_at, a.clicked_at, a.replied_at, a.active_at)
      """;

  // Few broadcasts are remembered, and each is a step of the index.
  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void beforeErasing(Identity who, long contactId) {
    jdbc.update("delete from contact_activity where contact_id = ?", contactId);
    jdbc.update(
        "delete from contact_behaviour where contact_id = ? and tenant_id = ?",
        contactId,
        who.tenant());
  }

  /**
   * Forgets what was done with messages of broadcasts that were made before, some of it at a time.
   *
   * @return whether there may be more
   */
  boolean forgetBroadcastsOf(Instant before) {
    // Ids begin with the time they were made, so that the oldest come first in the key.
    UUID first = new UUID(before.toEpochMilli() << 16, 0);
    int deleted =
        jdbc.update(
            """
            delete from contact_behaviour where (broadcast_id, contact_id, channel) in (
              select broadcast_id, contact_id, channel from contact_behaviour
              where broadcast_id < ? order by broadcast_id limit ?)
            """,
            first,
            DELETED_AT_ONCE);
    return deleted == DELETED_AT_ONCE;
  }
}
