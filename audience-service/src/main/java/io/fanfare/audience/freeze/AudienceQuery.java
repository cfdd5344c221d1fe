package io.fanfare.audience.freeze;

import io.fanfare.contract.broadcast.Audience;
import java.util.ArrayList;
import java.util.List;

/**
 * The query for everybody a broadcast's audience names, by the queries of its parts. A contact
 * comes once, with the numbers of all parts it is in: included parts from 1, excluded ones from -1
 * downwards.
 *
 * @param sql selects {@code contact_id} and {@code parts}
 * @param arguments of its placeholders
 */
record AudienceQuery(String sql, List<Object> arguments) {

  /**
   * The contacts of one part.
   *
   * @param sql selects {@code contact_id}, each once
   * @param arguments of its placeholders
   */
  record Part(String sql, List<Object> arguments) {}

  /** Finds the query of a list or a segment. */
  interface Parts {
    Part of(Audience.Part part);
  }

  static AudienceQuery of(Audience audience, Parts parts) {
    if (audience.include().size() == 1 && audience.exclude().isEmpty()) {
      Part only = parts.of(audience.include().getFirst());
      return new AudienceQuery(
          "select p.contact_id, '{1}'::int[] as parts from (" + only.sql() + ") p",
          only.arguments());
    }
    StringBuilder all = new StringBuilder();
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < audience.include().size(); i++) {
      append(all, arguments, i + 1, parts.of(audience.include().get(i)));
    }
    for (int i = 0; i < audience.exclude().size(); i++) {
      append(all, arguments, -(i + 1), parts.of(audience.exclude().get(i)));
    }
    return new AudienceQuery(
        "select u.contact_id, array_agg(u.part order by u.part) as parts from ("
            + all
            + ") u group by u.contact_id having max(u.part) > 0",
        arguments);
  }

  private static void append(StringBuilder all, List<Object> arguments, int number, Part part) {
    if (!all.isEmpty()) {
      all.append(" union all ");
    }
    all.append("select p.contact_id, ")
        .append(number)
        .append(" as part from (")
        .append(part.sql())
        .append(") p");
    arguments.addAll(part.arguments());
  }
}
