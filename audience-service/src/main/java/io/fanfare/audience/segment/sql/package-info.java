/** Filters as SQL. */
@NullMarked
package io.fanfare.audience.segment.sql;

import org.jspecify.annotations.NullMarked;
