package io.fanfare.analytics.csv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer that is a table as well. */
public interface Tabular {

  /** The names of the columns. */
  List<String> csvHeader();

  /** The rows; what is null is an empty cell. */
  List<List<@Nullable Object>> csvRows();
}
