package io.fanfare.audience.release;

import io.fanfare.audience.release.Handover.Order;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.Bucket;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** What was handed over to the workers, and whether the broker has it. */
@Repository
class HandoverRepository {

  private final JdbcTemplate jdbc;

  HandoverRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  Handover insert(Handover handover) {
    Order order = handover.order();
    Long id =
        jdbc.queryForObject(
            """
            insert into handover
              (broadcast_id, channel, account_id, shard, variant, segment, issue, attempt,
               bucket, granted, contact_ids, size, control_epoch)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            returning id
            """,
            Long.class,
            handover.broadcastId(),
            handover.channel().name(),
            handover.lane().accountId(),
            handover.lane().shard(),
            order.variant(),
            order.segment(),
            order.issue(),
            order.attempt(),
            order.bucket().id(),
            order.granted(),
            handover.contactIds(),
            handover.contactIds().length,
            handover.controlEpoch());
    return handover.withId(id == null ? 0 : id);
  }

  /**
   * The oldest that were handed over long enough ago and are not published, locked; whoever handed
   * them over has died or lost the broker.
   */
  List<Handover> lockUnpublished(Duration olderThan, int limit) {
    return jdbc.query(
        """
        select id, broadcast_id, channel, account_id, shard, variant, segment, issue, attempt,
               bucket, granted, contact_ids, control_epoch
        from handover
        where published_at is null and handed_over_at < now() - make_interval(secs => ?)
        order by coalesce(put_off_at, handed_over_at), id limit ? for update skip locked
        """,
        HandoverRepository::handover,
        olderThan.toMillis() / 1000.0,
        limit);
  }

  void putOff(long id) {
    jdbc.update("update handover set put_off_at = now() where id = ?", id);
  }

  void markPublished(Collection<Long> ids) {
    jdbc.update(
        "update handover set published_at = now() where id = any(?)",
        (Object) ids.toArray(Long[]::new));
  }

  private static Handover handover(ResultSet row, int index) throws SQLException {
    return new Handover(
        row.getLong("id"),
        row.getObject("broadcast_id", UUID.class),
        Channel.of(row.getString("channel")),
        new Lane(row.getObject("account_id", UUID.class), row.getInt("shard")),
        new Order(
            row.getString("variant"),
            row.getInt("segment"),
            row.getInt("issue"),
            row.getInt("attempt"),
            bucket(row.getString("bucket")),
            row.getBoolean("granted")),
        ContactIds.of(row.getArray("contact_ids")),
        row.getLong("control_epoch"));
  }

  static Bucket bucket(String id) {
    return Bucket.valueOf(id.toUpperCase(Locale.ROOT));
  }
}
