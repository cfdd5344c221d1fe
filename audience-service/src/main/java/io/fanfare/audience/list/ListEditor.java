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
  private final ListEvents events;
  private final AuditTrail audit;

  ListEditor(ListRepository lists, ListEvents events, AuditTrail audit) {
    this.lists = lists;
    this.events = events;
    this.audit = audit;
  }

  @Transactional
  public ContactList create(Identity who, String name, @Nullable String description) {
    ContactList list = lists.insert(who.tenant(), Ids.next(), name, description);
    events.publish(who, Change.CREATED, list.id(), name, null);
    audit.record(who, "create", RESOURCE, list.id().toString(), null, facts(list));
    return list;
  }

  /** Null leaves a field as it is; an empty description clears it. */
  @Transactional
  public ContactList update(
      Identity who,
      UUID id,
      @Nullable String name,
      @Nullable String description,
      @Nullable String ifMatch) {
    ContactList current = locked(who, id);
    EntityTag.require(ifMatch, current.version());
    String newDescription = description == null ? current.description() : description;
    ContactList updated =
        lists.update(
            id,
            name == null ? current.name() : name,
            newDescription == null || newDescription.isBlank() ? null : newDescription);
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
    int added = known.length == 0 ? 0 : lists.addMembers(id, known);
    int unknown = unknown(request, known.length);
    tell(who, Change.CONTACTS_ADDED, "add_contacts", list, added);
    return new Added(added, request.size() - added - unknown, unknown);
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
    return facts;
  }

  /**
   * What became of contacts to add: together as many as were named.
   *
   * @param added new members
   * @param duplicates members already, or named twice
   * @param unknown no contacts of the tenant
   */
  @Schema(name = "ContactsAdded")
  record Added(
      @Schema(example = "9990") int added,
      @Schema(example = "8") int duplicates,
      @Schema(example = "2") int unknown) {}

  /**
   * What became of contacts to remove: together as many as were named.
   *
   * @param removed members no longer
   * @param absent were no members
   */
  @Schema(name = "ContactsRemoved")
  record Removed(@Schema(example = "3") int removed, @Schema(example = "0") int absent) {}
}
