package io.fanfare.audience.progress;

import io.fanfare.contract.delivery.DeliveryProgress;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The ledger's counters as far as they have been told. */
@Repository
class LedgerRepository {

  // One statement: the lanes' sums grow by exactly what the counters grew by. Rows are written in
  // the order of their keys, so that instances cannot deadlock. Who fell back keeps its place on
  // the
  // lane until it is planned on the next channel, and is given back there.
  private static final String KEEP =
      """
      with told as (
        insert into ledger_progress as p
          (broadcast_id, channel, account_id, shard, incarnation, sequence, sent, failed, dead,
           in_doubt, retrying, skipped, cancelled, results, counted_at, fell_back)
        select * from unnest(
          ?::uuid[], ?::text[], ?::uuid[], ?::int[], ?::uuid[], ?::bigint[], ?::bigint[],
          ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
          ?::bigint[], ?::timestamptz[], ?::bigint[])
        order by 1, 2, 3, 4, 5
        on conflict (broadcast_id, channel, account_id, shard, incarnation) do update
        set sequence = excluded.sequence, sent = excluded.sent, failed = excluded.failed,
            dead = excluded.dead, in_doubt = excluded.in_doubt, retrying = excluded.retrying,
            skipped = excluded.skipped, cancelled = excluded.cancelled,
            results = excluded.results, counted_at = excluded.counted_at,
            fell_back = excluded.fell_back, received_at = now()
        where p.sequence < excluded.sequence
        returning
          new.account_id, new.shard, new.results - coalesce(old.results, 0) as results,
          new.sent + new.failed + new.dead + new.in_doubt + new.retrying + new.skipped
            + new.cancelled
            - coalesce(old.sent + old.failed + old.dead + old.in_doubt + old.retrying + old.skipped
                         + old.cancelled, 0) as counted
      )
      insert into lane_result as r (account_id, shard, results, counted)
      select account_id, shard, sum(results), sum(counted) from told group by account_id, shard
      order by account_id, shard
      on conflict (account_id, shard) do update
      set results = r.results + excluded.results, counted = r.counted + excluded.counted
      """;

  private final JdbcTemplate jdbc;

  LedgerRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Keeps counters that are newer than the ones known; no key may come twice. */
  void keep(List<DeliveryProgress> counters) {
    jdbc.update(
        KEEP,
        texts(counters, progress -> progress.broadcastId().toString()),
        texts(counters, progress -> progress.channel().name()),
        texts(counters, progress -> progress.lane().accountId().toString()),
        counters.stream().mapToInt(progress -> progress.lane().shard()).toArray(),
        texts(counters, progress -> progress.incarnation().toString()),
        counters.stream().mapToLong(DeliveryProgress::sequence).toArray(),
        longs(counters, Counts::sent),
        longs(counters, Counts::failed),
        longs(counters, Counts::dead),
        longs(counters, Counts::inDoubt),
        longs(counters, Counts::retrying),
        longs(counters, Counts::skipped),
        longs(counters, Counts::cancelled),
        longs(counters, Counts::results),
        texts(counters, progress -> progress.at().toString()),
        longs(counters, Counts::fallenBack));
  }

  private static String[] texts(
      List<DeliveryProgress> counters, Function<DeliveryProgress, String> text) {
    return counters.stream().map(text).toArray(String[]::new);
  }

  private static long[] longs(List<DeliveryProgress> counters, ToLongFunction<Counts> count) {
    return counters.stream().mapToLong(progress -> count.applyAsLong(progress.counts())).toArray();
  }
}
