package io.fanfare.analytics.engagement;

import io.fanfare.contract.Topics;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The broadcasts of which nothing more is counted. */
@Repository
class SealRepository {

  private static final String QUIET =
      """
      from (select distinct broadcast_id from engagement_count) c
      where not exists (select 1 from sealed_broadcast s where s.broadcast_id = c.broadcast_id)
        and not exists (
          select 1 from recipient_count r
          where r.broadcast_id = c.broadcast_id and r.last_at >= :quietSince)
        and not exists (
          select 1 from engagement_series e
          where e.broadcast_id = c.broadcast_id and e.step = 'hour'
            and e.at >= cast(:quietSince as timestamptz) - interval '1 hour')
      """;

  private static final String DROP =
      """
      delete from engagement_event where ctid = any (array(
        select ctid from engagement_event where broadcast_id = :broadcast limit :limit))
      """;

  private static final String EMPTIED =
      """
      update sealed_broadcast set emptied_at = :now
      where broadcast_id = :broadcast
        and not exists (select 1 from engagement_event where broadcast_id = :broadcast)
      """;

  private final JdbcClient jdbc;

  SealRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Some broadcasts of which nothing happened from an instant on. */
  List<UUID> quiet(Instant quietSince, int limit) {
    return jdbc.sql("select broadcast_id " + QUIET + " limit :limit")
        .param("quietSince", quietSince.atOffset(ZoneOffset.UTC))
        .param("limit", limit)
        .query((row, number) -> row.getObject(1, UUID.class))
        .list();
  }

  /**
   * Seals those of the broadcasts that still are quiet. Counting waits meanwhile: whoever counts
   * next sees the seal, and whoever counted before is seen here.
   *
   * @return how many
   */
  @Transactional
  public int seal(Collection<UUID> broadcasts, Instant quietSince, Instant now) {
    jdbc.sql(
            """
            select 1 from consumer_offset where topic = :topic order by partition for update
            """)
        .param("topic", Topics.ENGAGEMENT_EVENTS.name())
        .query((row, number) -> true)
        .list();
    return jdbc.sql(
            "insert into sealed_broadcast (broadcast_id, sealed_at) select broadcast_id, :now "
                + QUIET
                + " and broadcast_id = any(cast(:broadcasts as uuid[])) on conflict do nothing")
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("quietSince", quietSince.atOffset(ZoneOffset.UTC))
        .param("broadcasts", broadcasts.stream().map(UUID::toString).toArray(String[]::new))
        .update();
  }

  /** A sealed broadcast of whose recipients something is still remembered. */
  Optional<UUID> full() {
    return jdbc.sql(
            """
            select broadcast_id from sealed_broadcast where emptied_at is null
            order by sealed_at limit 1
            """)
        .query((row, number) -> row.getObject(1, UUID.class))
        .optional();
  }

  /**
   * Drops rows of a sealed broadcast; nobody reads them any more.
   *
   * @return how many
   */
  @Transactional
  public int drop(UUID broadcast, int limit, Instant now) {
    int dropped = jdbc.sql(DROP).param("broadcast", broadcast).param("limit", limit).update();
    jdbc.sql(EMPTIED)
        .param("broadcast", broadcast)
        .param("now", now.atOffset(ZoneOffset.UTC))
        .update();
    return dropped;
  }
}
