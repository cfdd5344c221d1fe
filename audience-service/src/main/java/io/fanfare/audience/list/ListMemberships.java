package io.fanfare.audience.list;

import io.fanfare.audience.contact.ContactErasure;
import io.fanfare.contract.contact.ContactListChanged.Change;
import io.fanfare.support.identity.Identity;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Takes a contact that is to be erased off its lists, and tells of it. */
@Component
class ListMemberships implements ContactErasure {

  private final ListRepository lists;
  private final ListOptInRepository optIns;
  private final ListEvents events;

  ListMemberships(ListRepository lists, ListOptInRepository optIns, ListEvents events) {
    this.lists = lists;
    this.optIns = optIns;
    this.events = events;
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void beforeErasing(Identity who, long contactId) {
    optIns.forgetContact(contactId);
    for (ContactList list : lists.listsOfForUpdate(who.tenant(), contactId)) {
      int removed = lists.removeMembers(list.id(), new long[] {contactId});
      events.publish(who, Change.CONTACTS_REMOVED, list.id(), list.name(), (long) removed);
    }
  }
}
