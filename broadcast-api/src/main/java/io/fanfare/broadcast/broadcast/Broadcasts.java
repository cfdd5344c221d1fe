package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.media.FrozenMedia;
import io.fanfare.broadcast.stop.GlobalStops;
import io.fanfare.contract.broadcast.BroadcastLifecycle.Change;
import io.fanfare.contract.broadcast.StateReason;
import io.fanfare.support.EntityTag;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.identity.Role;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What people and keys do with their tenant's broadcasts. */
@Service
public class Broadcasts {

  private static final Duration FURTHEST = Duration.ofDays(366);
  private static final int MAX_NAME = 200;

  private final BroadcastRepository repository;
  private final BroadcastFreezer freezer;
  private final BroadcastMoves moves;
  private final BroadcastPublisher publisher;
  private final GlobalStops stops;
  private final AuditTrail audit;
  private final Clock clock;

  Broadcasts(
      BroadcastRepository repository,
      BroadcastFreezer freezer,
      BroadcastMoves moves,
      BroadcastPublisher publisher,
      GlobalStops stops,
      AuditTrail audit,
      Clock clock) {
    this.repository = repository;
    this.freezer = freezer;
    this.moves = moves;
    this.publisher = publisher;
    this.stops = stops;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * @param files of one that is to be scheduled at once
   */
  @Transactional
  BroadcastView create(Identity who, NewBroadcast wanted, FrozenMedia files) {
    if (wanted.scheduledAt() != null && !who.role().includes(Role.SENDER)) {
      throw ProblemException.forbidden("to schedule a broadcast needs the role sender");
    }
    Broadcast broadcast = insertDraft(who, wanted.settings());
    if (wanted.scheduledAt() != null) {
      requireFuture("/scheduled_at", wanted.scheduledAt());
      requireSendTime(broadcast, wanted.scheduledAt());
      broadcast = moves.schedule(who, broadcast, wanted.scheduledAt(), files);
    }
    return BroadcastView.of(broadcast);
  }

  @Transactional
  BroadcastView copy(Identity who, UUID id, @Nullable String name) {
    Broadcast original = find(who.tenant(), id);
    BroadcastSettings old = original.settings();
    BroadcastSettings settings =
        new BroadcastSettings(
            name == null ? copyName(old.name()) : name.strip(),
            old.templateId(),
            old.audience(),
            old.channels(),
            old.policy(),
            old.variables(),
            old.ratePerMinute(),
            old.channelMode(),
            old.abTest(),
            old.category(),
            old.sendTime());
    return BroadcastView.of(insertDraft(who, settings));
  }

  private Broadcast insertDraft(Identity who, BroadcastSettings settings) {
    UUID id = Ids.next();
    freezer.check(who.tenant(), id, settings);
    Broadcast broadcast = Broadcast.draft(id, who.tenant(), settings, now(), who.actor());
    repository.insert(broadcast);
    publisher.lifecycle(broadcast, Change.CREATED, who.actor(), broadcast.createdAt());
    audit.record(
        who,
        "create",
        BroadcastMoves.RESOURCE,
        id.toString(),
        null,
        BroadcastMoves.summary(broadcast));
    return broadcast;
  }

  private static String copyName(String name) {
    String suffix = " (copy)";
    int room = MAX_NAME - suffix.length();
    return (name.length() > room ? name.substring(0, room) : name) + suffix;
  }

  @Transactional
  BroadcastView edit(Identity who, UUID id, @Nullable String ifMatch, BroadcastPatch patch) {
    Broadcast before = lock(who, id);
    Integer rate = patch.rateAlone();
    if (rate != null && before.run() != null && !before.state().isTerminal()) {
      EntityTag.require(ifMatch, before.version());
      return BroadcastView.of(moves.changeRate(who, before, rate));
    }
    BroadcastMoves.requireAllowed(before, BroadcastAction.EDIT);
    EntityTag.require(ifMatch, before.version());
    Broadcast after = before.edited(patch.over(before.settings()));
    freezer.check(who.tenant(), id, after.settings());
    repository.updateSettings(after);
    audit.record(
        who,
        "update",
        BroadcastMoves.RESOURCE,
        id.toString(),
        BroadcastMoves.summary(before),
        BroadcastMoves.summary(after));
    return BroadcastView.of(after);
  }

  @Transactional
  void delete(Identity who, UUID id, @Nullable String ifMatch) {
    Broadcast broadcast = lock(who, id);
    BroadcastMoves.requireAllowed(broadcast, BroadcastAction.DELETE);
    EntityTag.require(ifMatch, broadcast.version());
    repository.delete(id);
    audit.record(
        who,
        "delete",
        BroadcastMoves.RESOURCE,
        id.toString(),
        BroadcastMoves.summary(broadcast),
        null);
  }

  @Transactional
  BroadcastView start(Identity who, UUID id, FrozenMedia files) {
    Broadcast broadcast = lock(who, id);
    BroadcastMoves.requireAllowed(broadcast, BroadcastAction.START);
    requireSendTime(broadcast, now());
    return BroadcastView.of(moves.start(who, broadcast, files));
  }

  @Transactional
  BroadcastView schedule(Identity who, UUID id, Instant at, FrozenMedia files) {
    Broadcast broadcast = lock(who, id);
    BroadcastMoves.requireAllowed(broadcast, BroadcastAction.SCHEDULE);
    requireFuture("/at", at);
    requireSendTime(broadcast, at);
    return BroadcastView.of(moves.schedule(who, broadcast, at, files));
  }

  @Transactional
  BroadcastView pause(Identity who, UUID id) {
    StateReason reason = new StateReason("by_request", "paused by " + who.actor());
    return BroadcastView.of(moves.move(who, lock(who, id), BroadcastAction.PAUSE, reason));
  }

  /** Unschedules, resumes or cancels. */
  @Transactional
  BroadcastView move(Identity who, UUID id, BroadcastAction action) {
    return BroadcastView.of(moves.move(who, lock(who, id), action, null));
  }

  /**
   * The broadcast as the API shows it.
   *
   * @throws ProblemException 404 when the tenant has none with this id
   */
  public BroadcastView get(UUID tenantId, UUID id) {
    return BroadcastView.of(find(tenantId, id), stops.reason().orElse(null));
  }

  /**
   * The day its sends are filed under; null until it has started.
   *
   * @throws ProblemException 404 when the tenant has none with this id
   */
  public @Nullable LocalDate ledgerDay(UUID tenantId, UUID id) {
    BroadcastRun run = find(tenantId, id).run();
    return run == null ? null : run.ledgerDay();
  }

  Page<BroadcastView> page(UUID tenantId, BroadcastFilter filter, PageRequest request) {
    StateReason stopped = stops.reason().orElse(null);
    UUID after = request.after() == null ? null : cursor(request.after());
    return Page.of(
            repository.page(tenantId, filter, after, request.limitPlusOne()),
            request.limit(),
            broadcast -> Cursors.encode(broadcast.id()))
        .map(broadcast -> BroadcastView.of(broadcast, stopped));
  }

  private Broadcast find(UUID tenantId, UUID id) {
    return repository.byId(tenantId, id).orElseThrow(() -> notFound(id));
  }

  private Broadcast lock(Identity who, UUID id) {
    return repository.lock(who.tenant(), id).orElseThrow(() -> notFound(id));
  }

  private void requireFuture(String pointer, Instant at) {
    Instant now = clock.instant();
    if (!at.isAfter(now) || at.isAfter(now.plus(FURTHEST))) {
      throw ProblemException.invalid(pointer, "must be in the future and within a year");
    }
  }

  // What starts late by itself follows the policy for times that have passed instead.
  private static void requireSendTime(Broadcast broadcast, Instant start) {
    SendTimeChoice time = broadcast.settings().sendTime();
    List<FieldProblem> problems = time == null ? List.of() : time.problemsAt(start);
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
  }

  static UUID cursor(String after) {
    try {
      return UUID.fromString(Cursors.decode(after, 1).getFirst());
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }

  private static ProblemException notFound(UUID id) {
    return ProblemException.notFound(BroadcastMoves.RESOURCE, id);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
