/** What delivery events add up to. */
@NullMarked
package io.fanfare.analytics.delivery;

import org.jspecify.annotations.NullMarked;
