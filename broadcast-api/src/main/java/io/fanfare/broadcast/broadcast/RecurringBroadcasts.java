package io.fanfare.broadcast.broadcast;

import io.fanfare.broadcast.schedule.ScheduleChoice;
import io.fanfare.broadcast.schedule.ScheduleRules;
import io.fanfare.support.EntityTag;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What people and keys do with their tenant's recurring broadcasts. */
@Service
class RecurringBroadcasts {

  static final int MAX_OF_A_TENANT = 200;

  private static final String RESOURCE = "recurring_broadcast";

  private final RecurringRepository repository;
  private final BroadcastRepository broadcasts;
  private final BroadcastFreezer freezer;
  private final AuditTrail audit;
  private final Clock clock;

  RecurringBroadcasts(
      RecurringRepository repository,
      BroadcastRepository broadcasts,
      BroadcastFreezer freezer,
      AuditTrail audit,
      Clock clock) {
    this.repository = repository;
    this.broadcasts = broadcasts;
    this.freezer = freezer;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional
  public RecurringView create(Identity who, NewRecurringBroadcast wanted) {
    check(who, wanted.schedule(), wanted.broadcast());
    if (repository.lockCount(who.tenant()) >= MAX_OF_A_TENANT) {
      throw ProblemException.conflict(
          "too_many_recurring_broadcasts", "a tenant has at most " + MAX_OF_A_TENANT);
    }
    RecurringBroadcast recurring =
        RecurringBroadcast.of(Ids.next(), who.tenant(), wanted, now(), who.actor());
    repository.insert(recurring);
    audit.record(who, "create", RESOURCE, recurring.id().toString(), null, summary(recurring));
    return RecurringView.of(recurring);
  }

  @Transactional
  public RecurringView edit(Identity who, UUID id, @Nullable String ifMatch, RecurringPatch patch) {
    RecurringBroadcast before = lock(who, id);
    EntityTag.require(ifMatch, before.version());
    check(who, patch.schedule(), patch.broadcast());
    return change(who, "update", before, before.edited(patch.schedule(), patch.broadcast(), now()));
  }

  @Transactional
  public RecurringView pause(Identity who, UUID id) {
    RecurringBroadcast before = lock(who, id);
    requireState(before, RecurringState.ACTIVE, "paused");
    return change(who, "pause", before, before.paused());
  }

  @Transactional
  public RecurringView resume(Identity who, UUID id) {
    RecurringBroadcast before = lock(who, id);
    requireState(before, RecurringState.PAUSED, "resumed");
    return change(who, "resume", before, before.resumed(now()));
  }

  @Transactional
  public void delete(Identity who, UUID id, @Nullable String ifMatch) {
    RecurringBroadcast recurring = lock(who, id);
    EntityTag.require(ifMatch, recurring.version());
    repository.delete(id);
    audit.record(who, "delete", RESOURCE, id.toString(), summary(recurring), null);
  }

  public RecurringView get(UUID tenantId, UUID id) {
    return RecurringView.of(find(tenantId, id));
  }

  public Page<RecurringView> page(UUID tenantId, PageRequest request) {
    UUID after = request.after() == null ? null : Broadcasts.cursor(request.after());
    return Page.of(
            repository.page(tenantId, after, request.limitPlusOne()),
            request.limit(),
            recurring -> Cursors.encode(recurring.id()))
        .map(RecurringView::of);
  }

  /** The broadcasts it made. */
  public Page<BroadcastView> made(UUID tenantId, UUID id, PageRequest request) {
    find(tenantId, id);
    UUID after = request.after() == null ? null : Broadcasts.cursor(request.after());
    return Page.of(
            broadcasts.madeBy(tenantId, id, after, request.limitPlusOne()),
            request.limit(),
            broadcast -> Cursors.encode(broadcast.id()))
        .map(BroadcastView::of);
  }

  private RecurringView change(
      Identity who, String action, RecurringBroadcast before, RecurringBroadcast after) {
    repository.update(after);
    audit.record(who, action, RESOURCE, after.id().toString(), summary(before), summary(after));
    return RecurringView.of(after);
  }

  /** What each time is made of is looked at now as well as then. */
  private void check(
      Identity who, @Nullable ScheduleChoice schedule, @Nullable NewBroadcast broadcast) {
    List<FieldProblem> problems = new ArrayList<>();
    if (schedule != null) {
      problems.addAll(ScheduleRules.problems("/schedule", schedule, clock.instant()));
    }
    if (broadcast != null) {
      if (broadcast.scheduledAt() != null) {
        problems.add(new FieldProblem("/broadcast/scheduled_at", "is what the schedule says"));
      }
      if (broadcast.sendTime() != null && broadcast.sendTime().localTime() != null) {
        problems.add(
            new FieldProblem(
                "/broadcast/send_time/local_time", "comes once; give at_preferred_hour instead"));
      }
      problems.addAll(unusable(who, broadcast));
    }
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
  }

  private List<FieldProblem> unusable(Identity who, NewBroadcast broadcast) {
    try {
      freezer.check(who.tenant(), Ids.next(), broadcast.settings());
      return List.of();
    } catch (ProblemException refusal) {
      if (refusal.errors().isEmpty()) {
        throw refusal;
      }
      return refusal.errors().stream()
          .map(problem -> new FieldProblem("/broadcast" + problem.pointer(), problem.detail()))
          .toList();
    }
  }

  private static void requireState(
      RecurringBroadcast recurring, RecurringState state, String participle) {
    if (recurring.state() != state) {
      throw ProblemException.conflict(
          "illegal_state",
          "a recurring broadcast that is %s cannot be %s"
              .formatted(recurring.state().id(), participle));
    }
  }

  private static Map<String, Object> summary(RecurringBroadcast recurring) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("name", recurring.broadcast().name());
    summary.put("state", recurring.state().id());
    summary.put("cron", String.valueOf(recurring.schedule().cron()));
    summary.put("zone", String.valueOf(recurring.schedule().zone()));
    return summary;
  }

  private RecurringBroadcast find(UUID tenantId, UUID id) {
    return repository.byId(tenantId, id).orElseThrow(() -> notFound(id));
  }

  private RecurringBroadcast lock(Identity who, UUID id) {
    return repository.lock(who.tenant(), id).orElseThrow(() -> notFound(id));
  }

  private static ProblemException notFound(UUID id) {
    return ProblemException.notFound(RESOURCE, id);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
