/** The operator's stop of all sending. */
@NullMarked
package io.fanfare.broadcast.stop;

import org.jspecify.annotations.NullMarked;
