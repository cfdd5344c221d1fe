package io.fanfare.dispatch.control;

import io.fanfare.contract.Channel;
import io.fanfare.contract.contact.ContactSuppression;
import io.fanfare.contract.contact.ContactSuppression.Suppression;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What changed lately in whom never to send to: the last 15 minutes, at most so many changes.
 * Whatever it forgets was checked by audience-service for commands released later; {@link
 * #coveredFrom} says from when on. Written by one thread, read by all.
 */
public final class SuppressionTable {

  /** Suppressions of the changes remembered, one for a change that lifts all; about 30 MB. */
  static final int MOST = 100_000;

  static final Duration REMEMBERED = Duration.ofMinutes(15);

  /** How far the clocks of those who release and those who suppress may be apart. */
  static final Duration CLOCKS_APART = Duration.ofMinutes(5);

  private record Known(long version, List<Suppression> suppressions, Instant at) {}

  private record Change(long contactId, Known known) {

    int size() {
      return Math.max(1, known.suppressions().size());
    }
  }

  private final int most;
  private final Map<Long, Known> contacts = new ConcurrentHashMap<>();
  private final Queue<Change> changes = new ArrayDeque<>();
  private int held;
  private volatile Instant coveredFrom = Instant.MAX;

  SuppressionTable() {
    this(MOST);
  }

  /**
   * @param most suppressions remembered
   */
  SuppressionTable(int most) {
    this.most = most;
  }

  /**
   * Begins to remember.
   *
   * @return the instant of the first change it must be told of
   */
  Instant begin(Instant now) {
    Instant first = now.minus(REMEMBERED);
    coveredFrom = first.plus(CLOCKS_APART);
    return first;
  }

  /**
   * Takes a change in.
   *
   * @param at when the topic got it
   */
  void accept(ContactSuppression suppression, Instant at, Instant now) {
    long contactId = suppression.contactId();
    Known known = contacts.get(contactId);
    // A record may be published again, after newer ones.
    if (known == null || known.version() < suppression.version()) {
      put(contactId, new Known(suppression.version(), suppression.suppressions(), at), now);
    }
  }

  /** A change nobody can read is taken as the worst it can be, until a readable one comes. */
  void acceptUnreadable(long contactId, Instant at, Instant now) {
    Known known = contacts.get(contactId);
    long version = known == null ? 0 : known.version();
    var worst = new Suppression(null, "unreadable", at);
    put(contactId, new Known(version, List.of(worst), at), now);
  }

  private void put(long contactId, Known known, Instant now) {
    contacts.put(contactId, known);
    Change change = new Change(contactId, known);
    changes.add(change);
    held += change.size();
    Instant old = now.minus(REMEMBERED);
    for (Change eldest = changes.peek();
        eldest != null && (held > most || eldest.known().at().isBefore(old));
        eldest = changes.peek()) {
      changes.remove();
      held -= eldest.size();
      forget(eldest);
    }
  }

  private void forget(Change change) {
    if (!change.known().equals(contacts.get(change.contactId()))) {
      return;
    }
    // First this: whoever does not find the contact any more must see it.
    Instant covered = change.known().at().plus(CLOCKS_APART);
    if (covered.isAfter(coveredFrom)) {
      coveredFrom = covered;
    }
    contacts.remove(change.contactId());
  }

  /**
   * The code of a suppression of a contact that is about a message.
   *
   * @param category of the message; null when it has none
   * @return null when none is known, which says something only of commands released since {@link
   *     #coveredFrom} asked for afterwards
   */
  public @Nullable String find(long contactId, Channel channel, @Nullable String category) {
    Known known = contacts.get(contactId);
    if (known == null) {
      return null;
    }
    for (Suppression suppression : known.suppressions()) {
      if (suppression.covers(channel, category)) {
        return suppression.code();
      }
    }
    return null;
  }

  /** Commands released before may be about suppressions that are forgotten, or never were known. */
  public Instant coveredFrom() {
    return coveredFrom;
  }

  int size() {
    return changes.size();
  }
}
