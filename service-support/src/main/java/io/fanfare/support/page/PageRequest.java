package io.fanfare.support.page;

import org.jspecify.annotations.Nullable;

/**
 * Which page is asked for, from the query parameters {@code limit} and {@code after}.
 *
 * @param limit how many items at most, 1 to 200, 50 unless said
 * @param after the {@code next} of the page before; null for the first page
 */
public record PageRequest(int limit, @Nullable String after) {

  public static final int DEFAULT_LIMIT = 50;
  public static final int MAX_LIMIT = 200;

  /** What a query fetches to know whether there is a next page. */
  public int limitPlusOne() {
    return limit + 1;
  }
}
