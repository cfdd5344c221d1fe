package io.fanfare.audience.freeze;

import io.fanfare.audience.freeze.FreezePlanner.LaneTotal;
import io.fanfare.audience.segment.sql.PlannerSettings;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal.VariantSize;
import io.fanfare.contract.broadcast.SendTime;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Repository;

/** What a freeze reads and writes, all of it in the freeze's own transaction. */
@Repository
class FreezeRepository {

  private static final int FETCH_SIZE = 5_000;

  /** In an opt-out: every channel, every category. */
  private static final String EVERY = "*";

  private final JdbcTemplate jdbc;
  // Contacts and opt-outs are found by the member's id alone, whatever the statistics say: those of
  // a list that was filled a moment ago promise one row, and a plan for one row would compare every
  // member with every contact of the tenant.
  private static final String MEMBERS =
      """
      select c.id, c.email, c.telegram_chat_id, o.channels, m.parts, %s as hour, c.time_zone,
        o.of_category,
        exists (select from suppression s where s.tenant_id = ? and s.channel = 'email'
          and s.address = lower(c.email)) as email_suppressed,
        exists (select from suppression s where s.tenant_id = ? and s.channel = 'telegram'
          and s.address = c.telegram_chat_id::text) as telegram_suppressed
      from (%s) m
      join contact c on c.id = m.contact_id and (c.tenant_id = ?) is true
      left join lateral (
        select array_agg(n.channel) filter (where n.category = '*') as channels,
               array_agg(n.channel) filter (where n.category <> '*') as of_category
        from opt_out n where n.tenant_id = ? and n.contact_id = m.contact_id
          and n.category in ('*', ?)
      ) o on true
      order by m.contact_id
      """;

  private static final String HOUR =
      """
      (select p.hour from preferred_hour p where p.tenant_id = c.tenant_id and p.contact_id = c.id)
      """;

  private final JdbcTemplate streaming;

  FreezeRepository(JdbcTemplate jdbc, DataSource dataSource) {
    this.jdbc = jdbc;
    this.streaming = new JdbcTemplate(dataSource);
    this.streaming.setFetchSize(FETCH_SIZE);
  }

