package io.fanfare.audience.release;

import io.fanfare.audience.release.LaneWork.LaneFigures;
import io.fanfare.audience.release.LaneWork.Waiting;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.account.ChannelAccount;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Lanes, what waits on them, and what a broadcast has done on each. */
@Repository
class LaneRepository {

  private final JdbcTemplate jdbc;

  LaneRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  void keepAccount(ChannelAccount account) {
    jdbc.update(
        """
        insert into channel_account as a
          (account_id, tenant_id, channel, version, shards, rate_per_second)
        values (?, ?, ?, ?, ?, ?)
        on conflict (account_id) do update
        set version = excluded.version, shards = excluded.shards,
            rate_per_second = excluded.rate_per_second, deleted = false, updated_at = now()
        where a.version <= excluded.version
        """,
        account.accountId(),
        account.tenantId(),
        account.channel().name(),
        account.version(),
        account.shards(),
        account.ratePerSecond());
  }

  /** Its last limits still hold for what was planned with it: the workers say that it is gone. */
  void markAccountDeleted(UUID accountId) {
    jdbc.update(
        "update channel_account set deleted = true, updated_at = now() where account_id = ?",
        accountId);
  }

  /**
   * Every lane that has something to release; lanes of an account not known yet wait.
   *
   * @param maxRunning broadcasts of a tenant whose pending recipients are released, those that
   *     started first; one that waits for the winner of its test or for the time of a variant, and
   *     has nothing else to release, is none of them
   */
  List<LaneWork> findWork(int maxRunning) {
    Map<Lane, LaneWork> work = new LinkedHashMap<>();
    jdbc.query(
        """
        select w.*, a.rate_per_second, a.shards, l.issued, l.results_per_second,
               greatest(l.issued - coalesce(lr.results, 0),
                        l.handed_over - coalesce(lr.put_back + lr.counted, 0)) as outstanding
        from (
          select rl.channel, rl.account_id, rl.shard, r.tenant_id, r.broadcast_id, r.messages,
                 rl.issued as issued_of_broadcast,
                 case when r.place <= ? or r.state = 'completed'
                   then greatest(0, rl.pending - coalesce(h.recipients, 0)) else 0 end as pending,
                 exists (
                   select from due_retry d
                   where d.broadcast_id = rl.broadcast_id and d.account_id = rl.account_id
                     and d.shard = rl.shard and d.released_at is null
                     and (d.not_before is null or d.not_before <= now())) as retries
          from (
            -- What carries single messages takes no pool.
            select broadcast_id, tenant_id, state, messages,
                   case when state <> 'running' then null when messages then 0 else
                     row_number() over (
                       partition by tenant_id, state, messages, completed_epoch < epoch,
                         coalesce(
                           (select sum(h.recipients) from held_back_now h
                            where h.broadcast_id = run.broadcast_id)
                           = (select sum(l.pending) from run_lane l
                              where l.broadcast_id = run.broadcast_id), false)
                       order by created_at, broadcast_id) end as place
            from broadcast_run run where open and state <> 'paused'
          ) r join run_lane rl on rl.broadcast_id = r.broadcast_id
          left join held_back_now h
            on h.broadcast_id = rl.broadcast_id and h.channel = rl.channel
              and h.account_id = rl.account_id and h.shard = rl.shard
        ) w
        join lane l on l.account_id = w.account_id and l.shard = w.shard
        join channel_account a on a.account_id = w.account_id
        left join lane_result lr on lr.account_id = w.account_id and lr.shard = w.shard
        where w.pending > 0 or w.retries
        """,
        row -> {
          Lane lane = lane(row);
          LaneWork found =
              new LaneWork(
                  Channel.of(row.getString("channel")), lane, figures(row), new ArrayList<>());
          work.computeIfAbsent(lane, any -> found)
              .broadcasts()
              .add(
                  new Waiting(
                      row.getObject("tenant_id", UUID.class),
                      row.getObject("broadcast_id", UUID.class),
                      row.getLong("pending"),
                      row.getBoolean("retries"),
                      row.getBoolean("messages"),
                      row.getLong("issued_of_broadcast")));
        },
        maxRunning);
    return List.copyOf(work.values());
  }

