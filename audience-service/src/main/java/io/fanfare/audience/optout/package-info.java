/** Who wants no messages: kept, shown, and told to whoever sends. */
@NullMarked
package io.fanfare.audience.optout;

import org.jspecify.annotations.NullMarked;
