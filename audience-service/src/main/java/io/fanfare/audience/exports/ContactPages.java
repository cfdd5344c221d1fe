package io.fanfare.audience.exports;

import io.fanfare.audience.contact.Contact;
import java.util.List;

/**
 * The contacts an export is of, page by page in the order of their ids. Whatever chooses contacts -
 * a list, a filter - is a source of an export by this.
 */
@FunctionalInterface
public interface ContactPages {

  /**
   * The next contacts; empty at the end.
   *
   * @param after the id behind which the page begins; 0 for the first one
   */
  List<Contact> after(long after, int limit);
}
