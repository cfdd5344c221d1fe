package io.fanfare.analytics.rebuild;

/**
 * A row that only one generation has.
 *
 * @param table the table
 * @param generation {@code live} or {@code rebuilt}
 * @param row its columns
 */
record Difference(String table, String generation, String row) {}
