/** How far broadcasts are, as an answer and as a live stream. */
@NullMarked
package io.fanfare.broadcast.broadcast.progress;

import org.jspecify.annotations.NullMarked;