  boolean anyWaits() {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            """
            select exists (select from audience_freeze where frozen_at is null and refused is null)
            """,
            Boolean.class));
  }

  /**
   * A running broadcast that waits to be frozen and that nobody else has in hand.
   *
   * @param fewestFirst the one with the fewest contacts, not the one that waits longest
   */
  Optional<UUID> lockNext(boolean fewestFirst) {
    return jdbc
        .query(
            """
            select f.broadcast_id
            from audience_freeze f join broadcast_run r on r.broadcast_id = f.broadcast_id
            where f.frozen_at is null and f.refused is null and r.state = 'running'
            order by case when ? then (
                select sum(l.contacts)
                from jsonb_array_elements(r.control -> 'audience' -> 'include') p
                join contact_list l on l.id = cast(p ->> 'id' as uuid)) end nulls first,
              f.requested_at
            limit 1
            for update of f skip locked
            """,
            (row, index) -> row.getObject(1, UUID.class),
            fewestFirst)
        .stream()
        .findFirst();
  }

  /**
   * Streams the audience's contacts in the order of their ids; plans those that are not excluded.
   *
   * @param due when each may be sent to by his own clock
   */
  void readMembers(
      BroadcastControl control,
      AudienceQuery audience,
      DueTimePolicy due,
      FreezePlanner planner,
      MembershipWriter membership) {
    RowCallbackHandler row =
        result -> {
          long contactId = result.getLong(1);
          long chatId = result.getLong(3);
          Long telegramChatId = result.wasNull() ? null : chatId;
          List<String> channels = texts(result.getArray(4));
          List<String> ofCategory = texts(result.getArray(8));
          Integer[] parts = (Integer[]) result.getArray(5).getArray();
          membership.add(contactId, parts);
          // In order: an excluded part is the first then.
          if (parts[0] > 0) {
            planner.add(
                contactId,
                parts[0],
                result.getString(2),
                telegramChatId,
                refusals(channels, ofCategory, result.getBoolean(9), result.getBoolean(10)),
                due.of(result.getString(7), result.getObject(6, Integer.class)));
          }
        };
    UUID tenant = control.tenantId();
    List<Object> arguments = new ArrayList<>(List.of(tenant, tenant));
    arguments.addAll(audience.arguments());
    arguments.add(tenant);
    arguments.add(tenant);
    arguments.add(control.category() == null ? EVERY : control.category());
    SendTime sendTime = control.sendTime();
    String hour = sendTime == null || sendTime.preferredHour() == null ? "null::int" : HOUR;
    streaming.query(MEMBERS.formatted(hour, audience.sql()), row, arguments.toArray());
  }

  /** For this transaction, so that whoever was counted a moment ago is found by the same plan. */
  void planAsCounts(AudienceQuery audience) {
    jdbc.queryForList(PlannerSettings.statement(audience.sql()));
  }

  MembershipWriter membership(UUID broadcastId, Audience audience) {
    return new MembershipWriter(jdbc, broadcastId, audience);
  }

  private static List<String> texts(@Nullable Array array) throws SQLException {
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  private static FreezePlanner.OptOuts refusals(
      List<String> channels, List<String> ofCategory, boolean noMail, boolean noTelegram) {
    if (channels.isEmpty() && ofCategory.isEmpty() && !noMail && !noTelegram) {
      return any -> null;
    }
    return channel -> {
      if (covers(channels, channel)) {
        return SkipReason.OPTED_OUT;
      }
      if (covers(ofCategory, channel)) {
        return SkipReason.OPTED_OUT_OF_CATEGORY;
      }
      boolean suppressed =
          noMail && channel.equals(Channel.EMAIL) || noTelegram && channel.equals(Channel.TELEGRAM);
      return suppressed ? SkipReason.SUPPRESSED : null;
    };
  }

  private static boolean covers(List<String> channels, Channel channel) {
    return channels.contains(EVERY) || channels.contains(channel.name());
  }

  void insertTotals(UUID broadcastId, List<LaneTotal> totals) {
    for (LaneTotal total : totals) {
      Lane lane = total.lane();
      jdbc.update(
          """
          insert into run_lane
            (broadcast_id, channel, account_id, shard, planned, pending, skipped)
          values (?, ?, ?, ?, ?, ?, ?)
          """,
          broadcastId,
          total.channel().name(),
          lane.accountId(),
          lane.shard(),
          total.planned(),
          total.planned() - total.skipped(),
          total.skipped());
      jdbc.update(
          "insert into lane (account_id, shard, channel) values (?, ?, ?) on conflict do nothing",
          lane.accountId(),
          lane.shard(),
          total.channel().name());
    }
  }

  /** Notes on each lane how many of the recipients just written must not be released yet. */
  void insertHeldBack(UUID broadcastId) {
    jdbc.update(
        """
        insert into held_back
          (broadcast_id, channel, account_id, shard, variant, due_at, recipients)
        select broadcast_id, channel, account_id, shard, variant,
               case when due_at > now() then due_at end as due, sum(size)
        from chunk
        where broadcast_id = ? and (variant = ? or due_at > now())
        group by broadcast_id, channel, account_id, shard, variant, due
        """,
        broadcastId,
        AbTest.HOLD_BACK);
  }

  /** The recipients just written of each variant on each channel. */
  List<VariantSize> variantSizes(UUID broadcastId) {
    return jdbc.query(
        """
        select variant, channel, sum(size) as recipients from chunk
        where broadcast_id = ? group by variant, channel order by channel, variant
        """,
        (row, index) ->
            new VariantSize(
                row.getString("variant"),
                Channel.of(row.getString("channel")),
                row.getLong("recipients")),
        broadcastId);
  }

  void setFrozen(UUID broadcastId) {
    jdbc.update("update audience_freeze set frozen_at = now() where broadcast_id = ?", broadcastId);
  }

  void setRefused(UUID broadcastId, String code) {
    jdbc.update("update audience_freeze set refused = ? where broadcast_id = ?", code, broadcastId);
  }

  /** A sink that writes in batches; {@link Writer#flush} writes the rest. */
  Writer writer(BroadcastControl control) {
    return new Writer(control);
  }

  /** How long variants wait that do. */
  private static Map<String, Duration> delays(BroadcastControl control) {
    Map<String, Duration> delays = new HashMap<>();
    AbTest test = control.abTest();
    if (test != null) {
      for (AbTest.Variant variant : test.variants()) {
        if (variant.delay() != null) {
          delays.put(variant.id(), variant.delay());
        }
      }
    }
    return delays;
  }

  /** Chunks and skips on their way into the database. */
  final class Writer implements FreezePlanner.Sink {

    private static final int BATCH = 64;

    private final UUID broadcastId;
    private final @Nullable Instant startedAt;
    private final Map<String, Duration> delays;
    private final List<Object[]> chunks = new ArrayList<>(BATCH);
    private final List<Object[]> skips = new ArrayList<>(BATCH);

    private Writer(BroadcastControl control) {
      this.broadcastId = control.broadcastId();
      this.startedAt = control.startedAt();
      this.delays = delays(control);
    }

    /** A variant's delay counts from the contact's own time, or else from the start. */
    private @Nullable Timestamp dueAt(String variant, @Nullable Instant own) {
      Duration delay = delays.get(variant);
      Instant from = own == null && delay != null ? startedAt : own;
      return from == null ? null : Timestamp.from(delay == null ? from : from.plus(delay));
    }

    @Override
    public void chunk(
        Channel channel,
        Lane lane,
        String variant,
        int segment,
        @Nullable Instant dueAt,
        long[] contactIds) {
      chunks.add(
          new Object[] {
            broadcastId,
            channel.name(),
            lane.accountId(),
            lane.shard(),
            variant,
            segment,
            dueAt(variant, dueAt),
            contactIds,
            contactIds.length
          });
      if (chunks.size() == BATCH) {
        flush();
      }
    }

    @Override
    public void skip(Channel channel, SkipReason reason, long[] contactIds) {
      skips.add(
          new Object[] {broadcastId, channel.name(), reason.id(), contactIds, contactIds.length});
      if (skips.size() == BATCH) {
        flush();
      }
    }

    @Override
    public void addressTaken(Channel channel, long[] contactIds) {
      jdbc.update(
          "insert into address_taken (broadcast_id, channel, contact_id) select ?, ?, unnest(?)",
          broadcastId,
          channel.name(),
          contactIds);
    }

    void flush() {
      jdbc.batchUpdate(
          """
          insert into chunk
            (broadcast_id, channel, account_id, shard, variant, segment, due_at, issue,
             contact_ids, size)
          values (?, ?, ?, ?, ?, ?, coalesce(cast(? as timestamptz), now()), 1, ?, ?)
          """,
          chunks);
      jdbc.batchUpdate(
          """
          insert into skipped (broadcast_id, channel, reason, contact_ids, size)
          values (?, ?, ?, ?, ?)
          """,
          skips);
      chunks.clear();
      skips.clear();
    }
  }
}
