package io.fanfare.audience.optout;

import io.fanfare.audience.category.Category;
import io.fanfare.audience.category.CategoryRepository;
import io.fanfare.audience.contact.ContactErasure;
import io.fanfare.audience.suppression.HeldAddresses;
import io.fanfare.audience.suppression.StandingOptOuts;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactPreference;
import io.fanfare.contract.contact.ContactSuppression;
import io.fanfare.contract.contact.ContactSuppression.Suppression;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
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
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Opts contacts out and in again, writes each change down, and tells the workers of it in its own
 * transaction. Whoever was released before hears of it there; whoever is released later is checked
 * here.
 */
@Service
class OptOutEditor implements ContactErasure, StandingOptOuts {

  private static final String RESOURCE = "contact";
  private static final String PREFERENCES = "preferences";

  private final OptOutRepository optOuts;
  private final OptOutChangeRepository changes;
  private final CategoryRepository categories;
  private final HeldAddresses held;
  private final Outbox outbox;
  private final AuditTrail audit;
  private final Clock clock;

  OptOutEditor(
      OptOutRepository optOuts,
      OptOutChangeRepository changes,
      CategoryRepository categories,
      HeldAddresses held,
      Outbox outbox,
      AuditTrail audit,
      Clock clock) {
    this.optOuts = optOuts;
    this.changes = changes;
    this.categories = categories;
    this.held = held;
    this.outbox = outbox;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional(readOnly = true)
  public List<OptOut> list(Identity who, long contactId) {
    requireContact(who, contactId);
    return optOuts.find(who.tenant(), contactId);
  }

  /** Every change of a contact's opt-outs, newest first, those before a number. */
  @Transactional(readOnly = true)
  public List<OptOutChange> history(Identity who, long contactId, long before, int limit) {
    requireContact(who, contactId);
    return changes.page(who.tenant(), contactId, before, limit);
  }

  /** What a contact may choose, and has chosen. */
  @Transactional(readOnly = true)
  public Preferences preferences(Identity who, long contactId) {
    requireContact(who, contactId);
    return Preferences.of(
        changes.newest(who.tenant(), contactId),
        optOuts.reachableOn(who.tenant(), contactId),
        categories.all(who.tenant()),
        optOuts.find(who.tenant(), contactId));
  }

  /**
   * Opts out.
   *
   * @return what stands now
   * @throws ProblemException 422 for a category that is unknown or mandatory
   */
  @Transactional
  public List<OptOut> optOut(
      Identity who,
      long contactId,
      OptOutScope scope,
      @Nullable String reason,
      @Nullable String source) {
    lockContact(who, contactId);
    if (scope.category() != null) {
      if (scope.channel() != null) {
        throw ProblemException.invalid("/category", "cannot be named together with a channel");
      }
      Category category =
          categories
              .named(who.tenant(), scope.category())
              .orElseThrow(
                  () -> ProblemException.invalid("/category", "there is no such category"));
      if (category.mandatory()) {
        throw ProblemException.invalid("/category", "is mandatory: nobody can opt out of it alone");
      }
    }
    return keep(who, contactId, scope, reason, source, null);
  }

  /** As {@link #optOut}, of a contact that may have been erased meanwhile: nothing happens then. */
  @Transactional
  public void optOutIfThere(
      Identity who, long contactId, Channel channel, String reason, String source) {
    optOutIfThere(who, contactId, OptOutScope.of(channel), reason, source);
  }

  /** The same of anything. */
  @Transactional
  public void optOutIfThere(
      Identity who, long contactId, OptOutScope scope, String reason, String source) {
    if (optOuts.lockContact(who.tenant(), contactId)) {
      keep(who, contactId, scope, reason, source, null);
    }
  }

  private List<OptOut> keep(
      Identity who,
      long contactId,
      OptOutScope scope,
      @Nullable String reason,
      @Nullable String source,
      @Nullable UUID eventId) {
    OptOut optOut =
        new OptOut(scope.channel(), reason, source, who.actor(), now(), scope.category());
    boolean changed = optOuts.insert(who.tenant(), contactId, optOut);
    List<OptOut> standing = optOuts.find(who.tenant(), contactId);
    if (changed) {
      changes.insert(who.tenant(), contactId, false, optOut, eventId);
      tellAll(who, contactId, standing, optOut.since());
      audit.record(who, "opt_out", RESOURCE, Long.toString(contactId), null, about(scope));
    }
    return standing;
  }

  /**
   * Opts in again.
   *
   * @param channel null for every opt-out
   * @return what stands still
   */
  @Transactional
  public List<OptOut> optIn(Identity who, long contactId, @Nullable Channel channel) {
    return optIn(
        who,
        contactId,
        channel == null ? OptOutScope.EVERYTHING : OptOutScope.of(channel),
        null,
        null);
  }

  /**
   * Lifts one opt-out.
   *
   * @param scope {@link OptOutScope#EVERYTHING} for every opt-out there is
   * @return what stands still
   */
  @Transactional
  public List<OptOut> optIn(
      Identity who,
      long contactId,
      OptOutScope scope,
      @Nullable String reason,
      @Nullable String source) {
    lockContact(who, contactId);
    List<OptOutScope> lifted =
        scope.equals(OptOutScope.EVERYTHING)
            ? optOuts.find(who.tenant(), contactId).stream().map(OptOut::scope).toList()
            : List.of(scope);
    return lift(who, contactId, scope, lifted, reason, source, null);
  }

  private List<OptOut> lift(
      Identity who,
      long contactId,
      OptOutScope scope,
      List<OptOutScope> lifted,
      @Nullable String reason,
      @Nullable String source,
      @Nullable UUID eventId) {
    Instant now = now();
    boolean changed = false;
    for (OptOutScope each : lifted) {
      if (optOuts.delete(who.tenant(), contactId, each)) {
        OptOut change =
            new OptOut(each.channel(), reason, source, who.actor(), now, each.category());
        changes.insert(who.tenant(), contactId, true, change, eventId);
        changed = true;
      }
    }
    List<OptOut> standing = optOuts.find(who.tenant(), contactId);
    if (changed) {
      tellAll(who, contactId, standing, now);
      audit.record(who, "opt_in", RESOURCE, Long.toString(contactId), about(scope), null);
    }
    return standing;
  }

  /**
   * Does what a contact chose on its page, once for each form. Opt-outs hold whatever the page knew
   * of; opt-ins only when it knew of everything.
   */
  @Transactional
  public void choose(ContactPreference chosen) {
    UUID tenant = chosen.tenantId();
    long contactId = chosen.contactId();
    if (!optOuts.lockContact(tenant, contactId)
        || changes.knows(tenant, contactId, chosen.eventId())) {
      return;
    }
    Identity contact = Identity.contact(tenant);
    boolean knewAll = changes.newest(tenant, contactId) == chosen.seen();
    for (ContactPreference.Choice choice : chosen.choices()) {
      OptOutScope scope = new OptOutScope(choice.channel(), choice.category());
      if (!choice.receive()) {
        if (mayBeOptedOutOf(tenant, scope)) {
          keep(contact, contactId, scope, null, PREFERENCES, chosen.eventId());
        }
      } else if (knewAll) {
        lift(contact, contactId, scope, List.of(scope), null, PREFERENCES, chosen.eventId());
      }
    }
  }

  private boolean mayBeOptedOutOf(UUID tenant, OptOutScope scope) {
    String category = scope.category();
    return category == null
        || categories.named(tenant, category).filter(found -> !found.mandatory()).isPresent();
  }

  /** Commands that carry the contact's address may be on their way. */
  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void beforeErasing(Identity who, long contactId) {
    Instant now = now();
    optOuts.forget(who.tenant(), contactId);
    tell(who, contactId, List.of(new Suppression(null, Suppression.CONTACT_ERASED, now)), now);
  }

  private void requireContact(Identity who, long contactId) {
    if (!optOuts.contactExists(who.tenant(), contactId)) {
      throw ProblemException.notFound(RESOURCE, contactId);
    }
  }

  private void lockContact(Identity who, long contactId) {
    if (!optOuts.lockContact(who.tenant(), contactId)) {
      throw ProblemException.notFound(RESOURCE, contactId);
    }
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Suppression> suppressions(UUID tenantId, long contactId) {
    return suppressions(optOuts.find(tenantId, contactId));
  }

  private void tellAll(Identity who, long contactId, List<OptOut> standing, Instant at) {
    List<Suppression> all = new ArrayList<>(suppressions(standing));
    all.addAll(held.suppressions(who.tenant(), contactId));
    tell(who, contactId, List.copyOf(all), at);
  }

  private void tell(Identity who, long contactId, List<Suppression> suppressions, Instant at) {
    var suppression =
        new ContactSuppression(who.tenant(), contactId, optOuts.nextVersion(), suppressions, at);
    outbox.publish(Topics.CONTACT_SUPPRESSION, suppression.key(), suppression);
  }

  private static List<Suppression> suppressions(List<OptOut> standing) {
    return standing.stream()
        .map(optOut ->
            new Suppression(
                optOut.channel(),
                optOut.category() == null
                    ? Suppression.OPTED_OUT
                    : Suppression.OPTED_OUT_OF_CATEGORY,
                optOut.since(),
                optOut.category()))
        .toList();
  }

  // The reason stays out: it may tell of the person, and the audit log outlives an erasure.
  private static Map<String, Object> about(OptOutScope scope) {
    Map<String, Object> about = new LinkedHashMap<>();
    Channel channel = scope.channel();
    about.put("channel", channel == null ? "all" : channel.name());
    if (scope.category() != null) {
      about.put("category", scope.category());
    }
    return about;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
