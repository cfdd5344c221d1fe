package io.fanfare.support.page;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;

/**
 * Which page is asked for, from the query parameters {@code limit} and {@code after}.
 *
 * @param limit how many items at most, 1 to 200, 50 unless said
 * @param after the {@code next} of the page before; null for the first page
 */
@ParameterObject
public record PageRequest(
    @Parameter(
            description = "How many items at most, 1 to 200",
            schema = @Schema(type = "integer", defaultValue = "50", minimum = "1", maximum = "200"),
            example = "50")
        int limit,
    @Parameter(description = "The `next` of the page before; absent for the first page")
        @Nullable String after) {

  public static final int DEFAULT_LIMIT = 50;
  public static final int MAX_LIMIT = 200;

  /** What a query fetches to know whether there is a next page. */
  public int limitPlusOne() {
    return limit + 1;
  }
}
