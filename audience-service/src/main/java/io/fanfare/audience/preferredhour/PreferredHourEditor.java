package io.fanfare.audience.preferredhour;

import io.fanfare.audience.contact.ContactErasure;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Sets the hours contacts prefer, each change with its audit entry. */
@Service
class PreferredHourEditor implements ContactErasure {

  private static final String RESOURCE = "preferred_hour";

  private final PreferredHourRepository hours;
  private final AuditTrail audit;

  PreferredHourEditor(PreferredHourRepository hours, AuditTrail audit) {
    this.hours = hours;
    this.audit = audit;
  }

  @Transactional(readOnly = true)
  public PreferredHour find(Identity who, long contactId) {
    if (!hours.contactExists(who.tenant(), contactId)) {
      throw ProblemException.notFound("contact", contactId);
    }
    return hours.find(who.tenant(), contactId);
  }

  @Transactional
  public PreferredHour set(Identity who, long contactId, PreferredHour hour) {
    requireContact(who, contactId);
    if (!hour.isAnHour()) {
      throw ProblemException.invalid("/hour", "must be 0 to 23");
    }
    return change(who, contactId, hour);
  }

  @Transactional
  public PreferredHour remove(Identity who, long contactId) {
    requireContact(who, contactId);
    return change(who, contactId, PreferredHour.NONE);
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void beforeErasing(Identity who, long contactId) {
    hours.save(who.tenant(), contactId, null);
  }

  private PreferredHour change(Identity who, long contactId, PreferredHour after) {
    PreferredHour before = hours.find(who.tenant(), contactId);
    if (!before.equals(after)) {
      hours.save(who.tenant(), contactId, after.hour());
      audit.record(who, "update", RESOURCE, Long.toString(contactId), about(before), about(after));
    }
    return after;
  }

  private void requireContact(Identity who, long contactId) {
    if (!hours.lockContact(who.tenant(), contactId)) {
      throw ProblemException.notFound("contact", contactId);
    }
  }

  private static Map<String, Object> about(PreferredHour hour) {
    return hour.hour() == null ? Map.of() : Map.of("hour", hour.hour());
  }
}
