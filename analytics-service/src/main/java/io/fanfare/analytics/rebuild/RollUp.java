package io.fanfare.analytics.rebuild;

import java.util.List;

/**
 * A table that two generations must agree on.
 *
 * @param name the table; every one has a broadcast
 * @param something what makes a row count: one that was counted to nothing again is none
 * @param swapped whether the live rows are replaced by those of the new generation
 */
record RollUp(String name, String something, boolean swapped) {

  private static final String EITHER = "(events <> 0 or machine_events <> 0)";

  /** Every table that events are added to. */
  static final List<RollUp> ALL =
      List.of(
          new RollUp("recipient_count", "true", true),
          new RollUp("recipient_segment", "true", true),
          new RollUp("attempt_count", "true", true),
          new RollUp("cause_count", "true", true),
          new RollUp("minute_count", "true", true),
          new RollUp("engagement_count", "events <> 0", true),
          new RollUp("engagement_segment", "events <> 0", true),
          new RollUp("engagement_series", EITHER, true),
          new RollUp("engagement_hour", EITHER, true),
          new RollUp("engagement_link_hour", EITHER, true),
          new RollUp("engagement_link", "events <> 0", true),
          new RollUp("engagement_link_target", "true", true),
          new RollUp("engagement_day", "events <> 0", true),
          new RollUp("engagement_week", EITHER, true),
          // A row for each thing a recipient did: only compared, equal rows need no writing.
          new RollUp("engagement_event", "true", false));
}
