package io.fanfare.audience.cap;

import io.fanfare.audience.contact.ContactErasure;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Sets caps, each change with its audit entry. */
@Service
class CapEditor implements ContactErasure {

  private static final String RESOURCE = "frequency_cap";

  private final CapRepository caps;
  private final AuditTrail audit;

  CapEditor(CapRepository caps, AuditTrail audit) {
    this.caps = caps;
    this.audit = audit;
  }

  @Transactional(readOnly = true)
  public FrequencyCap find(Identity who, long contactId) {
    if (contactId != CapRepository.EVERY_CONTACT && !caps.contactExists(who.tenant(), contactId)) {
      throw ProblemException.notFound("contact", contactId);
    }
    return caps.find(who.tenant(), contactId);
  }

  @Transactional
  public FrequencyCap set(Identity who, long contactId, FrequencyCap cap) {
    requireContact(who, contactId);
    FrequencyCap before = caps.find(who.tenant(), contactId);
    if (!before.equals(cap)) {
      caps.save(who.tenant(), contactId, cap);
      audit.record(
          who,
          "update",
          RESOURCE,
          contactId == CapRepository.EVERY_CONTACT ? "tenant" : Long.toString(contactId),
          about(before),
          about(cap));
    }
    return cap;
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void beforeErasing(Identity who, long contactId) {
    caps.forget(who.tenant(), contactId);
  }

  private void requireContact(Identity who, long contactId) {
    if (contactId != CapRepository.EVERY_CONTACT && !caps.lockContact(who.tenant(), contactId)) {
      throw ProblemException.notFound("contact", contactId);
    }
  }

  private static Map<String, Object> about(FrequencyCap cap) {
    Map<String, Object> about = new LinkedHashMap<>();
    put(about, "per_day", cap.perDay());
    put(about, "per_week", cap.perWeek());
    put(about, "per_month", cap.perMonth());
    return about;
  }

  private static void put(Map<String, Object> about, String name, @Nullable Integer value) {
    if (value != null) {
      about.put(name, value);
    }
  }
}
