package io.fanfare.audience.release;

import io.fanfare.audience.TestSwitches;
import io.fanfare.audience.cap.CapRepository;
import io.fanfare.audience.freeze.SkipReason;
import io.fanfare.audience.release.ChunkRepository.TakenChunk;
import io.fanfare.audience.release.DueRetryRepository.TakenRetry;
import io.fanfare.audience.release.Handover.Order;
import io.fanfare.audience.release.LaneRepository.HandedOver;
import io.fanfare.audience.release.LaneWork.LaneFigures;
import io.fanfare.audience.release.LaneWork.Waiting;
import io.fanfare.audience.release.SharePlanner.Demand;
import io.fanfare.audience.run.BroadcastRun;
import io.fanfare.audience.run.RunRepository;
import io.fanfare.contract.SendClass;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.delivery.DeliveryProgress.Counts;
import io.fanfare.contract.send.SendMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Hands over what one lane has credit for, in fair shares over tenants and broadcasts; within its
 * share a broadcast's due retries go first. One transaction, at whose commit the recipients belong
 * to the ledger; nothing is published before it.
 */
@Component
class LaneReleaser {

  /** Bounds what one transaction reads and what waits for the broker at once. */
  static final int MAX_PER_TRANSACTION = 4_000;

  /** Shorter looks would mistake a burst of results for a pace. */
  private static final Duration MEASURE = Duration.ofMillis(250);

  private final LaneRepository lanes;
  private final RunRepository runs;
  private final ChunkRepository chunks;
  private final DueRetryRepository retries;
  private final HandoverRepository handovers;
  private final RecipientRepository recipients;
  private final FallbackRepository fallbacks;
  private final CapRepository caps;
  private final PaceRepository paces;
  private final TenantPaceRepository tenantPaces;
  private final PacePolicy pacePolicy;
  private final CreditPolicy credit;
  private final TransactionOperations transaction;
  private final Clock clock;
  private final boolean releaseHeldBack;

  LaneReleaser(
      LaneRepository lanes,
      RunRepository runs,
      ChunkRepository chunks,
      DueRetryRepository retries,
      HandoverRepository handovers,
      RecipientRepository recipients,
      FallbackRepository fallbacks,
      CapRepository caps,
      PaceRepository paces,
      TenantPaceRepository tenantPaces,
      PacePolicy pacePolicy,
      CreditPolicy credit,
      TransactionOperations transaction,
      Clock clock,
      TestSwitches switches) {
    this.lanes = lanes;
    this.runs = runs;
    this.chunks = chunks;
    this.retries = retries;
    this.handovers = handovers;
    this.recipients = recipients;
    this.fallbacks = fallbacks;
    this.caps = caps;
    this.paces = paces;
    this.tenantPaces = tenantPaces;
    this.pacePolicy = pacePolicy;
    this.credit = credit;
    this.transaction = transaction;
    this.clock = clock;
    this.releaseHeldBack = switches.releaseHeldBack();
  }

  /** Hand-overs on one lane that are committed, and the commands to publish for them. */
  record Released(List<Handover> handovers, SendClass sendClass, List<SendMessage> commands) {

    /** The same published together, so that none is sent to before the others. */
    static Released mixed(List<Released> parts) {
      return new Released(
          parts.stream().flatMap(part -> part.handovers().stream()).toList(),
          parts.getFirst().sendClass(),
          VariantShares.mix(parts.stream().map(Released::commands).toList()));
    }
  }

  /** Releases on one lane; empty when another instance has it or it lacks credit. */
  List<Released> release(LaneWork work) {
    List<Released> released = transaction.execute(status -> releaseLocked(work));
    return released == null ? List.of() : released;
  }

