package io.fanfare.audience.list;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Who was asked to confirm, with the list's row locked. */
@Repository
class ListOptInRepository {

  private final JdbcTemplate jdbc;

  ListOptInRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Whether the tenant has a channel account. */
  boolean hasAccount(UUID tenantId, UUID accountId) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            """
            select exists (select from channel_account
                           where tenant_id = ? and account_id = ? and not deleted)
            """,
            Boolean.class,
            tenantId,
            accountId));
  }

  /** Of some contacts those that confirmed once. */
  long[] confirmed(UUID listId, long[] contactIds) {
    return ids(
        """
        select contact_id from list_opt_in
        where list_id = ? and contact_id = any(?) and confirmed_at is not null
        """,
        listId,
        contactIds);
  }

  /**
   * Notes that contacts are asked now; answers those that are to be: neither members, nor asked
   * since.
   */
  long[] ask(
      UUID tenantId,
      UUID listId,
      long[] contactIds,
      Instant now,
      Instant expiresAt,
      Instant notSince) {
    return ids(
        """
        insert into list_opt_in as o (list_id, contact_id, tenant_id, asked_at, expires_at)
        select ?, c.id, ?, ?, ?
        from unnest(?::bigint[]) as c (id)
        where not exists (select from list_member m where m.list_id = ? and m.contact_id = c.id)
        order by c.id
        on conflict (list_id, contact_id) do update
        set asked_at = excluded.asked_at, expires_at = excluded.expires_at
        where o.confirmed_at is null and o.asked_at < ?
        returning contact_id
        """,
        listId,
        tenantId,
        at(now),
        at(expiresAt),
        contactIds,
        listId,
        at(notSince));
  }

  /** Of some contacts those that can still confirm. */
  int countPending(UUID listId, long[] contactIds, Instant now) {
    Integer pending =
        jdbc.queryForObject(
            """
            select count(*) from list_opt_in
            where list_id = ? and contact_id = any(?) and confirmed_at is null and expires_at > ?
            """,
            Integer.class,
            listId,
            contactIds,
            at(now));
    return pending == null ? 0 : pending;
  }

  /** False when it was not asked, too late, or confirmed before. */
  boolean confirm(UUID listId, long contactId, Instant at) {
    return jdbc.update(
            """
            update list_opt_in set confirmed_at = ?
            where list_id = ? and contact_id = ? and confirmed_at is null and expires_at > ?
            """,
            at(at),
            listId,
            contactId,
            at(at))
        > 0;
  }

  List<ListOptIn> page(UUID listId, @Nullable Long after, Instant now, int limit) {
    return jdbc.query(
        """
        select contact_id, asked_at, expires_at, confirmed_at,
               case when confirmed_at is not null then 'confirmed'
                    when expires_at > ? then 'pending' else 'expired' end as state
        from list_opt_in where list_id = ? and contact_id > ? order by contact_id limit ?
        """,
        ListOptInRepository::optIn,
        at(now),
        listId,
        after == null ? 0 : after,
        limit);
  }

  void forgetContact(long contactId) {
    jdbc.update("delete from list_opt_in where contact_id = ?", contactId);
  }

  private long[] ids(String sql, Object... arguments) {
    return jdbc.query(sql, (row, index) -> row.getLong(1), arguments).stream()
        .mapToLong(Long::longValue)
        .toArray();
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static ListOptIn optIn(ResultSet row, int index) throws SQLException {
    OffsetDateTime confirmed = row.getObject("confirmed_at", OffsetDateTime.class);
    return new ListOptIn(
        row.getLong("contact_id"),
        row.getString("state"),
        row.getObject("asked_at", OffsetDateTime.class).toInstant(),
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        confirmed == null ? null : confirmed.toInstant());
  }
}
