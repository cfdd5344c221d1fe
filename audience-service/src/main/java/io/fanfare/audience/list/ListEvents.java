package io.fanfare.audience.list;

import io.fanfare.contract.Topics;
import io.fanfare.contract.contact.ContactListChanged;
import io.fanfare.contract.contact.ContactListChanged.Change;
import io.fanfare.support.Ids;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.outbox.Outbox;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells of changes of lists, in the transaction of the change. */
@Component
class ListEvents {

  private final Outbox outbox;
  private final Clock clock;

  ListEvents(Outbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  void publish(Identity who, Change change, UUID listId, String name, @Nullable Long contacts) {
    ContactListChanged event =
        new ContactListChanged(
            Ids.next(),
            change,
            who.tenant(),
            listId,
            name,
            contacts,
            who.actor(),
            clock.instant().truncatedTo(ChronoUnit.MILLIS));
    outbox.publish(Topics.CONTACT_LIST_LIFECYCLE, listId.toString(), event);
  }
}
