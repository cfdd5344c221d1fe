package io.fanfare.audience.list;

import io.fanfare.contract.contact.ContactListChanged.Change;
import io.fanfare.support.identity.Identity;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Puts contacts that a batch has just written on a list, and tells of it once a batch. */
@Component
public class ListFilling {

  private final ListRepository lists;
  private final ListJoining joining;
  private final ListEvents events;

  ListFilling(ListRepository lists, ListJoining joining, ListEvents events) {
    this.lists = lists;
    this.joining = joining;
    this.events = events;
  }

  /** Whether the tenant has this list. */
  public boolean exists(UUID tenantId, UUID listId) {
    return lists.find(tenantId, listId).isPresent();
  }

  /**
   * Adds contacts, whose rows the running transaction has locked.
   *
   * @return false when the list is gone: nobody was added
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean add(Identity who, UUID listId, long[] contactIds) {
    ContactList list = lists.findForUpdate(who.tenant(), listId).orElse(null);
    if (list == null) {
      return false;
    }
    int added = joining.join(who, list, contactIds).added();
    if (added > 0) {
      events.publish(who, Change.CONTACTS_ADDED, listId, list.name(), (long) added);
    }
    return true;
  }
}
