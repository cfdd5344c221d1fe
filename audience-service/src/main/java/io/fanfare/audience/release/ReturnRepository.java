package io.fanfare.audience.release;

import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.delivery.DeliveryEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Puts returned recipients back, each return once however often it is told. */
@Repository
class ReturnRepository {

  private static final int MAX_CHUNK = 1_000;
  static final Comparator<Lane> LANE_LOCK_ORDER =
      Comparator.comparing(Lane::accountId).thenComparing(Lane::shard);

  private final JdbcTemplate jdbc;
  private final ChunkRepository chunks;

  ReturnRepository(JdbcTemplate jdbc, ChunkRepository chunks) {
    this.jdbc = jdbc;
    this.chunks = chunks;
  }

  /** A few chunks a batch, not one a recipient; the next command of each carries the next issue. */
  void putBack(List<DeliveryEvent> events) {
    Map<Target, List<Long>> byTarget = new TreeMap<>(Target.LOCK_ORDER);
    for (DeliveryEvent event : unseen(events)) {
      byTarget.computeIfAbsent(Target.of(event), any -> new ArrayList<>()).add(event.contactId());
    }
    byTarget.forEach(this::putBack);
    Map<Lane, Integer> byLane = new TreeMap<>(LANE_LOCK_ORDER);
    byTarget.forEach(
        (target, contacts) -> byLane.merge(target.lane(), contacts.size(), Integer::sum));
    byLane.forEach(this::addPutBack);
  }

  /** Recipients that are on the lane no longer; it has room for others. */
  void addPutBack(Lane lane, int recipients) {
    jdbc.update(
        """
        insert into lane_result as r (account_id, shard, put_back) values (?, ?, ?)
        on conflict (account_id, shard) do update set put_back = r.put_back + excluded.put_back
        """,
        lane.accountId(),
        lane.shard(),
        recipients);
  }

  private void putBack(Target target, List<Long> contacts) {
    for (int from = 0; from < contacts.size(); from += MAX_CHUNK) {
      List<Long> slice = contacts.subList(from, Math.min(from + MAX_CHUNK, contacts.size()));
      chunks.insert(
          target.broadcastId(),
          target.channel(),
          target.lane(),
          target.variant(),
          target.segment(),
          target.issue() + 1,
          ContactIds.of(slice));
    }
    int updated =
        jdbc.update(
            """
            update run_lane set pending = pending + ?, put_back = put_back + ?
            where broadcast_id = ? and channel = ? and account_id = ? and shard = ?
            """,
            contacts.size(),
            contacts.size(),
            target.broadcastId(),
            target.channel().name(),
            target.lane().accountId(),
            target.lane().shard());
    if (updated == 0) {
      throw new IllegalStateException(
          "nothing of broadcast " + target.broadcastId() + " was on lane " + target.lane());
    }
  }

  /** Those of these events that are told for the first time. */
  List<DeliveryEvent> unseen(List<DeliveryEvent> events) {
    Map<Seen, DeliveryEvent> byKey = new HashMap<>();
    events.forEach(event -> byKey.put(Seen.of(event), event));
    List<Seen> fresh =
        jdbc.query(
            """
            insert into returned_seen (broadcast_id, contact_id, channel, issue)
            select * from unnest(?::uuid[], ?::bigint[], ?::text[], ?::int[])
            order by 1, 2, 3, 4
            on conflict do nothing
            returning broadcast_id, contact_id, channel, issue
            """,
            (row, index) ->
                new Seen(
                    row.getObject("broadcast_id", UUID.class),
                    row.getLong("contact_id"),
                    Channel.of(row.getString("channel")),
                    row.getInt("issue")),
            texts(events, event -> event.broadcastId().toString()),
            events.stream().mapToLong(DeliveryEvent::contactId).toArray(),
            texts(events, event -> event.channel().name()),
            events.stream().mapToInt(DeliveryEvent::issue).toArray());
    List<DeliveryEvent> unseen = new ArrayList<>(fresh.size());
    for (Seen key : fresh) {
      DeliveryEvent event = byKey.get(key);
      if (event != null) {
        unseen.add(event);
      }
    }
    return unseen;
  }

  /** The part of the audience that chose a recipient; 0 for none. */
  static int segment(DeliveryEvent event) {
    return event.segment() == null ? 0 : event.segment();
  }

  private static String[] texts(List<DeliveryEvent> events, Function<DeliveryEvent, String> text) {
    return events.stream().map(text).toArray(String[]::new);
  }

  private record Seen(UUID broadcastId, long contactId, Channel channel, int issue) {

    static Seen of(DeliveryEvent event) {
      return new Seen(event.broadcastId(), event.contactId(), event.channel(), event.issue());
    }
  }

  private record Target(
      UUID broadcastId, Channel channel, Lane lane, String variant, int segment, int issue) {

    static final Comparator<Target> LOCK_ORDER =
        Comparator.comparing(Target::broadcastId)
            .thenComparing(Target::channel)
            .thenComparing(Target::lane, LANE_LOCK_ORDER)
            .thenComparing(Target::variant)
            .thenComparing(Target::segment)
            .thenComparing(Target::issue);

    static Target of(DeliveryEvent event) {
      return new Target(
          event.broadcastId(),
          event.channel(),
          event.lane(),
          event.variant(),
          ReturnRepository.segment(event),
          event.issue());
    }
  }
}
