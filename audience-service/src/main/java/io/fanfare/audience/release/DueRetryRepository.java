package io.fanfare.audience.release;

import io.fanfare.audience.release.Handover.Order;
import io.fanfare.contract.Lane;
import io.fanfare.contract.send.RetryDue;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Retries whose time has come, from their announcement on. */
@Repository
class DueRetryRepository {

  private final JdbcTemplate jdbc;

  DueRetryRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Keeps announcements, each recipient and issue once. One that was released already and is
   * announced again is released again: its command was lost, and stays counted as issued.
   */
  void keep(Collection<RetryDue> retries) {
    jdbc.update(
        """
        insert into due_retry as d
          (broadcast_id, contact_id, channel, issue, account_id, shard, variant, segment, attempt,
           bucket, granted)
        select * from unnest(?::uuid[], ?::bigint[], ?::text[], ?::int[], ?::uuid[], ?::int[],
                             ?::text[], ?::int[], ?::int[], ?::text[], ?::boolean[])
        on conflict (broadcast_id, contact_id, channel, issue) do update
        set released_at = null, received_at = now()
        where d.released_at is not null
        """,
        texts(retries, retry -> retry.broadcastId().toString()),
        retries.stream().mapToLong(RetryDue::contactId).toArray(),
        texts(retries, retry -> retry.channel().name()),
        retries.stream().mapToInt(RetryDue::issue).toArray(),
        texts(retries, retry -> retry.lane().accountId().toString()),
        retries.stream().mapToInt(retry -> retry.lane().shard()).toArray(),
        texts(retries, RetryDue::variant),
        retries.stream().mapToInt(DueRetryRepository::segment).toArray(),
        retries.stream().mapToInt(RetryDue::attempt).toArray(),
        texts(retries, retry -> retry.bucket().id()),
        retries.stream().map(RetryDue::granted).toArray(Boolean[]::new));
  }

  /** The broadcast was frozen onto this lane. */
  boolean belongsToRun(RetryDue retry) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            """
            select exists (select from run_lane where broadcast_id = ? and channel = ?
                           and account_id = ? and shard = ?)
            """,
            Boolean.class,
            retry.broadcastId(),
            retry.channel().name(),
            retry.lane().accountId(),
            retry.lane().shard()));
  }

  /** Takes up to so many retries of a broadcast on a lane, those that wait longest first. */
  List<TakenRetry> take(UUID broadcastId, Lane lane, int wanted) {
    return jdbc.query(
        """
        with picked as (
          select broadcast_id, contact_id, channel, issue
          from due_retry
          where broadcast_id = ? and account_id = ? and shard = ? and released_at is null
          order by received_at, contact_id limit ? for update skip locked
        )
        update due_retry d set released_at = now(), issued = true
        from picked p
        where d.broadcast_id = p.broadcast_id and d.contact_id = p.contact_id
          and d.channel = p.channel and d.issue = p.issue
        returning new.contact_id, new.variant, new.segment, new.issue, new.attempt, new.bucket,
                  new.granted, old.issued as issued_before
        """,
        (row, index) ->
            new TakenRetry(
                row.getLong("contact_id"),
                new Order(
                    row.getString("variant"),
                    row.getInt("segment"),
                    row.getInt("issue"),
                    row.getInt("attempt"),
                    HandoverRepository.bucket(row.getString("bucket")),
                    row.getBoolean("granted")),
                row.getBoolean("issued_before")),
        broadcastId,
        lane.accountId(),
        lane.shard(),
        wanted);
  }

  private static int segment(RetryDue retry) {
    return retry.segment() == null ? 0 : retry.segment();
  }

  private static String[] texts(Collection<RetryDue> retries, Function<RetryDue, String> text) {
    return retries.stream().map(text).toArray(String[]::new);
  }

  /**
   * One retry to release.
   *
   * @param issuedBefore it was released before and is counted already
   */
  record TakenRetry(long contactId, Order order, boolean issuedBefore) {}
}
