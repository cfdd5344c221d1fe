package io.fanfare.dispatch.recipient;

import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.Bucket;
import io.fanfare.contract.delivery.Cause;
import io.fanfare.dispatch.ledger.LedgerBuckets;
import io.fanfare.dispatch.recipient.LedgerSlice.Position;
import io.fanfare.dispatch.recipient.LedgerSlice.Row;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * Pages of recipients by where their newest result put them. Results are looked at in the order of
 * an index, a bounded number for a page; those that a later one overtook are passed over.
 */
@Repository
class LedgerRecipients {

  /** Bounds what one page looks at. */
  static final int MOST_LOOKED_AT = 2_000;

  private static final int SMALLEST_PORTION = 100;
  private static final int LARGEST_PORTION = 1_000;

  // What was returned untried moved nobody: the result before it still says where a recipient is.
  private static final String COLUMNS =
      """
      select r.contact_id, r.channel, r.issue, r.outcome, r.at, r.cause_code, r.cause_detail,
             r.provider_code, c.variant, c.attempt, c.bucket,
             c.tenant_id = ? and r.outcome = any(?)
               and (cast(? as text) is null or r.channel = ?) and not exists (
               select from result n
               where n.ledger_day = r.ledger_day and n.broadcast_id = r.broadcast_id
                 and n.contact_id = r.contact_id and n.channel = r.channel
                 and n.issue > r.issue and n.outcome <> 7) as is_newest
      """;

  // "offset 0" keeps it to one look into the index for each: a plan for any limit would read all
  // claims of the day.
  private static final String CLAIM =
      """
      cross join lateral (
        select variant, attempt, bucket, tenant_id from claim k
        where k.ledger_day = r.ledger_day and k.broadcast_id = r.broadcast_id
          and k.contact_id = r.contact_id and k.channel = r.channel and k.issue = r.issue
        offset 0) c
      order by r.contact_id, r.channel, r.issue
      """;

  /** Walks all results, nearly all of which are wanted. */
  private static final String ALL =
      COLUMNS
          + """
          from (
            select * from result
            where ledger_day = ? and broadcast_id = ? and outcome <> 7
              and (contact_id, channel, issue) > (?, ?, ?)
            order by contact_id, channel, issue limit ?
          ) r
          """
          + CLAIM;

  /** Walks the results with an outcome, each in the index of those that are not sent. */
  private static final String UNSENT =
      COLUMNS
          + """
          from (
            select w.* from unnest(?) as o (outcome) cross join lateral (
              select * from result
              where ledger_day = ? and broadcast_id = ? and outcome = o.outcome and outcome <> 1
                and (contact_id, channel, issue) > (?, ?, ?)
              order by contact_id, channel, issue limit ?
            ) w
            order by w.contact_id, w.channel, w.issue limit ?
          ) r
          """
          + CLAIM;

  private static final String UNENDED =
      """
      select k.contact_id from unnest(?) as k (contact_id)
      where not exists (
        select from result r
        where r.ledger_day = ? and r.broadcast_id = ? and r.contact_id = k.contact_id
          and r.channel = ? and r.outcome <> 7)
      order by k.contact_id
      """;

  private final JdbcTemplate jdbc;

