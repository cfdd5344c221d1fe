package io.fanfare.audience.progress;

import io.fanfare.audience.progress.ProgressPolicy.Own;
import io.fanfare.audience.release.CreditPolicy;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads progress and skipped recipients. */
@Repository
class ProgressRepository {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, Long>> COUNTS_BY_NAME = new TypeReference<>() {};
  private static final String AT_SEND = "at_send";

  // One statement is one snapshot: what the ledger has counted in it was handed over in it. A row a
  // channel; work grows with lanes and chunks, never with recipients.
  private static final String PROGRESS =
      """
      select f.frozen_at, own.*, ledger.*, skip.by_reason,
             coalesce(a.rate_per_second, 0) as rate_per_second,
             coalesce(a.shards, own.lanes, 1) as shards, w.waiting, w.waiting_until
      from broadcast_run r
      join audience_freeze f on f.broadcast_id = r.broadcast_id
      left join lateral (
        select channel, account_id, count(*) as lanes, sum(planned) as planned,
               sum(pending) as pending, sum(skipped) as own_skipped,
               sum(cancelled) as own_cancelled, sum(handed_over) as handed_over,
               sum(put_back) as put_back, sum(fell_back) as own_fell_back,
               max(handed_over_at) as handed_over_at
        from run_lane where broadcast_id = r.broadcast_id group by channel, account_id
      ) own on true
      left join channel_account a on a.account_id = own.account_id
      left join lateral (
        select sum(sent) as sent, sum(failed) as failed, sum(dead) as dead,
               sum(in_doubt) as in_doubt, sum(retrying) as retrying, sum(skipped) as skipped,
               sum(cancelled) as cancelled, sum(results) as results,
               sum(fell_back) as fell_back, max(counted_at) as counted_at
        from ledger_progress
        where broadcast_id = r.broadcast_id and channel = own.channel
      ) ledger on true
      left join lateral (
        select jsonb_object_agg(reason, recipients) as by_reason
        from (select reason, sum(size) as recipients from skipped
              where broadcast_id = r.broadcast_id and channel = own.channel group by reason) s
      ) skip on true
      left join lateral (
        select sum(recipients) as waiting, max(due_at) as waiting_until
        from (select recipients, due_at from held_back
              where broadcast_id = r.broadcast_id and due_at > now()
              union all
              select recipients, due_at from put_off
              where broadcast_id = r.broadcast_id and due_at > now()) t
      ) w on true
      where r.broadcast_id = ? and r.tenant_id = ?
      """;

  private final JdbcTemplate jdbc;
  private final CreditPolicy credit;

  ProgressRepository(JdbcTemplate jdbc, CreditPolicy credit) {
    this.jdbc = jdbc;
    this.credit = credit;
  }

  Optional<Progress> find(UUID tenantId, UUID broadcastId) {
    List<ChannelRow> rows = jdbc.query(PROGRESS, this::row, broadcastId, tenantId);
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Counters total = Counters.ZERO;
    Map<String, Long> reasons = new TreeMap<>();
    Map<String, Counters> channels = new TreeMap<>();
    Map<String, Long> lookAhead = new TreeMap<>();
    Instant lastActivity = null;
    for (ChannelRow row : rows) {
      if (row.channel == null) {
        continue;
      }
      total = total.plus(row.counters);
      row.skippedByReason.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
      channels.put(row.channel, row.counters);
      lookAhead.put(row.channel, row.lookAhead);
      lastActivity = later(lastActivity, row.lastActivity);
    }
    ChannelRow first = rows.getFirst();
    // What was cancelled waits no more, whatever was noted of it.
    long waiting = Math.min(first.waiting, total.pending());
    return Optional.of(
        new Progress(
            broadcastId,
            first.frozen,
            total,
            reasons,
            channels,
            lookAhead,
            lastActivity,
            waiting,
            waiting == 0 ? null : first.waitingUntil));
  }

  /** Skipped recipients after a position; empty positions begin at the start. */
  List<SkippedRecipient> skipped(UUID broadcastId, long afterRow, long afterIndex, int limit) {
    return jdbc.query(
        """
        select s.id, s.channel, s.reason, m.contact_id, m.position
        from skipped s cross join lateral unnest(s.contact_ids)
          with ordinality as m (contact_id, position)
        where s.broadcast_id = ? and s.id >= ? and (s.id, m.position) > (?, ?)
        order by s.id, m.position limit ?
        """,
        (row, index) ->
            new SkippedRecipient(
                row.getLong("contact_id"),
                row.getString("channel"),
                row.getString("reason"),
                row.getLong("id"),
                row.getLong("position")),
        broadcastId,
        afterRow,
        afterRow,
        afterIndex,
        limit);
  }

  boolean exists(UUID tenantId, UUID broadcastId) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "select exists (select from broadcast_run where broadcast_id = ? and tenant_id = ?)",
            Boolean.class,
            broadcastId,
            tenantId));
  }

  private ChannelRow row(ResultSet row, int index) throws SQLException {
    Counts ledger =
        new Counts(
            row.getLong("sent"),
            row.getLong("failed"),
            row.getLong("dead"),
            row.getLong("in_doubt"),
            row.getLong("retrying"),
            row.getLong("skipped"),
            row.getLong("cancelled"),
            row.getLong("results"),
            row.getLong("fell_back"));
    Own own =
        new Own(
            row.getLong("planned"),
            row.getLong("pending"),
            row.getLong("own_skipped"),
            row.getLong("own_cancelled"),
            row.getLong("handed_over"),
            row.getLong("put_back"),
            row.getLong("own_fell_back"));
    int shards = row.getInt("shards");
    return new ChannelRow(
        row.getString("channel"),
        row.getObject("frozen_at") != null,
        ProgressPolicy.compose(own, ledger),
        reasons(row.getString("by_reason"), ledger.skipped()),
        (long) credit.mostOutstanding(row.getInt("rate_per_second"), shards) * shards,
        later(instant(row, "handed_over_at"), instant(row, "counted_at")),
        row.getLong("waiting"),
        instant(row, "waiting_until"));
  }

  private static Map<String, Long> reasons(@Nullable String json, long atSend) {
    Map<String, Long> reasons =
        json == null ? new HashMap<>() : JSON.readValue(json, COUNTS_BY_NAME);
    if (atSend > 0) {
      reasons.put(AT_SEND, atSend);
    }
    return reasons;
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isAfter(b) ? a : b;
  }

  private record ChannelRow(
      @Nullable String channel,
      boolean frozen,
      Counters counters,
      Map<String, Long> skippedByReason,
      long lookAhead,
      @Nullable Instant lastActivity,
      long waiting,
      @Nullable Instant waitingUntil) {}
}