  /** Takes the lane for this transaction; empty when another instance has it. */
  Optional<LaneFigures> lock(Lane lane) {
    return jdbc
        .query(
            """
            select a.rate_per_second, a.shards, l.issued, l.results_per_second,
                   greatest(l.issued - coalesce(lr.results, 0),
                            l.handed_over - coalesce(lr.put_back + lr.counted, 0)) as outstanding
            from lane l
            join channel_account a on a.account_id = l.account_id
            left join lane_result lr on lr.account_id = l.account_id and lr.shard = l.shard
            where l.account_id = ? and l.shard = ?
            for update of l skip locked
            """,
            (row, index) -> figures(row),
            lane.accountId(),
            lane.shard())
        .stream()
        .findFirst();
  }

  /**
   * Looks at what a lane did since the last look, unless that was just now. The caller has the
   * lane.
   *
   * @return results a second
   */
  OptionalDouble measure(Lane lane, Duration atLeast) {
    List<Measured> looks =
        jdbc.query(
            """
            select l.results_per_second, l.measured_results, coalesce(lr.results, 0) as results,
                   extract(epoch from clock_timestamp() - l.measured_at) as elapsed
            from lane l
            left join lane_result lr on lr.account_id = l.account_id and lr.shard = l.shard
            where l.account_id = ? and l.shard = ?
              and clock_timestamp() - l.measured_at >= make_interval(secs => ?)
            """,
            (row, index) ->
                new Measured(
                    row.getLong("results"),
                    CreditPolicy.resultsPerSecond(
                        row.getDouble("results_per_second"),
                        row.getLong("results") - row.getLong("measured_results"),
                        Duration.ofNanos((long) (row.getDouble("elapsed") * 1e9)))),
            lane.accountId(),
            lane.shard(),
            atLeast.toMillis() / 1000.0);
    if (looks.isEmpty()) {
      return OptionalDouble.empty();
    }
    Measured look = looks.getFirst();
    jdbc.update(
        """
        update lane
        set measured_at = clock_timestamp(), measured_results = ?, results_per_second = ?
        where account_id = ? and shard = ?
        """,
        look.results(),
        look.perSecond(),
        lane.accountId(),
        lane.shard());
    return OptionalDouble.of(look.perSecond());
  }

  private record Measured(long results, double perSecond) {}

  void addIssued(Lane lane, int commands, int recipients) {
    jdbc.update(
        """
        update lane set issued = issued + ?, handed_over = handed_over + ?
        where account_id = ? and shard = ?
        """,
        commands,
        recipients,
        lane.accountId(),
        lane.shard());
  }

  /** Counts what a broadcast handed over on a lane. */
  void addHandedOver(UUID broadcastId, Channel channel, Lane lane, HandedOver counts) {
    jdbc.update(
        """
        update run_lane
        set pending = pending - ?, handed_over = handed_over + ?, skipped = skipped + ?,
            issued = issued + ?, handed_over_at = now()
        where broadcast_id = ? and channel = ? and account_id = ? and shard = ?
        """,
        counts.recipients() + counts.skipped(),
        counts.recipients(),
        counts.skipped(),
        counts.issued(),
        broadcastId,
        channel.name(),
        lane.accountId(),
        lane.shard());
  }

  /** Counts recipients that are pending on a lane from now on, or where negative no longer. */
  void addPlanned(RunLane lane, int recipients) {
    jdbc.update(
        """
        update run_lane set planned = planned + ?, pending = pending + ?
        where broadcast_id = ? and channel = ? and account_id = ? and shard = ?
        """,
        recipients,
        recipients,
        lane.broadcastId(),
        lane.channel().name(),
        lane.lane().accountId(),
        lane.lane().shard());
  }

  /**
   * What a broadcast handed over.
   *
   * @param recipients that were pending
   * @param skipped that were pending and have no address any more
   * @param issued commands never released before
   */
  record HandedOver(int recipients, int skipped, int issued) {}

  private static Lane lane(ResultSet row) throws SQLException {
    return new Lane(row.getObject("account_id", UUID.class), row.getInt("shard"));
  }

  private static LaneFigures figures(ResultSet row) throws SQLException {
    return new LaneFigures(
        row.getLong("outstanding"),
        row.getLong("issued"),
        row.getInt("rate_per_second"),
        row.getInt("shards"),
        row.getDouble("results_per_second"));
  }
}
