package io.fanfare.audience.segment.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A piece of SQL and the values of its question marks, in their order.
 *
 * @param text written by us, every character of it
 * @param parameters all that came from elsewhere
 */
public record Sql(String text, List<Object> parameters) {

  public Sql {
    parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }
}
