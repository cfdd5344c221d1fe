package io.fanfare.audience.release;

import io.fanfare.audience.run.RunRepository;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.DeliveryPolicy;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.send.RetryDue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * Who is in doubt for good in a broadcast that sends again what is in doubt: the ledger's counters
 * alone do not tell them from those that another command follows for. Where nothing is sent again
 * by itself every doubt is an end, and nobody is kept here.
 */
@Repository
class InDoubtEndRepository {

  private final JdbcTemplate jdbc;
  private final RunRepository runs;

  InDoubtEndRepository(JdbcTemplate jdbc, RunRepository runs) {
    this.jdbc = jdbc;
    this.runs = runs;
  }

  /** Keeps those of these results, all in doubt, that no command follows for by itself. */
  void keep(List<DeliveryEvent> inDoubt) {
    Map<UUID, Optional<BroadcastControl>> controls = new HashMap<>();
    List<DeliveryEvent> ends = new ArrayList<>();
    for (DeliveryEvent event : inDoubt) {
      controls
          .computeIfAbsent(event.broadcastId(), id -> runs.find(id).map(run -> run.control()))
          .filter(control -> isEnd(control, event))
          .ifPresent(control -> ends.add(event));
    }
    if (ends.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        insert into in_doubt_end (broadcast_id, contact_id, channel, issue)
        select * from unnest(?::uuid[], ?::bigint[], ?::text[], ?::int[])
        order by 1, 2, 3, 4
        on conflict do nothing
        """,
        texts(ends, event -> event.broadcastId().toString()),
        ends.stream().mapToLong(DeliveryEvent::contactId).toArray(),
        texts(ends, event -> event.channel().name()),
        ends.stream().mapToInt(DeliveryEvent::issue).toArray());
  }

  /** Somebody ordered another command for these recipients: their doubt is no end any more. */
  void forget(List<RetryDue> ordered) {
    jdbc.update(
        """
        delete from in_doubt_end e
        using unnest(?::uuid[], ?::bigint[], ?::text[], ?::int[])
          as n (broadcast_id, contact_id, channel, issue)
        where e.broadcast_id = n.broadcast_id and e.contact_id = n.contact_id
          and e.channel = n.channel and e.issue < n.issue
        """,
        texts(ordered, retry -> retry.broadcastId().toString()),
        ordered.stream().mapToLong(RetryDue::contactId).toArray(),
        texts(ordered, retry -> retry.channel().name()),
        ordered.stream().mapToInt(RetryDue::issue).toArray());
  }

  private static boolean isEnd(BroadcastControl control, DeliveryEvent event) {
    return control.policy() == DeliveryPolicy.AT_LEAST_ONCE
        && !control.resendsInDoubt(event.attempt());
  }

  private static <T> String[] texts(Collection<T> rows, Function<T, String> text) {
    return rows.stream().map(text).toArray(String[]::new);
  }
}
