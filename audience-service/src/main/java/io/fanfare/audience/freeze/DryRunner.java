package io.fanfare.audience.freeze;

import io.fanfare.audience.cap.CapRepository;
import io.fanfare.audience.freeze.DurationPlanner.Estimate;
import io.fanfare.audience.freeze.DurationPlanner.Load;
import io.fanfare.audience.freeze.FreezePlanner.LaneTotal;
import io.fanfare.audience.quiet.QuietHours;
import io.fanfare.audience.quiet.QuietRepository;
import io.fanfare.contract.Channel;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.ChannelPlan;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Freezes an audience without writing anything: the same query and the same decisions over one
 * snapshot, in a transaction that cannot write, counted instead of kept. What the release would
 * decide now comes on top: caps and quiet hours.
 */
@Component
class DryRunner {

  /** One statement; the whole, after which it is refused. */
  static final int STATEMENT_SECONDS = 15;

  static final Duration PATIENCE = Duration.ofSeconds(25);

  /** Dry runs at once in an instance: releases need connections too. */
  private static final int MOST_AT_ONCE = 2;

  private static final Duration TURN = Duration.ofSeconds(5);
  private static final int AT_ONCE = 1_000;

  private final Semaphore turns = new Semaphore(MOST_AT_ONCE, true);

  private final Freezer freezer;
  private final FreezeRepository freezes;
  private final DryRunRepository repository;
  private final CapRepository caps;
  private final QuietRepository quiet;
  private final Clock clock;
  private final TransactionTemplate snapshot;

  DryRunner(
      Freezer freezer,
      FreezeRepository freezes,
      DryRunRepository repository,
      CapRepository caps,
      QuietRepository quiet,
      Clock clock,
      PlatformTransactionManager transactions) {
    this.freezer = freezer;
    this.freezes = freezes;
    this.repository = repository;
    this.caps = caps;
    this.quiet = quiet;
    this.clock = clock;
    this.snapshot = new TransactionTemplate(transactions);
    this.snapshot.setReadOnly(true);
    this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
  }

  /**
   * @param control the broadcast as it would start
   * @param startsAt when it would
   * @throws ProblemException 422 when its audience cannot be used, 503 when it takes too long, 429
   *     when others are under way
   */
  DryRun run(BroadcastControl control, Instant startsAt) {
    Audience audience = control.audience();
    if (audience == null) {
      throw ProblemException.invalid("/audience", "is missing");
    }
    if (!takeTurn()) {
      throw ProblemException.tooManyRequests(
          "too_many_dry_runs", "others are tried out; try again later", TURN);
    }
    try {
      DryRun result =
          snapshot.execute(
              status -> new Run(control, startsAt, clock.instant().plus(PATIENCE)).of(audience));
      if (result == null) {
        throw new IllegalStateException("a transaction without a result");
      }
      return result;
    } catch (AudienceParts.Unusable unusable) {
      throw ProblemException.invalid(
          "/audience", unusable.reason().code() + ": " + unusable.reason().detail());
    } catch (QueryTimeoutException e) {
      throw tooSlow();
    } finally {
      turns.release();
    }
  }

