package io.fanfare.audience.cap;

import io.fanfare.audience.TestSwitches;
import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.DeliveryEvent;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * Caps, and the messages that count against them: each is reserved when it is handed over, counts
 * as sent now until its end is known, and from when it was sent then.
 */
@Repository
public class CapRepository {

  /** In place of a contact's id: the cap of the tenant. */
  static final long EVERY_CONTACT = 0;

  private static final int SWEEP = 10_000;

  // What is there of this very recipient, put back and handed over again, is no other message.
  private static final String USED =
      """
      with wanted as (select unnest(?::bigint[]) as contact_id),
      used as (
        select w.contact_id,
          count(u.contact_id) filter (
            where u.at is null or u.at > now() - interval '24 hours') as day,
          count(u.contact_id) filter (where u.at is null or u.at > now() - interval '7 days') as week,
          count(u.contact_id) as month
        from wanted w
        left join cap_use u on u.contact_id = w.contact_id
          and (u.at is null or u.at > now() - interval '30 days')
          and not (u.broadcast_id = ? and u.channel = ?)
        group by w.contact_id
      )
      """;

  private static final String ON_ITS_WAY = "u.at is null or ";

  // Under the tenant's lock, so that nobody else reserves between the count and the insert.
  private static final String RESERVE =
      USED
          + """
          insert into cap_use (tenant_id, contact_id, broadcast_id, channel)
          select ?, u.contact_id, ?, ?
          from used u
          left join frequency_cap own on own.tenant_id = ? and own.contact_id = u.contact_id
          left join frequency_cap common on common.tenant_id = ? and common.contact_id = 0
          where (u.day < coalesce(own.per_day, common.per_day)) is not false
            and (u.week < coalesce(own.per_week, common.per_week)) is not false
            and (u.month < coalesce(own.per_month, common.per_month)) is not false
          on conflict (contact_id, broadcast_id, channel) do update set at = null
          returning contact_id
          """;

  private static final String LEFT =
      USED
          + """
          select w.contact_id, w.left_now
          from (
            select u.contact_id,
              least(coalesce(own.per_day, common.per_day) - u.day,
                    coalesce(own.per_week, common.per_week) - u.week,
                    coalesce(own.per_month, common.per_month) - u.month) as left_now
            from used u
            left join frequency_cap own on own.tenant_id = ? and own.contact_id = u.contact_id
            left join frequency_cap common on common.tenant_id = ? and common.contact_id = 0
          ) w
          where w.left_now < ?
          """;

  private final JdbcTemplate jdbc;
  private final String reserve;

  CapRepository(JdbcTemplate jdbc, TestSwitches switches) {
    this.jdbc = jdbc;
    this.reserve = switches.capSentAlone() ? RESERVE.replace(ON_ITS_WAY, "") : RESERVE;
  }

  FrequencyCap find(UUID tenantId, long contactId) {
    return jdbc
        .query(
            """
            select per_day, per_week, per_month from frequency_cap
            where tenant_id = ? and contact_id = ?
            """,
            (row, index) ->
                new FrequencyCap(
                    row.getObject(1, Integer.class),
                    row.getObject(2, Integer.class),
                    row.getObject(3, Integer.class)),
            tenantId,
            contactId)
        .stream()
        .findFirst()
        .orElse(FrequencyCap.NONE);
  }

  void save(UUID tenantId, long contactId, FrequencyCap cap) {
    if (cap.limitsNothing()) {
      jdbc.update(
          "delete from frequency_cap where tenant_id = ? and contact_id = ?", tenantId, contactId);
      return;
    }
    jdbc.update(
        """
        insert into frequency_cap (tenant_id, contact_id, per_day, per_week, per_month)
        values (?, ?, ?, ?, ?)
        on conflict (tenant_id, contact_id) do update set per_day = excluded.per_day,
          per_week = excluded.per_week, per_month = excluded.per_month
        """,
        tenantId,
        contactId,
        cap.perDay(),
        cap.perWeek(),
        cap.perMonth());
  }

  boolean contactExists(UUID tenantId, long contactId) {
    String sql = "select exists (select from contact where tenant_id = ? and id = ?)";
    return Boolean.TRUE.equals(jdbc.queryForObject(sql, Boolean.class, tenantId, contactId));
  }

  /** False when there is none. */
  boolean lockContact(UUID tenantId, long contactId) {
    String sql = "select id from contact where tenant_id = ? and id = ? for key share";
    return !jdbc.queryForList(sql, Long.class, tenantId, contactId).isEmpty();
  }

  void forget(UUID tenantId, long contactId) {
    save(tenantId, contactId, FrequencyCap.NONE);
    jdbc.update("delete from cap_use where tenant_id = ? and contact_id = ?", tenantId, contactId);
  }

