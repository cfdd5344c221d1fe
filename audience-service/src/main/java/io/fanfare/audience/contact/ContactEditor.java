package io.fanfare.audience.contact;

import io.fanfare.audience.contact.BatchResult.RowError;
import io.fanfare.audience.contact.ContactRepository.Upserted;
import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactErased;
import io.fanfare.support.EntityTag;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
import io.fanfare.support.problem.FieldProblem;
import io.fanfare.support.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes contacts and writes down who did. The audit log names the fields that changed, never what
 * stands in them, so that erasing a contact erases it.
 */
@Service
class ContactEditor {

  private static final String RESOURCE = "contact";

  private final ContactRepository contacts;
  private final List<ContactErasure> erasures;
  private final List<ContactWatcher> watchers;
  private final AuditTrail audit;
  private final Outbox outbox;
  private final Clock clock;

  ContactEditor(
      ContactRepository contacts,
      List<ContactErasure> erasures,
      List<ContactWatcher> watchers,
      AuditTrail audit,
      Outbox outbox,
      Clock clock) {
    this.contacts = contacts;
    this.erasures = erasures;
    this.watchers = watchers;
    this.audit = audit;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Transactional
  public Contact create(Identity who, JsonNode body) {
    ContactFields fields = read(body);
    Contact contact = contacts.insert(who.tenant(), fields).orElseThrow(ContactEditor::taken);
    written(who, contact.id());
    record(who, "create", contact.id(), set(ContactJson.tree(fields)));
    return contact;
  }

  /** A merge patch (RFC 7396): absent fields stay, null ones are cleared. */
  @Transactional
  public Contact update(Identity who, long id, JsonNode patch, @Nullable String ifMatch) {
    Contact current = locked(who, id);
    EntityTag.require(ifMatch, current.version());
    if (!patch.isObject()) {
      throw ProblemException.invalid("", "is not an object");
    }
    ObjectNode before = ContactJson.tree(current.fields());
    ObjectNode merged = before.deepCopy();
    patch.properties().forEach(field -> merged.set(field.getKey(), field.getValue()));
    ContactFields fields = read(merged);
    if (!Objects.equals(fields.externalId(), current.externalId())) {
      requireFree(who, fields.externalId());
    }
    List<String> changed = changed(before, ContactJson.tree(fields));
    if (changed.isEmpty()) {
      return current;
    }
    Contact updated = updated(who, id, fields);
    written(who, id);
    record(who, "update", id, changed);
    return updated;
  }

  /** Writes the whole contact of an external id, which is made when there is none. */
  @Transactional
  public Put put(Identity who, String externalId, JsonNode body) {
    if (!body.isObject()) {
      throw ProblemException.invalid("", "is not an object");
    }
    ObjectNode whole = ((ObjectNode) body).deepCopy();
    whole.put("external_id", externalId);
    ContactFields fields = read(whole);
    Upserted upserted = upsert(who, List.of(fields)).getFirst();
    if (upserted.kind() != Upserted.Kind.UNCHANGED) {
      String action = upserted.kind() == Upserted.Kind.CREATED ? "create" : "update";
      record(who, action, upserted.id(), set(ContactJson.tree(fields)));
    }
    Contact contact = contacts.find(who.tenant(), upserted.id()).orElseThrow();
    return new Put(contact, upserted.kind() == Upserted.Kind.CREATED);
  }

  /** Keeps the good rows of a batch and reports the others. */
  @Transactional
  public BatchResult upsertBatch(Identity who, List<JsonNode> rows) {
    List<RowError> errors = new ArrayList<>();
    List<@Nullable ContactFields> read = new ArrayList<>(rows.size());
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < rows.size(); i++) {
      read.add(readRow(rows.get(i), i, seen, errors));
    }
    Map<String, Upserted> written = new HashMap<>();
    List<ContactFields> good = read.stream().filter(Objects::nonNull).toList();
    if (!good.isEmpty()) {
      upsert(who, good).forEach(row -> written.put(row.externalId(), row));
    }
    List<@Nullable Long> ids = new ArrayList<>(rows.size());
    for (ContactFields fields : read) {
      Upserted row = fields == null ? null : written.get(String.valueOf(fields.externalId()));
      ids.add(row == null ? null : row.id());
    }
    BatchResult result =
        new BatchResult(
            count(written, Upserted.Kind.CREATED),
            count(written, Upserted.Kind.UPDATED),
            count(written, Upserted.Kind.UNCHANGED),
            errors,
            ids);
    recordBatch(who, written);
    return result;
  }