  private boolean takeTurn() {
    try {
      return turns.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static ProblemException tooSlow() {
    return ProblemException.unavailable(
        "dry_run_too_slow",
        "the dry run was given up after " + PATIENCE.toSeconds() + " s; try again later");
  }

  /** One dry run under way. */
  private final class Run {

    private final BroadcastControl control;
    private final Instant startsAt;
    private final Instant deadline;
    private final Map<String, ChannelPlan> plans = new LinkedHashMap<>();
    private final Map<String, Long> putOff = new HashMap<>();
    private final Map<String, Long> missing = new TreeMap<>();
    private boolean anyQuiet;
    private @Nullable Instant putOffUntil;

    Run(BroadcastControl control, Instant startsAt, Instant deadline) {
      this.control = control;
      this.startsAt = startsAt;
      this.deadline = deadline;
      control.channels().forEach(plan -> plans.put(plan.channel().name(), plan));
    }

    DryRun of(Audience audience) {
      repository.limitStatements(STATEMENT_SECONDS);
      boolean capped = caps.anyOf(control.tenantId());
      anyQuiet = quiet.anyOf(control.tenantId());
      DryRunSink sink = new DryRunSink(this::look, capped);
      List<LaneTotal> totals =
          freezer.plan(
              control,
              audience,
              sink,
              // Of an audience without parts: it notes nothing.
              freezes.membership(control.broadcastId(), new Audience(List.of(), List.of())));
      sink.finish();
      Map<String, Long> overCap = capped ? overCap(sink) : Map.of();
      overCap.forEach((channel, count) -> sink.count(channel, SkipReason.OVER_CAP, count));
      return result(sink, contacts(totals), overCap);
    }

    private void look(String channel, @Nullable Instant dueAt, long[] contacts) {
      if (clock.instant().isAfter(deadline)) {
        throw tooSlow();
      }
      if (anyQuiet) {
        lookForQuietHours(channel, dueAt == null ? startsAt : dueAt, contacts);
      }
      ChannelPlan plan = plans.get(channel);
      List<String> variables = plan == null ? List.of() : plan.variables();
      repository
          .lacking(control.tenantId(), variables, contacts)
          .forEach((variable, count) -> {
            if (count > 0) {
              missing.merge(variable, count, Long::sum);
            }
          });
      for (String variable : variables) {
        if (variable.startsWith("vars.") && isNotGiven(variable.substring("vars.".length()))) {
          missing.merge(variable, (long) contacts.length, Long::sum);
        }
      }
    }

    private boolean isNotGiven(String path) {
      Object value = control.variables();
      for (String part : path.split("\\.")) {
        value = value instanceof Map<?, ?> map ? map.get(part) : null;
      }
      return value == null;
    }

    private void lookForQuietHours(String channel, Instant at, long[] contacts) {
      QuietRepository.Rules rules = quiet.rules(control.tenantId(), contacts);
      if (rules == null) {
        return;
      }
      Map<Long, String> zones = repository.zones(control.tenantId(), contacts);
      for (long contact : contacts) {
        QuietHours hours = rules.of(contact);
        String zone = zones.get(contact);
        Instant until =
            hours == null
                ? null
                : hours.at(at, zone == null ? rules.zone() : ZoneId.of(zone)).until();
        if (until != null) {
          putOff.merge(channel, 1L, Long::sum);
          putOffUntil = putOffUntil == null || until.isAfter(putOffUntil) ? until : putOffUntil;
        }
      }
    }

    /**
     * Who has had as many messages as the cap allows when it is the channel's turn: each channel
     * before it has taken one.
     */
    private Map<String, Long> overCap(DryRunSink sink) {
      Map<String, long[]> idsOf = new LinkedHashMap<>();
      plans.keySet().forEach(channel -> idsOf.put(channel, sink.ids(channel)));
      long[] everybody =
          idsOf.values().stream().flatMapToLong(LongStream::of).sorted().distinct().toArray();
      Map<String, Long> over = new TreeMap<>();
      for (int from = 0; from < everybody.length; from += AT_ONCE) {
        if (clock.instant().isAfter(deadline)) {
          throw tooSlow();
        }
        long[] some =
            Arrays.copyOfRange(everybody, from, Math.min(from + AT_ONCE, everybody.length));
        caps.left(control.tenantId(), control.broadcastId(), some, plans.size())
            .forEach((contact, left) -> {
              int sent = 0;
              for (Map.Entry<String, long[]> channel : idsOf.entrySet()) {
                if (Arrays.binarySearch(channel.getValue(), contact) >= 0 && sent++ >= left) {
                  over.merge(channel.getKey(), 1L, Long::sum);
                }
              }
            });
      }
      return over;
    }

    private long contacts(List<LaneTotal> totals) {
      Channel first = control.channels().getFirst().channel();
      return totals.stream()
          .filter(total -> control.fallsBack() || total.channel().equals(first))
          .mapToLong(LaneTotal::planned)
          .sum();
    }

    private DryRun result(DryRunSink sink, long contacts, Map<String, Long> overCap) {
      Map<String, DryRun.OfChannel> channels = new LinkedHashMap<>();
      Map<String, Load> loads = new LinkedHashMap<>();
      Map<String, Long> skipped = new TreeMap<>();
      long messages = 0;
      for (ChannelPlan plan : control.channels()) {
        String channel = plan.channel().name();
        long reachable = sink.messages(channel) - overCap.getOrDefault(channel, 0L);
        messages += reachable;
        sink.skipped(channel).forEach((reason, count) -> skipped.merge(reason, count, Long::sum));
        Load load =
            new Load(
                reachable,
                repository.ratePerSecond(plan),
                repository.others(plan, control.broadcastId()));
        loads.put(channel, load);
        channels.put(
            channel,
            new DryRun.OfChannel(
                reachable,
                sink.skipped(channel),
                putOff.getOrDefault(channel, 0L),
                load.ratePerSecond(),
                load.ahead(),
                load.seconds()));
      }
      long waiting = putOff.values().stream().mapToLong(Long::longValue).sum();
      Estimate estimate = DurationPlanner.estimate(whole(sink, loads, waiting));
      return new DryRun(
          contacts,
          messages,
          skipped,
          waiting,
          putOffUntil,
          channels,
          sink.variants(),
          missing,
          estimate.seconds(),
          estimate.boundedBy());
    }

    private DurationPlanner.Whole whole(DryRunSink sink, Map<String, Load> loads, long waiting) {
      AbTest test = control.abTest();
      Integer rate = control.ratePerMinute();
      Instant lastDue = sink.lastDue();
      return new DurationPlanner.Whole(
          loads,
          rate == null ? 0 : rate,
          repository.tenantRatePerMinute(control),
          waiting,
          putOffUntil == null ? Duration.ZERO : Duration.between(startsAt, putOffUntil),
          sink.variants().getOrDefault(AbTest.HOLD_BACK, Map.of()).values().stream()
              .mapToLong(Long::longValue)
              .sum(),
          test == null ? Duration.ZERO : test.duration(),
          sink.timed(),
          lastDue == null ? Duration.ZERO : Duration.between(startsAt, lastDue));
    }
  }
}
