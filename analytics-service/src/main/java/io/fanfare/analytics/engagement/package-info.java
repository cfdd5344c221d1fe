/** Counts what recipients did with their messages; humans and machines apart. */
@NullMarked
package io.fanfare.analytics.engagement;

import org.jspecify.annotations.NullMarked;
