package io.fanfare.audience.release;

import io.fanfare.contract.tenant.TenantLimits;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * What tenants with a rate of their own have handed over lately, by the figures of their lanes: a
 * lane's account belongs to one tenant.
 */
@Repository
class TenantPaceRepository {

  private final JdbcTemplate jdbc;
  private final double windowSeconds;
  private final double sampleSeconds;

  TenantPaceRepository(JdbcTemplate jdbc, PacePolicy policy) {
    this.jdbc = jdbc;
    this.windowSeconds = policy.window().toMillis() / 1000.0;
    this.sampleSeconds = policy.sampleEvery().toMillis() / 1000.0;
  }

  /**
   * Where a tenant stands.
   *
   * @param issued commands ever handed over, on all lanes
   * @param resultsBefore results that were known a window ago
   * @param now when the transaction began, which is before everything else in here was read
   */
  record TenantPace(
      UUID tenantId,
      int ratePerMinute,
      long issued,
      long resultsBefore,
      @Nullable Instant nextAt,
      Instant now) {}

  private record Locked(UUID tenantId, int ratePerMinute, @Nullable Instant nextAt) {}

  /** Keeps a tenant's rate unless a newer one is known. */
  void keep(TenantLimits limits) {
    jdbc.update(
        """
        insert into tenant_pace as t (tenant_id, version, rate_per_minute) values (?, ?, ?)
        on conflict (tenant_id) do update
        set version = excluded.version, rate_per_minute = excluded.rate_per_minute
        where t.version < excluded.version
        """,
        limits.tenantId(),
        limits.version(),
        limits.ratePerMinute());
  }

  /**
   * Holds the paces of those tenants that have one until the transaction ends: nobody else hands
   * over for them, on whatever lane. Locked in the order of their ids.
   */
  List<TenantPace> lock(Collection<UUID> tenantIds) {
    List<Locked> locked =
        jdbc.query(
            """
            select tenant_id, rate_per_minute, next_at from tenant_pace
            where tenant_id = any(?::uuid[]) and rate_per_minute > 0
            order by tenant_id for update
            """,
            (row, index) -> {
              Timestamp next = row.getTimestamp("next_at");
              return new Locked(
                  row.getObject("tenant_id", UUID.class),
                  row.getInt("rate_per_minute"),
                  next == null ? null : next.toInstant());
            },
            (Object) tenantIds.stream().map(UUID::toString).toArray(String[]::new));
    // After the locks are held: whoever had them before has committed what it handed over.
    List<TenantPace> paces = new ArrayList<>(locked.size());
    locked.forEach(tenant -> paces.add(read(tenant)));
    return paces;
  }

  private TenantPace read(Locked tenant) {
    return jdbc.query(
            """
            select now() as now,
              (select coalesce(sum(l.issued), 0)
               from channel_account a join lane l on l.account_id = a.account_id
               where a.tenant_id = ?) as issued,
              (select coalesce(max(results), 0) from tenant_pace_sample
               where tenant_id = ? and seen_at <= now() - make_interval(secs => ?))
                as results_before
            """,
            (row, index) ->
                new TenantPace(
                    tenant.tenantId(),
                    tenant.ratePerMinute(),
                    row.getLong("issued"),
                    row.getLong("results_before"),
                    tenant.nextAt(),
                    row.getTimestamp("now").toInstant()),
            tenant.tenantId(),
            tenant.tenantId(),
            windowSeconds)
        .getFirst();
  }

  void handedOver(UUID tenantId, Instant nextAt) {
    jdbc.update(
        "update tenant_pace set next_at = ? where tenant_id = ?", Timestamp.from(nextAt), tenantId);
  }

  /**
   * Notes how many results are known of every tenant with a rate where that has changed, and
   * forgets what is older than a window.
   */
  void sample() {
    // Seen after they were read: everything these results stand for had arrived by then.
    jdbc.update(
        """
        insert into tenant_pace_sample (tenant_id, seen_at, results)
        select t.tenant_id, clock_timestamp(), known.results
        from tenant_pace t
        cross join lateral (
          select coalesce(sum(r.results), 0) as results
          from channel_account a join lane_result r on r.account_id = a.account_id
          where a.tenant_id = t.tenant_id) known
        left join lateral (
          select s.seen_at, s.results from tenant_pace_sample s
          where s.tenant_id = t.tenant_id order by s.seen_at desc limit 1) last on true
        where t.rate_per_minute > 0
          and (last.seen_at is null
            or last.results <> known.results
              and last.seen_at <= clock_timestamp() - make_interval(secs => ?))
        on conflict do nothing
        """,
        sampleSeconds);
    jdbc.update(
        """
        delete from tenant_pace_sample o
        where o.seen_at < (
          select max(s.seen_at) from tenant_pace_sample s
          where s.tenant_id = o.tenant_id and s.seen_at <= now() - make_interval(secs => ?))
        """,
        windowSeconds);
  }
}
