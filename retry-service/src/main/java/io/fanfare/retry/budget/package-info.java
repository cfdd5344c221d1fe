/** How many failed tries a broadcast may have before it is paused. */
@NullMarked
package io.fanfare.retry.budget;

import org.jspecify.annotations.NullMarked;
