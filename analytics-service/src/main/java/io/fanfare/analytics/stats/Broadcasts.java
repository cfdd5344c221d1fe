package io.fanfare.analytics.stats;

import io.fanfare.analytics.csv.Tabular;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Broadcasts beside each other. */
record Broadcasts(List<BroadcastFigures> broadcasts) implements Tabular {

  @Override
  public List<String> csvHeader() {
    return BroadcastFigures.csvColumns();
  }

  @Override
  public List<List<@Nullable Object>> csvRows() {
    return broadcasts.stream().map(BroadcastFigures::csvRow).toList();
  }
}
