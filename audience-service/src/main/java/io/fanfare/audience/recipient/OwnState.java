package io.fanfare.audience.recipient;

import io.fanfare.contract.abtest.AbTest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The states of recipients that this service answers for, and where each is kept: rows of many
 * contacts, with the ids between which they lie.
 */
enum OwnState {
  /** Not handed over yet. */
  PENDING(
      "chunk",
      "c.contact_ids[c.next_index + 1 :]",
      """
      c.variant, 0 as attempts, null::timestamptz as at,
      case when c.variant = '%1$s' and r.control ->> 'winner' is null then 'waits_for_winner'
           when c.due_at > now() then 'not_due' end as reason,
      case when c.due_at > now() then c.due_at end as until
      """
          .formatted(AbTest.HOLD_BACK),
      "join broadcast_run r on r.broadcast_id = c.broadcast_id",
      "true"),

  /**
   * Handed over, on lanes where something is in flight by the counters: who of these has an end,
   * the ledger knows.
   */
  IN_FLIGHT(
      "handover",
      "c.contact_ids",
      """
      c.variant, c.attempt as attempts, c.handed_over_at as at, null::text as reason,
      null::timestamptz as until
      """,
      """
      join run_lane l on l.broadcast_id = c.broadcast_id and l.channel = c.channel
        and l.account_id = c.account_id and l.shard = c.shard
      """,
      """
      c.bucket = 'in_flight'
      and l.handed_over - l.put_back - l.fell_back > (
        select coalesce(sum(p.sent + p.failed + p.dead + p.in_doubt + p.retrying + p.skipped
                            + p.cancelled), 0)
        from ledger_progress p
        where p.broadcast_id = l.broadcast_id and p.channel = l.channel
          and p.account_id = l.account_id and p.shard = l.shard)
      and not exists (
        select from returned_seen s
        where s.broadcast_id = c.broadcast_id and s.contact_id = m.contact_id
          and s.channel = c.channel and s.issue = c.issue)
      """),

  /** Skipped before it was handed over. */
  SKIPPED(
      "skipped",
      "c.contact_ids",
      """
      null::text as variant, 0 as attempts, c.skipped_at as at, c.reason,
      null::timestamptz as until
      """,
      "",
      "true"),

  /** The broadcast was cancelled before it was handed over. */
  CANCELLED(
      "cancelled_pending",
      "c.contact_ids",
      """
      c.variant, 0 as attempts, c.cancelled_at as at, c.reason, null::timestamptz as until
      """,
      "",
      "true");

  private final String table;
  private final String ids;
  private final String columns;
  private final String joins;
  private final String condition;

  OwnState(String table, String ids, String columns, String joins, String condition) {
    this.table = table;
    this.ids = ids;
    this.columns = columns;
    this.joins = joins;
    this.condition = condition;
  }

  static Optional<OwnState> of(String id) {
    return Arrays.stream(values()).filter(state -> state.id().equals(id)).findFirst();
  }

  /** The name in JSON. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * How far a page has to look: up to an id that so many contacts lie before for certain, be it in
   * one row or because so many rows begin before it. Null where fewer are left.
   */
  String reach() {
    return """
    select least(min(last_id) filter (where size >= ?),
                 case when count(*) = ? then max(first_id) end) as upto
    from (
      select first_id, last_id, size from %s
      where broadcast_id = ? and first_id > ? and (cast(? as text) is null or channel = ?)
      order by first_id limit ?
    ) ahead
    """
        .formatted(table);
  }

  /**
   * The recipients after one, up to an id. The rows they lie in are found first: joined, they may
   * be looked for lane by lane, which is through all of them.
   */
  String page() {
    return """
    with near as materialized (
      select * from %2$s where broadcast_id = ? and first_id <= ? and last_id >= ?
    )
    select m.contact_id, c.channel, %1$s
    from near c %3$s cross join lateral unnest(%4$s) as m (contact_id)
    where (cast(? as text) is null or c.channel = ?)
      and m.contact_id <= ? and (m.contact_id, c.channel) > (?, ?) and %5$s
    order by m.contact_id, c.channel limit ?
    """
        .formatted(columns, table, joins, ids, condition);
  }
}
