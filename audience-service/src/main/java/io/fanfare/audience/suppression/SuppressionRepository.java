package io.fanfare.audience.suppression;

import io.fanfare.audience.suppression.SuppressionPolicy.Entry;
import io.fanfare.contract.Channel;
import io.fanfare.support.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The suppression list in PostgreSQL; freeze and release read the same table. */
@Repository
class SuppressionRepository {

  /** Contacts of one address whose workers are told, the oldest first. */
  static final int MOST_OF_AN_ADDRESS = 100;

  private static final String COLUMNS =
      "id, channel, address, contact_id, reason, source, status, evidence, actor, suppressed_at";

  /** Contacts of some ids with a suppressed address, by channel. */
  private static final String HELD =
      """
      select c.id as contact_id, s.channel, s.suppressed_at
      from contact c join suppression s
        on s.tenant_id = c.tenant_id and s.channel = 'email' and s.address = lower(c.email)
      where c.tenant_id = ? and c.id = any(?)
      union all
      select c.id, s.channel, s.suppressed_at
      from contact c join suppression s
        on s.tenant_id = c.tenant_id and s.channel = 'telegram'
          and s.address = c.telegram_chat_id::text
      where c.tenant_id = ? and c.id = any(?)
      """;

  /** What a channel of a contact is held for. */
  record Held(Channel channel, Instant since) {}

  /** An entry, and whether it is new. */
  record Kept(Suppression suppression, boolean added) {}

  private final JdbcTemplate jdbc;

  SuppressionRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Whether anything of a tenant could be held, told or lifted. */
  boolean anyOf(UUID tenantId) {
    return exists(
        """
        select exists (select from suppression where tenant_id = ?)
          or exists (select from suppressed_contact where tenant_id = ?)
        """,
        tenantId,
        tenantId);
  }

  boolean anyHashed(UUID tenantId) {
    return exists(
        "select exists (select from suppression where tenant_id = ? and address_hash is not null)",
        tenantId);
  }

  private boolean exists(String sql, Object... arguments) {
    return Boolean.TRUE.equals(jdbc.queryForObject(sql, Boolean.class, arguments));
  }

  Optional<Suppression> find(UUID tenantId, UUID id) {
    String sql = "select " + COLUMNS + " from suppression where tenant_id = ? and id = ?";
    return jdbc.query(sql, SuppressionRepository::suppression, tenantId, id).stream().findFirst();
  }

  Optional<Suppression> find(UUID tenantId, SuppressedAddress address) {
    String sql =
        "select "
            + COLUMNS
            + " from suppression where tenant_id = ? and channel = ? and address = ?";
    return jdbc
        .query(
            sql,
            SuppressionRepository::suppression,
            tenantId,
            address.channel().name(),
            address.address())
        .stream()
        .findFirst();
  }

  /**
   * Entries by id, the oldest first.
   *
   * @param after the last one of the page before; null for the first page
   * @param hashes what the address may be hashed to, by channel; used with {@code address} alone
   */
  List<Suppression> page(
      UUID tenantId,
      @Nullable Channel channel,
      @Nullable SuppressionReason reason,
      @Nullable String address,
      List<byte[]> hashes,
      @Nullable UUID after,
      int limit) {
    StringBuilder sql =
        new StringBuilder("select " + COLUMNS + " from suppression where tenant_id = ?");
    List<Object> arguments = new ArrayList<>(List.of(tenantId));
    if (channel != null) {
      sql.append(" and channel = ?");
      arguments.add(channel.name());
    }
    if (reason != null) {
      sql.append(" and reason = ?");
      arguments.add(reason.id());
    }
    if (address != null) {
      sql.append(" and (address = ? or address_hash = any(?::bytea[]))");
      arguments.add(address);
      arguments.add(hashes.toArray(byte[][]::new));
    }
    if (after != null) {
      sql.append(" and id > ?");
      arguments.add(after);
    }
    sql.append(" order by id limit ?");
    arguments.add(limit);
    return jdbc.query(sql.toString(), SuppressionRepository::suppression, arguments.toArray());
  }

