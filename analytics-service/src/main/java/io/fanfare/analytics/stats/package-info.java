/** Shows the counts. */
@NullMarked
package io.fanfare.analytics.stats;

import org.jspecify.annotations.NullMarked;
