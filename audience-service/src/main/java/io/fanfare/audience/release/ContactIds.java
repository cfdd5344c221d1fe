package io.fanfare.audience.release;

import java.sql.Array;
import java.sql.SQLException;
import java.util.List;

/** Arrays of contact ids, between PostgreSQL and here. */
final class ContactIds {

  private ContactIds() {}

  static long[] of(Array array) throws SQLException {
    Long[] boxed = (Long[]) array.getArray();
    long[] ids = new long[boxed.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = boxed[i];
    }
    return ids;
  }

  static long[] of(List<Long> ids) {
    return ids.stream().mapToLong(Long::longValue).toArray();
  }
}