  /**
   * Erases a contact. It leaves its lists; commands not sent yet end as skipped; whoever keeps
   * something of it is told.
   */
  @Transactional
  public void delete(Identity who, long id, @Nullable String ifMatch) {
    Contact contact = locked(who, id);
    EntityTag.require(ifMatch, contact.version());
    erasures.forEach(erasure -> erasure.beforeErasing(who, id));
    contacts.delete(who.tenant(), id);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    ContactErased erased = new ContactErased(Ids.next(), who.tenant(), id, now);
    outbox.publish(Topics.CONTACT_EVENTS, erased.key(), erased);
    audit.record(who, "delete", RESOURCE, Long.toString(id), Map.of("fields", "all"), null);
  }

  private Contact locked(Identity who, long id) {
    return contacts
        .findForUpdate(who.tenant(), id)
        .orElseThrow(() -> ProblemException.notFound(RESOURCE, id));
  }

  private void requireFree(Identity who, @Nullable String externalId) {
    if (externalId != null && contacts.externalIdTaken(who.tenant(), externalId)) {
      throw taken();
    }
  }

  private Contact updated(Identity who, long id, ContactFields fields) {
    try {
      return contacts.update(who.tenant(), id, fields);
    } catch (DuplicateKeyException taken) {
      // By a request that committed after this one had looked.
      throw taken();
    }
  }

  private static ProblemException taken() {
    return ProblemException.conflict("external_id_taken", "another contact has this external id");
  }

  private List<Upserted> upsert(Identity who, List<ContactFields> good) {
    List<Upserted> written = contacts.upsert(who.tenant(), good);
    if (written.stream().anyMatch(row -> row.id() == 0)) {
      throw ProblemException.conflict(
          "concurrent_change", "another request wrote one of these contacts just now; try again");
    }
    written(
        who,
        written.stream()
            .filter(row -> row.kind() != Upserted.Kind.UNCHANGED)
            .mapToLong(Upserted::id)
            .toArray());
    return written;
  }

  private void written(Identity who, long... ids) {
    watchers.forEach(watcher -> watcher.written(who.tenant(), ids));
  }

  private static @Nullable ContactFields readRow(
      JsonNode row, int index, Set<String> seen, List<RowError> errors) {
    String pointer = "/contacts/" + index;
    List<FieldProblem> problems = new ArrayList<>();
    ContactFields fields = ContactReader.read(row, pointer, problems);
    String externalId = fields.externalId();
    if (problems.isEmpty() && externalId == null) {
      problems.add(new FieldProblem(pointer + "/external_id", "is missing"));
    } else if (problems.isEmpty() && !seen.add(String.valueOf(externalId))) {
      problems.add(new FieldProblem(pointer + "/external_id", "is in this batch twice"));
    }
    problems.forEach(p -> errors.add(new RowError(index, p.pointer(), p.detail())));
    return problems.isEmpty() ? fields : null;
  }

  private static ContactFields read(JsonNode body) {
    List<FieldProblem> problems = new ArrayList<>();
    ContactFields fields = ContactReader.read(body, "", problems);
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
    return fields;
  }

  private static int count(Map<String, Upserted> written, Upserted.Kind kind) {
    return (int) written.values().stream().filter(row -> row.kind() == kind).count();
  }

  private void recordBatch(Identity who, Map<String, Upserted> written) {
    Map<String, Object> changed = new TreeMap<>();
    for (Upserted.Kind kind : List.of(Upserted.Kind.CREATED, Upserted.Kind.UPDATED)) {
      List<Long> ids =
          written.values().stream().filter(row -> row.kind() == kind).map(Upserted::id).toList();
      if (!ids.isEmpty()) {
        changed.put(kind.name().toLowerCase(Locale.ROOT), ids);
      }
    }
    if (!changed.isEmpty()) {
      audit.record(who, "upsert", RESOURCE, "batch", null, changed);
    }
  }

  private void record(Identity who, String action, long id, List<String> fields) {
    audit.record(who, action, RESOURCE, Long.toString(id), null, Map.of("fields", fields));
  }

  private static List<String> set(ObjectNode fields) {
    return fields.properties().stream()
        .filter(field -> !field.getValue().isNull() && !isEmptyContainer(field.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isEmptyContainer(JsonNode value) {
    return value.isContainer() && value.isEmpty();
  }

  private static List<String> changed(ObjectNode before, ObjectNode after) {
    return after.properties().stream()
        .filter(field -> !field.getValue().equals(before.get(field.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A contact written by its external id. */
  record Put(Contact contact, boolean created) {}
}
