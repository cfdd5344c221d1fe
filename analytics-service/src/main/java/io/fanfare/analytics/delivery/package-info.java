/** Counts delivery events: each once, whatever is delivered again. */
@NullMarked
package io.fanfare.analytics.delivery;

import org.jspecify.annotations.NullMarked;
