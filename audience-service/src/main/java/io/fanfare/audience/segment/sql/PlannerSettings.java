package io.fanfare.audience.segment.sql;

/**
 * How the database plans a question for whom filters choose. Counts and freezes share it, so that
 * whoever was counted is found by the same plan.
 */
public final class PlannerSettings {

  /**
   * Sets of ids are kept in memory, and an index that answers alone is taken instead of the table,
   * as is right where both are mostly in memory. One process helps the first: each further one
   * begins with an empty page table, which costs as much as it saves. Values are planned with, not
   * left out: converting one to JSON is then done once, not per row.
   */
  private static final String ALWAYS =
      """
      select set_config('work_mem', '64MB', true), set_config('random_page_cost', '1.1', true),
             set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true),
             set_config('max_parallel_workers_per_gather',
               least(current_setting('max_parallel_workers_per_gather')::int, 1)::text, true)
      """;

  /**
   * Lists and what contacts did with a broadcast lie in the order of the contacts' ids, as contacts
   * do themselves: merging reads both from end to end, where hashes of half a million ids miss the
   * processor's cache each time.
   */
  private static final String MERGING = ", set_config('enable_hashjoin', 'off', true)";

  private PlannerSettings() {}

  /** The statement that makes the settings for the transaction in which {@code sql} is asked. */
  public static String statement(String sql) {
    boolean merges = sql.contains("contact_behaviour") || sql.contains("list_member");
    return merges ? ALWAYS + MERGING : ALWAYS;
  }
}