  /** Empty when the address is there already. */
  Optional<Suppression> insert(UUID tenantId, Entry entry, String actor, Instant at) {
    String sql =
        """
        insert into suppression
          (id, tenant_id, channel, address, contact_id, reason, source, status, evidence, actor,
           suppressed_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (tenant_id, channel, address) do nothing
        returning
        """
            + COLUMNS;
    return jdbc
        .query(
            sql,
            SuppressionRepository::suppression,
            Ids.next(),
            tenantId,
            entry.address().channel().name(),
            entry.address().address(),
            entry.contactId(),
            entry.reason().id(),
            entry.source(),
            entry.status(),
            entry.evidence(),
            actor,
            at.atOffset(ZoneOffset.UTC))
        .stream()
        .findFirst();
  }

  boolean delete(UUID tenantId, UUID id) {
    return jdbc.update("delete from suppression where tenant_id = ? and id = ?", tenantId, id) > 0;
  }

  /** Locks a contact against every other change; false when there is none. */
  boolean lockContact(UUID tenantId, long contactId) {
    String sql = "select id from contact where tenant_id = ? and id = ? for update";
    return !jdbc.queryForList(sql, Long.class, tenantId, contactId).isEmpty();
  }

  /** The contacts that have some addresses, locked in the order of their ids. */
  long[] lockContacts(UUID tenantId, Collection<SuppressedAddress> addresses) {
    String sql =
        """
        select id from contact where id in (
          select found.id from unnest(?::text[]) as given (email)
          cross join lateral (
            select id from contact where tenant_id = ? and lower(email) = given.email
            order by id limit ?) as found
          union all
          select found.id from unnest(?::bigint[]) as given (chat)
          cross join lateral (
            select id from contact where tenant_id = ? and telegram_chat_id = given.chat
            order by id limit ?) as found)
        order by id for update
        """;
    return jdbc
        .query(
            sql,
            (row, index) -> row.getLong(1),
            of(Channel.EMAIL, addresses).toArray(String[]::new),
            tenantId,
            MOST_OF_AN_ADDRESS,
            of(Channel.TELEGRAM, addresses).stream().map(Long::valueOf).toArray(Long[]::new),
            tenantId,
            MOST_OF_AN_ADDRESS)
        .stream()
        .mapToLong(Long::longValue)
        .toArray();
  }

  private static List<String> of(Channel channel, Collection<SuppressedAddress> addresses) {
    return addresses.stream()
        .filter(each -> each.channel().equals(channel))
        .map(SuppressedAddress::address)
        .distinct()
        .toList();
  }

  /** The addresses of some contacts as they are compared. */
  List<SuppressedAddress> addresses(UUID tenantId, long[] contactIds) {
    List<SuppressedAddress> addresses = new ArrayList<>();
    jdbc.query(
        """
        select lower(email) as email, telegram_chat_id::text as chat
        from contact where tenant_id = ? and id = any(?) order by id
        """,
        row -> {
          add(addresses, Channel.EMAIL, row.getString("email"));
          add(addresses, Channel.TELEGRAM, row.getString("chat"));
        },
        tenantId,
        contactIds);
    return addresses;
  }

  private static void add(
      List<SuppressedAddress> addresses, Channel channel, @Nullable String address) {
    if (address != null) {
      addresses.add(new SuppressedAddress(channel, address));
    }
  }

  /** The address a contact has on a channel; null when it has none or there is no such contact. */
  @Nullable SuppressedAddress address(UUID tenantId, long contactId, Channel channel) {
    return addresses(tenantId, new long[] {contactId}).stream()
        .filter(each -> each.channel().equals(channel))
        .findFirst()
        .orElse(null);
  }

