package io.fanfare.audience.list;

import io.fanfare.contract.contact.ContactListChanged.Change;
import io.fanfare.support.EntityTag;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Changes lists; every change is told of and written down in its own transaction. */
@Service
class ListEditor {

  private static final String RESOURCE = "list";

  private final ListRepository lists;
  private final ListOptInRepository optIns;
  private final ListJoining joining;
  private final ListEvents events;
  private final AuditTrail audit;

  ListEditor(
      ListRepository lists,
      ListOptInRepository optIns,
      ListJoining joining,
      ListEvents events,
      AuditTrail audit) {
    this.lists = lists;
    this.optIns = optIns;
    this.joining = joining;
    this.events = events;
    this.audit = audit;
  }

  @Transactional
  public ContactList create(
      Identity who, String name, @Nullable String description, @Nullable DoubleOptIn asks) {
    requireUsable(who, asks);
    ContactList list =
        lists.insert(
            who.tenant(),
            Ids.next(),
            name,
            description,
            asks == null || asks.isEmpty() ? null : asks);
    events.publish(who, Change.CREATED, list.id(), name, null);
    audit.record(who, "create", RESOURCE, list.id().toString(), null, facts(list));
    return list;
  }

  private void requireUsable(Identity who, @Nullable DoubleOptIn asks) {
    if (asks == null) {
      return;
    }
    if (asks.isHalf()) {
      throw ProblemException.invalid(
          "/double_opt_in", "has both account_id and template_id, or neither");
    }
    UUID account = asks.accountId();
    if (account != null && !optIns.hasAccount(who.tenant(), account)) {
      throw ProblemException.invalid(
          "/double_opt_in/account_id", "there is no such channel account");
    }
  }

  /** Null leaves a field as it is; an empty description or double opt-in clears it. */
  @Transactional
  public ContactList update(
      Identity who,
      UUID id,
      @Nullable String name,
      @Nullable String description,
      @Nullable DoubleOptIn asks,
      @Nullable String ifMatch) {
    ContactList current = locked(who, id);
    EntityTag.require(ifMatch, current.version());
    requireUsable(who, asks);
    String newDescription = description == null ? current.description() : description;
    ContactList updated =
        lists.update(
            id,
            name == null ? current.name() : name,
            newDescription == null || newDescription.isBlank() ? null : newDescription,
            asks == null ? current.doubleOptIn() : asks.isEmpty() ? null : asks);
    events.publish(who, Change.UPDATED, id, updated.name(), null);
    audit.record(who, "update", RESOURCE, id.toString(), facts(current), facts(updated));
    return updated;
  }

  /** A broadcast that has frozen its audience goes on; one that has not yet fails. */
  @Transactional
  public void delete(Identity who, UUID id, @Nullable String ifMatch) {
    ContactList list = locked(who, id);
    EntityTag.require(ifMatch, list.version());
    lists.delete(id);
    events.publish(who, Change.DELETED, id, list.name(), null);
    audit.record(who, "delete", RESOURCE, id.toString(), facts(list), null);
  }

  @Transactional
  public Added add(Identity who, UUID id, MembersRequest request) {
    if (lists.find(who.tenant(), id).isEmpty()) {
      throw ProblemException.notFound(RESOURCE, id);
    }
    long[] external = lists.lockContacts(who.tenant(), request.distinctExternalIds());
    long[] known =
        external.length > 0
            ? external
            : lists.lockContacts(who.tenant(), request.distinctContactIds());
    ContactList list = locked(who, id);
    ListJoining.Joined joined = joining.join(who, list, known);
    int added = joined.added();
    int unknown = unknown(request, known.length);
    tell(who, Change.CONTACTS_ADDED, "add_contacts", list, added);
    int duplicates = request.size() - added - joined.pending() - unknown;
    return new Added(
        added, duplicates, unknown, list.doubleOptIn() == null ? null : joined.pending());
  }

  @Transactional
  public Removed remove(Identity who, UUID id, MembersRequest request) {
    if (lists.find(who.tenant(), id).isEmpty()) {
      throw ProblemException.notFound(RESOURCE, id);
    }
    long[] external = lists.lockContacts(who.tenant(), request.distinctExternalIds());
    long[] known = external.length > 0 ? external : request.distinctContactIds();
    ContactList list = locked(who, id);
    int removed = lists.removeMembers(id, known);
    tell(who, Change.CONTACTS_REMOVED, "remove_contacts", list, removed);
    return new Removed(removed, request.size() - removed);
  }

  private ContactList locked(Identity who, UUID id) {
    return lists
        .findForUpdate(who.tenant(), id)
        .orElseThrow(() -> ProblemException.notFound(RESOURCE, id));
  }

  private void tell(Identity who, Change change, String action, ContactList list, int contacts) {
    if (contacts > 0) {
      events.publish(who, change, list.id(), list.name(), (long) contacts);
      Map<String, Object> after = Map.of("contacts", contacts);
      audit.record(who, action, RESOURCE, list.id().toString(), null, after);
    }
  }

  private static int unknown(MembersRequest request, int known) {
    int distinct = request.distinctContactIds().length + request.distinctExternalIds().size();
    return distinct - known;
  }

  private static Map<String, Object> facts(ContactList list) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", list.name());
    if (list.description() != null) {
      facts.put("description", list.description());
    }
    facts.put("contacts", list.contacts());
    if (list.doubleOptIn() != null) {
      facts.put("double_opt_in", true);
    }
    return facts;
  }

  /**
   * What became of contacts to add: together as many as were named.
   *
   * @param added new members
   * @param duplicates members already, or named twice
   * @param unknown no contacts of the tenant
   * @param pending can confirm and have not, asked now or before; absent where the list asks nobody
   */
  @Schema(name = "ContactsAdded")
  record Added(
      @Schema(example = "9990") int added,
      @Schema(example = "8") int duplicates,
      @Schema(example = "2") int unknown,
      @Schema(example = "3") @Nullable Integer pending) {}

  /**
   * What became of contacts to remove: together as many as were named.
   *
   * @param removed members no longer
   * @param absent were no members
   */
  @Schema(name = "ContactsRemoved")
  record Removed(@Schema(example = "3") int removed, @Schema(example = "0") int absent) {}
}
