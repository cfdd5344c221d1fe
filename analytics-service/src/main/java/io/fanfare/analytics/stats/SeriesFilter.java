package io.fanfare.analytics.stats;

import org.jspecify.annotations.Nullable;

/** Of which part of a broadcast a time series is; null: of all. */
record SeriesFilter(
    @Nullable Integer segment,
    @Nullable String channel,
    @Nullable String variant,
    @Nullable Integer link) {

  /** Whether it is of the whole broadcast. */
  boolean isOfAll() {
    return segment == null && channel == null && variant == null && link == null;
  }
}