  /** Shows an address again that was known as a hash alone. */
  void uncover(UUID tenantId, SuppressedAddress address, List<byte[]> hashes) {
    jdbc.update(
        """
        update suppression set address = ?, address_hash = null
        where tenant_id = ? and channel = ? and address_hash = any(?::bytea[])
        """,
        address.address(),
        tenantId,
        address.channel().name(),
        hashes.toArray(byte[][]::new));
  }

  /** Entries that came of a contact's messages or are about its addresses, and of nobody else's. */
  List<Suppression> onlyOf(UUID tenantId, long contactId, List<SuppressedAddress> addresses) {
    String sql =
        "select "
            + COLUMNS
            + """
             from suppression s where tenant_id = ? and address is not null
              and (contact_id = ?
                or (channel, address) in (select * from unnest(?::text[], ?::text[])))
              and not exists (select from contact o
                where o.tenant_id = s.tenant_id and o.id <> ?
                  and lower(o.email) = case s.channel when 'email' then s.address end)
              and not exists (select from contact o
                where o.tenant_id = s.tenant_id and o.id <> ?
                  and o.telegram_chat_id
                    = case s.channel when 'telegram' then s.address::bigint end)
            order by id for update
            """;
    return jdbc.query(
        sql,
        SuppressionRepository::suppression,
        tenantId,
        contactId,
        addresses.stream().map(each -> each.channel().name()).toArray(String[]::new),
        addresses.stream().map(SuppressedAddress::address).toArray(String[]::new),
        contactId,
        contactId);
  }

  /** Keeps the hash of an address in its place; what was said of it goes with it. */
  void cover(UUID id, byte[] hash) {
    jdbc.update(
        """
        update suppression
        set address = null, address_hash = ?, contact_id = 0, source = null, evidence = null
        where id = ?
        """,
        hash,
        id);
  }

  /** The channels on which a contact is held. */
  List<Held> held(UUID tenantId, long contactId) {
    long[] one = {contactId};
    return jdbc.query(
        "select channel, suppressed_at from (" + HELD + ") h order by channel",
        (row, index) ->
            new Held(
                Channel.of(row.getString("channel")),
                row.getObject("suppressed_at", OffsetDateTime.class).toInstant()),
        tenantId,
        one,
        tenantId,
        one);
  }

  /** Those of some contacts that are held otherwise than was told; notes it as told. */
  List<Long> changed(UUID tenantId, long[] contactIds) {
    String sql =
        "with held as ("
            + HELD
            + """
            ), gone as (
              delete from suppressed_contact t
              where t.tenant_id = ? and t.contact_id = any(?)
                and not exists (select from held h
                  where h.contact_id = t.contact_id and h.channel = t.channel)
              returning t.contact_id
            ), come as (
              insert into suppressed_contact (tenant_id, contact_id, channel, since)
              select ?, contact_id, channel, suppressed_at from held
              on conflict do nothing
              returning contact_id
            )
            select contact_id from gone union select contact_id from come order by 1
            """;
    return jdbc.query(
        sql,
        (row, index) -> row.getLong(1),
        tenantId,
        contactIds,
        tenantId,
        contactIds,
        tenantId,
        contactIds,
        tenantId);
  }

  void forgetTold(UUID tenantId, long contactId) {
    jdbc.update(
        "delete from suppressed_contact where tenant_id = ? and contact_id = ?",
        tenantId,
        contactId);
  }

  long nextVersion() {
    Long version = jdbc.queryForObject("select nextval('suppression_version')", Long.class);
    return version == null ? 0 : version;
  }

  private static Suppression suppression(ResultSet row, int index) throws SQLException {
    long contactId = row.getLong("contact_id");
    return new Suppression(
        row.getObject("id", UUID.class),
        Channel.of(row.getString("channel")),
        row.getString("address"),
        contactId == 0 ? null : contactId,
        SuppressionReason.of(row.getString("reason")).orElseThrow(),
        row.getString("source"),
        row.getString("status"),
        row.getString("evidence"),
        row.getString("actor"),
        row.getObject("suppressed_at", OffsetDateTime.class).toInstant());
  }
}
