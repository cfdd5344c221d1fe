package io.fanfare.broadcast.broadcast.recipient;

import io.fanfare.support.page.Cursors;
import io.fanfare.support.problem.ProblemException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place in the one order of recipients that every service keeps: contact, then channel. */
record RecipientPosition(long contactId, String channel) implements Comparable<RecipientPosition> {

  static final RecipientPosition START = new RecipientPosition(Long.MIN_VALUE, "");

  private static final Comparator<RecipientPosition> ORDER =
      Comparator.comparingLong(RecipientPosition::contactId)
          .thenComparing(RecipientPosition::channel);

  /**
   * @throws ProblemException 422 when it is no cursor of recipients
   */
  static RecipientPosition of(@Nullable String cursor) {
    if (cursor == null) {
      return START;
    }
    List<String> parts = Cursors.decode(cursor, 2);
    try {
      return new RecipientPosition(Long.parseLong(parts.getFirst()), parts.getLast());
    } catch (NumberFormatException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }

  String cursor() {
    return Cursors.encode(contactId, channel);
  }

  @Override
  public int compareTo(RecipientPosition other) {
    return ORDER.compare(this, other);
  }
}
