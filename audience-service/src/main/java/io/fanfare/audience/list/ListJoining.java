package io.fanfare.audience.list;

import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactListChanged.Change;
import io.fanfare.contract.contact.ListConfirmed;
import io.fanfare.contract.message.MessageRequested;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Puts contacts on lists: at once, or where the list asks first, once they confirm. Who was asked
 * is no member until then, and is not asked again for a while whatever came of it.
 */
@Component
class ListJoining {

  /** How long a contact can confirm. */
  static final Duration GOOD_FOR = Duration.ofDays(7);

  /** A contact is asked once in this time, however often it is added. */
  static final Duration NOT_AGAIN = Duration.ofDays(30);

  /**
   * What became of contacts.
   *
   * @param added new members
   * @param pending those of them that can confirm and have not, asked now or before
   */
  record Joined(int added, int pending) {}

  private final ListRepository lists;
  private final ListOptInRepository optIns;
  private final ListEvents events;
  private final Outbox outbox;
  private final AuditTrail audit;
  private final Clock clock;

  ListJoining(
      ListRepository lists,
      ListOptInRepository optIns,
      ListEvents events,
      Outbox outbox,
      AuditTrail audit,
      Clock clock) {
    this.lists = lists;
    this.optIns = optIns;
    this.events = events;
    this.outbox = outbox;
    this.audit = audit;
    this.clock = clock;
  }

  /** Adds contacts, whose rows and the list's are locked. */
  @Transactional(propagation = Propagation.MANDATORY)
  Joined join(Identity who, ContactList list, long[] contactIds) {
    if (contactIds.length == 0) {
      return new Joined(0, 0);
    }
    DoubleOptIn asks = list.doubleOptIn();
    if (asks == null) {
      return new Joined(lists.addMembers(list.id(), contactIds), 0);
    }
    long[] confirmed = optIns.confirmed(list.id(), contactIds);
    int added = confirmed.length == 0 ? 0 : lists.addMembers(list.id(), confirmed);
    Instant now = now();
    Instant until = now.plus(GOOD_FOR);
    long[] asked =
        optIns.ask(who.tenant(), list.id(), contactIds, now, until, now.minus(NOT_AGAIN));
    for (long contact : asked) {
      ask(who.tenant(), list, asks, contact, until);
    }
    return new Joined(added, optIns.countPending(list.id(), contactIds, now));
  }

  private void ask(UUID tenant, ContactList list, DoubleOptIn asks, long contact, Instant until) {
    UUID account = asks.accountId();
    UUID template = asks.templateId();
    if (account == null || template == null) {
      throw new IllegalStateException("list " + list.id() + " asks without account or template");
    }
    Map<String, Object> variables =
        Map.of(
            "confirm_list", list.id().toString(),
            "confirm_until", until.toString(),
            "list_name", list.name());
    outbox.publish(
        Topics.EXTERNAL_EVENTS,
        Long.toString(contact),
        new MessageRequested(contact, null, account, template, null, variables, null),
        tenant);
  }

  /** A contact confirmed; nothing happens when it was not asked, or too long ago, or did before. */
  @Transactional
  public void confirm(ListConfirmed confirmed) {
    Identity contact = Identity.contact(confirmed.tenantId());
    long[] ids = {confirmed.contactId()};
    if (lists.lockContacts(confirmed.tenantId(), ids).length == 0) {
      return;
    }
    Optional<ContactList> list = lists.findForUpdate(confirmed.tenantId(), confirmed.listId());
    if (list.isEmpty()
        || !optIns.confirm(confirmed.listId(), confirmed.contactId(), confirmed.at())) {
      return;
    }
    int added = lists.addMembers(confirmed.listId(), ids);
    if (added > 0) {
      events.publish(
          contact, Change.CONTACTS_ADDED, confirmed.listId(), list.get().name(), (long) added);
    }
    audit.record(
        contact,
        "confirm",
        "list",
        confirmed.listId().toString(),
        null,
        Map.of("contact", confirmed.contactId()));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
