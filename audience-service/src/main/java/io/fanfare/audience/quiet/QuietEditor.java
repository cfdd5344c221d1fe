package io.fanfare.audience.quiet;

import io.fanfare.audience.contact.ContactErasure;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Sets quiet hours, each change with its audit entry. */
@Service
class QuietEditor implements ContactErasure {

  private static final String RESOURCE = "quiet_hours";

  private final QuietRepository quiet;
  private final AuditTrail audit;

  QuietEditor(QuietRepository quiet, AuditTrail audit) {
    this.quiet = quiet;
    this.audit = audit;
  }

  @Transactional(readOnly = true)
  public QuietSetting find(Identity who, long contactId) {
    if (contactId != QuietRepository.EVERY_CONTACT
        && !quiet.contactExists(who.tenant(), contactId)) {
      throw ProblemException.notFound("contact", contactId);
    }
    return quiet.find(who.tenant(), contactId);
  }

  @Transactional
  public QuietSetting set(Identity who, long contactId, QuietSetting hours) {
    requireContact(who, contactId);
    List<FieldProblem> problems = hours.problems(contactId != QuietRepository.EVERY_CONTACT);
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    QuietSetting before = quiet.find(who.tenant(), contactId);
    quiet.save(who.tenant(), contactId, hours);
    QuietSetting after = quiet.find(who.tenant(), contactId);
    if (!before.equals(after)) {
      audit.record(
          who,
          "update",
          RESOURCE,
          contactId == QuietRepository.EVERY_CONTACT ? "tenant" : Long.toString(contactId),
          about(before),
          about(after));
    }
    return after;
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void beforeErasing(Identity who, long contactId) {
    quiet.save(who.tenant(), contactId, QuietSetting.NONE);
  }

  private void requireContact(Identity who, long contactId) {
    if (contactId != QuietRepository.EVERY_CONTACT && !quiet.lockContact(who.tenant(), contactId)) {
      throw ProblemException.notFound("contact", contactId);
    }
  }

  private static Map<String, Object> about(QuietSetting hours) {
    Map<String, Object> about = new LinkedHashMap<>();
    put(about, "from", hours.from());
    put(about, "to", hours.to());
    put(about, "zone", hours.zone());
    put(about, "off", hours.off());
    return about;
  }

  private static void put(Map<String, Object> about, String name, @Nullable Object value) {
    if (value != null) {
      about.put(name, value);
    }
  }
}
