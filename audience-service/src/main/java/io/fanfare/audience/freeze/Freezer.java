package io.fanfare.audience.freeze;

import io.fanfare.audience.freeze.FreezePlanner.LaneTotal;
import io.fanfare.audience.run.BroadcastRun;
import io.fanfare.audience.run.RunRepository;
import io.fanfare.contract.Topics;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastSignal;
import io.fanfare.contract.broadcast.BroadcastSignal.Signal;
import io.fanfare.contract.broadcast.BroadcastSignal.VariantSize;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.support.outbox.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Freezes one broadcast: an audience in, chunks, skips and the signal out, in one transaction over
 * one snapshot. A crash leaves nothing behind, and the freeze starts again.
 */
@Component
class Freezer {

  private static final Logger log = LoggerFactory.getLogger(Freezer.class);

  private final FreezeRepository freezes;
  private final RunRepository runs;
  private final AudienceParts parts;
  private final Outbox outbox;
  private final FreezeProperties properties;
  private final Clock clock;
  private final TransactionTemplate snapshot;

  Freezer(
      FreezeRepository freezes,
      RunRepository runs,
      AudienceParts parts,
      Outbox outbox,
      FreezeProperties properties,
      Clock clock,
      PlatformTransactionManager transactions) {
    this.freezes = freezes;
    this.runs = runs;
    this.parts = parts;
    this.outbox = outbox;
    this.properties = properties;
    this.clock = clock;
    this.snapshot = new TransactionTemplate(transactions);
    this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
  }

  /**
   * Freezes one broadcast; false when none waits.
   *
   * @param fewestFirst the one with the fewest contacts, not the one that waits longest
   */
  boolean freezeNext(boolean fewestFirst) {
    // Mostly none waits: one question tells, where a snapshot takes several.
    return freezes.anyWaits() && froze(fewestFirst);
  }

  private boolean froze(boolean fewestFirst) {
    return Boolean.TRUE.equals(
        snapshot.execute(status -> freezes.lockNext(fewestFirst).map(this::freeze).orElse(false)));
  }

  private boolean freeze(UUID broadcastId) {
    BroadcastControl control = runs.find(broadcastId).map(BroadcastRun::control).orElseThrow();
    Audience audience = control.audience();
    if (audience == null) {
      throw new IllegalStateException(broadcastId + " has no audience to freeze");
    }
    FreezeRepository.Writer writer = freezes.writer(control);
    MembershipWriter membership = freezes.membership(broadcastId, audience);
    List<LaneTotal> totals;
    try {
      totals = plan(control, audience, writer, membership);
    } catch (AudienceParts.Unusable unusable) {
      freezes.setRefused(broadcastId, unusable.reason().code());
      signal(control, Signal.FAIL, null, unusable.reason(), null);
      return true;
    }
    membership.finish();
    writer.flush();
    freezes.insertTotals(broadcastId, totals);
    freezes.insertHeldBack(broadcastId);
    freezes.setFrozen(broadcastId);
    long planned = totals.stream().mapToLong(LaneTotal::planned).sum();
    signal(
        control,
        Signal.FROZEN,
        planned,
        null,
        control.abTest() == null ? null : freezes.variantSizes(broadcastId));
    log.info("froze broadcast {}: {} recipients", broadcastId, planned);
    return true;
  }

  /**
   * Decides of everybody in the audience, as it is in the running transaction: for a freeze and a
   * dry run alike.
   *
   * @throws AudienceParts.Unusable when a part of it is; nothing was decided then
   */
  List<LaneTotal> plan(
      BroadcastControl control,
      Audience audience,
      FreezePlanner.Sink sink,
      MembershipWriter membership) {
    Instant now = clock.instant();
    AudienceQuery everybody =
        AudienceQuery.of(audience, part -> parts.query(control.tenantId(), part, now));
    VariantAssignment assignment = new VariantAssignment(control.broadcastId(), control.abTest());
    FreezePlanner planner =
        new FreezePlanner(
            control.channels(), control.fallsBack(), assignment::of, properties.chunkSize(), sink);
    if (choosesBySegments(audience)) {
      freezes.planAsCounts(everybody);
    }
    Instant startedAt = control.startedAt();
    DueTimePolicy due = new DueTimePolicy(control.sendTime(), startedAt == null ? now : startedAt);
    freezes.readMembers(control, everybody, due, planner, membership);
    return planner.finish();
  }

  private static boolean choosesBySegments(Audience audience) {
    return Stream.concat(audience.include().stream(), audience.exclude().stream())
        .anyMatch(part -> part.kind() == Audience.Kind.SEGMENT);
  }

  private void signal(
      BroadcastControl control,
      Signal signal,
      @Nullable Long planned,
      @Nullable StateReason reason,
      @Nullable List<VariantSize> variants) {
    outbox.publish(
        Topics.BROADCAST_SIGNAL,
        control.broadcastId().toString(),
        new BroadcastSignal(
            control.broadcastId(),
            control.tenantId(),
            signal,
            control.epoch(),
            planned,
            reason,
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            null,
            variants));
  }
}
