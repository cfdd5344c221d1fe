package io.fanfare.audience.release;

import io.fanfare.audience.freeze.SkipReason;
import io.fanfare.audience.run.BroadcastRun;
import io.fanfare.audience.run.RunRepository;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Lane;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.contract.delivery.DeliveryEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * Plans contacts on the next channel of their broadcast's order: those a channel cannot reach
 * before they are handed over, and those the ledger says fell back. Either is one transaction in
 * which the one channel has the contact no longer and the next one has it.
 */
@Repository
class FallbackRepository {

  private static final int MAX_CHUNK = 1_000;

  private final JdbcTemplate jdbc;
  private final RunRepository runs;
  private final ChunkRepository chunks;
  private final RecipientRepository recipients;
  private final ReturnRepository returns;

  FallbackRepository(
      JdbcTemplate jdbc,
      RunRepository runs,
      ChunkRepository chunks,
      RecipientRepository recipients,
      ReturnRepository returns) {
    this.jdbc = jdbc;
    this.runs = runs;
    this.chunks = chunks;
    this.recipients = recipients;
    this.returns = returns;
  }

  /**
   * Puts recipients into chunks of their next channel, at its first issue.
   *
   * @param found what is known of them
   * @param planned how many are planned on each lane because of it; the caller counts them there
   * @return those that have no next channel
   */
  long[] goOn(
      BroadcastRun run,
      String variant,
      int segment,
      long[] contacts,
      Map<Long, Recipient> found,
      Map<RunLane, Integer> planned) {
    SortedMap<RunLane, List<Long>> byLane = new TreeMap<>();
    List<Long> unreachable = new ArrayList<>();
    for (long contact : contacts) {
      ChannelPlan next = found.getOrDefault(contact, Recipient.GONE).next();
      if (next == null) {
        unreachable.add(contact);
      } else {
        byLane.computeIfAbsent(lane(run, next, contact), any -> new ArrayList<>()).add(contact);
      }
    }
    byLane.forEach((lane, ids) -> {
      for (int from = 0; from < ids.size(); from += MAX_CHUNK) {
        List<Long> slice = ids.subList(from, Math.min(from + MAX_CHUNK, ids.size()));
        chunks.insert(
            lane.broadcastId(),
            lane.channel(),
            lane.lane(),
            variant,
            segment,
            1,
            ContactIds.of(slice));
      }
      planned.merge(lane, ids.size(), Integer::sum);
    });
    return ContactIds.of(unreachable);
  }

  /**
   * Plans the contacts of these results, all of which fell back, on their next channels; each
   * result once however often it is told. Who has lost the address there since the order was given
   * is skipped on it.
   */
  void takeOn(List<DeliveryEvent> fellBack) {
    // The broadcast's row first: whoever closes it holds the row. It may be closed already, where
    // the contact was in doubt.
    runs.reopen(fellBack.stream().map(DeliveryEvent::broadcastId).collect(Collectors.toSet()));
    SortedMap<RunLane, Change> changes = new TreeMap<>();
    Map<From, List<Long>> byOrigin = new TreeMap<>(From.ORDER);
    for (DeliveryEvent event : returns.unseen(fellBack)) {
      byOrigin.computeIfAbsent(From.of(event), any -> new ArrayList<>()).add(event.contactId());
      add(
          changes,
          new RunLane(event.broadcastId(), event.channel(), event.lane()),
          new Change(-1, 0, 0, 1));
    }
    byOrigin.forEach((from, contacts) -> takeOn(from, ContactIds.of(contacts), changes));
    changes.forEach(this::count);
    Map<Lane, Integer> left = new TreeMap<>(ReturnRepository.LANE_LOCK_ORDER);
    changes.forEach((lane, change) -> left.merge(lane.lane(), change.fellBack, Integer::sum));
    left.forEach((lane, count) -> {
      if (count > 0) {
        returns.addPutBack(lane, count);
      }
    });
  }

  private void takeOn(From from, long[] contacts, SortedMap<RunLane, Change> changes) {
    BroadcastRun run = runs.find(from.broadcastId).orElseThrow();
    List<ChannelPlan> others = run.control().channelsAfter(from.channel);
    if (others.isEmpty()) {
      throw new IllegalStateException(
          from.broadcastId + " has no channel to fall back to after " + from.channel);
    }
    Map<RunLane, Integer> planned = new TreeMap<>();
    Map<Long, Recipient> found = recipients.read(run, from.channel, contacts);
    long[] lost = goOn(run, from.variant, from.segment, contacts, found, planned);
    planned.forEach((lane, count) -> add(changes, lane, new Change(count, count, 0, 0)));
    if (lost.length > 0) {
      ChannelPlan next = others.getFirst();
      for (SkipReason reason : Recipient.REASONS) {
        long[] those =
            LongStream.of(lost).filter(contact -> reason == reason(found, contact)).toArray();
        if (those.length > 0) {
          chunks.insertSkipped(run.broadcastId(), next.channel(), reason, those);
        }
      }
      for (long contact : lost) {
        add(changes, lane(run, next, contact), new Change(1, 0, 1, 0));
      }
    }
  }

  private static SkipReason reason(Map<Long, Recipient> found, long contact) {
    return found.getOrDefault(contact, Recipient.GONE).skipReason();
  }

  private void count(RunLane lane, Change change) {
    int updated =
        jdbc.update(
            """
            update run_lane
            set planned = planned + ?, pending = pending + ?, skipped = skipped + ?,
                fell_back = fell_back + ?
            where broadcast_id = ? and channel = ? and account_id = ? and shard = ?
            """,
            change.planned,
            change.pending,
            change.skipped,
            change.fellBack,
            lane.broadcastId(),
            lane.channel().name(),
            lane.lane().accountId(),
            lane.lane().shard());
    if (updated == 0) {
      throw new IllegalStateException(
          "nothing of broadcast " + lane.broadcastId() + " was on lane " + lane.lane());
    }
  }

  private static RunLane lane(BroadcastRun run, ChannelPlan plan, long contact) {
    return new RunLane(
        run.broadcastId(), plan.channel(), Lane.of(plan.accountId(), contact, plan.shards()));
  }

  private static void add(SortedMap<RunLane, Change> changes, RunLane lane, Change change) {
    changes.merge(lane, change, Change::plus);
  }

  private record Change(int planned, int pending, int skipped, int fellBack) {

    Change plus(Change other) {
      return new Change(
          planned + other.planned,
          pending + other.pending,
          skipped + other.skipped,
          fellBack + other.fellBack);
    }
  }

  private record From(UUID broadcastId, Channel channel, String variant, int segment) {

    static final Comparator<From> ORDER =
        Comparator.comparing(From::broadcastId)
            .thenComparing(From::channel)
            .thenComparing(From::variant)
            .thenComparing(From::segment);

    static From of(DeliveryEvent event) {
      return new From(
          event.broadcastId(), event.channel(), event.variant(), ReturnRepository.segment(event));
    }
  }
}
