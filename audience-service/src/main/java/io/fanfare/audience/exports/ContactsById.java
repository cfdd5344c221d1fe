package io.fanfare.audience.exports;

import io.fanfare.audience.contact.Contact;
import io.fanfare.audience.contact.ContactQuery;
import io.fanfare.audience.contact.ContactRepository;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** The contacts of ids that were found before; one that is gone meanwhile is left out. */
record ContactsById(UUID tenantId, long[] ids, ContactQuery query, ContactRepository contacts)
    implements ContactPages {

  @Override
  public List<Contact> after(long after, int limit) {
    int from = Arrays.binarySearch(ids, after + 1);
    from = from < 0 ? -from - 1 : from;
    List<Contact> page = List.of();
    while (page.isEmpty() && from < ids.length) {
      int to = Math.min(from + limit, ids.length);
      page = contacts.find(tenantId, Arrays.copyOfRange(ids, from, to), query);
      from = to;
    }
    return page;
  }
}
