package io.fanfare.support.page;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a collection.
 *
 * @param items the items, at most the limit asked for
 * @param next the value of {@code after} for the next page; absent on the last one
 */
public record Page<T>(List<T> items, @Nullable String next) {

  /**
   * Cuts a page from rows fetched with one more than the limit.
   *
   * @param rows up to limit + 1 rows in page order
   * @param cursor the cursor of a row, such that the next page begins after it
   */
  public static <T> Page<T> of(List<T> rows, int limit, Function<T, String> cursor) {
    if (rows.size() <= limit) {
      return new Page<>(List.copyOf(rows), null);
    }
    List<T> items = List.copyOf(rows.subList(0, limit));
    return new Page<>(items, cursor.apply(items.getLast()));
  }

  /** The same page of other things. */
  public <R> Page<R> map(Function<T, R> mapper) {
    return new Page<>(items.stream().map(mapper).toList(), next);
  }
}
