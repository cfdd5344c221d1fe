package io.fanfare.audience.contact;

import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;

/** Pages of contacts go by their ids. */
public final class ContactCursor {

  private ContactCursor() {}

  /**
   * The id after which a page begins; 0 for the first page.
   *
   * @throws ProblemException 422 when the cursor is of another collection
   */
  public static long after(PageRequest page) {
    if (page.after() == null) {
      return 0;
    }
    try {
      return Long.parseLong(Cursors.decode(page.after(), 1).getFirst());
    } catch (NumberFormatException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }
}
