/** The statistics of A/B tests: pure functions over counts, their sources named beside them. */
@NullMarked
package io.fanfare.analytics.abtest.statistics;

import org.jspecify.annotations.NullMarked;
