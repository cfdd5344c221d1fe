/** Exact counts of what became of every broadcast. */
@NullMarked
package io.fanfare.analytics;

import org.jspecify.annotations.NullMarked;
