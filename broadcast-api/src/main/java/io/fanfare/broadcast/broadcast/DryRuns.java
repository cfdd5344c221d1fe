package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.broadcast.BroadcastFreezer.Frozen;
import io.fanfare.broadcast.broadcast.DryRunClient.Decided;
import io.fanfare.broadcast.broadcast.DryRunClient.TestPower;
import io.fanfare.broadcast.stop.GlobalStops;
import io.fanfare.broadcast.template.TemplateChecker;
import io.fanfare.contract.Channel;
import io.fanfare.contract.abtest.AbTest;
import io.fanfare.contract.broadcast.BroadcastControl;
import io.fanfare.contract.broadcast.BroadcastState;
import io.fanfare.contract.content.BroadcastContent;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tries a broadcast out: everything its start would look at is looked at now, and nothing is
 * changed.
 */
@Component
class DryRuns {

  private static final String UNSUBSCRIBE_LINK = "unsubscribe_link";

  private record Prepared(
      Broadcast broadcast,
      BroadcastControl control,
      Instant startsAt,
      DryRunWarnings.Facts facts) {}

  private final BroadcastRepository repository;
  private final BroadcastFreezer freezer;
  private final TemplateChecker checker;
  private final ChannelAccountReader accounts;
  private final RetryDelays retryDelays;
  private final GlobalStops stops;
  private final DryRunClient client;
  private final Clock clock;
  private final TransactionTemplate transaction;
  private final BroadcastMedia media;

  DryRuns(
      BroadcastRepository repository,
      BroadcastFreezer freezer,
      TemplateChecker checker,
      ChannelAccountReader accounts,
      RetryDelays retryDelays,
      GlobalStops stops,
      DryRunClient client,
      Clock clock,
      PlatformTransactionManager transactions,
      BroadcastMedia media) {
    this.media = media;
    this.repository = repository;
    this.freezer = freezer;
    this.checker = checker;
    this.accounts = accounts;
    this.retryDelays = retryDelays;
    this.stops = stops;
    this.client = client;
    this.clock = clock;
    this.transaction = new TransactionTemplate(transactions);
  }

  /**
   * @throws ProblemException 404 when the tenant has no such broadcast, 409 when it has started,
   *     422 when a setting cannot be used, 502 or 503 when it cannot be known right now
   */
  DryRunAnswer run(UUID tenantId, UUID id) {
    // Its locks end before anybody else is asked.
    Prepared prepared = transaction.execute(status -> prepare(tenantId, id));
    if (prepared == null) {
      throw new IllegalStateException("a transaction without a result");
    }
    Decided decided = client.decide(prepared.control, prepared.startsAt);
    AbTest test = prepared.control.abTest();
    TestPower power = test == null ? null : client.power(tenantId, test, sizes(test, decided));
    Long seconds = decided.estimatedSeconds();
    return new DryRunAnswer(
        id,
        prepared.broadcast.state(),
        prepared.startsAt,
        decided.contacts(),
        decided.messages(),
        decided.skipped(),
        decided.putOff(),
        decided.putOffUntil(),
        decided.channels(),
        decided.variants(),
        decided.missingVariables(),
        seconds,
        seconds == null ? null : prepared.startsAt.plusSeconds(seconds),
        decided.boundedBy(),
        power == null ? null : power.power(),
        wrongMedia(prepared.broadcast),
        DryRunWarnings.of(prepared.facts, decided, power == null ? List.of() : power.warnings()));
  }

  private List<DryRunAnswer.Warning> wrongMedia(Broadcast broadcast) {
    return media.wrong(broadcast.tenantId(), broadcast.settings()).stream()
        .map(wrong ->
            new DryRunAnswer.Warning(
                "media_cannot_be_sent", "%s: %s".formatted(wrong.pointer(), wrong.detail())))
        .toList();
  }

  private Prepared prepare(UUID tenantId, UUID id) {
    Broadcast broadcast =
        repository
            .byId(tenantId, id)
            .orElseThrow(() -> ProblemException.notFound(BroadcastMoves.RESOURCE, id));
    BroadcastMoves.requireAllowed(broadcast, BroadcastAction.START);
    Frozen frozen = freezer.freeze(tenantId, id, broadcast.settings(), null);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant startsAt = startsAt(broadcast, now);
    BroadcastRun run =
        new BroadcastRun(
            frozen.templateVersion(),
            frozen.plans(),
            LocalDate.ofInstant(startsAt, ZoneOffset.UTC),
            retryDelays.delays(),
            1,
            1,
            startsAt);
    Broadcast started =
        broadcast.moved(BroadcastState.RUNNING, null, run, broadcast.scheduledAt(), now);
    return new Prepared(
        broadcast,
        BroadcastPublisher.controlOf(started, run),
        startsAt,
        new DryRunWarnings.Facts(
            frozen.contents().stream()
                .filter(this::isEmailWithoutLink)
                .map(BroadcastContent::variant)
                .toList(),
            frozen.plans().stream()
                .filter(plan -> !accounts.hasPassed(tenantId, plan.accountId()))
                .map(plan -> plan.channel().name())
                .toList(),
            stops.reason().isPresent()));
  }

  private static Instant startsAt(Broadcast broadcast, Instant now) {
    Instant scheduled = broadcast.scheduledAt();
    return broadcast.state() == BroadcastState.SCHEDULED
            && scheduled != null
            && scheduled.isAfter(now)
        ? scheduled
        : now;
  }

  private boolean isEmailWithoutLink(BroadcastContent content) {
    return content.channel().equals(Channel.EMAIL)
        && !checker.variablesOf(content.content()).contains(UNSUBSCRIBE_LINK);
  }

  /** Of each variant on the channel of the test. */
  private static List<Long> sizes(AbTest test, Decided decided) {
    return test.variants().stream()
        .map(variant ->
            decided
                .variants()
                .getOrDefault(variant.id(), Map.of())
                .getOrDefault(test.channel().name(), 0L))
        .toList();
  }
}
