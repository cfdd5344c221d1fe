package io.fanfare.audience.optout;

import io.fanfare.audience.contact.ContactErasure;
import io.fanfare.audience.suppression.HeldAddresses;
import io.fanfare.audience.suppression.StandingOptOuts;
import io.fanfare.contract.Channel;
import io.fanfare.contract.Topics;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Opts contacts out and in again, and tells the workers of every change in its own transaction.
 * Whoever was released before hears of it there; whoever is released later is checked here.
 */
@Service
class OptOutEditor implements ContactErasure, StandingOptOuts {

  private static final String RESOURCE = "contact";

  private final OptOutRepository optOuts;
  private final HeldAddresses held;
  private final Outbox outbox;
  private final AuditTrail audit;
  private final Clock clock;

  OptOutEditor(
      OptOutRepository optOuts, HeldAddresses held, Outbox outbox, AuditTrail audit, Clock clock) {
    this.optOuts = optOuts;
    this.held = held;
    this.outbox = outbox;
    this.audit = audit;
    this.clock = clock;
  }

  @Transactional(readOnly = true)
  public List<OptOut> list(Identity who, long contactId) {
    if (!optOuts.contactExists(who.tenant(), contactId)) {
      throw ProblemException.notFound(RESOURCE, contactId);
    }
    return optOuts.find(who.tenant(), contactId);
  }

  /**
   * Opts out.
   *
   * @param channel null for every channel
   * @return what stands now
   */
  @Transactional
  public List<OptOut> optOut(
      Identity who,
      long contactId,
      @Nullable Channel channel,
      @Nullable String reason,
      @Nullable String source) {
    lockContact(who, contactId);
    return keep(who, contactId, channel, reason, source);
  }

  /** As {@link #optOut}, of a contact that may have been erased meanwhile: nothing happens then. */
  @Transactional
  public void optOutIfThere(
      Identity who, long contactId, Channel channel, String reason, String source) {
    if (optOuts.lockContact(who.tenant(), contactId)) {
      keep(who, contactId, channel, reason, source);
    }
  }

  private List<OptOut> keep(
      Identity who,
      long contactId,
      @Nullable Channel channel,
      @Nullable String reason,
      @Nullable String source) {
    OptOut optOut = new OptOut(channel, reason, source, who.actor(), now());
    boolean changed = optOuts.insert(who.tenant(), contactId, optOut);
    List<OptOut> standing = optOuts.find(who.tenant(), contactId);
    if (changed) {
      tellAll(who, contactId, standing, optOut.since());
      audit.record(who, "opt_out", RESOURCE, Long.toString(contactId), null, about(channel));
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
    lockContact(who, contactId);
    boolean changed = optOuts.delete(who.tenant(), contactId, channel);
    List<OptOut> standing = optOuts.find(who.tenant(), contactId);
    if (changed) {
      tellAll(who, contactId, standing, now());
      audit.record(who, "opt_in", RESOURCE, Long.toString(contactId), about(channel), null);
    }
    return standing;
  }

  /** Commands that carry the contact's address may be on their way. */
  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void beforeErasing(Identity who, long contactId) {
    Instant now = now();
    optOuts.delete(who.tenant(), contactId, null);
    tell(who, contactId, List.of(new Suppression(null, Suppression.CONTACT_ERASED, now)), now);
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
        .map(optOut -> new Suppression(optOut.channel(), Suppression.OPTED_OUT, optOut.since()))
        .toList();
  }

  // The reason stays out: it may tell of the person, and the audit log outlives an erasure.
  private static Map<String, Object> about(@Nullable Channel channel) {
    return Map.of("channel", channel == null ? "all" : channel.name());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
