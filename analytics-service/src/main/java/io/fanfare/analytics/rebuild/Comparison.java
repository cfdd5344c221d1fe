package io.fanfare.analytics.rebuild;

import java.util.List;

/** What comparing two generations came to. */
record Comparison(
    long rows,
    long broadcasts,
    long sealedBroadcasts,
    long differingRows,
    List<Difference> differences) {

  boolean isEqual() {
    return differingRows == 0;
  }
}
