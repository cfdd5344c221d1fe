package io.fanfare.retry.due;

import io.fanfare.contract.broadcast.BroadcastState;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The due table as the announcer sees it. */
@Repository
class DueRepository {

  // Steps from broadcast to broadcast through the index: its cost follows the number of broadcasts
  // that have something due, neither the rows held by a pause nor the broadcasts of the past.
  private static final String READY =
      """
      with recursive waiting (broadcast_id) as (
        (select broadcast_id from retry where announce_at is not null
         order by broadcast_id limit 1)
        union all
        select (select r.broadcast_id from retry r
                where r.announce_at is not null and r.broadcast_id > w.broadcast_id
                order by r.broadcast_id limit 1)
        from waiting w where w.broadcast_id is not null
      )
      select p.broadcast_id, p.resends_in_doubt, u.unannounced,
             p.state = any(cast(:ending as text[])) as ended
      from waiting w
      join broadcast_policy p on p.broadcast_id = w.broadcast_id
      cross join lateral (
        select p.state = any(cast(:ending as text[])) and exists (
          select from retry r where r.broadcast_id = p.broadcast_id
            and r.announce_at is not null and r.announced_at is null) as unannounced) u
      where u.unannounced
        or p.state = any(cast(:announcing as text[])) and exists (
          select from retry r
          where r.broadcast_id = p.broadcast_id and r.announce_at <= :now)
      """;

  private static final String LOCK_DUE =
      """
      select * from retry
      where broadcast_id = :broadcast and announce_at <= :now
        and (bucket <> 'in_doubt' or granted or :resendsInDoubt)
      order by announce_at limit :limit
      for update skip locked
      """;

  private static final String LOCK_UNANNOUNCED =
      """
      select * from retry
      where broadcast_id = :broadcast and announce_at is not null and announced_at is null
        and (bucket <> 'in_doubt' or granted or :resendsInDoubt)
      limit :limit
      for update skip locked
      """;

  // Whoever is in doubt may have the message: saying "cancelled" of them would hide it.
  private static final String FORGET_DOUBTS =
      """
      update retry set due_at = null, announce_at = null
      where broadcast_id = :broadcast and announce_at is not null and bucket = 'in_doubt'
      """;

  private static final String ANNOUNCED =
      """
      update retry r set announced_at = :now, announcements = r.announcements + 1,
        announce_at = k.announce_at
      from unnest(cast(:contacts as bigint[]), cast(:channels as text[]),
          cast(:announceAt as timestamptz[])) as k (contact_id, channel, announce_at)
      where r.broadcast_id = :broadcast and r.contact_id = k.contact_id and r.channel = k.channel
      """;

  private final JdbcClient jdbc;
  private final RetryRepository retries;

  DueRepository(JdbcClient jdbc, RetryRepository retries) {
    this.jdbc = jdbc;
    this.retries = retries;
  }

  /**
   * A broadcast that may have something to announce.
   *
   * @param resendsInDoubt sends whose outcome nobody can know are sent again by themselves
   * @param ended it has ended sending: sends in doubt stay so
   * @param atOnce it ended before its audience did, so that every order is due at once: it only has
   *     to be ended as cancelled
   */
  record Ready(UUID broadcastId, boolean resendsInDoubt, boolean ended, boolean atOnce) {}

  /** A due retry and how often it was announced before. */
  record Due(Retry retry, int announcements) {}

  /** A retry was announced; unless its result comes it will be again at an instant. */
  record Announced(Recipient recipient, Instant announceAgainAt) {}

  /** The broadcasts that may have something to announce now. */
  List<Ready> ready(Instant now) {
    return jdbc.sql(READY)
        .param("announcing", states(state -> state.maySend() || state.endsSending()))
        .param("ending", states(BroadcastState::endsSending))
        .param("now", utc(now))
        .query((row, number) ->
            new Ready(
                row.getObject("broadcast_id", UUID.class),
                row.getBoolean("resends_in_doubt"),
                row.getBoolean("ended"),
                row.getBoolean("unannounced")))
        .list();
  }

  /** Sends in doubt of a broadcast that has ended sending are not repeated any more. */
  void forgetDoubts(UUID broadcastId) {
    jdbc.sql(FORGET_DOUBTS).param("broadcast", broadcastId).update();
  }

  /** Takes due retries of a broadcast that no other instance is announcing. */
  List<Due> lockDue(Ready ready, Instant now, int limit) {
    return jdbc.sql(ready.atOnce() ? LOCK_UNANNOUNCED : LOCK_DUE)
        .param("broadcast", ready.broadcastId())
        .param("resendsInDoubt", ready.resendsInDoubt())
        .param("now", utc(now))
        .param("limit", limit)
        .query((row, number) -> new Due(retries.read(row), row.getInt("announcements")))
        .list();
  }

  void announced(UUID broadcastId, List<Announced> announced, Instant now) {
    jdbc.sql(ANNOUNCED)
        .param("broadcast", broadcastId)
        .param("now", utc(now))
        .param(
            "contacts",
            announced.stream().map(one -> one.recipient().contactId()).toArray(Long[]::new))
        .param(
            "channels",
            announced.stream().map(one -> one.recipient().channel().name()).toArray(String[]::new))
        .param(
            "announceAt",
            announced.stream().map(one -> one.announceAgainAt().toString()).toArray(String[]::new))
        .update();
  }

  /** Retries whose time has come and that were not announced yet, those of paused ones included. */
  long countDue(Instant now) {
    return jdbc.sql(
            """
            select count(*) from retry
            where announce_at is not null and due_at <= :now and announced_at is null
            """)
        .param("now", utc(now))
        .query((row, number) -> row.getLong(1))
        .single();
  }

  private static String[] states(Predicate<BroadcastState> chosen) {
    return Arrays.stream(BroadcastState.values())
        .filter(chosen)
        .map(BroadcastState::id)
        .toArray(String[]::new);
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