  /** Whether anything limits what the tenant's contacts get. */
  public boolean anyOf(UUID tenantId) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "select exists (select from frequency_cap where tenant_id = ?)",
            Boolean.class,
            tenantId));
  }

  /**
   * Reserves a message for each contact that may get one more; until the end of the transaction
   * nobody else reserves for the tenant.
   *
   * @return those that may
   */
  public List<Long> reserve(UUID tenantId, UUID broadcastId, Channel channel, long[] contactIds) {
    jdbc.query(
        "select pg_advisory_xact_lock(hashtextextended('cap:' || ?, 0))",
        row -> {},
        tenantId.toString());
    return jdbc.query(
        reserve,
        (row, index) -> row.getLong(1),
        contactIds,
        broadcastId,
        channel.name(),
        tenantId,
        broadcastId,
        channel.name(),
        tenantId,
        tenantId);
  }

  /**
   * How many more messages contacts may get now, of those that may get fewer than some; reserves
   * nothing.
   */
  public Map<Long, Integer> left(UUID tenantId, UUID broadcastId, long[] contactIds, int wanted) {
    Map<Long, Integer> left = new HashMap<>();
    jdbc.query(
        LEFT,
        row -> {
          left.put(row.getLong(1), Math.max(0, row.getInt(2)));
        },
        contactIds,
        broadcastId,
        "",
        tenantId,
        tenantId,
        wanted);
    return left;
  }

  /** Counts messages that somebody asked for by hand: no cap stops them. */
  public void count(UUID tenantId, UUID broadcastId, Channel channel, long[] contactIds) {
    jdbc.update(
        """
        insert into cap_use (tenant_id, contact_id, broadcast_id, channel)
        select ?, unnest(?::bigint[]), ?, ?
        on conflict (contact_id, broadcast_id, channel) do update set at = null
        """,
        tenantId,
        contactIds,
        broadcastId,
        channel.name());
  }

  /** Gives back what was reserved for recipients that are pending again. */
  public void release(UUID broadcastId, Channel channel, List<Long> contactIds) {
    jdbc.update(
        """
        delete from cap_use
        where broadcast_id = ? and channel = ? and contact_id = any(?) and at is null
        """,
        broadcastId,
        channel.name(),
        contactIds.toArray(Long[]::new));
  }

  /** Something is reserved whose end is not known. */
  boolean anyOpen() {
    return Boolean.TRUE.equals(
        jdbc.queryForObject("select exists (select from cap_use where at is null)", Boolean.class));
  }

  /** Messages that were sent, or may have been: they count from then on. */
  void sent(List<DeliveryEvent> events) {
    jdbc.update(
        """
        update cap_use u set at = e.at
        from unnest(?::uuid[], ?::bigint[], ?::text[], ?::timestamptz[])
          as e (broadcast_id, contact_id, channel, at)
        where u.broadcast_id = e.broadcast_id and u.contact_id = e.contact_id
          and u.channel = e.channel
        """,
        texts(events, DeliveryEvent::broadcastId),
        contacts(events),
        texts(events, DeliveryEvent::channel),
        texts(events, DeliveryEvent::at));
  }

  /** Messages that were not sent and will not be: they count no longer. */
  void notSent(List<DeliveryEvent> events) {
    jdbc.update(
        """
        delete from cap_use u
        using unnest(?::uuid[], ?::bigint[], ?::text[]) as e (broadcast_id, contact_id, channel)
        where u.broadcast_id = e.broadcast_id and u.contact_id = e.contact_id
          and u.channel = e.channel and u.at is null
        """,
        texts(events, DeliveryEvent::broadcastId),
        contacts(events),
        texts(events, DeliveryEvent::channel));
  }

  /**
   * Forgets messages that no cap looks back to, some at a time; true when there are more. What is
   * still open a day after its broadcast had nothing more to do was never told of: it counts as
   * sent.
   */
  boolean sweep() {
    jdbc.update(
        """
        update cap_use u set at = now() from broadcast_run r
        where u.at is null and r.broadcast_id = u.broadcast_id
          and not r.open and r.updated_at < now() - interval '1 day'
        """);
    return jdbc.update(
            """
            delete from cap_use where ctid = any(array(
              select ctid from cap_use where at < ? limit ?))
            """,
            OffsetDateTime.now(ZoneOffset.UTC).minusDays(31),
            SWEEP)
        == SWEEP;
  }

  private static long[] contacts(List<DeliveryEvent> events) {
    return events.stream().mapToLong(DeliveryEvent::contactId).toArray();
  }

  private static String[] texts(
      List<DeliveryEvent> events, Function<DeliveryEvent, Object> column) {
    return events.stream().map(event -> column.apply(event).toString()).toArray(String[]::new);
  }
}
