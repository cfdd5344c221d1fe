package io.fanfare.retry.doubt;

import io.fanfare.retry.due.Retry;
import io.fanfare.retry.due.RetryRepository;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The recipients in doubt: those rows of the due table that are in this bucket. */
@Repository
public class InDoubtRepository {

  private static final String LIST =
      """
      select * from retry
      where broadcast_id = :broadcast and bucket = 'in_doubt'
        and (cast(:channel as text) is null or channel = :channel)
        and (contact_id, channel) > (:afterContact, :afterChannel)
      order by contact_id, channel limit :limit
      """;

  // Whoever is due already is left as it is, so that an order given twice sends once.
  private static final String ORDER =
      """
      with chosen as (
        select broadcast_id, contact_id, channel from retry
        where broadcast_id = :broadcast and bucket = 'in_doubt' and due_at is null
          and (cast(:channel as text) is null or channel = :channel)
        order by contact_id, channel limit :limit
        for update
      ), ordered as (
        update retry r set attempt = 1, granted = true, due_at = :now, announce_at = :now,
          announced_at = null, announcements = 0
        from chosen c
        where r.broadcast_id = c.broadcast_id and r.contact_id = c.contact_id
          and r.channel = c.channel
        returning r.broadcast_id, r.contact_id, r.channel, r.issue, r.ledger_day
      ), noted as (
        insert into hand_order
          (broadcast_id, contact_id, channel, issue, what, actor, at, ledger_day)
        select broadcast_id, contact_id, channel, issue, 'resend', :actor, :now, ledger_day
        from ordered on conflict do nothing
      )
      select count(*) from ordered
      """;

  private final JdbcClient jdbc;
  private final RetryRepository retries;

  InDoubtRepository(JdbcClient jdbc, RetryRepository retries) {
    this.jdbc = jdbc;
    this.retries = retries;
  }

  /** Recipients of a broadcast in doubt, beginning after a contact and channel. */
  List<Retry> list(
      UUID broadcastId,
      @Nullable String channel,
      long afterContact,
      String afterChannel,
      int limit) {
    return jdbc.sql(LIST)
        .param("broadcast", broadcastId)
        .param("channel", channel)
        .param("afterContact", afterContact)
        .param("afterChannel", afterChannel)
        .param("limit", limit)
        .query((row, number) -> retries.read(row))
        .list();
  }

  /**
   * Orders those that nobody has ordered yet to be sent again, at once.
   *
   * @param channel only those of this channel; null for all
   * @param actor who orders it
   * @return how many; as many as the limit when there may be more
   */
  public int orderResend(
      UUID broadcastId, @Nullable String channel, String actor, Instant now, int limit) {
    return jdbc.sql(ORDER)
        .param("broadcast", broadcastId)
        .param("channel", channel)
        .param("actor", actor)
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("limit", limit)
        .query((row, number) -> row.getInt(1))
        .single();
  }

  /** How many recipients of all broadcasts are in doubt. */
  long count() {
    return jdbc.sql("select count(*) from retry where bucket = 'in_doubt'")
        .query((row, number) -> row.getLong(1))
        .single();
  }
}