  private List<Released> releaseLocked(LaneWork work) {
    LaneFigures figures = lanes.lock(work.lane()).orElse(null);
    if (figures == null) {
      return List.of();
    }
    int lookAhead =
        credit.lookAhead(
            figures.ratePerSecond(),
            figures.shards(),
            figures.ratePerSecond() > 0
                ? 0
                : lanes.measure(work.lane(), MEASURE).orElse(figures.resultsPerSecond()));
    int available = credit.credit(lookAhead, figures.outstanding());
    boolean bulk = credit.worthReleasing(available, lookAhead, work.begins(lookAhead));
    int urgent = work.urgent() ? credit.urgentCredit(lookAhead, figures.outstanding()) : 0;
    if (!bulk && urgent == 0) {
      return List.of();
    }
    Map<UUID, BroadcastRun> locked = new HashMap<>();
    runs.lockShared(work.broadcasts().stream().map(Waiting::broadcastId).toList())
        .forEach(run -> locked.put(run.broadcastId(), run));
    PaceBudget pace = new PaceBudget(pacePolicy, paces, tenantPaces, locked.values());
    Release release =
        new Release(work, lookAhead, locked, pace, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    int messages = release.all(true, Math.min(urgent, MAX_PER_TRANSACTION), figures.issued());
    if (bulk) {
      release.all(false, Math.min(available, MAX_PER_TRANSACTION) - messages, figures.issued());
    }
    return release.finish();
  }

  /** One release under way; holds the lane's lock. */
  private final class Release {

    private final LaneWork work;
    private final long part;
    private final Map<UUID, BroadcastRun> runsById;
    private final PaceBudget pace;
    private final Instant now;
    private final List<Released> released = new ArrayList<>();
    private final Map<UUID, HandedOver> counts = new LinkedHashMap<>();
    private final Map<UUID, Long> pendingTaken = new HashMap<>();
    private final SortedMap<RunLane, Integer> moved = new TreeMap<>();
    private final Map<UUID, Boolean> capped = new HashMap<>();

    Release(
        LaneWork work,
        int lookAhead,
        Map<UUID, BroadcastRun> runsById,
        PaceBudget pace,
        Instant now) {
      this.work = work;
      this.part = work.part(lookAhead);
      this.runsById = runsById;
      this.pace = pace;
      this.now = now;
    }

    /** Single messages, or all the others. Answers how many. */
    int all(boolean urgent, int most, long turn) {
      if (most <= 0) {
        return 0;
      }
      int shared = shares(urgent, most, turn);
      return shared + pending(urgent, most - shared, turn);
    }

    /** Gives every broadcast its share: retries first, then pending recipients. */
    private int shares(boolean urgent, int most, long turn) {
      List<Demand> demands = new ArrayList<>();
      List<Waiting> those = waiting(urgent);
      for (Waiting waiting : those) {
        // How many retries are due is not counted: what a share has too much goes to the others.
        long wanted = pendingOf(waiting) + (releasesRetries(waiting) ? most : 0);
        demand(waiting, wanted, demands);
      }
      Map<UUID, Integer> shares = SharePlanner.share(most, demands, turn, pace::allowedOfTenant);
      int taken = 0;
      for (Waiting waiting : those) {
        int share = shares.getOrDefault(waiting.broadcastId(), 0);
        int retried =
            share > 0 && releasesRetries(waiting) ? takeRetries(waiting.broadcastId(), share) : 0;
        int pending = (int) Math.min(share - retried, pendingOf(waiting));
        taken += retried + takePending(waiting.broadcastId(), pending);
      }
      return taken;
    }

    /** Shares among pending recipients what is left because fewer retries were due. */
    private int pending(boolean urgent, int most, long turn) {
      List<Demand> demands = new ArrayList<>();
      for (Waiting waiting : waiting(urgent)) {
        demand(waiting, pendingOf(waiting), demands);
      }
      Map<UUID, Integer> shares = SharePlanner.share(most, demands, turn, pace::allowedOfTenant);
      int taken = 0;
      for (Map.Entry<UUID, Integer> share : shares.entrySet()) {
        taken += takePending(share.getKey(), share.getValue());
      }
      return taken;
    }

    /** Those that begin first, as what is released first is sent first. */
    private List<Waiting> waiting(boolean urgent) {
      return work.broadcasts().stream()
          .filter(waiting -> waiting.urgent() == urgent)
          .sorted(Comparator.comparing(waiting -> waiting.beginning(part) == 0))
          .toList();
    }

    private void demand(Waiting waiting, long wanted, List<Demand> demands) {
      long allowed = wanted == 0 ? 0 : pace.allowed(waiting.broadcastId(), wanted);
      if (allowed > 0) {
        long first = Math.min(allowed, waiting.beginning(part));
        demands.add(new Demand(waiting.tenantId(), waiting.broadcastId(), allowed, first));
      }
    }

    private boolean releasesRetries(Waiting waiting) {
      return waiting.retries() && ReleasePolicy.mayReleaseRetries(state(waiting.broadcastId()));
    }

    private long pendingOf(Waiting waiting) {
      return ReleasePolicy.mayReleasePending(state(waiting.broadcastId()))
          ? waiting.pending() - pendingTaken.getOrDefault(waiting.broadcastId(), 0L)
          : 0;
    }

    private int takeRetries(UUID broadcast, int most) {
      List<TakenRetry> due = retries.take(broadcast, work.lane(), most);
      int handedOver = due.isEmpty() ? 0 : handOverRetries(run(broadcast), due);
      pace.spend(broadcast, handedOver);
      return handedOver;
    }

    private int takePending(UUID broadcast, int most) {
      if (most <= 0) {
        return 0;
      }
      Map<String, Integer> shares =
          ReleasePolicy.releasedShares(run(broadcast).control(), releaseHeldBack);
      List<TakenChunk> chunksTaken =
          shares.isEmpty()
              ? chunks.take(broadcast, work.lane(), most)
              : chunks.takeOfEach(broadcast, work.lane(), shares, most);
      int taken = chunksTaken.stream().mapToInt(chunk -> chunk.contactIds().length).sum();
      pendingTaken.merge(broadcast, (long) taken, Long::sum);
      handOverPending(run(broadcast), chunksTaken);
      return taken;
    }

    /** Answers how many; whoever has quiet hours is put off. */
    private int handOverRetries(BroadcastRun run, List<TakenRetry> taken) {
      Map<Long, Recipient> found =
          read(run, taken.stream().mapToLong(TakenRetry::contactId).distinct().toArray());
      List<TakenRetry> quiet = new ArrayList<>();
      Map<Order, List<Long>> byOrder = new LinkedHashMap<>();
      int issued = 0;
      for (TakenRetry retry : taken) {
        if (found.getOrDefault(retry.contactId(), Recipient.GONE).quietUntil() != null) {
          quiet.add(retry);
          continue;
        }
        byOrder.computeIfAbsent(retry.order(), any -> new ArrayList<>()).add(retry.contactId());
        boolean takesCredit = Counts.takesCredit(retry.order().bucket());
        issued += takesCredit && !retry.issuedBefore() ? 1 : 0;
      }
      byOrder.forEach((order, contacts) -> {
        long[] ids = ContactIds.of(contacts);
        if (order.granted() && isCapped(run)) {
          caps.count(run.tenantId(), run.broadcastId(), work.channel(), ids);
        }
        released.add(handOver(run, order, ids, found));
      });
      if (!quiet.isEmpty()) {
        retries.putOff(
            run.broadcastId(),
            work.channel(),
            quiet,
            retry -> found.getOrDefault(retry.contactId(), Recipient.GONE).quietUntil());
      }
      count(run, 0, 0, issued);
      return taken.size() - quiet.size();
    }

    private void handOverPending(BroadcastRun run, List<TakenChunk> taken) {
      Map<Order, List<Long>> byOrder = new LinkedHashMap<>();
      for (TakenChunk chunk : taken) {
        List<Long> ids =
            byOrder.computeIfAbsent(
                Order.first(chunk.variant(), chunk.segment(), chunk.issue()),
                any -> new ArrayList<>());
        for (long id : chunk.contactIds()) {
          ids.add(id);
        }
      }
      List<Released> parts = new ArrayList<>();
      byOrder.forEach((order, contacts) -> {
        Map<Long, Recipient> found = read(run, ContactIds.of(contacts));
        putOff(run, order, contacts, found);
        long[] quiet = those(contacts, found, who -> who.quietUntil() != null);
        long[] reachable =
            those(contacts, found, who -> who.address() != null && who.quietUntil() == null);
        long[] ended =
            fallbacks.goOn(
                run,
                order.variant(),
                order.segment(),
                those(contacts, found, who -> who.address() == null),
                found,
                moved);
        int gone = contacts.size() - quiet.length - reachable.length - ended.length;
        if (gone > 0) {
          moved.merge(
              new RunLane(run.broadcastId(), work.channel(), work.lane()), -gone, Integer::sum);
        }
        List<Long> left = Arrays.stream(ended).boxed().toList();
        for (SkipReason reason : Recipient.SKIPS) {
          skip(run, reason, those(left, found, who -> who.skipReason() == reason));
        }
        long[] within = withinCaps(run, reachable);
        int over = reachable.length - within.length;
        if (within.length > 0) {
          parts.add(handOver(run, order, within, found));
        }
        pace.spend(run.broadcastId(), within.length);
        count(run, within.length, ended.length + over, within.length);
      });
      if (parts.size() > 1 && run.control().abTest() != null) {
        released.add(Released.mixed(parts));
      } else {
        released.addAll(parts);
      }
    }

    /** Whoever has quiet hours now stays pending until they end. */
    private void putOff(
        BroadcastRun run, Order order, List<Long> contacts, Map<Long, Recipient> found) {
      SortedMap<Instant, List<Long>> byEnd = new TreeMap<>();
      for (long contact : contacts) {
        Instant until = found.getOrDefault(contact, Recipient.GONE).quietUntil();
        if (until != null) {
          byEnd.computeIfAbsent(until, any -> new ArrayList<>()).add(contact);
        }
      }
      byEnd.forEach((until, those) ->
          chunks.putOff(
              run.broadcastId(),
              work.channel(),
              work.lane(),
              order.variant(),
              order.segment(),
              order.issue(),
              until,
              ContactIds.of(those)));
    }

    /** Those whose frequency cap lets one more message through; the others are skipped. */
    private long[] withinCaps(BroadcastRun run, long[] contacts) {
      if (contacts.length == 0 || !isCapped(run)) {
        return contacts;
      }
      Set<Long> within =
          new HashSet<>(caps.reserve(run.tenantId(), run.broadcastId(), work.channel(), contacts));
      skip(
          run,
          SkipReason.OVER_CAP,
          Arrays.stream(contacts).filter(contact -> !within.contains(contact)).toArray());
      return Arrays.stream(contacts).filter(within::contains).toArray();
    }

    private boolean isCapped(BroadcastRun run) {
      return !run.control().carriesMessages()
          && capped.computeIfAbsent(run.tenantId(), caps::anyOf);
    }

    private void skip(BroadcastRun run, SkipReason reason, long[] contacts) {
      if (contacts.length > 0) {
        chunks.insertSkipped(run.broadcastId(), work.channel(), reason, contacts);
      }
    }

    private Map<Long, Recipient> read(BroadcastRun run, long[] ids) {
      return recipients.read(run, work.channel(), ids);
    }

    private Released handOver(
        BroadcastRun run, Order order, long[] ids, Map<Long, Recipient> found) {
      Handover handover =
          handovers.insert(
              new Handover(
                  0, run.broadcastId(), work.channel(), work.lane(), order, ids, run.epoch()));
      return new Released(
          List.of(handover),
          run.control().sendClass(),
          CommandFactory.commands(run, handover, found, now));
    }

    private void count(BroadcastRun run, int recipientCount, int skipped, int issued) {
      counts.merge(
          run.broadcastId(),
          new HandedOver(recipientCount, skipped, issued),
          (a, b) ->
              new HandedOver(
                  a.recipients() + b.recipients(),
                  a.skipped() + b.skipped(),
                  a.issued() + b.issued()));
    }

    List<Released> finish() {
      counts
          .keySet()
          .forEach(id -> moved.putIfAbsent(new RunLane(id, work.channel(), work.lane()), 0));
      moved.forEach((lane, recipientCount) -> {
        if (recipientCount != 0) {
          lanes.addPlanned(lane, recipientCount);
        }
        HandedOver handedOver = counts.get(lane.broadcastId());
        if (handedOver != null && lane.lane().equals(work.lane())) {
          lanes.addHandedOver(lane.broadcastId(), lane.channel(), lane.lane(), handedOver);
        }
      });
      pace.finish();
      int issued = counts.values().stream().mapToInt(HandedOver::issued).sum();
      int handedOver = counts.values().stream().mapToInt(HandedOver::recipients).sum();
      lanes.addIssued(work.lane(), issued, handedOver);
      return released;
    }

    private BroadcastState state(UUID broadcastId) {
      return run(broadcastId).state();
    }

    private BroadcastRun run(UUID broadcastId) {
      BroadcastRun run = runsById.get(broadcastId);
      if (run == null) {
        throw new IllegalStateException("no control of broadcast " + broadcastId);
      }
      return run;
    }
  }

  private static long[] those(
      List<Long> contacts, Map<Long, Recipient> found, Predicate<Recipient> wanted) {
    return contacts.stream()
        .filter(id -> wanted.test(found.getOrDefault(id, Recipient.GONE)))
        .mapToLong(Long::longValue)
        .toArray();
  }
}