  LedgerRecipients(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Those after a position.
   *
   * @param bucket only those that are there; null for all, fallen back ones included
   */
  LedgerSlice page(
      UUID tenantId,
      UUID broadcastId,
      LocalDate day,
      @Nullable Bucket bucket,
      @Nullable Channel channel,
      Position after,
      int limit) {
    if (isDropped(day)) {
      return LedgerSlice.EXPIRED;
    }
    List<Row> found = new ArrayList<>(limit);
    Candidate last =
        new Candidate(new Seen(after.contactId(), after.channel(), Integer.MAX_VALUE), null);
    int lookedAt = 0;
    int portion = limit;
    // On and on only within the results of one recipient, who could else never be passed.
    while (lookedAt < MOST_LOOKED_AT || !last.isPast(after)) {
      List<Candidate> candidates =
          candidates(tenantId, broadcastId, day, bucket, channel, last.seen, portion);
      for (Candidate candidate : candidates) {
        last = candidate;
        if (candidate.row != null) {
          found.add(candidate.row);
        }
        if (found.size() == limit) {
          return new LedgerSlice(found, last.seen.position(), false);
        }
      }
      if (candidates.size() < portion) {
        return new LedgerSlice(found, null, false);
      }
      lookedAt += candidates.size();
      portion = Math.clamp((long) MOST_LOOKED_AT - lookedAt, SMALLEST_PORTION, LARGEST_PORTION);
    }
    if (last.row != null) {
      return new LedgerSlice(found, last.seen.position(), false);
    }
    // Whose newest result may still come is looked at again as a whole.
    long contact = last.seen.contactId;
    found.removeIf(row -> row.contactId() == contact);
    return new LedgerSlice(found, Position.after(contact - 1), false);
  }

  /**
   * Those of some contacts that have no end on a channel, as far as the ledger knows; ascending.
   */
  List<Long> unended(UUID broadcastId, LocalDate day, Channel channel, List<Long> contacts) {
    return jdbc.query(
        UNENDED,
        (row, index) -> row.getLong(1),
        contacts.toArray(Long[]::new),
        day,
        broadcastId,
        channel.name());
  }

  boolean isDropped(LocalDate day) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "select exists (select from ledger_floor where first_day > ?)", Boolean.class, day));
  }

  private List<Candidate> candidates(
      UUID tenantId,
      UUID broadcastId,
      LocalDate day,
      @Nullable Bucket bucket,
      @Nullable Channel channel,
      Seen after,
      int limit) {
    Short[] outcomes = bucket == null ? allOutcomes() : LedgerBuckets.outcomesOf(bucket);
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(tenantId);
    arguments.add(outcomes);
    arguments.add(channel == null ? null : channel.name());
    arguments.add(channel == null ? null : channel.name());
    boolean walksAll = bucket == null || bucket == Bucket.SENT;
    if (!walksAll) {
      arguments.add(outcomes);
    }
    arguments.add(day);
    arguments.add(broadcastId);
    arguments.add(after.contactId);
    arguments.add(after.channel);
    arguments.add(after.issue);
    arguments.add(limit);
    if (!walksAll) {
      arguments.add(limit);
    }
    return jdbc.query(walksAll ? ALL : UNSENT, LedgerRecipients::candidate, arguments.toArray());
  }

  private static Short[] allOutcomes() {
    List<Short> outcomes = new ArrayList<>();
    for (Bucket bucket : Bucket.values()) {
      outcomes.addAll(List.of(LedgerBuckets.outcomesOf(bucket)));
    }
    return outcomes.toArray(Short[]::new);
  }

  private static Candidate candidate(ResultSet row, int index) throws SQLException {
    Seen seen = new Seen(row.getLong("contact_id"), row.getString("channel"), row.getInt("issue"));
    if (!row.getBoolean("is_newest")) {
      return new Candidate(seen, null);
    }
    return new Candidate(
        seen,
        new Row(
            seen.contactId,
            Channel.of(seen.channel),
            row.getString("variant"),
            LedgerBuckets.after(row.getInt("bucket"), row.getInt("outcome")),
            row.getInt("attempt"),
            row.getObject("at", OffsetDateTime.class).toInstant(),
            cause(row)));
  }

  static @Nullable Cause cause(ResultSet row) throws SQLException {
    String code = row.getString("cause_code");
    String detail = row.getString("cause_detail");
    return code == null || detail == null
        ? null
        : new Cause(code, detail, row.getString("provider_code"));
  }

  private record Seen(long contactId, String channel, int issue) {

    Position position() {
      return new Position(contactId, channel);
    }
  }

  private record Candidate(Seen seen, @Nullable Row row) {

    /** Whether a page that ends here is further than it began. */
    boolean isPast(Position after) {
      return row != null || seen.contactId - 1 > after.contactId();
    }
  }
}
