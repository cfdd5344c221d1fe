package io.fanfare.audience.segment.behaviour;

import io.fanfare.contract.Channel;
import io.fanfare.contract.delivery.DeliveryEvent;
import io.fanfare.contract.delivery.Outcome;
import io.fanfare.contract.engagement.EngagementEvent;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sums up events by message and by contact: when each thing was done first, and last. The order of
 * the events and how often each is seen change nothing.
 */
final class BehaviourTally {

  /** A message, in the order rows are locked. */
  record Message(UUID broadcastId, long contactId, Channel channel) {

    static final Comparator<Message> LOCK_ORDER =
        Comparator.comparing(Message::broadcastId)
            .thenComparingLong(Message::contactId)
            .thenComparing(Message::channel);
  }

  /** What was done with a message; each time is of the first doing. */
  record MessageRow(
      UUID tenantId,
      UUID broadcastId,
      long contactId,
      Channel channel,
      @Nullable Instant sentAt,
      @Nullable Instant openedAt,
      @Nullable Instant clickedAt,
      @Nullable Instant repliedAt,
      SortedSet<Integer> links) {}

  /** What a contact did; each time is of the last doing. */
  record ContactRow(
      UUID tenantId,
      long contactId,
      @Nullable Instant openedAt,
      @Nullable Instant clickedAt,
      @Nullable Instant repliedAt,
      Instant activeAt) {}

  private final SortedMap<Message, MessageRow> messages = new TreeMap<>(Message.LOCK_ORDER);
  private final SortedMap<Long, ContactRow> contacts = new TreeMap<>();

  /** Takes in what became of a command; only what was sent counts. */
  void add(DeliveryEvent event) {
    if (event.outcome() == Outcome.SENT) {
      var message = new Message(event.broadcastId(), event.contactId(), event.channel());
      MessageRow before = before(message, event.tenantId());
      messages.put(
          message,
          new MessageRow(
              before.tenantId(),
              before.broadcastId(),
              before.contactId(),
              before.channel(),
              first(before.sentAt(), event.at()),
              before.openedAt(),
              before.clickedAt(),
              before.repliedAt(),
              before.links()));
    }
  }

  /** Takes in what a recipient did; what machines did does not count. */
  void add(EngagementEvent event) {
    if (event.machine() != null) {
      return;
    }
    Instant opened = null;
    Instant clicked = null;
    Instant replied = null;
    switch (event.kind()) {
      case OPENED -> opened = event.at();
      case CLICKED -> clicked = event.at();
      // Who presses a button answers.
      case REPLIED, BUTTON -> replied = event.at();
      case BOUNCED, COMPLAINED, UNSUBSCRIBED, CUSTOM -> {
        return;
      }
    }
    var message = new Message(event.broadcastId(), event.contactId(), event.channel());
    MessageRow before = before(message, event.tenantId());
    SortedSet<Integer> links = new TreeSet<>(before.links());
    if (clicked != null && event.link() != null) {
      links.add(event.link());
    }
    messages.put(
        message,
        new MessageRow(
            before.tenantId(),
            before.broadcastId(),
            before.contactId(),
            before.channel(),
            before.sentAt(),
            first(before.openedAt(), opened),
            first(before.clickedAt(), clicked),
            first(before.repliedAt(), replied),
            links));
    ContactRow now =
        new ContactRow(event.tenantId(), event.contactId(), opened, clicked, replied, event.at());
    contacts.merge(event.contactId(), now, BehaviourTally::later);
  }

  /** In the order of their keys. */
  Collection<MessageRow> messages() {
    return messages.values();
  }

  /** In the order of their keys. */
  Collection<ContactRow> contacts() {
    return contacts.values();
  }

  private MessageRow before(Message message, UUID tenantId) {
    MessageRow known = messages.get(message);
    return known != null
        ? known
        : new MessageRow(
            tenantId,
            message.broadcastId(),
            message.contactId(),
            message.channel(),
            null,
            null,
            null,
            null,
            new TreeSet<>());
  }

  private static ContactRow later(ContactRow one, ContactRow other) {
    return new ContactRow(
        one.tenantId(),
        one.contactId(),
        last(one.openedAt(), other.openedAt()),
        last(one.clickedAt(), other.clickedAt()),
        last(one.repliedAt(), other.repliedAt()),
        one.activeAt().isAfter(other.activeAt()) ? one.activeAt() : other.activeAt());
  }

  private static @Nullable Instant first(@Nullable Instant one, @Nullable Instant other) {
    return one == null || other != null && other.isBefore(one) ? other : one;
  }

  private static @Nullable Instant last(@Nullable Instant one, @Nullable Instant other) {
    return one == null || other != null && other.isAfter(one) ? other : one;
  }
}
